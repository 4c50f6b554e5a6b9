// Number ranges: gapless numbers (invoices, waybills) by a pattern. take() moves the range inside the
// transaction that uses the number: a rollback gives the number back. Ranges that an administrator added
// wait until the one in use is used up. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "staff/staff.h"
#include "storage/database.h"

namespace sealdesk::orders {

// `pattern` holds exactly one serial: "{s10}" is eight digits and the check digit of UPU S10, "{:015}" fifteen
// digits with leading zeros, "{}" the bare number. "{yy}" becomes the two-digit year in Shanghai.
// "EA{s10}CN", "SF{:013}", "{yy}320{:015}".
struct NumberRange {
    std::string name;     // "invoice", "waybill"
    std::string pattern;  // upper-case letters, digits and hyphens around the serial
    std::int64_t next = 1, last = 0;

    std::int64_t remaining() const { return next > last ? 0 : last - next + 1; }
};

// Check digit of the eight-digit serial (0 to 99,999,999), UPU S10.
int s10_check_digit(std::int64_t serial);
// Two letters, eight digits, the right check digit, two letters.
bool is_s10(std::string_view number);
// Thirteen characters of the shape of S10, whatever the check digit.
bool has_s10_shape(std::string_view number);

// Refused: no serial, two serials, other characters, or a last number that the pattern cannot hold.
Result<> check_range(const NumberRange& range);
// What was typed, as a range: refused when first or last are no numbers, or something of check_range.
Result<NumberRange> parse_range(const std::string& name, std::string_view pattern, std::string_view first, std::string_view last);
// Whether some number of `a`, from next to last, could be one of `b` too; a year in a pattern is today's.
bool overlap(const NumberRange& a, const NumberRange& b, Day today);
std::string render(std::string_view pattern, std::int64_t serial, Day today);

// Sets a range up, changes its pattern or makes it longer. Refused: a `next` that lies before numbers already taken.
Result<> define(storage::Tx& tx, const NumberRange& range);
// Another range of numbers: begun when the ones before it are used up. Needs an administrator. Refused: a name that nothing takes
// numbers from, something of check_range, waybills of other than 8 to 20 characters, and numbers that another range of that name
// has, had or that an invoice already carries.
Result<> add_range(storage::Database& database, const staff::Actor& actor, const NumberRange& range);
// What there is: in use, and waiting in the order in which they will be begun.
struct Ranges {
    NumberRange in_use;
    std::vector<NumberRange> waiting;

    std::int64_t remaining() const;
};
Result<std::vector<Ranges>> ranges(storage::Database& database);
// The next number. Refused when the range is not there or used up.
Result<std::string> take(storage::Tx& tx, const std::string& name);
Result<NumberRange> number_range(storage::Database& database, const std::string& name);
// How many numbers are left, those that wait included: for the warning before the range ends. Refused when there is no such
// range.
Result<std::int64_t> remaining(storage::Database& database, const std::string& name);

}  // namespace sealdesk::orders

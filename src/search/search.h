// Finding an order by anything that people have in hand: its numbers by their beginning or end, names by any two
// neighbouring characters or the initials of their pinyin, in every reading that a name may have. Numbers are not found by
// their middle: people read them out by one end, and pieces of all numbers would be most of the index. Verbs that write such a
// fact keep the index up to date in their own transaction. Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "storage/database.h"

namespace sealdesk::search {

// In the order in which results are shown.
enum class Kind { name, order, payment, document, mobile, key, certificate, waybill };
const char* word_of(Kind kind);  // 名称 订单号 …

// How the index names a kind; one more for the same number turned round.
constexpr int stored(Kind kind) { return static_cast<int>(kind) * 2; }

struct Number {
    Kind kind = Kind::order;
    std::string value;
    auto operator<=>(const Number&) const = default;
};
// What the applicant wrote, as far as it is searched.
struct Facts {
    std::string order_no;
    std::vector<std::string> names;  // subject, its unit, who handles it; empty ones are passed over
    std::vector<Number> numbers;
};
// A new order; with `before` (what is in the index now) a corrected one.
void put(storage::Tx& tx, const Facts& facts, const Facts& before = {});
// The order got a KEY, a certificate, a waybill. Returns how many lines that made; 0 when it was there.
std::int64_t add(storage::Tx& tx, const std::string& order_no, const Number& number);

struct Hit {
    Kind kind = Kind::name;
    std::string order_no, found;  // `found`: the whole number or name
    std::string subject_name, state;
    std::string key_serial = {};  // of a certificate: the KEY that it was made for
    auto operator<=>(const Hit&) const = default;
};
// At most `most` of each kind, kinds together. Names: newest order first, those that match by their characters before
// those that match by initials. Numbers: the number itself, then those that begin so, then those that end so, greatest
// first. Nothing for fewer than two characters. Words between spaces must all be in one name.
Result<std::vector<Hit>> find(storage::Database& database, std::string_view text, int most = 8);
Result<std::vector<Hit>> find(storage::Tx& tx, std::string_view text, int most);

// Puts the next portion of orders into the index of a store that is older than it, or than how it is written. True when all
// are in; later calls return at once.
struct Filled {
    std::int64_t since = -1;
    std::string no;
};
Result<bool> fill_next(storage::Database& database, Filled& so_far);
// Compares the index with orders, KEYs, certificates and parcels; what was wrong is mended, the number returned.
Result<int> check(storage::Database& database);

}  // namespace sealdesk::search

// The stock of KEYs: boxes and single KEYs come in, every KEY has a state, every change of it is a movement that stays.
// move_key() is the one door: it checks the table of key_state.h, writes the movement and keeps the counters. Verbs run
// on worker threads; what takes a Tx belongs to the transaction of its caller.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "keys/key_state.h"
#include "staff/staff.h"
#include "storage/database.h"

namespace sealdesk::keys {

struct Key {
    std::string serial, label, model;
    KeyState state = KeyState::blank;
    std::string order_no;  // whose it is, or was; "" for a blank one
    int unit_no = 0;
    std::int64_t box_id = 0;
    Instant updated_at;
};

struct Movement {
    std::int64_t id = 0;
    std::string serial;
    std::optional<KeyState> from;  // empty: it came in
    KeyState to = KeyState::blank;
    std::string order_no, reason, by;  // by: name of the person
    Instant at;
};

struct Box {
    std::int64_t id = 0;
    std::string name, model, first_serial, last_serial;
    int keys = 0, blank = 0;  // how many came, how many of them are blank now
    std::string received_by;
    Instant received_at;
    int known = 0;  // of the box that comes in now: how many had entered the stock when they were plugged in
};
std::string came_in(const Box& box);  // the sentence that says so

// What is written on a box. One KEY alone: last_serial empty or the same.
struct Delivery {
    std::string name, model, first_serial, last_serial;
};
inline constexpr int kMostInABox = 5000;
// The serials of a range: same length, same beginning, digits that count up at the end. Refused otherwise.
Result<std::vector<std::string>> serials_of(const Delivery& delivery);
// This token is no KEY of the stock (it holds the CA's key): one that had come in as blank is scrapped with that reason.
Result<> keep_out(storage::Database& database, const std::string& serial);
// Officers. Blank KEYs of the range that were plugged in before, and are of no box, belong to it from now on. Conflict, and
// nothing comes in, when another of the serials is in the stock already; refused when it is `kept_out`.
Result<Box> receive(storage::Database& database, const staff::Actor& actor, const Delivery& delivery,
                    const std::string& kept_out = {});

// Takes a KEY out of the stock for good, with the reason; once more does nothing. Officers. Refused while it has a valid
// certificate: that is a KEY that was lost or damaged (incidents.h).
Result<> scrap(storage::Database& database, const staff::Actor& actor, const std::string& serial, const std::string& reason);

Result<std::optional<Key>> find_key(storage::Database& database, const std::string& serial);
std::optional<Key> find_key(storage::Tx& tx, const std::string& serial);
// A serial as people compare it: spaces, case and hyphens do not count.
std::string folded_serial(std::string_view serial);
// As it was typed or scanned: the KEY with exactly this serial, else the only one that reads the same.
Result<std::optional<Key>> find_typed_key(storage::Database& database, const std::string& typed);
Result<std::vector<Key>> keys_of(storage::Database& database, const std::string& order_no);
Result<std::vector<Movement>> movements(storage::Database& database, const std::string& serial);  // oldest first
Result<std::vector<Box>> boxes(storage::Database& database, int limit);                           // newest first
struct StockFilter {
    std::optional<KeyState> state;
    std::string text;      // how a serial begins, as people compare it; "" for all
    std::int64_t box = 0;  // 0: all
};
// By serial, after `after`.
Result<std::vector<Key>> stock_page(storage::Database& database, const StockFilter& filter, const std::string& after, int limit);

struct Ledger {
    std::int64_t in = 0;  // KEYs that ever came in
    std::array<std::int64_t, kKeyStates> now{};
    std::int64_t of(KeyState state) const { return now[static_cast<size_t>(state)]; }
    bool balances() const;  // what came in is what is there
};
Result<Ledger> ledger(storage::Database& database);
// Holds counters, KEYs and movements against each other: a sentence for each that does not agree. Counters are mended,
// a KEY whose last movement tells another state is not: that is for a person.
Result<std::vector<std::string>> check_ledger(storage::Database& database);

// A new KEY, blank.
void enter_stock(storage::Tx& tx, const Key& key, const std::string& actor, const std::string& reason);
// Conflict when it may not become that. Keeps order and unit when `order_no` is empty; blank forgets them. Nobody waits for
// the PIN of a KEY that is scrapped or comes back: the task ends with the same reason.
Result<> move_key(storage::Tx& tx, const std::string& serial, KeyState to, const std::string& actor,
                  const std::string& reason = {}, const std::string& order_no = {}, int unit_no = 0);

}  // namespace sealdesk::keys

// Keeping the index: in the transactions of the verbs, for a store from before it, and against what it was made from.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "search/polyphones.h"
#include "search/search.h"
#include "search/terms.h"
#include "storage/rows.h"

namespace sealdesk::search {

using storage::Database;
using storage::Engine;
using storage::Tx;

namespace {

// What a store's index was made by: another number makes it anew, row by row.
constexpr const char* kFilled = "filled 2";
constexpr int kPortion = 1000;  // orders that one transaction takes: other writers wait for it

// One name a line; the spellings of their initials, one a line as well.
struct Written {
    std::string names, initials;
    bool operator==(const Written&) const = default;
};

void add_line(std::string& lines, const std::string& line) { lines += (lines.empty() ? "" : "\n") + line; }

Written written(const std::vector<std::string>& names) {
    Written out;
    for (const auto& name : names) {
        const std::string key = name_key(name);
        if (key.empty()) continue;
        add_line(out.names, key);
        for (const auto& spelling : spellings(key)) add_line(out.initials, spelling);
    }
    return out;
}

// The words of the index, from what is written: the same for a row that was written by other rules.
std::string terms_of(const Written& row) {
    std::set<std::string> pieces;
    for (const auto& name : split(row.names, '\n'))
        for (auto& piece : name_pieces(name)) pieces.insert(std::move(piece));
    for (const auto& spelling : split(row.initials, '\n'))
        for (auto& piece : initials_pieces(spelling)) pieces.insert(std::move(piece));
    std::string terms;
    for (const auto& piece : pieces) terms += (terms.empty() ? "" : " ") + piece;
    return terms;
}

void put_names(Tx& tx, const std::string& order_no, const Written& row) {
    const std::string terms = terms_of(row);
    if (tx.engine == Engine::postgresql) {
        storage::change(tx,
                        "INSERT INTO search_orders (order_no, names, initials, terms) VALUES (:no, :names, :initials, "
                        "string_to_array(:terms, ' '))",
                        order_no, row.names, row.initials, terms);
        return;
    }
    const auto id = storage::one<std::int64_t>(
        tx, "INSERT INTO search_orders (order_no, names, initials) VALUES (:no, :names, :initials) RETURNING id", 0, order_no,
        row.names, row.initials);
    storage::change(tx, "INSERT INTO search_terms (rowid, terms) VALUES (:id, :terms)", id, terms);
}

// True when that changed something.
bool change_names(Tx& tx, const std::string& order_no, const Written& now) {
    std::int64_t id = 0;
    Written old;
    storage::for_each_row(
        tx, "SELECT id, names, initials FROM search_orders WHERE order_no = :no", std::tie(id, old.names, old.initials), [] {},
        order_no);
    if (id == 0) {
        put_names(tx, order_no, now);
        return true;
    }
    if (now == old) return false;
    const std::string terms = terms_of(now), old_terms = terms_of(old);
    storage::change(tx, "UPDATE search_orders SET names = :names, initials = :initials WHERE id = :id", now.names, now.initials,
                    id);
    if (tx.engine == Engine::postgresql) {
        storage::change(tx, "UPDATE search_orders SET terms = string_to_array(:terms, ' ') WHERE id = :id", terms, id);
        return true;
    }
    // FTS5 without content takes a row out by being told what was in it.
    storage::change(tx, "INSERT INTO search_terms (search_terms, rowid, terms) VALUES ('delete', :id, :terms)", id, old_terms);
    storage::change(tx, "INSERT INTO search_terms (rowid, terms) VALUES (:id, :terms)", id, terms);
    return true;
}

void remove(Tx& tx, const std::string& order_no, const Number& number) {
    const std::string key = number_key(number.value), back = turned(key);
    const int forward = stored(number.kind), backward = forward + 1;
    const char* statement = "DELETE FROM search_numbers WHERE kind = :kind AND value = :value AND order_no = :no";
    storage::change(tx, statement, forward, key, order_no);
    storage::change(tx, statement, backward, back, order_no);
}

// As add() for each number, with one way to the server and back instead of two a number.
void add_in_one(Tx& tx, const Facts& facts) {
    std::string kinds, values;
    const auto take = [&](int kind, const std::string& value) {
        kinds += (kinds.empty() ? "" : " ") + std::to_string(kind);
        values += (values.empty() ? "" : " ") + value;
    };
    for (const auto& number : facts.numbers) {
        const std::string key = number_key(number.value);
        if (key.empty()) continue;
        take(stored(number.kind), key);
        take(stored(number.kind) + 1, turned(key));
    }
    storage::change(tx,
                    "INSERT INTO search_numbers (kind, value, order_no) SELECT kind, value, :no FROM "
                    "unnest(CAST(string_to_array(:kinds, ' ') AS BIGINT[]), string_to_array(:values, ' ')) AS row (kind, value) "
                    "ON CONFLICT DO NOTHING",
                    facts.order_no, kinds, values);
}

// The facts of orders, as the tables that own them have them now. `condition` on o.
template <class... Uses>
std::vector<Facts> facts_where(Tx& tx, const std::string& condition, const Uses&... uses) {
    std::vector<Facts> list;
    std::string no, name, enterprise, handler, payment, document, mobile, recipient;
    storage::for_each_row(
        tx,
        "SELECT o.no, o.subject_name, o.enterprise, o.handler, o.payment_no, o.document_number, o.mobile, o.recipient_mobile "
        "FROM orders o WHERE " +
            condition,
        std::tie(no, name, enterprise, handler, payment, document, mobile, recipient),
        [&] {
            list.push_back({no,
                            {name, enterprise, handler},
                            {{Kind::order, no},
                             {Kind::payment, payment},
                             {Kind::document, document},
                             {Kind::mobile, mobile},
                             {Kind::mobile, recipient}}});
        },
        uses...);
    for (auto& facts : list) {
        std::string value;
        const auto take = [&](Kind kind, const char* statement) {
            storage::for_each_row(
                tx, statement, std::tie(value),
                [&] {
                    facts.numbers.push_back({kind, value});
                },
                facts.order_no);
        };
        take(Kind::key, "SELECT key_serial FROM key_jobs WHERE order_no = :no AND abandoned = 0");
        take(Kind::certificate, "SELECT serial FROM certificates WHERE order_no = :no");
        take(Kind::waybill,
             "SELECT s.waybill FROM shipment_orders p JOIN shipments s ON s.id = p.shipment_id WHERE p.order_no = :no AND "
             "s.waybill <> ''");
    }
    return list;
}

}  // namespace

void put(Tx& tx, const Facts& facts, const Facts& before) {
    if (before.order_no.empty())
        put_names(tx, facts.order_no, written(facts.names));
    else
        change_names(tx, facts.order_no, written(facts.names));
    for (const auto& number : before.numbers)
        if (std::find(facts.numbers.begin(), facts.numbers.end(), number) == facts.numbers.end())
            remove(tx, facts.order_no, number);
    if (tx.engine == Engine::postgresql)
        add_in_one(tx, facts);
    else
        for (const auto& number : facts.numbers) add(tx, facts.order_no, number);
}

std::int64_t add(Tx& tx, const std::string& order_no, const Number& number) {
    const std::string key = number_key(number.value), back = turned(key);
    if (key.empty()) return 0;
    const int forward = stored(number.kind), backward = forward + 1;
    const char* statement =
        "INSERT INTO search_numbers (kind, value, order_no) VALUES (:kind, :value, :no) ON CONFLICT DO NOTHING";
    return storage::change(tx, statement, forward, key, order_no) + storage::change(tx, statement, backward, back, order_no);
}

Result<bool> fill_next(Database& database, Filled& so_far) {
    // Asked first without the lock of a writer: this is so at nearly every start.
    const auto is_filled = [](Tx& tx) -> Result<bool> {
        return storage::one<std::string>(tx, "SELECT value FROM settings WHERE name = 'search'", "") == kFilled;
    };
    SEALDESK_LET(filled, database.read(is_filled));
    if (filled) return true;
    return database.write([&](Tx& tx) -> Result<bool> {
        if (*is_filled(tx)) return true;
        Filled reached = so_far;
        std::vector<std::string> missing;
        std::vector<std::pair<std::string, std::string>> other;  // orders with their names, written by older rules
        int looked_at = 0, there = 0;
        Written row;
        storage::for_each_row(
            tx,
            "SELECT o.waiting_since, o.no, CASE WHEN s.id IS NULL THEN 0 ELSE 1 END, COALESCE(s.names, ''), COALESCE(s.initials, "
            "'') FROM orders o LEFT JOIN search_orders s ON s.order_no = o.no WHERE (o.waiting_since, o.no) > (:since, :no) "
            "ORDER BY o.waiting_since, o.no LIMIT :most",
            std::tie(reached.since, reached.no, there, row.names, row.initials),
            [&] {
                ++looked_at;
                if (there == 0)
                    missing.push_back(reached.no);
                else if (written(split(row.names, '\n')) != row)
                    other.emplace_back(reached.no, row.names);
            },
            so_far.since, so_far.no, kPortion);
        for (const auto& each : missing)
            for (const auto& facts : facts_where(tx, "o.no = :no", each)) put(tx, facts);
        for (const auto& [no, names] : other) change_names(tx, no, written(split(names, '\n')));
        so_far = reached;
        if (looked_at == kPortion) return false;
        if (storage::change(tx, "UPDATE settings SET value = :value WHERE name = 'search'", std::string(kFilled)) == 0)
            storage::change(tx, "INSERT INTO settings (name, value) VALUES ('search', :value)", std::string(kFilled));
        return true;
    });
}

Result<int> check(Database& database) {
    return database.write([](Tx& tx) -> Result<int> {
        int mended = 0;
        std::int64_t expected = 0;
        for (const auto& facts : facts_where(tx, "1 = 1")) {
            mended += change_names(tx, facts.order_no, written(facts.names)) ? 1 : 0;
            std::set<Number> numbers;
            for (const auto& number : facts.numbers)
                if (auto key = number_key(number.value); !key.empty()) numbers.insert({number.kind, std::move(key)});
            expected += 2 * std::ssize(numbers);
            for (const auto& number : numbers) mended += static_cast<int>(add(tx, facts.order_no, number));
        }
        // What is too much can only be told from what is right by making all of it anew.
        const auto kept = storage::one<std::int64_t>(tx, "SELECT COUNT(*) FROM search_numbers", 0);
        if (kept == expected) return mended;
        storage::change(tx, "DELETE FROM search_numbers");
        for (const auto& facts : facts_where(tx, "1 = 1"))
            for (const auto& number : facts.numbers) add(tx, facts.order_no, number);
        return mended + static_cast<int>(kept - expected);
    });
}

}  // namespace sealdesk::search

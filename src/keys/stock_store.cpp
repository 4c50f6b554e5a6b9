#include <nlohmann/json.hpp>
#include <set>

#include "audit/audit.h"
#include "base/text.h"
#include "base/translate.h"
#include "keys/jobs_store.h"
#include "storage/rows.h"

namespace sealdesk::keys {

using staff::Actor;
using storage::Database;
using storage::Tx;

namespace {

// As folded_serial() has it.
const std::string kFolded = "REPLACE(REPLACE(UPPER(serial), '-', ''), ' ', '')";

template <class... Uses>
std::vector<Key> select_keys(Tx& tx, const std::string& condition, const Uses&... uses) {
    std::vector<Key> list;
    Key k;
    std::string state;
    storage::for_each_row(
        tx, "SELECT serial, label, model, state, order_no, unit_no, box_id, updated_at FROM keys " + condition,
        std::tie(k.serial, k.label, k.model, state, k.order_no, k.unit_no, k.box_id, k.updated_at.ms),
        [&] {
            k.state = parse_key_state(state).value_or(KeyState::scrapped);
            list.push_back(k);
        },
        uses...);
    return list;
}

void note_movement(Tx& tx, const std::string& serial, std::optional<KeyState> from, KeyState to, const std::string& order_no,
                   const std::string& reason, const std::string& actor) {
    const std::string before = from ? name_of(*from) : "", after = name_of(to);
    storage::change(tx,
                    "INSERT INTO key_movements (serial, from_state, to_state, order_no, reason, actor, at) "
                    "VALUES (:serial, :before, :after, :order, :reason, :actor, :now)",
                    serial, before, after, order_no, reason, actor, tx.now.ms);
    if (from) storage::change(tx, "UPDATE key_counts SET keys = keys - 1 WHERE state = :state", before);
    if (storage::change(tx, "UPDATE key_counts SET keys = keys + 1 WHERE state = :state", after) == 0)
        storage::change(tx, "INSERT INTO key_counts (state, keys) VALUES (:state, 1)", after);
}

void insert_key(Tx& tx, const Key& key) {
    storage::change(tx,
                    "INSERT INTO keys (serial, label, model, state, box_id, updated_at) "
                    "VALUES (:serial, :label, :model, 'blank', :box, :now)",
                    key.serial, key.label, key.model, key.box_id, tx.now.ms);
}

}  // namespace

std::optional<Key> find_key(Tx& tx, const std::string& serial) {
    auto list = select_keys(tx, "WHERE serial = :serial", serial);
    if (list.empty()) return std::nullopt;
    return std::move(list.front());
}

Result<std::optional<Key>> find_key(Database& database, const std::string& serial) {
    return database.read([&](Tx& tx) -> Result<std::optional<Key>> { return find_key(tx, serial); });
}

Result<std::optional<Key>> find_typed_key(Database& database, const std::string& typed) {
    return database.read([&](Tx& tx) -> Result<std::optional<Key>> {
        if (auto exact = find_key(tx, typed)) return exact;
        const std::string folded = folded_serial(typed);
        auto alike = select_keys(tx, "WHERE " + kFolded + " = :folded LIMIT 2", folded);
        if (alike.size() != 1) return std::nullopt;
        return std::move(alike.front());
    });
}

Result<std::vector<Key>> keys_of(Database& database, const std::string& order_no) {
    return database.read([&](Tx& tx) -> Result<std::vector<Key>> {
        return select_keys(tx, "WHERE order_no = :order ORDER BY unit_no, serial", order_no);
    });
}

void enter_stock(Tx& tx, const Key& key, const std::string& actor, const std::string& reason) {
    insert_key(tx, key);
    note_movement(tx, key.serial, std::nullopt, KeyState::blank, "", reason, actor);
    audit::append(tx, actor, "key.in_stock", key.serial);
}

Result<> move_key(Tx& tx, const std::string& serial, KeyState to, const std::string& actor, const std::string& reason,
                  const std::string& order_no, int unit_no) {
    const auto key = find_key(tx, serial);
    if (!key) return refused(trf("KEY {} 不在库存里", serial));
    SEALDESK_TRY(check_movement(serial, key->state, to));
    const bool forget = to == KeyState::blank, keep = order_no.empty();
    const std::string state = name_of(to), owner = forget ? "" : keep ? key->order_no : order_no;
    const int unit = forget ? 0 : keep ? key->unit_no : unit_no;
    storage::change(
        tx, "UPDATE keys SET state = :state, order_no = :order, unit_no = :unit, updated_at = :now WHERE serial = :serial", state,
        owner, unit, tx.now.ms, serial);
    note_movement(tx, serial, key->state, to, forget ? key->order_no : owner, reason, actor);
    if (to == KeyState::scrapped || to == KeyState::returned) pin_is_settled(tx, actor, serial, reason);  // nobody needs it
    return {};
}

Result<> keep_out(Database& database, const std::string& serial) {
    const auto key = find_key(database, serial);
    if (!key) return tl::unexpected(key.error());
    if (!*key || (*key)->state != KeyState::blank) return {};
    return database.write([&](Tx& tx) -> Result<> {
        SEALDESK_TRY(move_key(tx, serial, KeyState::scrapped, "desk", tr("存放签发 CA 的密钥，不是要发放的 KEY")));
        audit::append(tx, "desk", "key.scrap", serial, nlohmann::json{{"reason", "CA"}}.dump());
        return {};
    });
}

Result<Box> receive(Database& database, const Actor& actor, const Delivery& delivery, const std::string& kept_out) {
    SEALDESK_TRY(staff::require(actor, staff::Role::officer));
    SEALDESK_LET(serials, serials_of(delivery));
    const std::string name = trimmed(delivery.name), model = trimmed(delivery.model);
    for (const auto& text : {name, model})
        if (text.size() > 120 || !is_utf8(text) || has_control_characters(text))
            return refused(tr("盒号和型号不能超过 40 个字，也不能有不可见的字符"));
    if (!kept_out.empty() && std::find(serials.begin(), serials.end(), kept_out) != serials.end())
        return refused(trf("KEY {} 存放着签发 CA 的密钥，不能当作空白 KEY 使用", kept_out));
    return database.write([&](Tx& tx) -> Result<Box> {
        Box box{0, name, model, serials.front(), serials.back(), static_cast<int>(serials.size()), 0, actor.login, tx.now};
        box.blank = box.keys;
        std::set<std::string> plugged_in;  // before anybody registered their box
        for (const auto& serial : serials) {
            const auto known = find_key(tx, serial);
            if (!known) continue;
            if (known->state != KeyState::blank || known->box_id != 0)
                return fail(ErrorKind::conflict,
                            trf("KEY {} 已经在库存里（{}），整盒都没有入库，请核对号段", serial, word_of(known->state)));
            plugged_in.insert(serial);
        }
        box.known = static_cast<int>(plugged_in.size());
        box.id = storage::one<std::int64_t>(
            tx,
            "INSERT INTO key_boxes (name, model, first_serial, last_serial, keys, received_by, received_at) "
            "VALUES (:name, :model, :first, :last, :keys, :by, :now) RETURNING id",
            0, box.name, box.model, box.first_serial, box.last_serial, box.keys, box.received_by, tx.now.ms);
        for (const auto& serial : serials) {
            if (plugged_in.contains(serial)) {  // it came in already: no second movement
                storage::change(tx,
                                "UPDATE keys SET box_id = :box, model = CASE WHEN :given = '' THEN model ELSE :model END WHERE "
                                "serial = :serial",
                                box.id, box.model, box.model, serial);
                continue;
            }
            Key key;
            key.serial = serial;
            key.model = box.model;
            key.box_id = box.id;
            insert_key(tx, key);
            note_movement(tx, serial, std::nullopt, KeyState::blank, "", box.name, actor.login);
        }
        audit::append(
            tx, actor.login, "key.box_in", box.first_serial,
            nlohmann::json{{"box", box.name}, {"last", box.last_serial}, {"keys", box.keys}, {"known", box.known}}.dump());
        return box;
    });
}

Result<> scrap(Database& database, const Actor& actor, const std::string& serial, const std::string& reason) {
    SEALDESK_TRY(staff::require(actor, staff::Role::officer));
    const std::string why = trimmed(reason);
    if (why.empty()) return refused(tr("请写明报废的原因"));
    return database.write([&](Tx& tx) -> Result<> {
        const auto key = find_key(tx, serial);
        if (!key) return refused(trf("KEY {} 不在库存里", serial));
        if (key->state == KeyState::scrapped) return {};
        const auto living = storage::one<std::int64_t>(
            tx, "SELECT COUNT(*) FROM certificates WHERE key_serial = :serial AND state IN ('valid', 'recorded')", 0, serial);
        const auto jobs = storage::one<std::int64_t>(
            tx, "SELECT COUNT(*) FROM key_jobs WHERE key_serial = :serial AND abandoned = 0", 0, serial);
        if (living + jobs > 0)
            return refused(trf("KEY {} 已用于订单 {}，请用“损坏”或“遗失”登记，证书会一并吊销", serial, key->order_no));
        SEALDESK_TRY(move_key(tx, serial, KeyState::scrapped, actor.login, why));
        audit::append(tx, actor.login, "key.scrap", serial, nlohmann::json{{"reason", why}}.dump());
        return {};
    });
}

Result<std::vector<Movement>> movements(Database& database, const std::string& serial) {
    return database.read([&](Tx& tx) -> Result<std::vector<Movement>> {
        std::vector<Movement> list;
        Movement m;
        std::string from, to;
        storage::for_each_row(
            tx,
            "SELECT m.id, m.serial, m.from_state, m.to_state, m.order_no, m.reason, " + staff::person_in("m.actor") +
                ", m.at FROM key_movements m WHERE m.serial = :serial ORDER BY m.id",
            std::tie(m.id, m.serial, from, to, m.order_no, m.reason, m.by, m.at.ms),
            [&] {
                m.from = parse_key_state(from);
                m.to = parse_key_state(to).value_or(KeyState::scrapped);
                list.push_back(m);
            },
            serial);
        return list;
    });
}

Result<std::vector<Box>> boxes(Database& database, int limit) {
    return database.read([&](Tx& tx) -> Result<std::vector<Box>> {
        std::vector<Box> list;
        Box b;
        storage::for_each_row(
            tx,
            "SELECT b.id, b.name, b.model, b.first_serial, b.last_serial, b.keys, b.received_by, b.received_at, "
            "(SELECT COUNT(*) FROM keys k WHERE k.box_id = b.id AND k.state = 'blank') FROM key_boxes b ORDER BY b.id DESC LIMIT "
            ":most",
            std::tie(b.id, b.name, b.model, b.first_serial, b.last_serial, b.keys, b.received_by, b.received_at.ms, b.blank),
            [&] { list.push_back(b); }, limit);
        return list;
    });
}

Result<std::vector<Key>> stock_page(Database& database, const StockFilter& filter, const std::string& after, int limit) {
    return database.read([&](Tx& tx) -> Result<std::vector<Key>> {
        const std::string state = filter.state ? name_of(*filter.state) : "", text = folded_serial(filter.text);
        const auto length = static_cast<std::int64_t>(text.size());
        return select_keys(tx,
                           "WHERE serial > :after AND (:any = '' OR state = :state) AND (:length = 0 OR substr(" + kFolded +
                               ", 1, :size) = :text) AND (:all = 0 OR box_id = :box) ORDER BY serial LIMIT :most",
                           after, state, state, length, length, text, filter.box, filter.box, limit);
    });
}

Result<Ledger> ledger(Database& database) {
    return database.read([](Tx& tx) -> Result<Ledger> {
        Ledger book;
        std::string state;
        std::int64_t keys = 0;
        storage::for_each_row(tx, "SELECT state, keys FROM key_counts", std::tie(state, keys), [&] {
            if (const auto known = parse_key_state(state)) book.now[static_cast<size_t>(*known)] = keys;
        });
        book.in = storage::one<std::int64_t>(tx, "SELECT COUNT(*) FROM key_movements WHERE from_state = ''", 0);
        return book;
    });
}

Result<std::vector<std::string>> check_ledger(Database& database) {
    return database.write([](Tx& tx) -> Result<std::vector<std::string>> {
        std::vector<std::string> wrong;
        std::string serial, state, last;
        // Each KEY came in once and stands where its last movement put it.
        storage::for_each_row(
            tx,
            "SELECT k.serial, k.state, COALESCE((SELECT m.to_state FROM key_movements m WHERE m.serial = k.serial "
            "ORDER BY m.id DESC LIMIT 1), '') FROM keys k ORDER BY k.serial",
            std::tie(serial, state, last), [&] {
                if (state != last) wrong.push_back(trf("KEY {} 记为“{}”，最后一次变动却是“{}”", serial, state, last));
            });
        storage::for_each_row(
            tx,
            "SELECT serial, '', '' FROM key_movements WHERE from_state = '' GROUP BY serial HAVING COUNT(*) > 1 ORDER BY serial",
            std::tie(serial, state, last), [&] { wrong.push_back(trf("KEY {} 入库了不止一次", serial)); });
        // Every movement begins where the one before it ended.
        storage::for_each_row(
            tx,
            "SELECT m.serial, m.from_state, COALESCE((SELECT p.to_state FROM key_movements p WHERE p.serial = m.serial AND "
            "p.id < m.id ORDER BY p.id DESC LIMIT 1), '') FROM key_movements m ORDER BY m.id",
            std::tie(serial, state, last), [&] {
                if (state != last) wrong.push_back(trf("KEY {} 的变动不连贯：从“{}”开始，之前却是“{}”", serial, state, last));
            });
        for (int i = 0; i < kKeyStates; ++i) {
            const std::string name = name_of(static_cast<KeyState>(i));
            const auto kept = storage::one<std::int64_t>(tx, "SELECT keys FROM key_counts WHERE state = :state", 0, name);
            const auto real = storage::one<std::int64_t>(tx, "SELECT COUNT(*) FROM keys WHERE state = :state", 0, name);
            if (kept == real) continue;
            wrong.push_back(trf("“{}”的 KEY 计数是 {}，实际 {} 个，已改正", word_of(static_cast<KeyState>(i)), kept, real));
            if (storage::change(tx, "UPDATE key_counts SET keys = :keys WHERE state = :state", real, name) == 0)
                storage::change(tx, "INSERT INTO key_counts (keys, state) VALUES (:keys, :state)", real, name);
        }
        if (!wrong.empty())
            audit::append(tx, "desk", "key.ledger_wrong", "ledger", nlohmann::json{{"faults", wrong.size()}}.dump());
        return wrong;
    });
}

}  // namespace sealdesk::keys

#include "keys/pin.h"

#include <nlohmann/json.hpp>

#include "audit/audit.h"
#include "base/translate.h"
#include "keys/jobs_store.h"
#include "tasks/tasks.h"

namespace sealdesk::keys {

using staff::Actor;
using storage::Database;
using storage::Tx;

namespace {

constexpr const char* kPinIsMissing = "pin_is_missing";

// The KEY that the verb is for, and what the letter says of it.
Result<PinLetter> letter_for(Database& database, const std::string& key_serial) {
    SEALDESK_LET(key, find_key(database, key_serial));
    if (!key) return refused(trf("KEY {} 不在库存里，请核对序列号", key_serial));
    PinLetter letter;
    letter.key_serial = key_serial;
    letter.order_no = key->order_no;
    letter.unit_no = key->unit_no;
    letter.made_at = database.now();
    if (key->order_no.empty()) return letter;
    SEALDESK_LET(order, orders::load(database, key->order_no));
    letter.subject_name = order.order.subject.name;
    letter.recipient = order.order.delivery.recipient;
    letter.address = order.order.delivery.address;
    return letter;
}

Result<std::unique_ptr<TokenSession>> session_of(const Actor& actor, const Bench& bench, const std::string& key_serial) {
    SEALDESK_TRY(staff::require(actor, staff::Role::officer));
    if (bench.tokens == nullptr) return fail(ErrorKind::device, tr("没有接入 KEY 驱动"));
    return bench.tokens->open(key_serial);
}

Result<> note(Database& database, const Actor& actor, const std::string& action, const std::string& key_serial,
              const nlohmann::json& details) {
    return database.write([&](Tx& tx) -> Result<> {
        audit::append(tx, actor.login, action, key_serial, details.dump());
        return {};
    });
}

// A random PIN as long as the KEY allows.
crypto::Secret pin_for(const TokenInfo& token, crypto::Random& random) {
    size_t digits = 8;
    if (token.longest_pin > 0) digits = std::min(digits, token.longest_pin);
    return random_pin(random, std::max(digits, token.shortest_pin));
}

// Setting a PIN failed in the one call that sets it, and not because the KEY said no: it may be done all the same.
bool may_be_set(const Error& error) {
    const std::string& detail = error.detail;
    if (!detail.starts_with("C_SetPIN -> ") && !detail.starts_with("C_InitPIN -> ")) return false;
    for (const char* no : {" 0xa0", " 0xa1", " 0xa2", " 0xa4"})  // CKR_PIN_INCORRECT, INVALID, LEN_RANGE, LOCKED
        if (detail.ends_with(no)) return false;
    return true;
}

// The new PIN, tried once, says which one is in force: the person has made no mistake, and one wrong try is counted back by
// the next right one. True: the new one; false: the one before; nothing: the KEY cannot be asked, or it has no try to spare.
std::optional<bool> is_in_force(const Bench& bench, const std::string& key_serial, const crypto::Secret& pin) {
    const auto session = bench.tokens->open(key_serial);
    if (!session) return std::nullopt;
    const auto token = (*session)->look();
    if (!token || token->pin_final || token->pin_locked) return std::nullopt;
    const auto tried = (*session)->login(pin);
    if (tried) return true;
    if (tried.error().detail.ends_with(" 0xa0")) return false;
    return std::nullopt;
}

// What a failed setting leaves: the letter, when the PIN is in force or may be.
Result<PinLetter> after_no_answer(Database& database, const Actor& actor, const Bench& bench, PinLetter letter,
                                  const crypto::Secret& before, Error error) {
    const auto in_force = is_in_force(bench, letter.key_serial, letter.pin);
    if (in_force && *in_force) return letter;
    if (in_force) {
        // The right one gives the tries back.
        if (before.size() > 0)
            if (const auto session = bench.tokens->open(letter.key_serial)) static_cast<void>((*session)->login(before));
        return tl::unexpected(std::move(error));
    }
    letter.unsure = true;
    SEALDESK_TRY(note(database, actor, "key.pin_unsure", letter.key_serial, {{"order", letter.order_no}}));
    return letter;
}

}  // namespace

Result<PinLetter> set_initial_pin(Database& database, const Actor& actor, const Bench& bench, const std::string& key_serial,
                                  const crypto::Secret& pin, LastTry last) {
    SEALDESK_LET(session, session_of(actor, bench, key_serial));
    SEALDESK_LET(letter, letter_for(database, key_serial));
    SEALDESK_TRY(session->login(pin, last));
    SEALDESK_LET(token, session->look());
    letter.pin = pin_for(token, *bench.random);
    // On record first: a PIN that was set and of which nothing is known would be worse than a row too many.
    SEALDESK_TRY(database.write([&](Tx& tx) -> Result<> {
        pin_is_owed(tx, letter.order_no, key_serial);
        audit::append(tx, actor.login, "key.pin_initial", key_serial, nlohmann::json{{"order", letter.order_no}}.dump());
        return {};
    }));
    if (auto set = session->change_pin(pin, letter.pin); !set) {
        if (!may_be_set(set.error())) return tl::unexpected(std::move(set).error());
        session.reset();
        return after_no_answer(database, actor, bench, std::move(letter), pin, std::move(set).error());
    }
    return letter;
}

Result<> change_pin(Database& database, const Actor& actor, const Bench& bench, const std::string& key_serial,
                    const crypto::Secret& old_pin, const crypto::Secret& new_pin, LastTry last) {
    SEALDESK_LET(session, session_of(actor, bench, key_serial));
    SEALDESK_TRY(session->login(old_pin, last));
    SEALDESK_TRY(session->change_pin(old_pin, new_pin));
    return database.write([&](Tx& tx) -> Result<> {
        pin_is_settled(tx, actor.login, key_serial, tr("PIN 已修改"));
        audit::append(tx, actor.login, "key.pin_change", key_serial, nlohmann::json::object().dump());
        return {};
    });
}

Result<PinLetter> unlock(Database& database, const Actor& actor, const Bench& bench, const std::string& key_serial,
                         const crypto::Secret& so_pin, const IdentityCheck& seen, LastTry last) {
    SEALDESK_TRY(staff::require(actor, staff::Role::officer));
    if (!seen.complete()) return refused(tr("解锁前须逐项核对身份：证件原件、本人或经办人、授权书"));
    SEALDESK_LET(certificate, database.read([&](Tx& tx) -> Result<std::optional<certificates::Entry>> {
        const auto key = find_key(tx, key_serial);
        if (!key) return std::nullopt;
        return certificate_on(tx, *key);
    }));
    if (certificate && certificate->state != "valid") return refused(trf("KEY {} 的证书已吊销或停用，不能解锁", key_serial));
    SEALDESK_LET(letter, letter_for(database, key_serial));
    SEALDESK_LET(session, session_of(actor, bench, key_serial));
    SEALDESK_LET(token, session->look());
    letter.pin = pin_for(token, *bench.random);
    const nlohmann::json ticked{{"order", letter.order_no}, {"document", true}, {"person", true}, {"authorisation", true}};
    SEALDESK_TRY(note(database, actor, "key.unlock", key_serial, ticked));
    if (auto done = session->unlock(so_pin, letter.pin, last); !done) {
        if (may_be_set(done.error())) {
            session.reset();
            return after_no_answer(database, actor, bench, std::move(letter), {}, std::move(done).error());
        }
        SEALDESK_TRY(note(database, actor, "key.unlock_failed", key_serial, {{"order", letter.order_no}}));
        return tl::unexpected(done.error());
    }
    return letter;
}

Result<> pin_handed_on(Database& database, const Actor& actor, const std::string& key_serial) {
    SEALDESK_TRY(staff::require(actor, staff::Role::officer));
    return database.write([&](Tx& tx) -> Result<> {
        pin_is_settled(tx, actor.login, key_serial, tr("新的 PIN 已抄下或打印"));
        return {};
    });
}

void pin_is_owed(Tx& tx, const std::string& order_no, const std::string& key_serial) {
    tasks::raise(
        tx, kPinIsMissing, order_no, key_serial,
        trf("KEY {} 的随机 PIN 还没有设好并抄下：发出以前请在 KEY 卡上用“初始 PIN”设置；没有人知道 PIN 的用“解锁”", key_serial));
}

void pin_is_settled(Tx& tx, const std::string& by, const std::string& key_serial, const std::string& note) {
    tasks::settle(tx, by, kPinIsMissing, "", key_serial, note);
}

}  // namespace sealdesk::keys

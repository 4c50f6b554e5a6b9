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

// The KEY that the verb is for.
Result<Key> known_key(Database& database, const std::string& key_serial) {
    SEALDESK_LET(key, find_key(database, key_serial));
    if (!key) return refused(trf("KEY {} 不在库存里，请核对序列号", key_serial));
    return std::move(*key);
}

// What the letter says of it.
Result<PinLetter> letter_for(Database& database, const Key& key) {
    PinLetter letter;
    letter.key_serial = key.serial;
    if (!key.order_no.empty()) {
        SEALDESK_LET(order, orders::load(database, key.order_no));
        letter = letter_to(order, key.serial);
    }
    letter.unit_no = key.unit_no;
    letter.made_at = database.now();
    return letter;
}

Result<> check_identity(const IdentityCheck& seen) {
    if (seen.complete()) return {};
    return refused(tr("须先逐项核对身份：证件原件、本人或经办人、授权书"));
}

// The audit row of a PIN that somebody's KEY gets.
nlohmann::json ticked(const Key& key) {
    return {{"order", key.order_no}, {"document", true}, {"person", true}, {"authorisation", true}};
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
    return (detail.starts_with("C_SetPIN -> ") || detail.starts_with("C_InitPIN -> ")) && !is_refused_pin(error);
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

// Which PIN opens the KEY after setting `fresh` failed. `before` is tried once more where it still does, unless nobody
// knows it (empty): the right one gives back the try that finding out took.
enum class Holds { before, fresh, unknown };
Holds which_holds(const Bench& bench, const std::string& key_serial, const crypto::Secret& before, const crypto::Secret& fresh,
                  const Error& error) {
    if (!may_be_set(error)) return Holds::before;
    const auto in_force = is_in_force(bench, key_serial, fresh);
    if (!in_force) return Holds::unknown;
    if (*in_force) return Holds::fresh;
    if (!before.empty())
        if (const auto session = bench.tokens->open(key_serial)) static_cast<void>((*session)->login(before));
    return Holds::before;
}

// A KEY that said no to a PIN said enough; of one that was away or broken the person has to hear which PIN it has.
Error with_the_old_pin(Error error) {
    if (error.kind == ErrorKind::device && !is_refused_pin(error)) error.message = trf("{}。原来的 PIN 没有改变", error.message);
    return error;
}

// On record before the KEY is touched: a PIN that was set and of which nothing is known would be worse than a row too many.
// True: nobody waited for a PIN of this KEY before.
Result<bool> announce(Database& database, const Actor& actor, const std::string& action, const PinLetter& letter,
                      const nlohmann::json& details) {
    return database.write([&](Tx& tx) -> Result<bool> {
        const bool first = pin_is_owed(tx, letter.order_no, letter.key_serial);
        audit::append(tx, actor.login, action, letter.key_serial, details.dump());
        return first;
    });
}

// What a failed setting leaves: the letter, when the PIN is in force or may be; else the KEY has the PIN that it had, and who
// was not waited for before is not waited for.
Result<PinLetter> after_failure(Database& database, const Actor& actor, const Bench& bench, PinLetter letter,
                                const crypto::Secret& before, Error error, bool first) {
    const Holds holds = which_holds(bench, letter.key_serial, before, letter.pin, error);
    if (holds == Holds::fresh) return letter;
    if (holds == Holds::unknown) {
        letter.unsure = true;
        SEALDESK_TRY(note(database, actor, "key.pin_unsure", letter.key_serial, {{"order", letter.order_no}}));
        return letter;
    }
    if (first)
        SEALDESK_TRY(database.write([&](Tx& tx) -> Result<> {
            pin_is_settled(tx, actor.login, letter.key_serial, tr("PIN 没有改变"));
            return {};
        }));
    return tl::unexpected(with_the_old_pin(std::move(error)));
}

}  // namespace

PinLetter letter_to(const orders::DeskOrder& order, const std::string& key_serial) {
    PinLetter letter;
    letter.key_serial = key_serial;
    letter.order_no = order.order.no;
    letter.subject_name = order.order.subject.name;
    letter.recipient = order.order.delivery.recipient;
    letter.address = order.order.delivery.address;
    return letter;
}

Result<bool> needs_identity(Database& database, const Key& key) {
    using enum KeyState;
    if (key.order_no.empty()) return key.state != blank;
    if (key.state != allocated && key.state != written && key.state != verified && key.state != bound) return true;
    SEALDESK_LET(order, orders::load(database, key.order_no));
    return order.state != orders::State::approved && order.state != orders::State::issued && order.state != orders::State::packed;
}

Result<PinLetter> set_initial_pin(Database& database, const Actor& actor, const Bench& bench, const std::string& key_serial,
                                  const crypto::Secret& pin, const IdentityCheck& seen, LastTry last) {
    SEALDESK_TRY(staff::require(actor, staff::Role::officer));
    SEALDESK_LET(key, known_key(database, key_serial));
    SEALDESK_LET(somebodys, needs_identity(database, key));
    if (somebodys) SEALDESK_TRY(check_identity(seen));
    SEALDESK_LET(letter, letter_for(database, key));
    SEALDESK_LET(session, session_of(actor, bench, key_serial));
    SEALDESK_TRY(session->login(pin, last));
    SEALDESK_LET(token, session->look());
    letter.pin = pin_for(token, *bench.random);
    const nlohmann::json details = somebodys ? ticked(key) : nlohmann::json{{"order", letter.order_no}};
    SEALDESK_LET(first, announce(database, actor, "key.pin_initial", letter, details));
    if (auto set = session->change_pin(pin, letter.pin); !set) {
        session.reset();
        return after_failure(database, actor, bench, std::move(letter), pin, std::move(set).error(), first);
    }
    return letter;
}

Result<> change_pin(Database& database, const Actor& actor, const Bench& bench, const std::string& key_serial,
                    const crypto::Secret& old_pin, const crypto::Secret& new_pin, const IdentityCheck& seen, LastTry last) {
    SEALDESK_TRY(staff::require(actor, staff::Role::officer));
    SEALDESK_TRY(check_identity(seen));
    SEALDESK_LET(key, known_key(database, key_serial));
    SEALDESK_LET(session, session_of(actor, bench, key_serial));
    SEALDESK_TRY(session->login(old_pin, last));
    SEALDESK_TRY(note(database, actor, "key.pin_change", key_serial, ticked(key)));  // before the KEY has it
    if (auto set = session->change_pin(old_pin, new_pin); !set) {
        session.reset();
        Error error = std::move(set).error();
        const Holds holds = which_holds(bench, key_serial, old_pin, new_pin, error);
        if (holds == Holds::before) error = with_the_old_pin(std::move(error));
        if (holds == Holds::unknown)
            error.message = tr("KEY 没有回答：新的 PIN 可能已经生效，也可能还是原来的。请插回同一只 KEY，各试一次");
        if (holds != Holds::fresh) {
            // What the person has to hear does not depend on this row.
            static_cast<void>(note(database, actor, holds == Holds::before ? "key.pin_change_failed" : "key.pin_unsure",
                                   key_serial, {{"order", key.order_no}}));
            return tl::unexpected(std::move(error));
        }
    }
    auto settled = database.write([&](Tx& tx) -> Result<> {
        pin_is_settled(tx, actor.login, key_serial, tr("PIN 已修改"));
        return {};
    });
    if (!settled) settled.error().message = trf("新的 PIN 已经生效，只是“需要处理”里没有记下：{}", settled.error().message);
    return settled;
}

Result<PinLetter> unlock(Database& database, const Actor& actor, const Bench& bench, const std::string& key_serial,
                         const crypto::Secret& so_pin, const IdentityCheck& seen, LastTry last) {
    SEALDESK_TRY(staff::require(actor, staff::Role::officer));
    SEALDESK_TRY(check_identity(seen));
    SEALDESK_LET(key, known_key(database, key_serial));
    SEALDESK_LET(certificate, database.read([&](Tx& tx) { return certificate_on(tx, key); }));
    if (certificate && certificate->state != "valid") return refused(trf("KEY {} 的证书已吊销或停用，不能解锁", key_serial));
    SEALDESK_LET(letter, letter_for(database, key));
    SEALDESK_LET(session, session_of(actor, bench, key_serial));
    SEALDESK_LET(token, session->look());
    letter.pin = pin_for(token, *bench.random);
    SEALDESK_LET(first, announce(database, actor, "key.unlock", letter, ticked(key)));
    if (auto done = session->unlock(so_pin, letter.pin, last); !done) {
        session.reset();
        if (!may_be_set(done.error()))
            SEALDESK_TRY(note(database, actor, "key.unlock_failed", key_serial, {{"order", letter.order_no}}));
        return after_failure(database, actor, bench, std::move(letter), {}, std::move(done).error(), first);
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

bool pin_is_owed(Tx& tx, const std::string& order_no, const std::string& key_serial) {
    return tasks::raise(
        tx, kPinIsMissing, order_no, key_serial,
        trf("KEY {} 的随机 PIN 还没有设好并抄下：交出以前请在 KEY 卡上用“初始 PIN”设置；没有人知道 PIN 的用“解锁”", key_serial));
}

bool nobody_has_its_pin(Tx& tx, const Key& key) { return tasks::is_open(tx, kPinIsMissing, key.order_no, key.serial); }

void pin_is_settled(Tx& tx, const std::string& by, const std::string& key_serial, const std::string& note) {
    tasks::settle(tx, by, kPinIsMissing, "", key_serial, note);
}

}  // namespace sealdesk::keys

#include <algorithm>

#include "audit/audit.h"
#include "base/text.h"
#include "base/translate.h"
#include "crypto/password.h"
#include "staff/new_member.h"
#include "storage/rows.h"

namespace sealdesk::staff {

using storage::Tx;

namespace {

struct Stored {
    Member member;
    std::string password_hash;
    int failures = 0;
};

std::optional<Stored> find(Tx& tx, const std::string& login) {
    Stored stored;
    std::string roles;
    int active = 0;
    tx.sql << "SELECT login, name, roles, password_hash, failures, locked_until, active FROM staff WHERE login = :login",
        soci::into(stored.member.login), soci::into(stored.member.name), soci::into(roles), soci::into(stored.password_hash),
        soci::into(stored.failures), soci::into(stored.member.locked_until.ms), soci::into(active), soci::use(login);
    if (!tx.sql.got_data()) return std::nullopt;
    stored.member.roles = parse_roles(roles).value_or(0);
    stored.member.active = active != 0;
    return stored;
}

}  // namespace

Result<> check_new(const Member& member, const crypto::Secret& password) {
    if (member.login.empty() || member.login.size() > 32 ||
        member.login.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-") != std::string::npos)
        return refused(tr("登录名只能用小写字母、数字、点、横线，最多 32 个"));
    if (trimmed(member.name).empty() || has_control_characters(member.name))
        return refused(tr("姓名没有填写，或含有不可见的字符"));
    if (member.roles == 0) return refused(tr("至少选择一个角色"));
    if (password.size() < 8) return refused(tr("密码至少 8 位"));
    return {};
}

std::string person_in(const std::string& column) {
    return "COALESCE((SELECT name FROM staff WHERE login = " + column + "), " + column + ")";
}

std::string person_of(Tx& tx, const std::string& login) {
    return storage::one<std::string>(tx, "SELECT name FROM staff WHERE login = :login", login, login);
}

Result<bool> has_members(storage::Database& database) {
    return database.read([](Tx& tx) -> Result<bool> {
        int members = 0;
        tx.sql << "SELECT COUNT(*) FROM staff", soci::into(members);
        return members > 0;
    });
}

Result<> add(storage::Database& database, const Actor* actor, const Member& member, const crypto::Secret& password) {
    SEALDESK_TRY(check_new(member, password));
    if (actor != nullptr) SEALDESK_TRY(require(*actor, Role::administrator));
    crypto::SystemRandom random;
    const std::string hash = crypto::hash_password(password, random), roles = text_of(member.roles);
    return database.write([&](Tx& tx) -> Result<> {
        int members = 0;
        tx.sql << "SELECT COUNT(*) FROM staff", soci::into(members);
        if (members > 0 && actor == nullptr) return fail(ErrorKind::denied, tr("只有管理员可以添加人员"));
        if (find(tx, member.login)) return refused(trf("登录名 {} 已经有了", member.login));
        tx.sql << "INSERT INTO staff (login, name, roles, password_hash) VALUES (:login, :name, :roles, :hash)",
            soci::use(member.login), soci::use(member.name), soci::use(roles), soci::use(hash);
        audit::append(tx, actor != nullptr ? actor->login : "desk", "staff.add", member.login, "{\"roles\":\"" + roles + "\"}");
        return {};
    });
}

Result<Actor> sign_in(storage::Database& database, std::string_view login, const crypto::Secret& password) {
    const std::string wanted(login);
    SEALDESK_LET(stored, database.read([&](Tx& tx) -> Result<std::optional<Stored>> { return find(tx, wanted); }));
    const bool right = crypto::password_matches(password, stored ? stored->password_hash : "");
    // Every attempt is written, so the outcome is a value here and becomes an error after the commit.
    SEALDESK_LET(outcome, database.write([&](Tx& tx) -> Result<Result<Actor>> {
        const auto now = find(tx, wanted);
        const auto wrong = [] { return Result<Actor>(fail(ErrorKind::denied, tr("登录名或密码不对"))); };
        if (!now) {
            audit::append(tx, "desk", "staff.sign_in_refused", "?");
            return wrong();
        }
        if (now->member.locked_until > tx.now) {
            audit::append(tx, wanted, "staff.sign_in_locked", wanted);
            return Result<Actor>(
                fail(ErrorKind::denied, trf("连续输错密码，账号已锁定，{}后再试", how_long(now->member.locked_until - tx.now))));
        }
        if (!right || !now->member.active) {
            const int failures = now->failures + 1;
            const Instant until = failures >= kFailuresBeforeLock ? tx.now + kLockMs : Instant{};
            const int kept = until ? 0 : failures;
            tx.sql << "UPDATE staff SET failures = :failures, locked_until = :until WHERE login = :login", soci::use(kept),
                soci::use(until.ms), soci::use(wanted);
            audit::append(tx, wanted, "staff.sign_in_refused", wanted);
            return wrong();
        }
        tx.sql << "UPDATE staff SET failures = 0, locked_until = 0 WHERE login = :login", soci::use(wanted);
        audit::append(tx, wanted, "staff.sign_in", wanted);
        return Result<Actor>(Actor{now->member.login, now->member.name, now->member.roles});
    }));
    return outcome;
}

Result<> signed_out(storage::Database& database, const Actor& actor) {
    return database.write([&](Tx& tx) -> Result<> {
        audit::append(tx, actor.login, "staff.sign_out", actor.login);
        return {};
    });
}

Result<std::vector<Member>> all(storage::Database& database) {
    return database.read([](Tx& tx) -> Result<std::vector<Member>> {
        std::vector<Member> list;
        Member member;
        std::string roles;
        int active = 0;
        storage::for_each_row(tx, "SELECT login, name, roles, active, locked_until FROM staff ORDER BY id",
                              std::tie(member.login, member.name, roles, active, member.locked_until.ms), [&] {
                                  member.roles = parse_roles(roles).value_or(0);
                                  member.active = active != 0;
                                  list.push_back(member);
                              });
        return list;
    });
}

}  // namespace sealdesk::staff

#include <fmt/format.h>

#include "audit/audit.h"
#include "base/files.h"
#include "base/text.h"
#include "cli/commands.h"
#include "crypto/digest.h"
#include "desk/authority.h"
#include "desk/seal_maker.h"
#include "keys/authority_key.h"
#include "orders/number_ranges.h"

namespace sealdesk::cli {

namespace fs = std::filesystem;

namespace {

struct NewCentre {
    std::string name = "电子签章制作中心", algorithm = "rsa", passphrase_file, module, token;
};

// The keys of root and issuing CA. The passphrase is the operator's own file, which stays where it is, or is thrown and
// laid beside the keys: fit for trying things out, and said so.
Result<> make_authority(Common& common, const NewCentre& plan, desk::Settings& settings) {
    const auto algorithm = crypto::parse_algorithm(plan.algorithm);
    if (!algorithm) return refused(trf("不认识的算法 {}，可以是 rsa、p256 或 sm2", plan.algorithm));
    if (!plan.token.empty() && plan.passphrase_file.empty())
        return refused(tr("CA 密钥放在 KEY 上时，请用 --passphrase-file 给出存放 KEY 口令的文件"));
    settings.authority = settings.home / "authority";
    settings.passphrase_file =
        plan.passphrase_file.empty() ? settings.authority / "passphrase" : fs::absolute(plan.passphrase_file);
    settings.pkcs11_module = plan.module;
    settings.authority_token = plan.token;
    SEALDESK_TRY(make_folder(settings.authority));
    if (plan.passphrase_file.empty())
        SEALDESK_TRY(write_file(settings.passphrase_file, crypto::hex(common.random.bytes(16)) + "\n", 0600));
    SEALDESK_LET(secret_text, read_file(settings.passphrase_file, 4096));
    const crypto::Secret secret(trimmed(secret_text));
    std::unique_ptr<keys::Tokens> tokens;
    std::optional<crypto::SigningKey> elsewhere;
    // The root's key is always a file: it goes into the safe.
    if (!plan.token.empty()) {
        SEALDESK_LET(opened, keys::open_pkcs11(plan.module));
        tokens = std::move(opened);
        SEALDESK_LET(key, keys::authority_key(*tokens, plan.token, secret, *algorithm, keys::AuthorityKey::may_be_made));
        elsewhere.emplace(std::move(key));
    }
    certificates::AuthorityPlan made;
    made.root = {plan.name + "根", plan.name, "", "CN"};
    made.issuer = {plan.name + "签发", plan.name, "", "CN"};
    made.algorithm = *algorithm;
    SEALDESK_LET(files, certificates::create_authority(made, secret, common.random, common.clock.now(), std::move(elsewhere)));
    SEALDESK_TRY(desk::save_authority(settings.authority, files));
    return desk::make_seal_maker(settings.authority, plan.name, secret, common.random, common.clock.now());
}

// A new centre: database, first administrator, certificate authority, number ranges, settings.
Result<> init(Common& common, const NewCentre& plan) {
    const fs::path home = fs::absolute(common.home);
    if (fs::exists(home / "settings.toml")) return refused(trf("{} 里已经有一个中心", home.string()));
    if (common.as.empty()) return refused(tr("请用 --as 登录名 说明第一个管理员是谁"));
    SEALDESK_LET(places, desk::find_places());
    desk::Settings settings;
    settings.home = home;
    settings.database = home / "desk.sqlite";
    settings.centre = plan.name;
    SEALDESK_TRY(make_authority(common, plan, settings));
    SEALDESK_LET(database,
                 storage::Database::open({settings.database, places.data / "migrations/desk", &common.clock, &common.random, 1}));
    SEALDESK_LET(password_text, read_file(common.password_file, 4096));
    SEALDESK_TRY(staff::add(*database, nullptr,
                            {common.as, common.as, static_cast<staff::Roles>(staff::Role::administrator), true, {}},
                            crypto::Secret(trimmed(password_text))));
    const auto ranges = database->write([](storage::Tx& tx) -> Result<> {
        SEALDESK_TRY(orders::define(tx, {"invoice", "{yy}320{:015}", 1, 999'999'999}));
        return orders::define(tx, {"waybill", "EA{s10}CN", 10'000'000, 10'099'999});
    });
    SEALDESK_TRY(ranges);
    SEALDESK_TRY(write_file(home / "settings.toml", desk::settings_text(settings)));
    std::string said = trf("中心已建立：{}。请把 authority/root.key 移到离线的保险柜", home.string());
    if (plan.passphrase_file.empty())
        said +=
            "\n" + std::string(tr("CA 密钥的口令放在密钥旁边，只适合试用；正式使用请用 --passphrase-file 指定另外保管的文件"));
    print(common, {{"home", home.string()}, {"algorithm", plan.algorithm}}, said);
    return {};
}

Result<> add_staff(Common& common, const staff::Member& member, const std::string& password_file) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(actor, sign_in(common, *desk));
    SEALDESK_LET(password_text, read_file(password_file, 4096));
    SEALDESK_TRY(staff::add(desk->database(), &actor, member, crypto::Secret(trimmed(password_text))));
    print(common, {{"login", member.login}}, trf("已添加 {}（{}）", member.name, staff::words_of(member.roles)));
    return {};
}

Result<> backup(Common& common, const std::string& file) {
    SEALDESK_LET(desk, open_desk(common));
    if (desk->database().engine() != storage::Engine::sqlite) return refused(tr("PostgreSQL 请用 pg_dump 备份"));
    if (fs::exists(file)) return refused(trf("{} 已经存在，不覆盖", file));
    if (file.find('\'') != std::string::npos) return refused(tr("文件名里不能有引号"));
    SEALDESK_TRY(desk->database().execute("VACUUM INTO '" + file + "'"));
    print(common, {{"file", file}}, trf("数据库已备份到 {}；材料包在 {}", file, (common.home / "packages").string()));
    return {};
}

Result<> restore(Common& common, const std::string& file) {
    SEALDESK_LET(places, desk::find_places());
    SEALDESK_LET(settings, desk::load_settings(common.home));
    if (settings.database.starts_with("postgres")) return refused(tr("PostgreSQL 请用 pg_restore 恢复"));
    if (fs::exists(settings.database)) return refused(trf("{} 还在，请先移走再恢复", settings.database));
    // A copy is checked first; only a whole one becomes the database.
    const fs::path copy = settings.database + ".restoring";
    const auto checked = [&]() -> Result<audit::Verdict> {
        std::error_code error;
        if (!fs::copy_file(file, copy, fs::copy_options::overwrite_existing, error))
            return fail(ErrorKind::unavailable, trf("{} 复制不到数据文件夹", file), error.message());
        SEALDESK_LET(database,
                     storage::Database::open({copy, places.data / "migrations/desk", &common.clock, &common.random, 1}));
        SEALDESK_LET(chain, audit::verify(*database));
        if (chain.first_bad) return fail(ErrorKind::corrupt, chain.sentence);
        return chain;
    }();
    std::error_code error;
    if (checked) fs::rename(copy, settings.database, error);
    for (const char* rest : {"", "-wal", "-shm"}) {
        std::error_code ignored;
        fs::remove(copy.string() + rest, ignored);
    }
    if (!checked) return tl::unexpected(checked.error());
    if (error) return fail(ErrorKind::unavailable, trf("{} 复制不到数据文件夹", file), error.message());
    const auto& chain = *checked;
    print(common, {{"database", settings.database}, {"audit_rows", chain.rows}}, trf("已恢复；{}", chain.sentence));
    return {};
}

Result<> verify_audit(Common& common) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(chain, audit::verify(desk->database()));
    nlohmann::json json{{"rows", chain.rows}, {"head", chain.head}, {"whole", !chain.first_bad}};
    if (chain.first_bad) json["first_bad"] = *chain.first_bad;
    print(common, json, chain.sentence + "\n" + chain.head);
    if (chain.first_bad) return fail(ErrorKind::corrupt, chain.sentence);
    return {};
}

}  // namespace

void add_centre_commands(CLI::App& app, Common& common) {
    struct Words {
        NewCentre centre;
        std::string login, name, roles, password_file, file;
    };
    const auto words = std::make_shared<Words>();
    auto* init_command =
        app.add_subcommand("init", "a new centre in the data folder; --as and --password-file name its administrator");
    init_command->add_option("--centre", words->centre.name, "name of the centre");
    init_command->add_option("--algorithm", words->centre.algorithm, "of the authority's keys: rsa, p256 or sm2");
    init_command->add_option("--passphrase-file", words->centre.passphrase_file,
                             "holds the passphrase of the CA keys (and the PIN of --authority-token); stays where it is");
    init_command->add_option("--pkcs11-module", words->centre.module, "the KEY maker's library");
    init_command->add_option("--authority-token", words->centre.token,
                             "serial of the token that makes and keeps the issuing CA's key");
    on(init_command, common, [&common, words] { return init(common, words->centre); });

    auto* staff_command = app.add_subcommand("staff", "members of staff");
    staff_command->require_subcommand(1);
    auto* add_command = staff_command->add_subcommand("add", "a new member");
    add_command->add_option("login", words->login)->required();
    add_command->add_option("--name", words->name)->required();
    add_command->add_option("--roles", words->roles, "reviewer,officer,clerk,supervisor,administrator")->required();
    add_command->add_option("--new-password-file", words->password_file)->required();
    on(add_command, common, [&common, words]() -> Result<> {
        SEALDESK_LET(roles, staff::parse_roles(words->roles));
        return add_staff(common, {words->login, words->name, roles, true, {}}, words->password_file);
    });

    auto* backup_command = app.add_subcommand("backup", "a consistent copy of the database while desks work");
    backup_command->add_option("file", words->file)->required();
    on(backup_command, common, [&common, words] { return backup(common, words->file); });
    auto* restore_command = app.add_subcommand("restore", "a backup becomes the database; the audit chain is verified");
    restore_command->add_option("file", words->file)->required();
    on(restore_command, common, [&common, words] { return restore(common, words->file); });

    auto* audit_command = app.add_subcommand("audit", "the audit log");
    audit_command->require_subcommand(1);
    on(audit_command->add_subcommand("verify", "find the first altered row"), common, [&common] { return verify_audit(common); });
}

}  // namespace sealdesk::cli

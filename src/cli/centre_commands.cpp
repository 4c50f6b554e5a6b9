#include <fmt/format.h>

#include "audit/audit.h"
#include "cli/commands.h"
#include "crypto/secret_file.h"
#include "desk/authority.h"
#include "desk/founding.h"

namespace sealdesk::cli {

namespace fs = std::filesystem;

namespace {

struct NewCentre {
    std::string name = "电子签章制作中心", algorithm = "rsa", passphrase_file, module, token, pin_file, crl_url, crl_file;
};

Result<> init(Common& common, const NewCentre& wish) {
    if (common.as.empty()) return refused(tr("请用 --as 登录名 说明第一个管理员是谁"));
    const auto algorithm = crypto::parse_algorithm(wish.algorithm);
    if (!algorithm) return refused(trf("不认识的算法 {}，可以是 rsa、p256 或 sm2", wish.algorithm));
    const fs::path home = fs::absolute(common.home);
    if (fs::exists(home / "settings.toml")) return refused(trf("{} 里已经有一个中心", home.string()));
    SEALDESK_LET(places, desk::find_places());
    SEALDESK_LET(password, password_of(common));
    desk::NewCentre plan;
    plan.name = wish.name;
    plan.login = common.as;
    plan.password = std::move(password);
    plan.algorithm = *algorithm;
    plan.passphrase_file = wish.passphrase_file;
    plan.module = wish.module;
    plan.token = wish.token;
    plan.pin_file = wish.pin_file;
    plan.crl_url = wish.crl_url;
    if (!wish.crl_file.empty()) plan.crl_file = fs::absolute(wish.crl_file);
    SEALDESK_LET(settings, desk::found_centre(home, plan, places, common.clock, common.random));
    std::string said = trf("中心已建立：{}。请把 authority/root.key 移到离线的保险柜", home.string());
    if (wish.passphrase_file.empty())
        said +=
            "\n" + std::string(tr("CA 密钥的口令放在密钥旁边，只适合试用；正式使用请用 --passphrase-file 指定另外保管的文件"));
    if (wish.crl_url.empty())
        said += "\n" + std::string(tr("没有给出 --crl-url：证书上不会写吊销列表的地址，以后签发的才能补上"));
    print(common, {{"home", home.string()}, {"algorithm", wish.algorithm}, {"crl_url", settings.crl_url}}, said);
    return {};
}

Result<> add_staff(Common& common, const staff::Member& member, const std::string& password_file) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(actor, sign_in(common, *desk));
    SEALDESK_LET(password, crypto::read_secret(password_file));
    SEALDESK_TRY(staff::add(desk->database(), &actor, member, password));
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
    nlohmann::json json{{"database", settings.database}, {"audit_rows", chain.rows}, {"warnings", nlohmann::json::array()}};
    std::string text = trf("已恢复；{}", chain.sentence);
    // What was revoked since the backup stands on the published list, and comes back with it.
    const auto publish = [&]() -> Result<> {
        SEALDESK_LET(database, storage::Database::open(
                                   {settings.database, places.data / "migrations/desk", &common.clock, &common.random, 1}));
        return desk::publish_list(settings, *database);
    };
    if (const auto published = publish(); !published) {  // restored it is in any case
        json["warnings"].push_back(published.error().message);
        text += "\n" + published.error().message;
    }
    print(common, json, text);
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
                             "holds the passphrase of the CA keys; stays where it is");
    init_command->add_option("--pkcs11-module", words->centre.module, "the KEY maker's library");
    init_command->add_option("--authority-token", words->centre.token,
                             "serial of the token that makes and keeps the issuing CA's key");
    init_command->add_option("--pin-file", words->centre.pin_file, "holds the PIN of that token; stays where it is")
        ->needs("--authority-token");
    init_command->add_option("--crl-url", words->centre.crl_url,
                             "where the revocation list is to be found, written into every certificate: "
                             "https://PORTAL/crl/issuer.crl when the portal hands it out");
    init_command->add_option("--crl-file", words->centre.crl_file, "where every new list is published as well, for a web server");
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

#include "desk/founding.h"

#include <optional>
#include <vector>

#include "base/files.h"
#include "crypto/digest.h"
#include "crypto/secret_file.h"
#include "desk/authority.h"
#include "desk/seal_maker.h"
#include "keys/authority_key.h"
#include "orders/number_ranges.h"
#include "staff/new_member.h"

namespace sealdesk::desk {

namespace fs = std::filesystem;
using certificates::Authority;

namespace {

// Everything that becomes files, and the CA that signs the first list.
struct Founded {
    Settings settings;
    std::vector<SavedFile> files;
    std::unique_ptr<keys::Tokens> tokens;  // goes after the authority, which may sign with it
    std::optional<Authority> authority;
};

// While this lies there the centre is half made; it becomes settings.toml.
fs::path unfinished(const fs::path& home) { return home / "settings.toml.unfinished"; }

Result<std::unique_ptr<storage::Database>> open(const fs::path& file, const Places& places, const Clock& clock,
                                                crypto::Random& random) {
    return storage::Database::open({file, places.data / "migrations/desk", &clock, &random, 1});
}

// A CA that somebody's certificates lead to is never written over; what an unfinished try left is.
Result<> check_room(const fs::path& home) {
    if (fs::exists(home / "settings.toml")) return refused(trf("{} 里已经有一个中心", home.string()));
    if (fs::exists(unfinished(home))) return {};
    for (const char* name : {"root.pem", "root.key", "issuer.pem", "issuer.key", "seal_root.pem", "seal_root.key",
                             "seal_maker.pem", "seal_maker.key"})
        if (fs::exists(home / "authority" / name))
            return refused(trf("{} 已经存在，不覆盖，请先移走", (home / "authority" / name).string()));
    return {};
}

Result<Founded> make(const fs::path& home, const NewCentre& plan, const Clock& clock, crypto::Random& random) {
    Founded made;
    Settings& settings = made.settings;
    settings.home = home;
    settings.database = home / "desk.sqlite";
    settings.centre = plan.name;
    settings.authority = home / "authority";
    settings.pkcs11_module = plan.module;
    settings.authority_token = plan.token;
    settings.crl_url = plan.crl_url;
    settings.crl_file = plan.crl_file;
    settings.passphrase_file =
        plan.passphrase_file.empty() ? settings.authority / "passphrase" : fs::absolute(plan.passphrase_file);
    crypto::Secret secret;
    if (plan.passphrase_file.empty()) {
        std::string words = crypto::hex(random.bytes(16));
        made.files.push_back({"passphrase", words + "\n", 0600});
        secret = crypto::Secret(std::move(words));
    } else {
        SEALDESK_LET(given, crypto::read_secret(settings.passphrase_file));
        secret = std::move(given);
    }
    crypto::Secret pin;
    std::optional<crypto::SigningKey> elsewhere;
    // The root's key is always a file: it goes into the safe.
    if (!plan.token.empty()) {
        settings.issuer_pin_file = fs::absolute(plan.pin_file);
        SEALDESK_LET(typed, crypto::read_secret(settings.issuer_pin_file));
        pin = std::move(typed);
        // Six digits on a KEY that locks itself are nothing for files that can be tried for years.
        if (pin.view() == secret.view()) return refused(tr("密钥文件的口令不能就是 KEY 的 PIN，请另取一个"));
        SEALDESK_LET(opened, keys::open_pkcs11(plan.module));
        made.tokens = std::move(opened);
        SEALDESK_LET(key, keys::authority_key(*made.tokens, plan.token, pin, plan.algorithm, keys::AuthorityKey::may_be_made));
        elsewhere.emplace(std::move(key));
    }
    certificates::AuthorityPlan parts;
    parts.root = {plan.name + "根", plan.name, "", "CN"};
    parts.issuer = {plan.name + "签发", plan.name, "", "CN"};
    parts.algorithm = plan.algorithm;
    SEALDESK_LET(files, certificates::create_authority(parts, secret, random, clock.now(), std::move(elsewhere)));
    if (plan.token.empty()) {
        SEALDESK_LET(authority, Authority::load(files.root_pem, files.issuer_pem, files.issuer_key_pem, secret, plan.crl_url));
        made.authority.emplace(std::move(authority));
    } else {
        SEALDESK_LET(key, keys::authority_key(*made.tokens, plan.token, pin, plan.algorithm));
        SEALDESK_LET(authority, Authority::load(files.root_pem, files.issuer_pem, std::move(key), plan.crl_url));
        made.authority.emplace(std::move(authority));
    }
    SEALDESK_LET(seals, seal_maker_files(plan.name, secret, random, clock.now()));
    for (auto& file : authority_files(files)) made.files.push_back(std::move(file));
    for (auto& file : seals) made.files.push_back(std::move(file));
    return made;
}

Result<> fill(storage::Database& database, const staff::Member& administrator, const NewCentre& plan, const Founded& made) {
    const auto filled = database.write([&](storage::Tx& tx) -> Result<> {
        SEALDESK_TRY(orders::define(tx, {"invoice", "{yy}320{:015}", 1, 999'999'999}));
        SEALDESK_TRY(orders::define(tx, {"waybill", "EA{s10}CN", 10'000'000, 10'099'999}));
        // Whoever checks a certificate finds a list from the first day on.
        return certificates::renew_crl(tx, *made.authority);
    });
    SEALDESK_TRY(filled);
    // Last: it is what makes the database somebody's.
    return staff::add(database, nullptr, administrator, plan.password);
}

}  // namespace

Result<Settings> found_centre(const fs::path& home, const NewCentre& plan, const Places& places, const Clock& clock,
                              crypto::Random& random, const Written& written) {
    SEALDESK_TRY(check_room(home));
    const staff::Member administrator{plan.login, plan.login, static_cast<staff::Roles>(staff::Role::administrator), true, {}};
    SEALDESK_TRY(staff::check_new(administrator, plan.password));
    if (!plan.token.empty() && (plan.passphrase_file.empty() || plan.pin_file.empty()))
        return refused(tr(
            "CA 密钥放在 KEY 上时，请用 --pin-file 给出存放 KEY 的 PIN 的文件，用 --passphrase-file 给出存放其余密钥口令的文件"));
    SEALDESK_LET(made, make(home, plan, clock, random));

    const fs::path database_file = home / "desk.sqlite";
    bool with_staff = false;
    if (fs::exists(database_file)) {
        SEALDESK_LET(database, open(database_file, places, clock, random));
        SEALDESK_LET(members, staff::has_members(*database));
        with_staff = members;
        if (with_staff && !fs::exists(unfinished(home)))
            return refused(trf("{} 已经存在，不覆盖，请先移走", database_file.string()));
    }

    // From here on something is written, and said to be unfinished before anything else. With that word a database with staff
    // is what the last try left.
    const auto write = [&](const fs::path& file, const std::string& bytes, unsigned mode) -> Result<> {
        SEALDESK_TRY(write_file(file, bytes, mode));
        return written ? written(file) : Result<>{};
    };
    SEALDESK_TRY(make_folder(made.settings.authority));
    SEALDESK_TRY(write(unfinished(home), settings_text(made.settings), 0644));
    if (with_staff)
        for (const char* rest : {"", "-wal", "-shm"}) {
            std::error_code ignored;
            fs::remove(database_file.string() + rest, ignored);
        }
    for (const auto& file : made.files) SEALDESK_TRY(write(made.settings.authority / file.name, file.bytes, file.mode));
    {
        SEALDESK_LET(database, open(database_file, places, clock, random));
        if (written) SEALDESK_TRY(written(database_file));
        SEALDESK_TRY(fill(*database, administrator, plan, made));
        if (written) SEALDESK_TRY(written(database_file));
        SEALDESK_TRY(publish_list(made.settings, *database));
        if (written && !plan.crl_file.empty()) SEALDESK_TRY(written(plan.crl_file));
    }
    std::error_code error;
    fs::rename(unfinished(home), home / "settings.toml", error);
    if (error)
        return fail(ErrorKind::unavailable, trf("写不进 {}，请检查磁盘空间和权限", (home / "settings.toml").string()),
                    error.message());
    return std::move(made.settings);
}

}  // namespace sealdesk::desk

#include "desk/key_bench.h"

#include "audit/audit.h"
#include "base/translate.h"
#include "certificates/external.h"
#include "desk/authority.h"
#include "desk/external_ca.h"
#include "desk/key_seals.h"
#include "desk/pin_letters.h"
#include "desk/seal_maker.h"
#include "keys/soft_key.h"
#include "keys/without.h"
#include "seals/seals.h"

namespace sealdesk::desk {

KeyBench::KeyBench(const Settings& settings, const Places& places, storage::Database& database, crypto::Random& random)
    : settings_(settings), database_(database) {
    bench_.random = &random;
    bench_.rules.maker_is_not_checker = settings.maker_is_not_checker;
    bench_.rules.random_pin = settings.random_pin || pin_shown(settings) == PinShown::paper;
    bench_.algorithm = crypto::parse_algorithm(settings.key_algorithm);
    if (const auto opened = open(settings, places); !opened) trouble_ = opened.error().message;
}

Result<> KeyBench::open(const Settings& settings, const Places& places) {
    // A seal goes with its certificate, also at a desk that makes none and has no KEY driver.
    bench_.withdrawn = [](storage::Tx& tx, const staff::Actor& actor, const std::string& serial,
                          const std::string& because) -> Result<> {
        SEALDESK_TRY(seals::withdraw(tx, actor.login, serial, because));
        return {};
    };
    for (const auto& [kind, name] :
         {std::pair{orders::SubjectKind::unit, "unit.toml"}, {orders::SubjectKind::person, "person.toml"}}) {
        SEALDESK_LET(profile, certificates::read_profile(places.data / "profiles" / name));
        bench_.profiles.emplace(kind, std::move(profile));
    }
    if (settings.authority.empty() && !has_external_ca(settings))
        return refused(tr("没有设置证书签发服务，这个工位不能制作 KEY"));
    // First of all: an external CA certifies without any passphrase of ours.
    wait_for_seals();
    if (has_own_authority(settings))
        if (auto issuer = issuer_of(settings)) issuer_ = std::move(*issuer);
    const auto driver = open_driver(settings);
    if (has_external_ca(settings)) {
        auto ca = open_external_ca(settings);
        if (!ca && settings.cmp_issues) return tl::unexpected(ca.error());
        if (ca) bench_.external = std::make_shared<const certificates::CmpClient>(std::move(*ca));
        bench_.external_issues = settings.cmp_issues;
    }
    // A CA whose key lies in a file revokes and signs its list without a KEY in reach.
    if (!driver && !settings.authority_token.empty()) return driver;
    SEALDESK_LET(of_issuer, read_issuer_secret(settings));
    SEALDESK_LET(passphrase, read_passphrase(settings));
    if (of_issuer && passphrase) {
        SEALDESK_TRY(open_keys(*of_issuer, *passphrase, {}));
        return driver;
    }
    wants_pin_ = !of_issuer && passphrase;
    wait_for_seals();  // with the word that is missing
    if (!driver) return driver;
    if (!of_issuer && !passphrase && !settings.authority_token.empty() && !settings.issuer_pin_file.empty())
        return refused(tr("CA 的 KEY 的 PIN 和密钥文件的口令都没有文件：请先放回其中一个，另一个可以在这里输入"));
    // An external CA has no key here; the seal maker and the list of a CA of our own have.
    if (settings.authority.empty()) return open_seals(bench_, crypto::Secret());
    wants_passphrase_ = !bench_.certifies_outside() || has_own_authority(settings) || settings.write_seals;
    const std::string missing = without_passphrase();
    if (missing.empty()) return {};
    return refused(missing);
}

std::string KeyBench::missing_secret() const {
    return wants_pin_ ? tr("请输入 CA 的 KEY 的 PIN，本次登录期间有效") : tr("请输入 CA 密钥的口令，本次登录期间有效");
}

std::string KeyBench::without_passphrase() const {
    return bench_.certifies_outside() && !settings_.write_seals ? "" : missing_secret();
}

Result<> KeyBench::open_driver(const Settings& settings) {
    if (!settings.pkcs11_module.empty()) {
        SEALDESK_LET(tokens, keys::open_pkcs11(settings.pkcs11_module));
        all_tokens_ = std::move(tokens);
    } else if (!settings.soft_keys.empty()) {
        SEALDESK_LET(tokens, keys::use_soft_keys(settings.soft_keys));
        all_tokens_ = std::move(tokens);
    } else {
        return refused(tr("没有设置 KEY 驱动，这个工位不能制作 KEY"));
    }
    bench_.tokens = all_tokens_.get();
    if (settings.authority_token.empty()) return {};
    tokens_ = keys::without(*all_tokens_, settings.authority_token);
    bench_.tokens = tokens_.get();
    return keys::keep_out(database_, settings.authority_token);
}

void KeyBench::wait_for_seals() {
    if (settings_.write_seals) refuse_without_seals(bench_, {ErrorKind::refused, missing_secret(), {}});
}

// Without them the bench begins no KEY, unless the settings say that none are wanted.
Result<> KeyBench::open_seals(keys::Bench& bench, const crypto::Secret& passphrase) {
    if (!settings_.write_seals) return {};
    auto maker = load_seal_maker(settings_, passphrase);
    if (!maker) {
        refuse_without_seals(bench, maker.error());
        return tl::unexpected(maker.error());
    }
    write_seals(bench, std::make_shared<const seals::Maker>(std::move(*maker)));
    return {};
}

Result<int> KeyBench::tell_external_ca() const {
    const auto bench = this->bench();
    if (!bench.external) {
        if (!has_external_ca(settings_)) return 0;
        SEALDESK_LET(ca, open_external_ca(settings_));  // it could not be opened at the start
        return certificates::tell_revocations(database_, ca, *bench.random);
    }
    return certificates::tell_revocations(database_, *bench.external, *bench.random);
}

// Into locals first: a desk that cannot be opened as a whole stays as it was.
Result<> KeyBench::open_keys(const crypto::Secret& of_issuer, const crypto::Secret& passphrase, std::optional<int> typed_in) {
    keys::Bench bench = this->bench();
    // Beside an external CA it is there to revoke what it made; KEYs can be written without it.
    if (!bench.certifies_outside() || has_own_authority(settings_)) {
        auto authority = open_authority(settings_, of_issuer, all_tokens_.get());
        if (!authority && (typed_in || !bench.certifies_outside())) return tl::unexpected(authority.error());
        if (authority) bench.authority = std::make_shared<const certificates::Authority>(std::move(*authority));
    }
    // The maker's key lies under the passphrase of the CA's files, also where the issuing key is on a token.
    const auto seals = open_seals(bench, passphrase);
    std::string trouble = seals ? "" : seals.error().message;
    const std::lock_guard lock(mutex_);
    if (typed_in && *typed_in != session_) return refused(tr("打开 CA 密钥时已退出登录，密钥没有打开"));
    bench_ = std::move(bench);
    trouble_ = std::move(trouble);
    wants_passphrase_ = false;
    typed_ = typed_in.has_value();
    return {};
}

Result<> KeyBench::unlock(const staff::Actor& actor, const crypto::Secret& typed) {
    SEALDESK_TRY(staff::require(actor, staff::Role::officer));
    int session = 0;
    {
        const std::lock_guard lock(mutex_);
        if (!wants_passphrase_) return {};
        session = session_;
    }
    // What was typed is what no file holds: PIN or passphrase, or both where they are one.
    SEALDESK_LET(kept_of_issuer, read_issuer_secret(settings_));
    SEALDESK_LET(kept_passphrase, read_passphrase(settings_));
    const auto opened = open_keys(kept_of_issuer ? *kept_of_issuer : typed, kept_passphrase ? *kept_passphrase : typed, session);
    SEALDESK_TRY(database_.write([&](storage::Tx& tx) -> Result<> {
        audit::append(tx, actor.login, opened ? "authority.unlock" : "authority.unlock_failed", "CA");
        return {};
    }));
    return opened;
}

void KeyBench::lock() {
    const std::lock_guard lock(mutex_);
    ++session_;
    if (!typed_) return;
    bench_.authority.reset();
    wait_for_seals();
    trouble_ = without_passphrase();
    wants_passphrase_ = true;
    typed_ = false;
}

keys::Bench KeyBench::bench() const {
    const std::lock_guard lock(mutex_);
    return bench_;
}
std::string KeyBench::trouble() const {
    const std::lock_guard lock(mutex_);
    return trouble_;
}
bool KeyBench::wants_passphrase() const {
    const std::lock_guard lock(mutex_);
    return wants_passphrase_;
}
bool KeyBench::typed() const {
    const std::lock_guard lock(mutex_);
    return typed_;
}
std::optional<certificates::CertificateFacts> KeyBench::issuer() const { return issuer_; }

}  // namespace sealdesk::desk

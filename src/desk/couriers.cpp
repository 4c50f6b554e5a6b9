#include "desk/couriers.h"

#include <toml++/toml.h>

#include <set>

#include "base/files.h"
#include "shipping/kuaidi100.h"
#include "shipping/sf_express.h"

namespace sealdesk::desk {

namespace fs = std::filesystem;

namespace {

constexpr const char* kSystemCa = "/etc/ssl/certs/ca-certificates.crt";

std::string text(const toml::table& table, const char* name, const char* otherwise = "") {
    return table[name].value_or(std::string(otherwise));
}

// The first name that is not among those.
std::string unknown_in(const toml::table& table, const std::set<std::string>& known) {
    for (const auto& [name, node] : table)
        if (!known.contains(std::string(name.str()))) return std::string(name.str());
    return {};
}

network::HttpClient::Options options_of(const toml::table& table, const std::string& base) {
    network::HttpClient::Options options;
    options.base = base;
    options.ca_file = text(table, "ca_file", kSystemCa);
    options.timeout = std::chrono::seconds(15);
    return options;
}

std::unique_ptr<shipping::Courier> kuaidi100(const toml::table& table, const Clock& clock) {
    shipping::Kuaidi100::Account account;
    account.key = text(table, "key");
    account.customer = text(table, "customer");
    account.secret = crypto::Secret(text(table, "secret"));
    account.partner_id = text(table, "partner_id");
    account.partner_key = crypto::Secret(text(table, "partner_key"));
    account.pay_type = text(table, "pay_type", "MONTHLY");
    account.product = text(table, "product", "标准快递");
    return std::make_unique<shipping::Kuaidi100>(
        std::move(account), options_of(table, text(table, "base", "https://api.kuaidi100.com")),
        options_of(table, text(table, "poll_base", text(table, "base", "https://poll.kuaidi100.com").c_str())), clock);
}

Result<std::unique_ptr<shipping::Courier>> sf(const toml::table& table, const Clock& clock, crypto::Random& random) {
    shipping::SfExpress::Account account;
    account.partner_id = text(table, "partner_id");
    account.check_word = crypto::Secret(text(table, "check_word"));
    const std::string digest = text(table, "digest", "standard");
    if (digest != "standard" && digest != "simple" && digest != "sm3")
        return refused(trf("快递账号文件里 sf.digest 不认识“{}”", digest));
    account.digest = digest == "sm3"      ? shipping::SfDigest::sm3
                     : digest == "simple" ? shipping::SfDigest::simple
                                          : shipping::SfDigest::standard;
    account.monthly_card = text(table, "monthly_card");
    return std::make_unique<shipping::SfExpress>(
        std::move(account), options_of(table, text(table, "base", "https://bspgw.sf-express.com")), clock, random);
}

}  // namespace

Result<shipping::Couriers> load_couriers(const Settings& settings, const ShippingSettings& own, const Clock& clock,
                                         crypto::Random& random) try {
    const fs::path file = own.couriers_file.empty() ? fs::path() : settings.home / own.couriers_file;
    sealdesk::shipping::Couriers couriers;
    couriers.sender = {settings.centre, "", settings.centre_mobile, settings.centre_address};
    if (file.empty()) return couriers;
    const auto mode = fs::status(file).permissions();
    if ((mode & (fs::perms::group_all | fs::perms::others_all)) != fs::perms::none)
        return refused(trf("快递账号文件 {} 别人也能读，请改成只有自己能读（chmod 600）", file.string()));
    SEALDESK_LET(bytes, read_file(file, size_t{1} << 16));
    const toml::table all = toml::parse(bytes);
    if (const auto name = unknown_in(all, {"kuaidi100", "sf"}); !name.empty())
        return refused(trf("快递账号文件里不认识“{}”", name));
    if (const auto* table = all["kuaidi100"].as_table()) {
        if (const auto name = unknown_in(*table, {"key", "secret", "customer", "partner_id", "partner_key", "pay_type", "product",
                                                  "base", "poll_base", "ca_file"});
            !name.empty())
            return refused(trf("快递账号文件里不认识“{}”", name));
        couriers.services[shipping::Source::kuaidi100] = kuaidi100(*table, clock);
    }
    if (const auto* table = all["sf"].as_table()) {
        if (const auto name = unknown_in(*table, {"partner_id", "check_word", "digest", "monthly_card", "base", "ca_file"});
            !name.empty())
            return refused(trf("快递账号文件里不认识“{}”", name));
        SEALDESK_LET(service, sf(*table, clock, random));
        couriers.services[shipping::Source::sf] = std::move(service);
    }
    return couriers;
} catch (const toml::parse_error& error) {
    // Not its words: they quote the file.
    return refused(trf("快递账号文件第 {} 行写法不对", error.source().begin.line));
} catch (const fs::filesystem_error& error) {
    return fail(ErrorKind::unavailable, trf("打不开快递账号文件 {}", own.couriers_file), error.what());
}

}  // namespace sealdesk::desk

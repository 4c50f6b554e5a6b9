#include "desk/couriers.h"

#include "base/translate.h"
#include "desk/account_file.h"
#include "shipping/kuaidi100.h"
#include "shipping/sf_express.h"

namespace sealdesk::desk {

namespace {

Result<std::unique_ptr<shipping::Courier>> kuaidi100(const toml::table& table, const Clock& clock) {
    SEALDESK_TRY(
        check_names(table, {"key", "secret", "customer", "partner_id", "partner_key", "partner_secret", "partner_name", "net",
                            "code", "check_man", "pay_type", "product", "callback", "salt", "base", "poll_base", "ca_file"}));
    shipping::Kuaidi100::Account account;
    account.key = account_text(table, "key");
    account.customer = account_text(table, "customer");
    account.secret = crypto::Secret(account_text(table, "secret"));
    account.partner_id = account_text(table, "partner_id");
    account.partner_key = crypto::Secret(account_text(table, "partner_key"));
    account.partner_secret = crypto::Secret(account_text(table, "partner_secret"));
    account.partner_name = account_text(table, "partner_name");
    account.net = account_text(table, "net");
    account.code = account_text(table, "code");
    account.check_man = account_text(table, "check_man");
    account.pay_type = account_text(table, "pay_type", "MONTHLY");
    account.product = account_text(table, "product", "标准快递");
    account.callback = account_text(table, "callback");
    account.salt = crypto::Secret(account_text(table, "salt"));
    if (!account.callback.empty() && !account.callback.starts_with("https://"))
        return refused(tr("快递账号文件里 kuaidi100.callback 要以 https:// 开头"));
    if (!account.callback.empty() && account.salt.view().empty())
        return refused(tr("快递账号文件里设置了 kuaidi100.callback，也要设置 kuaidi100.salt，否则推送无法核对"));
    const std::string polls = account_text(table, "base", "https://poll.kuaidi100.com");
    return std::make_unique<shipping::Kuaidi100>(std::move(account),
                                                 account_options(table, account_text(table, "base", "https://api.kuaidi100.com")),
                                                 account_options(table, account_text(table, "poll_base", polls.c_str())), clock);
}

Result<std::unique_ptr<shipping::Courier>> sf(const toml::table& table, const Clock& clock, crypto::Random& random) {
    SEALDESK_TRY(check_names(table, {"partner_id", "check_word", "digest", "monthly_card", "base", "ca_file"}));
    shipping::SfExpress::Account account;
    account.partner_id = account_text(table, "partner_id");
    account.check_word = crypto::Secret(account_text(table, "check_word"));
    const std::string digest = account_text(table, "digest", "standard");
    if (digest != "standard" && digest != "simple" && digest != "sm3")
        return refused(trf("快递账号文件里 sf.digest 不认识“{}”", digest));
    account.digest = digest == "sm3"      ? shipping::SfDigest::sm3
                     : digest == "simple" ? shipping::SfDigest::simple
                                          : shipping::SfDigest::standard;
    account.monthly_card = account_text(table, "monthly_card");
    return std::make_unique<shipping::SfExpress>(
        std::move(account), account_options(table, account_text(table, "base", "https://bspgw.sf-express.com")), clock, random);
}

}  // namespace

Result<crypto::Secret> load_push_salt(const Settings& settings, const ShippingSettings& own) {
    if (own.couriers_file.empty()) return refused(tr("还没有设置快递账号文件（couriers_file），不能核对推送"));
    SEALDESK_LET(all, read_accounts(settings.home / own.couriers_file));
    const auto* table = all["kuaidi100"].as_table();
    std::string salt = table ? account_text(*table, "salt") : std::string();
    if (salt.empty()) return refused(tr("快递账号文件里没有 kuaidi100.salt，不能核对推送"));
    return crypto::Secret(std::move(salt));
}

Result<shipping::Couriers> load_couriers(const Settings& settings, const ShippingSettings& own, const Clock& clock,
                                         crypto::Random& random) {
    shipping::Couriers couriers;
    couriers.sender = {settings.centre, "", settings.centre_mobile, settings.centre_address};
    if (own.couriers_file.empty()) return couriers;
    SEALDESK_LET(all, read_accounts(settings.home / own.couriers_file));
    SEALDESK_TRY(check_names(all, {"kuaidi100", "sf"}));
    if (const auto* table = all["kuaidi100"].as_table()) {
        SEALDESK_LET(service, kuaidi100(*table, clock));
        couriers.services[shipping::Source::kuaidi100] = std::move(service);
    }
    if (const auto* table = all["sf"].as_table()) {
        SEALDESK_LET(service, sf(*table, clock, random));
        couriers.services[shipping::Source::sf] = std::move(service);
    }
    return couriers;
}

}  // namespace sealdesk::desk

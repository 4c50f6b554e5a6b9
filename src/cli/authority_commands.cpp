#include "base/text.h"
#include "cli/commands.h"
#include "desk/authority.h"

namespace sealdesk::cli {

namespace {

// In time before the issuing CA's certificate ends, with the root's key back in its folder.
Result<> renew(Common& common) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(actor, sign_in(common, *desk));
    SEALDESK_LET(passphrase, passphrase_of(desk->settings(), tr("CA 密钥的口令：")));
    SEALDESK_LET(issuer, desk::renew_authority(desk->settings(), desk->database(), actor, passphrase, common.random));
    print(common, {{"serial", issuer.serial}, {"valid_until", iso_time(issuer.not_after)}},
          trf("签发 CA 的证书已更新，有效期至 {}。请把新的 issuer.pem 和 root.crl 交给核对证书的各方，重新打开各工位，并把 "
              "root.key "
              "移回离线的保险柜",
              text_of(day_of(issuer.not_after))));
    return {};
}

}  // namespace

void add_authority_commands(CLI::App& app, Common& common) {
    auto* authority = app.add_subcommand("authority", "the centre's own CA");
    authority->require_subcommand(1);
    on(authority->add_subcommand("renew", "a later certificate for the issuing CA's own name and key, by the root"), common,
       [&common] { return renew(common); });
}

}  // namespace sealdesk::cli

#include "desk/external_ca.h"

#include "base/files.h"
#include "base/text.h"
#include "base/translate.h"
#include "network/http.h"

namespace sealdesk::desk {

bool has_external_ca(const Settings& settings) { return !settings.cmp_url.empty(); }

Result<certificates::CmpClient> open_external_ca(const Settings& settings) {
    // https://host[:port]/path: what comes before the path is what the client connects to.
    const std::string& url = settings.cmp_url;
    if (!url.starts_with("https://")) return refused(tr("外部 CA 的地址必须以 https:// 开头"));
    const auto slash = url.find('/', 8);
    certificates::CmpAccount account;
    account.recipient = settings.cmp_recipient;
    account.reference = settings.cmp_reference;
    account.total_seconds = static_cast<int>(settings.cmp_patience_ms / kSecond);
    SEALDESK_LET(trusted, read_file(settings.cmp_trusted));
    account.trusted_pem = trusted;
    if (!settings.cmp_signer.empty()) {
        SEALDESK_LET(signer, read_file(settings.cmp_signer));
        account.signer_pem = signer;
    }
    if (!settings.cmp_secret_file.empty()) {
        SEALDESK_LET(secret, read_file(settings.cmp_secret_file, 4096));
        account.secret = crypto::Secret(trimmed(secret));
    } else {
        SEALDESK_LET(certificate, read_file(settings.cmp_certificate));
        SEALDESK_LET(key, read_file(settings.cmp_key));
        account.certificate_pem = certificate;
        account.key_pem = key;
        if (!settings.cmp_key_passphrase_file.empty()) {
            SEALDESK_LET(words, read_file(settings.cmp_key_passphrase_file, 4096));
            account.key_passphrase = crypto::Secret(trimmed(words));
        }
    }
    network::HttpClient::Options options;
    options.base = url.substr(0, slash);
    options.ca_file = settings.cmp_ca;
    const auto http = std::make_shared<const network::HttpClient>(std::move(options));
    const std::string path = slash == std::string::npos ? "/" : url.substr(slash);
    return certificates::CmpClient::open(std::move(account), [http, path](const std::string& message) -> Result<std::string> {
        SEALDESK_LET(answer, http->post(path, "application/pkixcmp", message));
        if (answer.status != 200) return fail(ErrorKind::unavailable, trf("外部 CA 回答了 HTTP {}，请核对地址", answer.status));
        return std::move(answer.body);
    });
}

}  // namespace sealdesk::desk

#include "desk/external_ca.h"

#include <algorithm>

#include "base/files.h"
#include "base/translate.h"
#include "crypto/secret_file.h"
#include "network/http.h"

namespace sealdesk::desk {

static constexpr const char* kMessageType = "application/pkixcmp";  // RFC 6712

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
    if (account.total_seconds > 0) account.answer_seconds = std::min(account.answer_seconds, account.total_seconds);
    SEALDESK_LET(trusted, read_file(settings.cmp_trusted));
    account.trusted_pem = trusted;
    if (!settings.cmp_signer.empty()) {
        SEALDESK_LET(signer, read_file(settings.cmp_signer));
        account.signer_pem = signer;
    }
    if (!settings.cmp_secret_file.empty()) {
        SEALDESK_LET(secret, crypto::read_secret(settings.cmp_secret_file));
        account.secret = std::move(secret);
    } else {
        SEALDESK_LET(certificate, read_file(settings.cmp_certificate));
        SEALDESK_LET(key, read_file(settings.cmp_key));
        account.certificate_pem = certificate;
        account.key_pem = key;
        if (!settings.cmp_key_passphrase_file.empty()) {
            SEALDESK_LET(words, crypto::read_secret(settings.cmp_key_passphrase_file));
            account.key_passphrase = std::move(words);
        }
    }
    network::HttpClient::Options options;
    options.base = url.substr(0, slash);
    options.ca_file = settings.cmp_ca;
    options.forbidden_is_answer = true;  // there is no token that could be wrong
    options.own_type = kMessageType;
    options.timeout = std::chrono::seconds(account.answer_seconds);
    const auto http = std::make_shared<const network::HttpClient>(std::move(options));
    const std::string path = slash == std::string::npos ? "/" : url.substr(slash);
    return certificates::CmpClient::open(std::move(account), [=](const std::string& message) -> Result<std::string> {
        SEALDESK_LET(answer, http->post(path, kMessageType, message));
        // A CA may put what it has against us into a message of its own, under any status.
        if (answer.status == 200 || answer.of_own_type) return std::move(answer.body);
        return fail(ErrorKind::denied,
                    trf("外部 CA 的地址 {} 回答了 HTTP {}：请核对地址，以及它是否允许本工作台访问", url, answer.status),
                    answer.body.substr(0, 300));
    });
}

}  // namespace sealdesk::desk

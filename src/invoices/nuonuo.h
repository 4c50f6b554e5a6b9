// Nuonuo 诺税通: fully digital invoices over its open platform. Signed with HMAC-SHA1 over exactly the text that is sent.
// Worker threads.
#pragma once

#include "base/time.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "invoices/service.h"
#include "network/http.h"

namespace sealdesk::invoices {

// Base64 of the HMAC-SHA1 of what the platform signs; the path is /open/v1/services.
std::string nuonuo_sign(std::string_view app_secret, const std::string& app_key, const std::string& senid,
                        const std::string& nonce, const std::string& timestamp, const std::string& content);

class Nuonuo final : public Service {
public:
    struct Account {
        std::string app_key;
        crypto::Secret app_secret, token;
        std::string telephone, address;  // of the seller; the platform asks for them
    };
    Nuonuo(Account account, network::HttpClient::Options options, const Clock& clock, crypto::Random& random);

    Result<> ask(const Wanted& wanted, std::stop_token stop) override;
    Result<Progress> look(const Wanted& wanted, std::stop_token stop) override;
    Result<std::string> fetch(const std::string& address, std::stop_token stop) override;

private:
    // The answer's `result`, as JSON text.
    Result<std::string> call(const std::string& tax_number, const char* method, const std::string& content, std::stop_token stop,
                             std::string* code = nullptr);
    Result<Progress> look_at_invoice(const std::string& tax_number, const std::string& query, std::stop_token stop);

    Account account_;
    network::HttpClient::Options options_;
    network::HttpClient http_;
    const Clock& clock_;
    crypto::Random& random_;
};

}  // namespace sealdesk::invoices

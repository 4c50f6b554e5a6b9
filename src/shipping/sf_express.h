// SF open platform (丰桥), standard service: order, cancel, routes. The digest has three kinds, chosen in the platform's
// console. Worker threads.
#pragma once

#include "crypto/random.h"
#include "crypto/secret.h"
#include "network/http.h"
#include "shipping/courier.h"

namespace sealdesk::shipping {

enum class SfDigest { standard, simple, sm3 };
// standard: Base64(MD5(URLEncode(text))); simple: Base64(MD5(text)); sm3: lower-case hex; of data + timestamp + check word.
std::string sf_digest(SfDigest kind, const std::string& data, const std::string& timestamp, std::string_view check_word);

class SfExpress final : public Courier {
public:
    struct Account {
        std::string partner_id;
        crypto::Secret check_word;
        SfDigest digest = SfDigest::standard;
        std::string monthly_card;  // empty: the sender pays at once
        int product = 1;
        std::string path = "/std/service";
    };
    SfExpress(Account account, network::HttpClient::Options options, const Clock& clock, crypto::Random& random);

    Result<Taken> order(const LabelOrder& order, std::stop_token stop) override;
    Result<> cancel(const Cancellation& what, std::stop_token stop) override;
    Result<Track> track(const std::string& courier, const std::string& waybill, const std::string& phone,
                        std::stop_token stop) override;

private:
    // `data` and the answer are JSON texts; the answer is the inner msgData.
    Result<std::string> call(const char* service, const std::string& data, std::stop_token stop,
                             std::string* error_code = nullptr);

    Account account_;
    network::HttpClient http_;
    const Clock& clock_;
    crypto::Random& random_;
};

}  // namespace sealdesk::shipping

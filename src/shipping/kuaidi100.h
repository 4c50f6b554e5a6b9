// Kuaidi100: electronic waybills of many couriers ("label V2"), tracking by question and by push. Signed with MD5 over
// exactly the text that is sent. Worker threads.
#pragma once

#include "crypto/secret.h"
#include "network/http.h"
#include "shipping/courier.h"

namespace sealdesk::shipping {

// Upper-case hex of MD5(param + t + key + secret).
std::string kuaidi100_sign(const std::string& param, const std::string& t, const std::string& key, std::string_view secret);
// Of a tracking question: MD5(param + key + customer).
std::string kuaidi100_track_sign(const std::string& param, const std::string& key, const std::string& customer);

// What Kuaidi100 posts to the callback: application/x-www-form-urlencoded with `param` and `sign`. Refused when either is
// missing.
struct PushedForm {
    std::string param, sign;
};
Result<PushedForm> read_push_form(const std::string& body);
// What Kuaidi100 pushes: refused when the signature is not of our salt; the case of its digits does not count.
struct Pushed {
    std::string courier, waybill;
    Track track;
};
Result<Pushed> read_kuaidi100_push(const std::string& param, const std::string& sign, std::string_view salt);

class Kuaidi100 final : public Courier {
public:
    struct Account {
        std::string key, customer;
        crypto::Secret secret;
        // Of the courier's monthly account; which of them it asks for differs from courier to courier.
        std::string partner_id, partner_name, net, code, check_man;
        crypto::Secret partner_key, partner_secret;
        std::string pay_type = "MONTHLY", product = "标准快递";
        std::string callback;  // https://… that tracking is pushed to, signed with `salt`; empty: we ask
        crypto::Secret salt;
    };
    Kuaidi100(Account account, network::HttpClient::Options labels, network::HttpClient::Options polls, const Clock& clock);

    Result<Taken> order(const LabelOrder& order, std::stop_token stop) override;
    Result<> cancel(const Cancellation& what, std::stop_token stop) override;
    Result<Track> track(const std::string& courier, const std::string& waybill, const std::string& phone,
                        std::stop_token stop) override;

private:
    std::string signed_form(const char* method, const std::string& param) const;

    Account account_;
    network::HttpClient labels_, polls_;
    const Clock& clock_;
};

}  // namespace sealdesk::shipping

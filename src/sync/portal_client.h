// PortalClient: the desk contract (data/api/desk.openapi.yaml) as typed calls. Blocks; any thread. Failures:
// unavailable passes by itself, denied needs a person (token, certificate), corrupt is the portal's answer
// not keeping to the contract.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "network/http.h"
#include "orders/order.h"

namespace sealdesk::sync {

struct Event {
    std::int64_t seq = 0;
    Instant at;
    std::string kind;  // paid | resubmitted | refunded; unknown kinds are for later versions: skip them
    std::string order_no;
    int revision = 1;
};

struct PortalOrder {
    orders::Order order;
    orders::ApplicantState applicant_state = orders::ApplicantState::in_review;
    int revision = 1;
    std::string waybill;
};

enum class ActResult {
    applied,   // now or before
    conflict,  // the order has moved on: a person decides
    refused    // the portal says the act is malformed, or does not know the order
};
struct ActAnswer {
    ActResult result = ActResult::applied;
    std::string sentence;  // the portal's, when not applied
    nlohmann::json order;  // as it is now on the portal; null when refused
};

class PortalClient {
public:
    explicit PortalClient(network::HttpClient::Options options) : http_(std::move(options)) {}

    // Events after `after`, oldest first; waits up to `wait` for the first one.
    Result<std::vector<Event>> events(std::int64_t after, int limit, std::chrono::seconds wait, std::stop_token stop = {}) const;
    // refused when the portal does not know it.
    Result<PortalOrder> order(const std::string& no, std::stop_token stop = {}) const;
    // Into `target`, whole and verified or not at all. What an interrupted call left beside it (target.part)
    // is continued; corrupt when the bytes have another hash: then nothing is left.
    Result<> package(const std::string& sha256, const std::filesystem::path& target, std::stop_token stop = {},
                     std::function<void(std::int64_t done, std::int64_t total)> progress = {}) const;
    // The centre's revocation list (DER). Refused or conflict with the portal's sentence when it does not take it: damaged, or
    // not newer than the one that it has.
    Result<> put_list(std::string_view der, std::stop_token stop = {}) const;
    // `act` is {order_no, revision, kind, body}.
    Result<ActAnswer> put_act(const std::string& uuid, const nlohmann::json& act, std::stop_token stop = {}) const;

private:
    network::HttpClient http_;
};

}  // namespace sealdesk::sync

#include "sync/portal_client.h"

#include "base/files.h"
#include "base/translate.h"
#include "crypto/digest.h"
#include "orders/order_json.h"

namespace sealdesk::sync {

namespace fs = std::filesystem;
using network::HttpClient;
using nlohmann::json;

namespace {

const char* const kRoot = "/api/desk/v1/";

Failure not_the_contract(const std::string& what, const HttpClient::Answer& answer) {
    return fail(ErrorKind::corrupt, tr("门户的应答不符合约定，请核对门户和工作台的版本"),
                what + ": HTTP " + std::to_string(answer.status) + " " + answer.body.substr(0, 300));
}

std::string sentence_of(const HttpClient::Answer& answer) {
    const json body = json::parse(answer.body, nullptr, false);
    return body.is_object() && body.contains("error") && body["error"].is_string() ? body["error"].get<std::string>()
                                                                                   : "HTTP " + std::to_string(answer.status);
}

}  // namespace

Result<std::vector<Event>> PortalClient::events(std::int64_t after, int limit, std::chrono::seconds wait,
                                                std::stop_token stop) const {
    const std::string query = fmt::format("events?after={}&limit={}&wait={}", after, limit, wait.count());
    SEALDESK_LET(answer, http_.get(kRoot + query, stop, wait));
    if (answer.status != 200) return not_the_contract(query, answer);
    try {
        std::vector<Event> events;
        std::int64_t last = after;
        const json body = json::parse(answer.body);
        for (const json& in : body.at("events")) {
            events.push_back(
                {in.at("seq"), Instant{in.at("at").get<std::int64_t>()}, in.at("kind"), in.at("order_no"), in.at("revision")});
            // A gap would mean that an order is never seen.
            if (events.back().seq != last + 1) return not_the_contract(query + ": seq", answer);
            last = events.back().seq;
        }
        return events;
    } catch (const json::exception& error) {
        return not_the_contract(error.what(), answer);
    }
}

Result<PortalOrder> PortalClient::order(const std::string& no, std::stop_token stop) const {
    SEALDESK_LET(answer, http_.get(kRoot + ("orders/" + no), stop));
    if (answer.status == 404) return refused(trf("门户没有订单 {}", no));
    if (answer.status != 200) return not_the_contract("orders/" + no, answer);
    SEALDESK_LET(order, orders::order_from_json_text(answer.body));
    try {
        const json in = json::parse(answer.body);
        const auto state = orders::from_name<orders::ApplicantState>(in.at("applicant_state").get<std::string>());
        if (!state || order.no != no) return not_the_contract("orders/" + no, answer);
        return PortalOrder{std::move(order), *state, in.at("revision"), in.at("waybill")};
    } catch (const json::exception& error) {
        return not_the_contract(error.what(), answer);
    }
}

Result<> PortalClient::package(const std::string& sha256, const fs::path& target, std::stop_token stop,
                               std::function<void(std::int64_t, std::int64_t)> progress) const {
    constexpr std::int64_t limit = 20LL << 20;  // the portal takes no larger upload
    const fs::path part = target.string() + ".part";
    const std::string path = kRoot + ("packages/" + sha256);
    std::error_code ignored;
    HttpClient::Download what{part, '"' + sha256 + '"', limit, std::move(progress)};
    auto answer = http_.download(path, what, stop);
    // What lies there is as long as the package or longer: all of it, or wrong; the hash knows.
    const bool nothing_left = answer && answer->status == 416;
    if (!answer) {
        if (answer.error().kind == ErrorKind::corrupt) fs::remove(part, ignored);
        return tl::unexpected(answer.error());
    }
    if (answer->status == 404) return refused(tr("门户没有这个材料包"));
    if (answer->status != 200 && answer->status != 206 && !nothing_left) return not_the_contract(path, *answer);
    SEALDESK_LET(bytes, read_file(part, static_cast<size_t>(limit)));
    if (sha256_hex(bytes) != sha256) {
        fs::remove(part, ignored);
        return fail(ErrorKind::corrupt, tr("材料包与门户登记的校验值不同，已丢弃；会重新下载"), sha256);
    }
    SEALDESK_TRY(write_file(target, bytes));
    fs::remove(part, ignored);
    return {};
}

Result<> PortalClient::put_list(std::string_view der, std::stop_token stop) const {
    SEALDESK_LET(answer, http_.put(kRoot + std::string("crl"), std::string(der), stop, "application/pkix-crl"));
    if (answer.status == 200) return {};
    if (answer.status == 409) return fail(ErrorKind::conflict, sentence_of(answer));
    if (answer.status >= 400 && answer.status < 500) return refused(trf("门户没有接受吊销列表：{}", sentence_of(answer)));
    return not_the_contract("crl", answer);
}

Result<ActAnswer> PortalClient::put_act(const std::string& uuid, const json& act, std::stop_token stop) const {
    SEALDESK_LET(answer, http_.put(kRoot + ("acts/" + uuid), act.dump(), stop));
    if (answer.status == 200) {
        const json body = json::parse(answer.body, nullptr, false);
        if (!body.is_object() || !body.contains("order")) return not_the_contract("acts", answer);
        return ActAnswer{ActResult::applied, {}, body["order"]};
    }
    if (answer.status == 409) {
        const json body = json::parse(answer.body, nullptr, false);
        if (!body.is_object() || !body.contains("order")) return not_the_contract("acts", answer);
        return ActAnswer{ActResult::conflict, sentence_of(answer), body["order"]};
    }
    if (answer.status >= 400 && answer.status < 500) return ActAnswer{ActResult::refused, sentence_of(answer), {}};
    return not_the_contract("acts", answer);
}

}  // namespace sealdesk::sync

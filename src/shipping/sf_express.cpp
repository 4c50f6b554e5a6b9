#include "shipping/sf_express.h"

#include <algorithm>
#include <array>

#include "base/translate.h"
#include "crypto/digest.h"
#include "crypto/message_digest.h"
#include "orders/numbers.h"
#include "shipping/courier_json.h"
#include "shipping/waybill.h"

namespace sealdesk::shipping {

using nlohmann::json;

std::string sf_digest(SfDigest kind, const std::string& data, const std::string& timestamp, std::string_view check_word) {
    const std::string text = data + timestamp + std::string(check_word);
    if (kind == SfDigest::sm3) return crypto::hex(crypto::sm3_digest(text));
    return crypto::base64(crypto::md5(kind == SfDigest::standard ? url_encoded(text) : text));
}

namespace {

json person(const Contact& contact, int type) {
    json object{{"contactType", type}, {"contact", contact.name}, {"country", "CN"}, {"address", contact.address}};
    if (!contact.unit.empty()) object["company"] = contact.unit;
    object[orders::check_mobile(contact.phone).ok ? "mobile" : "tel"] = contact.phone;
    return object;
}

Result<Taken> read_order(const json& data) {
    if (text_at(data, "filterResult") == "3") {
        const std::string remark = text_at(data, "remark");
        return fail(ErrorKind::conflict, trf("顺丰不能派送：{}", remark == "1"   ? tr("收件地址超出服务范围")
                                                                 : remark == "2" ? tr("寄件地址超出服务范围")
                                                                                 : tr("地址不详或超出服务范围")));
    }
    const json list = data.is_object() && data.contains("waybillNoInfoList") ? data["waybillNoInfoList"] : json::array();
    std::string number;
    for (const auto& each : list)
        if (text_at(each, "waybillType") == "1") number = text_at(each, "waybillNo");
    const auto waybill = check_waybill(number);
    if (!waybill) return fail(ErrorKind::corrupt, tr("顺丰没有给出可用的快递单号"), waybill.error().message);
    json routing = json::object();
    for (const char* name : {"originCode", "destCode"})
        if (const auto text = text_at(data, name); !text.empty()) routing[name] = text;
    const json labels = data.contains("routeLabelInfo") ? data["routeLabelInfo"] : json();
    if (labels.is_array() && !labels.empty()) {
        const json label = object_at(labels.front(), "routeLabelData");
        for (const char* name : {"destRouteLabel", "codingMapping", "proCode", "twoDimensionCode", "printIcon"})
            if (const auto text = text_at(label, name); !text.empty()) routing[name] = text;
    }
    return Taken{*waybill, "shunfeng", text_at(data, "orderId"), routing.dump()};
}

// The platform's own no, before the order reached anybody: parameters, address of the caller, right to the service, signature,
// decryption, sandbox, token. Everything else it says (A1002 too late, A1005 throttled, A1007 asked twice, A1009 the service
// behind it is away, A1099 its own fault, and what it may say one day) leaves open what became of the order.
bool is_turned_away(const std::string& code) {
    static constexpr std::array<const char*, 7> kCodes{"A1001", "A1003", "A1004", "A1006", "A1008", "A1010", "A1011"};
    return std::find(kCodes.begin(), kCodes.end(), code) != kCodes.end();
}

}  // namespace

SfExpress::SfExpress(Account account, network::HttpClient::Options options, const Clock& clock, crypto::Random& random)
    : account_(std::move(account)), http_(by_body(std::move(options))), clock_(clock), random_(random) {}

Result<std::string> SfExpress::call(const char* service, const std::string& data, std::stop_token stop, std::string* error_code) {
    // A new timestamp and request number each time; what makes a repetition harmless is the order's number inside.
    const std::string timestamp = std::to_string(clock_.now().ms);
    const std::string form = form_of({{"partnerID", account_.partner_id},
                                      {"requestID", crypto::uuid(random_)},
                                      {"serviceCode", service},
                                      {"timestamp", timestamp},
                                      {"msgDigest", sf_digest(account_.digest, data, timestamp, account_.check_word.view())},
                                      {"msgData", data}});
    SEALDESK_LET(answer, http_.post_form(account_.path, form, stop));
    const json body = json::parse(answer.body, nullptr, false);
    // A proxy's page, whatever its status: nobody knows whether the question got to SF.
    if (!body.is_object())
        return fail(ErrorKind::unavailable, trf("顺丰的应答读不懂（HTTP {}）", answer.status), std::to_string(answer.status));
    const std::string outer = text_at(body, "apiResultCode");
    if (outer != "A1000") {
        const std::string words = text_at(body, "apiErrorMsg").empty() ? outer : text_at(body, "apiErrorMsg");
        if (is_turned_away(outer)) return fail(ErrorKind::denied, trf("顺丰开放平台没有受理：{}", words), outer);
        return fail(ErrorKind::unavailable, trf("顺丰开放平台暂时不能处理：{}", words), outer);
    }
    const json result = object_at(body, "apiResultData");
    if (!result.is_object()) return fail(ErrorKind::unavailable, tr("顺丰的应答读不懂"), outer);
    const std::string inner = text_at(result, "errorCode");
    if (error_code != nullptr) *error_code = inner;
    if (text_at(result, "success") != "true" || inner != "S0000") {
        const std::string words = text_at(result, "errorMsg").empty() ? inner : text_at(result, "errorMsg");
        return fail(ErrorKind::refused, trf("顺丰没有受理：{}", words), inner);
    }
    return object_at(result, "msgData").dump();
}

Result<Taken> SfExpress::order(const LabelOrder& order, std::stop_token stop) {
    json data{{"language", "zh-CN"},
              {"orderId", order.reference},
              {"cargoDetails", json::array({{{"name", "电子钥匙"}, {"count", order.keys}, {"unit", "个"}}})},
              {"contactInfoList", json::array({person(order.sender, 1), person(order.recipient, 2)})},
              {"expressTypeId", account_.product},
              {"isReturnRoutelabel", 1},
              {"isUnifiedWaybillNo", 1},
              {"parcelQty", 1},
              {"payMethod", 1},
              {"remark", order.remark}};
    if (!account_.monthly_card.empty()) data["monthlyCard"] = account_.monthly_card;
    std::string code;
    auto answer = call("EXP_RECE_CREATE_ORDER", data.dump(), stop, &code);
    constexpr const char* kThereAlready = "8016";
    if (!answer && code == kThereAlready) {
        answer = call("EXP_RECE_SEARCH_ORDER_RESP",
                      json{{"language", "zh-CN"}, {"orderId", order.reference}, {"searchType", "1"}}.dump(), stop);
        // It has just said that the order is there.
        if (!answer && answer.error().kind != ErrorKind::unavailable)
            return fail(ErrorKind::conflict, answer.error().message, answer.error().detail);
    }
    if (!answer) return tl::unexpected(answer.error());
    return read_order(json::parse(*answer, nullptr, false));
}

Result<> SfExpress::cancel(const Cancellation& what, std::stop_token stop) {
    SEALDESK_LET(answer, call("EXP_RECE_UPDATE_ORDER",
                              json{{"language", "zh-CN"}, {"orderId", what.reference}, {"dealType", 2}}.dump(), stop));
    const json data = json::parse(answer, nullptr, false);
    if (text_at(data, "resStatus") != "2") return refused(tr("顺丰没有取消这个单号，请向顺丰核实"));
    return {};
}

Result<Track> SfExpress::track(const std::string&, const std::string& waybill, const std::string& phone, std::stop_token stop) {
    SEALDESK_LET(answer, call("EXP_RECE_SEARCH_ROUTES",
                              json{{"language", "zh-CN"},
                                   {"trackingType", "1"},
                                   {"trackingNumber", json::array({waybill})},
                                   {"methodType", "1"},
                                   {"checkPhoneNo", phone.size() > 4 ? phone.substr(phone.size() - 4) : phone}}
                                  .dump(),
                              stop));
    const json data = json::parse(answer, nullptr, false);
    Track track;
    const json responses = data.is_object() && data.contains("routeResps") ? data["routeResps"] : json::array();
    for (const auto& response : responses) {
        if (text_at(response, "mailNo") != waybill || !response.contains("routes") || !response["routes"].is_array()) continue;
        for (const auto& each : response["routes"]) {
            const std::string code = text_at(each, "opCode");
            track.delivered = track.delivered || code == "80";
            track.steps.push_back({beijing_time(text_at(each, "acceptTime")), text_at(each, "remark"), code});
        }
    }
    std::stable_sort(track.steps.begin(), track.steps.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
    return track;
}

}  // namespace sealdesk::shipping

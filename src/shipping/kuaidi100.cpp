#include "shipping/kuaidi100.h"

#include <algorithm>

#include "base/text.h"
#include "base/translate.h"
#include "crypto/digest.h"
#include "crypto/message_digest.h"
#include "orders/numbers.h"
#include "shipping/courier_json.h"
#include "shipping/waybill.h"

namespace sealdesk::shipping {

using nlohmann::json;

std::string kuaidi100_sign(const std::string& param, const std::string& t, const std::string& key, std::string_view secret) {
    return upper_ascii(crypto::hex(crypto::md5(param + t + key + std::string(secret))));
}
std::string kuaidi100_track_sign(const std::string& param, const std::string& key, const std::string& customer) {
    return upper_ascii(crypto::hex(crypto::md5(param + key + customer)));
}

namespace {

json parsed(const std::string& text) { return json::parse(text, nullptr, false); }

// Kuaidi100 says everything with 200; another status comes from somebody before it.
json body_of(const network::HttpClient::Answer& answer) { return answer.status == 200 ? parsed(answer.body) : json(); }

json person(const Contact& contact) {
    json object{{"name", contact.name}, {"printAddr", contact.address}};
    if (!contact.unit.empty()) object["company"] = contact.unit;
    // Two fields, one of them required: a landline is not a mobile.
    object[orders::check_mobile(contact.phone).ok ? "mobile" : "tel"] = contact.phone;
    return object;
}

// Orders answer with one name, everything else with the other.
std::string code_of(const json& body) {
    const std::string code = text_at(body, "code");
    return code.empty() ? text_at(body, "returnCode") : code;
}

// Nobody knows whether the question got there.
Failure unreadable(long status) {
    return fail(ErrorKind::unavailable, trf("快递100 的应答读不懂（HTTP {}）", status), std::to_string(status));
}

Failure said_no(const std::string& code, const std::string& message, long status) {
    if (code.empty()) return unreadable(status);
    const std::string words = message.empty() ? code : message;
    if (code.size() == 3 && code[0] == '5') return fail(ErrorKind::unavailable, trf("快递100 出错：{}", words), code);
    return fail(ErrorKind::refused, trf("快递100 没有受理：{}", words), code);
}

void add_partner(json& param, const Kuaidi100::Account& account) {
    const auto add = [&](const char* name, std::string_view text) {
        if (!text.empty()) param[name] = std::string(text);
    };
    add("partnerKey", account.partner_key.view());
    add("partnerSecret", account.partner_secret.view());
    add("partnerName", account.partner_name);
    add("net", account.net);
    add("code", account.code);
}

Track read_track(const json& result) {
    Track track;
    track.delivered = text_at(result, "state") == "3" || text_at(result, "ischeck") == "1";
    if (result.is_object() && result.contains("data") && result["data"].is_array())
        for (const auto& each : result["data"]) {
            const std::string when = text_at(each, "ftime");
            track.steps.push_back({beijing_time(when.empty() ? text_at(each, "time") : when), text_at(each, "context"),
                                   text_at(each, "statusCode")});
        }
    std::stable_sort(track.steps.begin(), track.steps.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
    return track;
}

}  // namespace

Result<PushedForm> read_push_form(const std::string& body) {
    PushedForm form;
    std::string_view rest = body;
    while (!rest.empty() && (rest.back() == '\n' || rest.back() == '\r')) rest.remove_suffix(1);
    while (!rest.empty()) {
        const auto end = std::min(rest.find('&'), rest.size());
        const auto field = rest.substr(0, end);
        const auto equals = std::min(field.find('='), field.size());
        const auto value = url_decoded(field.substr(std::min(equals + 1, field.size())));
        if (field.substr(0, equals) == "param") form.param = value;
        if (field.substr(0, equals) == "sign") form.sign = value;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    if (form.param.empty() || form.sign.empty()) return refused(tr("推送里没有 param 和 sign：应是快递100 回调的原文"));
    return form;
}

Result<Pushed> read_kuaidi100_push(const std::string& param, const std::string& sign, std::string_view salt) {
    const std::string expected = upper_ascii(crypto::hex(crypto::md5(param + std::string(salt))));
    if (!crypto::same_secret(expected, upper_ascii(sign))) return refused(tr("推送的签名不对，没有采用"));
    const json body = parsed(param);
    const json result = body.is_object() && body.contains("lastResult") ? body["lastResult"] : json();
    Pushed pushed{text_at(result, "com"), text_at(result, "nu"), read_track(result)};
    if (pushed.waybill.empty()) return fail(ErrorKind::corrupt, tr("推送里没有快递单号"), param.substr(0, 300));
    return pushed;
}

Kuaidi100::Kuaidi100(Account account, network::HttpClient::Options labels, network::HttpClient::Options polls, const Clock& clock)
    : account_(std::move(account)), labels_(by_body(std::move(labels))), polls_(by_body(std::move(polls))), clock_(clock) {}

std::string Kuaidi100::signed_form(const char* method, const std::string& param) const {
    const std::string t = std::to_string(clock_.now().ms);
    return form_of({{"method", method},
                    {"key", account_.key},
                    {"t", t},
                    {"sign", kuaidi100_sign(param, t, account_.key, account_.secret.view())},
                    {"param", param}});
}

Result<Taken> Kuaidi100::order(const LabelOrder& order, std::stop_token stop) {
    json param{{"kuaidicom", order.courier},
               {"partnerId", account_.partner_id},
               {"recMan", person(order.recipient)},
               {"sendMan", person(order.sender)},
               {"cargo", "电子钥匙"},
               {"count", 1},
               {"payType", account_.pay_type},
               {"expType", account_.product},
               {"remark", order.remark},
               {"orderId", order.reference},
               {"reorder", false},  // a repetition gives the first answer
               {"printType", "NON"}};
    add_partner(param, account_);
    if (!account_.check_man.empty()) param["checkMan"] = account_.check_man;
    if (!account_.callback.empty()) {
        param["needSubscribe"] = true;
        param["pollCallBackUrl"] = account_.callback;
        param["salt"] = std::string(account_.salt.view());
    }
    SEALDESK_LET(answer, labels_.post_form("/label/order", signed_form("order", param.dump()), stop));
    const json body = body_of(answer);
    if (const std::string code = code_of(body); code != "200") return said_no(code, text_at(body, "message"), answer.status);
    const json data = body.contains("data") ? body["data"] : json();
    const auto waybill = check_waybill(text_at(data, "kuaidinum"));
    if (!waybill) return fail(ErrorKind::corrupt, tr("快递100 没有给出可用的快递单号"), waybill.error().message);
    json routing = json::object();
    for (const char* name : {"bulkpen", "orgCode", "orgName", "destCode", "destName", "orgSortingCode", "orgSortingName",
                             "destSortingCode", "destSortingName", "childNum", "returnNum", "pkgCode", "pkgName"})
        if (const auto text = text_at(data, name); !text.empty()) routing[name] = text;
    return Taken{*waybill, order.courier, text_at(data, "kdComOrderNum"), routing.dump()};
}

Result<> Kuaidi100::cancel(const Cancellation& what, std::stop_token stop) {
    json param{
        {"partnerId", account_.partner_id}, {"kuaidicom", what.courier}, {"kuaidinum", what.waybill}, {"reason", what.reason}};
    add_partner(param, account_);
    if (!what.courier_order.empty()) param["orderId"] = what.courier_order;
    SEALDESK_LET(answer, polls_.post_form("/eorderapi.do", signed_form("cancel", param.dump()), stop));
    const json body = body_of(answer);
    if (!body.is_object()) return unreadable(answer.status);
    const bool done = body.contains("result") && body["result"].is_boolean() && body["result"].get<bool>();
    if (!done) return said_no(text_at(body, "returnCode"), text_at(body, "message"), answer.status);
    return {};
}

Result<Track> Kuaidi100::track(const std::string& courier, const std::string& waybill, const std::string& phone,
                               std::stop_token stop) {
    const std::string param =
        json{{"com", courier}, {"num", waybill}, {"phone", phone}, {"resultv2", "1"}, {"show", "0"}, {"order", "desc"}}.dump();
    SEALDESK_LET(answer, polls_.post_form("/poll/query.do",
                                          form_of({{"customer", account_.customer},
                                                   {"sign", kuaidi100_track_sign(param, account_.key, account_.customer)},
                                                   {"param", param}}),
                                          stop));
    const json body = body_of(answer);
    if (!body.is_object()) return unreadable(answer.status);
    if (body.contains("result") && body["result"] == json(false))
        return said_no(text_at(body, "returnCode"), text_at(body, "message"), answer.status);
    if (const std::string of = text_at(body, "nu"); !of.empty() && folded_waybill(of) != folded_waybill(waybill))
        return fail(ErrorKind::corrupt, trf("快递100 答的是另一个快递单号 {}，没有采用", of), waybill);
    return read_track(body);
}

}  // namespace sealdesk::shipping

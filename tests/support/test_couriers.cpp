#include "tests/support/test_couriers.h"

#include <fmt/format.h>
#include <httplib.h>
#include <openssl/evp.h>

#include <condition_variable>
#include <nlohmann/json.hpp>

#include "tests/sync/running_portal.h"

namespace sealdesk::tests {

using nlohmann::json;

namespace {

std::string digest(const EVP_MD* kind, const std::string& text) {
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), bytes, &size, kind, nullptr);
    return {reinterpret_cast<char*>(bytes), size};
}
std::string hex(const std::string& bytes, bool upper) {
    std::string text;
    for (const char c : bytes)
        text +=
            upper ? fmt::format("{:02X}", static_cast<unsigned char>(c)) : fmt::format("{:02x}", static_cast<unsigned char>(c));
    return text;
}
std::string base64(const std::string& bytes) {
    std::string text((bytes.size() + 2) / 3 * 4, '\0');
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), reinterpret_cast<const unsigned char*>(bytes.data()),
                    static_cast<int>(bytes.size()));
    return text;
}
// As java.net.URLEncoder.
std::string java_encoded(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (std::isalnum(static_cast<unsigned char>(c)) != 0 || std::string_view(".-*_").find(c) != std::string_view::npos)
            out += c;
        else
            out += c == ' ' ? std::string("+") : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

}  // namespace

struct TestCouriers::Server {
    explicit Server(const std::filesystem::path& folder)
        : http((folder / "couriers.pem").c_str(), (folder / "couriers.key").c_str()) {}

    httplib::SSLServer http;
    mutable std::mutex mutex;
    std::condition_variable released;
    bool ending = false;
    Mood mood = Mood::answers;
    std::string sf_kind = "standard";
    std::string sf_code;
    std::string kuaidi_answer, kuaidi_tracked;
    bool sf_texts = false, sf_forgets = false, sf_undeliverable = false;
    std::map<std::string, Order> orders;  // by reference
    std::map<std::string, bool> delivered;
    int serial = 1000, bad = 0, requests = 0;

    // The number of a reference; the same one each time.
    Order& order_of(const std::string& reference, const std::string& prefix) {
        auto& order = orders[reference];
        ++order.asked;
        if (order.waybill.empty()) {
            order.reference = reference;
            order.waybill = prefix + fmt::format("{:013}", ++serial);
        }
        return order;
    }

    // After the work is done: how the answer goes out.
    void reply(httplib::Response& response, const json& body) {
        std::unique_lock lock(mutex);
        if (mood == Mood::is_down) {
            response.status = 503;
            return;
        }
        if (mood == Mood::is_blocked) {
            response.status = 403;
            response.set_content("<html><body><h1>403 Forbidden</h1></body></html>", "text/html");
            return;
        }
        if (mood == Mood::takes_too_long) released.wait_for(lock, std::chrono::seconds(20), [&] { return ending; });
        if (mood == Mood::loses_answers) {
            // Promises more than it sends: the client sees the connection break.
            response.set_content_provider(1000, "application/json", [](size_t, size_t, httplib::DataSink&) { return false; });
            return;
        }
        response.set_content(body.dump(), "application/json");
    }
    Mood mood_now() {
        const std::lock_guard lock(mutex);
        ++requests;
        return mood;
    }
    void note_bad() {
        const std::lock_guard lock(mutex);
        ++bad;
    }

    void serve_kuaidi100();
    void serve_sf();
    json sf_answer(const std::string& service, const json& data);
};

void TestCouriers::Server::serve_kuaidi100() {
    const auto signature_is_right = [](const httplib::Request& request) {
        const std::string signed_text =
            request.get_param_value("param") + request.get_param_value("t") + request.get_param_value("key") + kSecret;
        return request.get_param_value("key") == kKey &&
               request.get_param_value("sign") == hex(digest(EVP_md5(), signed_text), true);
    };
    http.Post("/label/order", [this, signature_is_right](const httplib::Request& request, httplib::Response& response) {
        const Mood now = mood_now();
        if (now == Mood::is_down) return reply(response, {});
        if (!signature_is_right(request) || request.get_param_value("method") != "order") {
            note_bad();
            return reply(response, {{"code", 30002}, {"message", "验证签名失败"}});
        }
        const json param = json::parse(request.get_param_value("param"));
        if (now == Mood::refuses) return reply(response, {{"code", 30005}, {"message", "收件人地址无法识别"}});
        std::string said;
        {
            const std::lock_guard lock(mutex);
            said = kuaidi_answer;
        }
        if (!said.empty()) return reply(response, json::parse(said));
        json data;
        {
            const std::lock_guard lock(mutex);
            // Only with reorder=false and an order number is a repetition the same order.
            const bool same = param.contains("reorder") && param["reorder"] == json(false);
            const std::string reference = same ? param["orderId"].get<std::string>() : fmt::format("new-{}", ++serial);
            Order& order = order_of(reference, "YT");
            if (order.asked == 1) {  // a repetition changes nothing
                order.recipient = param["recMan"]["name"];
                order.address = param["recMan"]["printAddr"];
                for (const char* name : {"partnerSecret", "partnerName", "net", "code", "checkMan"})
                    if (param.contains(name))
                        order.partner += (order.partner.empty() ? "" : " ") + param[name].get<std::string>();
                if (param.value("needSubscribe", false)) {
                    order.callback = param.value("pollCallBackUrl", "");
                    order.salt = param.value("salt", "");
                }
            }
            data = {{"kuaidinum", order.waybill}, {"kdComOrderNum", "COM" + reference}, {"bulkpen", "025-A3"}, {"childNum", ""}};
        }
        reply(response, {{"code", 200}, {"message", "success"}, {"data", data}, {"time", 12}});
    });
    http.Post("/eorderapi.do", [this, signature_is_right](const httplib::Request& request, httplib::Response& response) {
        const Mood now = mood_now();
        if (now == Mood::is_down) return reply(response, {});
        if (!signature_is_right(request) || request.get_param_value("method") != "cancel") {
            note_bad();
            return reply(response, {{"result", false}, {"returnCode", "30002"}, {"message", "验证签名失败"}});
        }
        if (now == Mood::refuses) return reply(response, {{"result", false}, {"returnCode", "30010"}, {"message", "已揽收"}});
        const json param = json::parse(request.get_param_value("param"));
        {
            const std::lock_guard lock(mutex);
            for (auto& [reference, order] : orders)
                if (order.waybill == param["kuaidinum"].get<std::string>()) order.cancelled = true;
        }
        reply(response, {{"result", true}, {"returnCode", "200"}, {"message", "成功"}});
    });
    http.Post("/poll/query.do", [this](const httplib::Request& request, httplib::Response& response) {
        const Mood now = mood_now();
        if (now == Mood::is_down) return reply(response, {});
        const std::string param_text = request.get_param_value("param");
        if (request.get_param_value("sign") != hex(digest(EVP_md5(), param_text + kKey + kCustomer), true)) {
            note_bad();
            return reply(response, {{"result", false}, {"returnCode", "503"}, {"message", "验证签名失败"}});
        }
        std::string number = json::parse(param_text)["num"];
        bool there = false;
        {
            const std::lock_guard lock(mutex);
            if (!kuaidi_tracked.empty()) number = kuaidi_tracked;
            there = delivered[number];
        }
        json steps = json::array();
        if (there) steps.push_back({{"ftime", "2026-11-23 10:30:00"}, {"context", "已签收"}, {"statusCode", "3"}});
        steps.push_back({{"ftime", "2026-11-22 18:00:00"}, {"context", "已揽收"}, {"statusCode", "1"}});
        reply(response, {{"message", "ok"}, {"nu", number}, {"state", there ? "3" : "0"}, {"data", steps}});
    });
}

json TestCouriers::Server::sf_answer(const std::string& service, const json& data) {
    const auto done = [](const json& message) {
        return json{{"success", true}, {"errorCode", "S0000"}, {"errorMsg", nullptr}, {"msgData", message}};
    };
    const std::lock_guard lock(mutex);
    if (service == "EXP_RECE_SEARCH_ROUTES") {
        const std::string number = data["trackingNumber"][0];
        json routes = json::array({{{"acceptTime", "2026-11-22 18:00:00"}, {"remark", "已收取快件"}, {"opCode", "50"}}});
        if (delivered[number]) routes.push_back({{"acceptTime", "2026-11-23 10:30:00"}, {"remark", "已签收"}, {"opCode", "80"}});
        return done({{"routeResps", json::array({{{"mailNo", number}, {"routes", routes}}})}});
    }
    const std::string reference = data["orderId"];
    if (service == "EXP_RECE_UPDATE_ORDER") {
        if (orders.contains(reference)) orders[reference].cancelled = true;
        return done({{"orderId", reference}, {"resStatus", orders.contains(reference) ? 2 : 1}});
    }
    const bool again = orders.contains(reference);
    if (service == "EXP_RECE_SEARCH_ORDER_RESP" && !again)
        return {{"success", false}, {"errorCode", "8037"}, {"errorMsg", "订单不存在"}};
    if (service == "EXP_RECE_CREATE_ORDER" && data["cargoDetails"][0]["count"].get<int>() < 1)
        return {{"success", false}, {"errorCode", "20011"}, {"errorMsg", "托寄物数量不正确"}};
    if (service == "EXP_RECE_CREATE_ORDER" && again && sf_forgets)
        return {{"success", false}, {"errorCode", "8016"}, {"errorMsg", "重复下单"}};
    Order& order = order_of(reference, "SF");
    if (service == "EXP_RECE_CREATE_ORDER" && !again)
        for (const auto& contact : data["contactInfoList"])
            if (contact["contactType"] == 2) {
                order.recipient = contact["contact"];
                order.address = contact["address"];
            }
    if (sf_undeliverable) return done({{"orderId", reference}, {"filterResult", 3}, {"remark", "1"}});
    return done(
        {{"orderId", reference},
         {"originCode", "025"},
         {"destCode", "0512"},
         {"filterResult", 2},
         {"waybillNoInfoList", json::array({{{"waybillType", 1}, {"waybillNo", order.waybill}}})},
         {"routeLabelInfo",
          json::array({{{"routeLabelData",
                         {{"destRouteLabel", "512-A1"}, {"proCode", "T4"}, {"twoDimensionCode", "MMM={'k1':'512'}"}}}}})}});
}

void TestCouriers::Server::serve_sf() {
    http.Post("/std/service", [this](const httplib::Request& request, httplib::Response& response) {
        const Mood now = mood_now();
        if (now == Mood::is_down) return reply(response, {});
        const std::string data = request.get_param_value("msgData"),
                          text = data + request.get_param_value("timestamp") + kCheckWord;
        std::string kind, turned_away;
        bool texts = false;
        {
            const std::lock_guard lock(mutex);
            turned_away = sf_code;
            kind = sf_kind;
            texts = sf_texts;
        }
        const std::string expected = kind == "sm3"      ? hex(digest(EVP_sm3(), text), false)
                                     : kind == "simple" ? base64(digest(EVP_md5(), text))
                                                        : base64(digest(EVP_md5(), java_encoded(text)));
        if (request.get_param_value("msgDigest") != expected || request.get_param_value("partnerID") != kPartner ||
            request.get_param_value("requestID").size() != 36) {
            note_bad();
            return reply(response, {{"apiResultCode", "A1006"}, {"apiErrorMsg", "数字签名无效"}, {"apiResultData", nullptr}});
        }
        if (!turned_away.empty())
            return reply(response, {{"apiResultCode", turned_away}, {"apiErrorMsg", "平台的话"}, {"apiResultData", nullptr}});
        const json result = now == Mood::refuses ? json{{"success", false}, {"errorCode", "8119"}, {"errorMsg", "月结卡号不存在"}}
                                                 : sf_answer(request.get_param_value("serviceCode"), json::parse(data));
        reply(response, {{"apiResultCode", "A1000"},
                         {"apiErrorMsg", ""},
                         {"apiResponseID", "1"},
                         {"apiResultData", texts ? json(result.dump()) : result}});
    });
}

TestCouriers::TestCouriers(const std::filesystem::path& folder) : ca_(folder / "couriers-ca.pem") {
    make_tls(folder, "couriers");
    server_ = std::make_unique<Server>(folder);
    server_->serve_kuaidi100();
    server_->serve_sf();
    port_ = server_->http.bind_to_any_port("127.0.0.1");
    thread_ = std::jthread([this] { server_->http.listen_after_bind(); });
}

TestCouriers::~TestCouriers() {
    {
        const std::lock_guard lock(server_->mutex);
        server_->ending = true;
        server_->released.notify_all();
    }
    server_->http.stop();
    thread_.join();
}

void TestCouriers::mood(Mood mood) {
    const std::lock_guard lock(server_->mutex);
    server_->mood = mood;
}
void TestCouriers::sf_digest(const std::string& kind) {
    const std::lock_guard lock(server_->mutex);
    server_->sf_kind = kind;
}
void TestCouriers::sf_text_results(bool texts) {
    const std::lock_guard lock(server_->mutex);
    server_->sf_texts = texts;
}
void TestCouriers::sf_forgets_first_answers(bool yes) {
    const std::lock_guard lock(server_->mutex);
    server_->sf_forgets = yes;
}
void TestCouriers::sf_turns_away(const std::string& code) {
    const std::lock_guard lock(server_->mutex);
    server_->sf_code = code;
}
void TestCouriers::sf_cannot_deliver(bool yes) {
    const std::lock_guard lock(server_->mutex);
    server_->sf_undeliverable = yes;
}
void TestCouriers::delivered(const std::string& waybill) {
    const std::lock_guard lock(server_->mutex);
    server_->delivered[waybill] = true;
}
void TestCouriers::kuaidi100_says(const std::string& answer) {
    const std::lock_guard lock(server_->mutex);
    server_->kuaidi_answer = answer;
}
void TestCouriers::kuaidi100_tracks_as(const std::string& other_waybill) {
    const std::lock_guard lock(server_->mutex);
    server_->kuaidi_tracked = other_waybill;
}
std::vector<TestCouriers::Order> TestCouriers::orders() const {
    const std::lock_guard lock(server_->mutex);
    std::vector<Order> list;
    for (const auto& [reference, order] : server_->orders) list.push_back(order);
    return list;
}
int TestCouriers::bad_signatures() const {
    const std::lock_guard lock(server_->mutex);
    return server_->bad;
}
int TestCouriers::requests() const {
    const std::lock_guard lock(server_->mutex);
    return server_->requests;
}

}  // namespace sealdesk::tests

#include "tests/support/test_invoice_service.h"

#include <fmt/format.h>
#include <httplib.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <condition_variable>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "base/files.h"
#include "support/databases.h"
#include "tests/sync/running_portal.h"

namespace sealdesk::tests {

using nlohmann::json;

struct TestInvoiceService::Server {
    explicit Server(const std::filesystem::path& folder)
        : http((folder / "invoice-service.pem").c_str(), (folder / "invoice-service.key").c_str()) {}

    using Lines = std::map<int, std::pair<std::int64_t, std::int64_t>>;  // by place on the blue one, from 1: net and tax, fen
    struct Row {
        Given given;
        Lines lines;
        int looks_left = 0;
        bool failed = false, waits_for_buyer = false, lapsed = false;
        std::int64_t net = 0, tax = 0;  // fen
    };

    httplib::SSLServer http;
    mutable std::mutex mutex;
    std::condition_variable released;
    bool ending = false, confirm = false;
    Mood mood = Mood::answers;
    int looks = 0, late = 0, late_addresses = 0, fen = 0, bad = 0, serial = 0;
    bool only_pdf = false;
    std::string next_number;
    std::vector<Row> rows;

    Row* find(const std::string& reference) {
        for (auto& row : rows)
            if (row.given.reference == reference) return &row;
        return nullptr;
    }
    Row& take(const std::string& reference) {
        Row row;
        row.given.reference = reference;
        row.given.number = next_number.empty() ? fmt::format("2632200000{:010}", ++serial) : std::exchange(next_number, "");
        row.looks_left = looks;
        row.failed = mood == Mood::fails_later;
        rows.push_back(row);
        return rows.back();
    }
    // What the red letters that are issued leave of each line.
    Lines left_of(const std::string& blue) const {
        Lines left;
        for (const auto& row : rows) {
            const bool stands = !row.failed && !row.lapsed && !row.waits_for_buyer;
            if (row.given.number != blue && !(row.given.red_of == blue && stands)) continue;
            for (const auto& [place, amounts] : row.lines) {
                left[place].first += amounts.first;
                left[place].second += amounts.second;
            }
        }
        return left;
    }
    static std::int64_t fen_of(const json& text) {
        std::string digits = text.get<std::string>();
        std::erase(digits, '.');
        return std::stoll(digits);
    }

    static std::string sign_of(const httplib::Request& request) {
        const auto value = [&](const char* name) { return request.get_param_value(name); };
        const std::string text = "a=services&l=v1&p=open&k=" + value("appkey") + "&i=" + value("senid") + "&n=" + value("nonce") +
                                 "&t=" + value("timestamp") + "&f=" + request.body;
        unsigned char digest[EVP_MAX_MD_SIZE];
        unsigned size = 0;
        HMAC(EVP_sha1(), kSecret, static_cast<int>(std::string(kSecret).size()),
             reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest, &size);
        std::string base64(static_cast<size_t>((size + 2) / 3 * 4), '\0');
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(base64.data()), digest, static_cast<int>(size));
        return base64;
    }
    static json no(const char* code, const char* words) { return {{"code", code}, {"describe", words}}; }
    static json yes(json result) { return {{"code", "E0000"}, {"describe", "成功"}, {"result", std::move(result)}}; }

    json ask_blue(const json& order) {
        const std::string reference = order["orderNo"];
        if (reference.size() > 20) return no("E9100", "订单编号超过 20 位");
        if (Row* there = find(reference)) {
            ++there->given.asked;
            return no("E9106", "订单编号不能重复");
        }
        if (mood == Mood::refuses) return no("E9108", "购方税号不正确");
        for (const auto& line : order["invoiceDetail"])
            if (line.value("goodsCode", "").size() != 19) return no("E9107", "商品编码不正确");
        Row& row = take(reference);
        row.given.buyer = order["buyerName"];
        row.given.asked = 1;
        row.given.lines = static_cast<int>(order["invoiceDetail"].size());
        int place = 0, of = 0;
        for (const auto& line : order["invoiceDetail"]) {
            ++place;
            if (line["invoiceLineProperty"] != "1") of = place;  // a discount lessens the line before it
            row.lines[of].first += fen_of(line["taxExcludedAmount"]);
            row.lines[of].second += fen_of(line["tax"]);
            row.given.properties += line["invoiceLineProperty"].get<std::string>();
            if (line["invoiceLineProperty"] == "1" && line.contains("num")) return no("E9110", "折扣行不能有数量");
            row.net += fen_of(line["taxExcludedAmount"]);
            row.tax += fen_of(line["tax"]);
        }
        row.given.amount = std::to_string(row.net + row.tax);
        return yes({{"invoiceSerialNum", "S" + reference}});
    }
    json ask_red(const json& form) {
        const std::string reference = form["billId"];
        if (Row* there = find(reference)) {
            ++there->given.asked;
            return no("E9999", "申请号重复");
        }
        if (mood == Mood::refuses) return no("E9103", "该发票不能重复冲红");
        const Lines left = left_of(form["blueElecInvoiceNumber"]);
        Lines lines;
        for (const auto& line : form.value("detail", json::array())) {
            const int place = std::stoi(line["blueDetailIndex"].get<std::string>());
            lines[place] = {fen_of(line["taxExcludedAmount"]), fen_of(line["taxAmount"])};
            if (!left.contains(place) || left.at(place).first + lines[place].first < 0 ||
                left.at(place).second + lines[place].second < 0)
                return no("E9104", "冲红金额大于蓝票明细的剩余金额");
        }
        if (lines.empty())
            for (const auto& [place, amounts] : left) lines[place] = {-amounts.first, -amounts.second};
        Row& row = take(reference);
        row.lines = std::move(lines);
        row.given.red_of = form["blueElecInvoiceNumber"];
        row.given.reason = form["redReason"];
        row.given.buyer = form["buyerName"];
        row.given.asked = 1;
        row.given.lines = form.contains("detail") ? static_cast<int>(form["detail"].size()) : 0;
        for (const auto& line : form.value("detail", json::array()))
            row.given.details.push_back(line["blueDetailIndex"].get<std::string>() + ":" +
                                        line["taxExcludedAmount"].get<std::string>());
        for (const auto& line : form.value("detail", json::array())) row.given.counted += line.contains("num") ? 1 : 0;
        std::int64_t sum = 0;
        for (const auto& [place, amounts] : row.lines) sum += amounts.first + amounts.second;
        row.given.amount = std::to_string(sum);
        row.waits_for_buyer = confirm;
        return yes(reference);
    }
    json invoice_of(Row& row) {
        if (row.failed) return {{"status", "22"}, {"failCause", "开票软件离线"}, {"serialNo", "S" + row.given.reference}};
        if (row.looks_left > 0) {
            --row.looks_left;
            return {{"status", "20"}, {"statusMsg", "开票中"}, {"serialNo", "S" + row.given.reference}};
        }
        const std::string file = fmt::format("https://127.0.0.1:{}/files/{}", http_port, row.given.number);
        json found{{"status", "2"},
                   {"serialNo", "S" + row.given.reference},
                   {"allElectronicInvoiceNumber", row.given.number},
                   {"invoiceTime", 1795312800000},
                   {"pdfUrl", file + ".pdf"},
                   {"ofdUrl", only_pdf ? "" : file + ".ofd"},
                   {"xmlUrl", only_pdf ? "" : file + ".xml"}};
        if (late_addresses > 0) {
            --late_addresses;
            found["pdfUrl"] = found["ofdUrl"] = found["xmlUrl"] = "";
        }
        if (row.given.red_of.empty()) {
            found["exTaxAmount"] = fmt::format("{}.{:02}", (row.net + fen) / 100, (row.net + fen) % 100);
            found["taxAmount"] = fmt::format("{}.{:02}", row.tax / 100, row.tax % 100);
        }
        return found;
    }
    json look(const json& query) {
        const bool by_serial = query.contains("serialNos");
        std::string reference = query[by_serial ? "serialNos" : "orderNos"][0];
        if (by_serial) reference.erase(0, 1);
        Row* row = find(reference);
        if (row == nullptr || mood == Mood::hides) return no("E9500", "查询不到发票");
        return yes(json::array({invoice_of(*row)}));
    }
    json look_red(const json& query) {
        Row* row = find(query["billId"]);
        json list = json::array();
        if (row != nullptr) {
            json form{{"billId", row->given.reference}, {"billNo", "99" + row->given.reference}, {"billStatus", "01"}};
            if (row->failed)
                form["billStatus"] = "16", form["billMessage"] = "该发票已全额冲红";
            else if (row->lapsed)
                form["billStatus"] = "07";
            else if (row->waits_for_buyer)
                form["billStatus"] = "02";
            else
                form["invoiceSerialNum"] = "S" + row->given.reference;
            list.push_back(form);
        }
        return yes({{"total", list.size()}, {"list", list}});
    }

    int http_port = 0;

    void serve() {
        http.Post("/open/v1/services", [this](const httplib::Request& request, httplib::Response& response) {
            std::unique_lock lock(mutex);
            if (mood == Mood::is_down || mood == Mood::forbids) {
                response.status = mood == Mood::is_down ? 503 : 401;
                return;
            }
            json answer;
            if (request.get_header_value("X-Nuonuo-Sign") != sign_of(request) ||
                request.get_header_value("accessToken") != kToken) {
                ++bad;
                answer = no("070304", "bad credentials");
            } else {
                const json body = json::parse(request.body);
                const std::string method = request.get_header_value("method");
                answer = method == "nuonuo.OpeMplatform.requestBillingNew"        ? ask_blue(body["order"])
                         : method == "nuonuo.OpeMplatform.saveInvoiceRedConfirm"  ? ask_red(body)
                         : method == "nuonuo.OpeMplatform.queryInvoiceResult"     ? look(body)
                         : method == "nuonuo.OpeMplatform.queryInvoiceRedConfirm" ? look_red(body)
                                                                                  : no("E9999", "没有这个接口");
            }
            if (mood == Mood::is_odd) answer = no("E1234", "系统繁忙");
            if (mood == Mood::hides && answer["code"] == "E0000") answer = no("E9999", "系统繁忙");
            if (mood == Mood::takes_too_long) released.wait_for(lock, std::chrono::seconds(20), [&] { return ending; });
            if (mood == Mood::loses_answers) {
                // Promises more than it sends: the client sees the connection break.
                response.set_content_provider(1000, "application/json", [](size_t, size_t, httplib::DataSink&) { return false; });
                return;
            }
            response.set_content(answer.dump(), "application/json");
        });
        http.Get(R"(/files/(.*))", [this](const httplib::Request& request, httplib::Response& response) {
            const std::lock_guard lock(mutex);
            if (late > 0 || mood == Mood::is_down) {
                late = std::max(0, late - 1);
                response.status = 404;
                return;
            }
            response.set_content("file " + std::string(request.matches[1]), "application/octet-stream");
        });
    }
};

TestInvoiceService::TestInvoiceService(const std::filesystem::path& folder) : ca_(folder / "invoice-service-ca.pem") {
    make_tls(folder, "invoice-service");
    server_ = std::make_unique<Server>(folder);
    server_->serve();
    port_ = server_->http_port = server_->http.bind_to_any_port("127.0.0.1");
    thread_ = std::jthread([this] { server_->http.listen_after_bind(); });
}

TestInvoiceService::~TestInvoiceService() {
    {
        const std::lock_guard lock(server_->mutex);
        server_->ending = true;
        server_->released.notify_all();
    }
    server_->http.stop();
    thread_.join();
}

void TestInvoiceService::write_account(const std::filesystem::path& home) const {
    std::string taxes = read_file(source("data/taxes.toml")).value_or("");
    const std::string code = "\ncode = \"3040203000000000000\"";
    for (size_t at = 0; (at = taxes.find("\nunit = ", at)) != std::string::npos; at += code.size() + 1) taxes.insert(at, code);
    const std::string account =
        fmt::format("[nuonuo]\napp_key = \"{}\"\napp_secret = \"{}\"\ntoken = \"{}\"\nbase = \"{}\"\nca_file = \"{}\"\n", kKey,
                    kSecret, kToken, base(), ca_.string());
    if (!write_file(home / "taxes.toml", taxes) || !write_file(home / "service.toml", account, 0600))
        throw std::runtime_error("no account of the invoice service in " + home.string());
}

void TestInvoiceService::mood(Mood mood) {
    const std::lock_guard lock(server_->mutex);
    server_->mood = mood;
}
void TestInvoiceService::looks_until_issued(int looks) {
    const std::lock_guard lock(server_->mutex);
    server_->looks = looks;
}
void TestInvoiceService::buyer_must_confirm(bool yes) {
    const std::lock_guard lock(server_->mutex);
    server_->confirm = yes;
}
void TestInvoiceService::buyer_confirms() {
    const std::lock_guard lock(server_->mutex);
    for (auto& row : server_->rows) row.waits_for_buyer = false;
}
void TestInvoiceService::buyer_lets_lapse() {
    const std::lock_guard lock(server_->mutex);
    for (auto& row : server_->rows) row.lapsed |= row.waits_for_buyer;
}
void TestInvoiceService::files_are_late(int fetches) {
    const std::lock_guard lock(server_->mutex);
    server_->late = fetches;
}
void TestInvoiceService::addresses_are_late(int looks) {
    const std::lock_guard lock(server_->mutex);
    server_->late_addresses = looks;
}
void TestInvoiceService::makes_only_pdf(bool yes) {
    const std::lock_guard lock(server_->mutex);
    server_->only_pdf = yes;
}
void TestInvoiceService::gives_number(const std::string& number) {
    const std::lock_guard lock(server_->mutex);
    server_->next_number = number;
}
void TestInvoiceService::changes_amount_by(int fen) {
    const std::lock_guard lock(server_->mutex);
    server_->fen = fen;
}
std::vector<TestInvoiceService::Given> TestInvoiceService::given() const {
    const std::lock_guard lock(server_->mutex);
    std::vector<Given> list;
    for (const auto& row : server_->rows) list.push_back(row.given);
    return list;
}
int TestInvoiceService::bad_signatures() const {
    const std::lock_guard lock(server_->mutex);
    return server_->bad;
}

}  // namespace sealdesk::tests

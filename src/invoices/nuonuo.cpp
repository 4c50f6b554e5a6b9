#include "invoices/nuonuo.h"

#include <fmt/format.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "base/files.h"
#include "base/translate.h"
#include "crypto/digest.h"
#include "crypto/message_digest.h"

namespace sealdesk::invoices {

using nlohmann::json;
using Step = Progress::Step;

std::string nuonuo_sign(std::string_view app_secret, const std::string& app_key, const std::string& senid,
                        const std::string& nonce, const std::string& timestamp, const std::string& content) {
    const std::string text =
        fmt::format("a=services&l=v1&p=open&k={}&i={}&n={}&t={}&f={}", app_key, senid, nonce, timestamp, content);
    return crypto::base64(crypto::hmac_sha1(app_secret, text));
}

namespace {

constexpr const char* kPath = "/open/v1/services";
constexpr const char* kDone = "E0000";
constexpr const char* kNotFound = "E9500";

// Numbers come as numbers and as texts.
std::string text_at(const json& object, const char* name) {
    if (!object.is_object() || !object.contains(name)) return {};
    const auto& value = object.at(name);
    if (value.is_string()) return value.get<std::string>();
    return value.is_null() || value.is_structured() ? std::string() : value.dump();
}

std::string rate(int per_mille) { return fmt::format("{}.{:03}", per_mille / 1000, per_mille % 1000); }

// The platform numbers the reasons otherwise than the bureau: its 1 is 02 销货退回, its 2 is 01 开票有误.
std::string reason_of(const std::string& code) {
    const std::string number = code.substr(0, 2);
    return number == "01" ? "2" : number == "02" ? "1" : number == "03" ? "3" : "4";
}

Result<json> lines_of(const Invoice& invoice) {
    json lines = json::array();
    for (size_t i = 0; i < invoice.lines.size(); ++i) {
        const Line& line = invoice.lines[i];
        if (line.code.empty())
            return refused(trf("{} 没有税收分类编码：请在税率文件里补上 code，再用开票服务", word_of(line.item)));
        // 0 a line by itself, 2 one with a discount behind it, 1 that discount: amounts only, its quantity would be negative.
        const bool less = i + 1 < invoice.lines.size() && invoice.lines[i + 1].discount;
        json given{{"goodsName", line.printed.substr(line.printed.rfind('*') + 1)},
                   {"goodsCode", line.code},
                   {"withTaxFlag", "1"},
                   {"invoiceLineProperty", line.discount ? "1"
                                           : less        ? "2"
                                                         : "0"},
                   {"taxRate", rate(line.rate_per_mille)},
                   {"tax", yuan(line.tax)},
                   {"taxExcludedAmount", yuan(line.net)},
                   {"taxIncludedAmount", yuan(line.gross)}};
        if (!line.discount) {
            given["specType"] = line.spec;
            given["unit"] = line.unit;
            given["num"] = std::to_string(line.quantity);
        }
        lines.push_back(std::move(given));
    }
    return lines;
}

// Of a part: the lines of the red letter, each with its place on the blue one. A discount has no line of its own there: it
// lessens the line before it.
json red_lines(const Wanted& wanted) {
    json lines = json::array();
    const auto& reds = wanted.invoice.lines;
    for (size_t at = 0; at < reds.size(); ++at) {
        Line line = reds[at];
        if (line.discount) continue;
        if (at + 1 < reds.size() && reds[at + 1].discount) {
            line.net += reds[at + 1].net;
            line.tax += reds[at + 1].tax;
        }
        if (line.net == Fen{} && line.tax == Fen{}) continue;
        for (size_t i = 0; i < wanted.blue.lines.size(); ++i) {
            const auto& blue = wanted.blue.lines[i];
            if (blue.discount || blue.order_no != line.order_no || blue.item != line.item) continue;
            json given{{"blueDetailIndex", std::to_string(i + 1)},
                       {"goodsName", line.printed.substr(line.printed.rfind('*') + 1)},
                       {"goodsCode", line.code},
                       {"specType", line.spec},
                       {"taxExcludedAmount", yuan(line.net)},
                       {"taxAmount", yuan(line.tax)},
                       {"taxRate", rate(line.rate_per_mille)}};
            if (line.quantity != 0) {  // an allowance has none
                given["unit"] = line.unit;
                given["num"] = std::to_string(line.quantity);
            }
            lines.push_back(std::move(given));
        }
    }
    return lines;
}

Progress read_invoice(const json& found) {
    Progress progress;
    const std::string status = text_at(found, "status");
    progress.service_no = text_at(found, "serialNo");
    progress.number = text_at(found, "allElectronicInvoiceNumber");
    if (progress.number.empty()) progress.number = text_at(found, "invoiceNo");
    progress.issued_at = Instant{std::strtoll(text_at(found, "invoiceTime").c_str(), nullptr, 10)};
    progress.said = text_at(found, "failCause");
    const auto net = parse_yuan(text_at(found, "exTaxAmount")), tax = parse_yuan(text_at(found, "taxAmount"));
    if (net && tax) progress.total = *net + *tax;
    for (const auto& [format, field] : {std::pair{"pdf", "pdfUrl"}, {"ofd", "ofdUrl"}, {"xml", "xmlUrl"}})
        if (const auto address = text_at(found, field); !address.empty()) progress.files[format] = address;
    // 2 issued; 20 being issued, 21 being sealed, 24 sealing failed and is tried again there; 22 failed.
    progress.step = status == "2" && progress.number.size() == 20 ? Step::issued : status == "22" ? Step::failed : Step::working;
    if (status == "3" || status == "31") progress.step = Step::failed;
    return progress;
}

}  // namespace

Nuonuo::Nuonuo(Account account, network::HttpClient::Options options, const Clock& clock, crypto::Random& random)
    : account_(std::move(account)), options_(options), http_(std::move(options)), clock_(clock), random_(random) {}

Result<std::string> Nuonuo::call(const std::string& tax_number, const char* method, const std::string& content,
                                 std::stop_token stop, std::string* code) {
    const std::string senid = crypto::hex(random_.bytes(16)),
                      nonce = std::to_string(10'000'000 + crypto::below(random_, 90'000'000)),
                      now = std::to_string(clock_.now().ms / 1000);
    const std::string path =
        fmt::format("{}?senid={}&nonce={}&timestamp={}&appkey={}", kPath, senid, nonce, now, account_.app_key);
    const std::string sign = nuonuo_sign(account_.app_secret.view(), account_.app_key, senid, nonce, now, content);
    SEALDESK_LET(answer, http_.post(path, "application/json;charset=UTF-8", content,
                                    {"X-Nuonuo-Sign: " + sign, "accessToken: " + std::string(account_.token.view()),
                                     "userTax: " + tax_number, std::string("method: ") + method},
                                    stop));
    const json body = json::parse(answer.body, nullptr, false);
    const std::string said = text_at(body, "code"), words = text_at(body, "describe");
    if (code != nullptr) *code = said;
    if (said == kDone) return body.contains("result") ? body.at("result").dump() : std::string("null");
    if (said.empty()) return fail(ErrorKind::unavailable, tr("开票服务的应答看不懂"), answer.body.substr(0, 300));
    // 0703xx: key, secret, signature or token.
    if (said.starts_with("07")) return fail(ErrorKind::denied, trf("开票服务不认这个账号：{}", words), said);
    return fail(ErrorKind::refused, trf("开票服务没有受理：{}", words.empty() ? said : words), said);
}

Result<> Nuonuo::ask(const Wanted& wanted, std::stop_token stop) {
    const auto& invoice = wanted.invoice;
    const std::string& tax_number = invoice.seller.tax_number;
    if (!invoice.reverses.empty()) {
        json form{{"billId", wanted.reference},
                  {"blueInvoiceLine", "pc"},
                  {"applySource", "0"},
                  {"blueElecInvoiceNumber", invoice.reverses},
                  {"sellerTaxNo", tax_number},
                  {"sellerName", invoice.seller.name},
                  {"buyerTaxNo", invoice.title.tax_number},
                  {"buyerName", invoice.title.name},
                  {"redReason", reason_of(invoice.reason)},
                  {"autoInvoice", "1"},
                  {"orderNo", wanted.reference}};
        if (!wanted.whole) form["detail"] = red_lines(wanted);
        SEALDESK_TRY(call(tax_number, "nuonuo.OpeMplatform.saveInvoiceRedConfirm", form.dump(), stop));
        return {};
    }
    SEALDESK_LET(lines, lines_of(invoice));
    const auto text = date_time(clock_.now());
    const json order{{"orderNo", wanted.reference},
                     {"buyerName", invoice.title.name},
                     {"buyerTaxNum", invoice.title.tax_number},
                     {"salerTaxNum", tax_number},
                     {"salerTel", account_.telephone},
                     {"salerAddress", account_.address},
                     {"invoiceDate", text.size() == 16 ? text + ":00" : text},
                     {"clerk", invoice.issued_by},
                     {"pushMode", "-1"},
                     {"invoiceType", "1"},
                     {"invoiceLine", "pc"},
                     {"remark", invoice.remark},
                     {"invoiceDetail", lines}};
    SEALDESK_TRY(call(tax_number, "nuonuo.OpeMplatform.requestBillingNew", json{{"order", order}}.dump(), stop));
    return {};
}

Result<Progress> Nuonuo::look_at_invoice(const std::string& tax_number, const std::string& query, std::stop_token stop) {
    std::string code;
    const auto result = call(tax_number, "nuonuo.OpeMplatform.queryInvoiceResult", query, stop, &code);
    if (!result && code == kNotFound) return Progress{};
    if (!result) return Failure(result.error());
    const json list = json::parse(*result, nullptr, false);
    if (!list.is_array() || list.empty()) return Progress{};
    return read_invoice(list.front());
}

Result<Progress> Nuonuo::look(const Wanted& wanted, std::stop_token stop) {
    const std::string& tax_number = wanted.invoice.seller.tax_number;
    if (wanted.invoice.reverses.empty())
        return look_at_invoice(tax_number, json{{"orderNos", {wanted.reference}}, {"isOfferInvoiceDetail", "0"}}.dump(), stop);
    SEALDESK_LET(result, call(tax_number, "nuonuo.OpeMplatform.queryInvoiceRedConfirm",
                              json{{"identity", "0"}, {"billId", wanted.reference}}.dump(), stop));
    const json listing = json::parse(result, nullptr, false);
    if (!listing.is_object() || !listing.contains("list") || !listing["list"].is_array() || listing["list"].empty())
        return Progress{};
    const json& form = listing["list"].front();
    Progress progress;
    const std::string status = text_at(form, "billStatus");
    progress.service_no = text_at(form, "billNo");
    progress.said = text_at(form, "billMessage");
    if (const auto serial = text_at(form, "invoiceSerialNum"); !serial.empty()) {
        SEALDESK_LET(red, look_at_invoice(tax_number, json{{"serialNos", {serial}}, {"isOfferInvoiceDetail", "0"}}.dump(), stop));
        if (red.step == Step::issued) return red;
    }
    // 01 and 04: nobody has to confirm any more; 02, 03: somebody has to; 05 to 09: it lapsed; 15 being applied for; 16 no.
    if (status == "16")
        progress.step = Step::failed;
    else if (status == "02" || status == "03")
        progress.step = Step::confirming;
    else if (status.size() == 2 && status >= "05" && status <= "09")
        progress.step = Step::lapsed;
    else
        progress.step = Step::working;
    return progress;
}

Result<std::string> Nuonuo::fetch(const std::string& address, std::stop_token stop) {
    const auto begin = address.find("://"), path = begin == std::string::npos ? begin : address.find('/', begin + 3);
    if (!address.starts_with("https://") || path == std::string::npos) return refused(trf("发票文件的地址 {} 不能用", address));
    auto options = options_;
    options.base = address.substr(0, path);
    network::HttpClient http(std::move(options));
    SEALDESK_LET(answer, http.get(address.substr(path), stop));
    if (answer.status != 200 || answer.body.empty())
        return fail(ErrorKind::unavailable, trf("发票文件还取不到（{}）", answer.status));
    return answer.body;
}

}  // namespace sealdesk::invoices

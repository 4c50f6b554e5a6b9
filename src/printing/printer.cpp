#include "printing/printer.h"

#include <array>
#include <charconv>

#include "base/text.h"
#include "base/translate.h"
#include "base/words.h"

namespace sealdesk::printing {

namespace {

constexpr std::array<Word<Use>, 3> kUses{
    {{Use::label, "label", "面单"}, {Use::invoice, "invoice", "发票"}, {Use::a4, "a4", "A4 纸"}}};

struct Reason {
    std::string_view keyword;
    const char* words;
    bool still;  // nothing comes out meanwhile
};
constexpr std::array<Reason, 20> kReasons{{{"media-empty", "缺纸", true},
                                           {"media-needed", "请装纸", true},
                                           {"media-jam", "卡纸", true},
                                           {"input-tray-missing", "纸盒没有装好", true},
                                           {"output-area-full", "出纸口已满", true},
                                           {"cover-open", "盖子没有合上", true},
                                           {"door-open", "门没有关上", true},
                                           {"interlock-open", "盖子没有合上", true},
                                           {"toner-empty", "墨粉用完", true},
                                           {"marker-supply-empty", "墨水或碳带用完", true},
                                           {"paused", "已暂停", true},
                                           {"moving-to-paused", "正在暂停", false},
                                           {"shutdown", "已关机", true},
                                           {"timed-out", "打印机没有应答", true},
                                           {"offline", "脱机", true},
                                           {"connecting-to-device", "正在连接", false},
                                           {"spool-area-full", "打印机内存已满", true},
                                           {"media-low", "纸不多了", false},
                                           {"toner-low", "墨粉不多了", false},
                                           {"marker-supply-low", "墨水不多了", false}}};

// Severity is a suffix of the keyword: a report is never a trouble.
std::string_view without_severity(std::string_view keyword) {
    for (const std::string_view suffix : {"-error", "-warning", "-report"})
        if (keyword.ends_with(suffix)) return keyword.substr(0, keyword.size() - suffix.size());
    return keyword;
}

const Reason* find_reason(std::string_view keyword) {
    const auto bare = without_severity(keyword);
    for (const auto& reason : kReasons)
        if (reason.keyword == bare) return &reason;
    return nullptr;
}

Result<int> port_of(std::string_view digits) {
    int port = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc() || end != digits.data() + digits.size() || port < 1 || port > 65535)
        return refused(trf("打印机地址的端口“{}”不对", digits));
    return port;
}

}  // namespace

const char* name_of(Use use) { return entry_of(kUses, use).name; }
const char* word_of(Use use) { return tr(entry_of(kUses, use).words); }
const char* name_of(Format format) { return format == Format::pdf ? "pdf" : "zpl"; }
std::optional<Format> parse_format(std::string_view name) {
    if (name == "pdf") return Format::pdf;
    if (name == "zpl") return Format::zpl;
    return std::nullopt;
}

Result<Address> parse_address(std::string_view text) {
    const std::string whole = trimmed(text);
    const auto wrong = [&] { return refused(trf("打印机地址“{}”应像 ipp://主机/ipp/print 或 socket://主机:9100", whole)); };
    const auto scheme_end = whole.find("://");
    if (scheme_end == std::string::npos) return wrong();
    const std::string scheme = whole.substr(0, scheme_end);
    Address address;
    if (scheme == "socket")
        address.raw = true;
    else if (scheme == "ipps" || scheme == "https")
        address.secure = true;
    else if (scheme != "ipp" && scheme != "http")
        return wrong();
    const std::string rest = whole.substr(scheme_end + 3);
    const auto slash = rest.find('/');
    std::string authority = rest.substr(0, slash);
    address.resource = slash == std::string::npos || address.raw ? "/" : rest.substr(slash);
    address.port = address.raw ? 9100 : 631;
    // IPv6 stands in brackets.
    const auto bracket = authority.rfind(']'), colon = authority.rfind(':');
    if (colon != std::string::npos && (bracket == std::string::npos || colon > bracket)) {
        SEALDESK_LET(port, port_of(std::string_view(authority).substr(colon + 1)));
        address.port = port;
        authority.resize(colon);
    }
    if (authority.size() > 2 && authority.front() == '[' && authority.back() == ']')
        authority = authority.substr(1, authority.size() - 2);
    // Nobody's name or password belongs into an address that is shown and stored.
    if (authority.empty() || authority.find_first_of(" @\\?#") != std::string::npos || has_control_characters(whole))
        return wrong();
    address.host = authority;
    return address;
}

std::string text_of(const Address& address) {
    const std::string host = address.host.find(':') == std::string::npos ? address.host : "[" + address.host + "]";
    if (address.raw) return fmt::format("socket://{}:{}", host, address.port);
    return fmt::format("{}://{}:{}{}", address.secure ? "ipps" : "ipp", host, address.port, address.resource);
}

std::string word_of_reason(std::string_view keyword) {
    const Reason* reason = find_reason(keyword);
    return reason != nullptr ? tr(reason->words) : std::string(keyword);
}

std::string words_of_reasons(const std::vector<std::string>& keywords) {
    std::string all;
    for (const auto& keyword : keywords) {
        const std::string word = word_of_reason(keyword);
        if (all.find(word) == std::string::npos) all += (all.empty() ? "" : tr("、")) + word;
    }
    return all;
}

std::string words_of_state(const Printer& printer) {
    const std::string reasons = words_of_reasons(printer.reasons);
    std::string words = printer.state == PrinterState::stopped      ? tr("打印机停了")
                        : printer.state == PrinterState::processing ? tr("正在打印")
                                                                    : "";
    const auto add = [&](const std::string& more) { words += (words.empty() || more.empty() ? "" : "，") + more; };
    add(reasons);
    if (!printer.accepting) add(tr("现在不接收任务"));
    return words.empty() ? std::string(tr("就绪")) : words;
}

bool stands_still(const std::vector<std::string>& keywords) {
    for (const auto& keyword : keywords) {
        if (keyword.ends_with("-report")) continue;
        const Reason* reason = find_reason(keyword);
        // What we have no word for stops the printer only when it says so itself.
        if (reason != nullptr ? reason->still : keyword.ends_with("-error")) return true;
    }
    return false;
}

std::vector<std::string> HostStatus::reasons() const {
    std::vector<std::string> list;
    if (paper_out) list.emplace_back("media-empty");
    if (head_open) list.emplace_back("cover-open");
    if (ribbon_out) list.emplace_back("marker-supply-empty");
    if (paused) list.emplace_back("paused");
    if (buffer_full) list.emplace_back("spool-area-full");
    return list;
}

std::optional<HostStatus> parse_host_status(std::string_view answer) {
    std::vector<std::vector<std::string>> lines;
    for (size_t at = 0; lines.size() < 3;) {
        const auto begin = answer.find('\x02', at), end = answer.find('\x03', at);
        if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) break;
        lines.push_back(split(answer.substr(begin + 1, end - begin - 1), ','));
        at = end + 1;
    }
    if (lines.size() < 2 || lines[0].size() < 12 || lines[1].size() < 11) return std::nullopt;
    const auto number = [](const std::string& digits) {
        int value = 0;
        std::from_chars(digits.data(), digits.data() + digits.size(), value);
        return value;
    };
    HostStatus status;
    status.paper_out = lines[0][1] == "1";
    status.paused = lines[0][2] == "1";
    status.formats_waiting = number(lines[0][4]);
    status.buffer_full = lines[0][5] == "1";
    status.head_open = lines[1][2] == "1";
    status.ribbon_out = lines[1][3] == "1";
    status.labels_left = number(lines[1][8]);
    return status;
}

}  // namespace sealdesk::printing

#include "shipping/waybill.h"

#include <array>

#include "base/text.h"
#include "base/translate.h"
#include "orders/number_ranges.h"
#include "orders/numbers.h"

namespace sealdesk::shipping {

using orders::Delivery;
using orders::DeliveryMethod;

std::string folded_waybill(std::string_view typed) {
    std::string number;
    for (const char c : upper_ascii(half_width(typed)))
        if (c != ' ') number += c;
    return number;
}

Result<std::string> check_waybill(std::string_view typed) {
    const std::string number = folded_waybill(typed);
    if (number.size() < 8 || number.size() > 32 ||
        number.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != std::string::npos)
        return refused(trf("快递单号“{}”应为 8 到 32 位字母、数字或连字符", typed));
    if (orders::has_s10_shape(number) && !orders::is_s10(number))
        return refused(trf("快递单号 {} 的校验位不对，请核对是否看错一位", number));
    return number;
}

namespace {

bool all_digits(std::string_view text) { return text.find_first_not_of("0123456789") == std::string_view::npos; }

struct Courier {
    const char* code;
    const char* words;
};
constexpr std::array<Courier, 10> kCouriers{{{"ems", "中国邮政 EMS"},
                                             {"shunfeng", "顺丰速运"},
                                             {"zhongtong", "中通快递"},
                                             {"yuantong", "圆通速递"},
                                             {"shentong", "申通快递"},
                                             {"yunda", "韵达快递"},
                                             {"jd", "京东快递"},
                                             {"jtexpress", "极兔速递"},
                                             {"debangkuaidi", "德邦快递"},
                                             {"youzhengguonei", "邮政快递包裹"}}};

// Symbols of a Code 128: pairs of digits in runs of four and more, everything else one by one.
size_t code128_symbols(std::string_view text) {
    size_t symbols = 3, run = 0;  // start, check, stop
    bool pairs = false;
    for (size_t i = 0; i <= text.size(); ++i) {
        if (i < text.size() && text[i] >= '0' && text[i] <= '9') {
            ++run;
            continue;
        }
        if (run >= 4) {
            // Switched to, unless it begins with them; then an odd one at the very end is switched back for.
            symbols += run / 2 + run % 2 + (i != run ? 1 : i == text.size() ? run % 2 : 0);
            pairs = true;
        } else {
            symbols += run;
        }
        run = 0;
        if (i == text.size()) break;
        symbols += pairs ? 2 : 1;  // and back
        pairs = false;
    }
    return symbols;
}

bool is_word_character(char32_t c) {
    if (c < 0x80) return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
    // Punctuation and symbols of the blocks that addresses use; everything else of a name counts.
    return c > 0x206F && !(c >= 0x3000 && c <= 0x303F && c != 0x3005 && c != 0x3007) && !(c >= 0xFF00 && c <= 0xFFEF) &&
           !(c >= 0xFE30 && c <= 0xFE6F) && !(c >= 0x2190 && c <= 0x2BFF);
}
bool is_ascii_word(char32_t c) { return c < 0x80; }

}  // namespace

std::string courier_of(std::string_view n) {
    if (orders::is_s10(n)) return "ems";
    if (n.starts_with("SF") && n.size() == 15 && all_digits(n.substr(2))) return "shunfeng";
    if (n.starts_with("YT") && n.size() == 15 && all_digits(n.substr(2))) return "yuantong";
    if (n.starts_with("DPK") && n.size() == 15 && all_digits(n.substr(3))) return "debangkuaidi";
    if (n.starts_with("JT") && n.size() == 15 && all_digits(n.substr(2))) return "jtexpress";
    if (n.starts_with("JD") && n.size() >= 13) return "jd";
    return "";
}

std::string guess_courier(std::string_view n) {
    if (auto certain = courier_of(n); !certain.empty()) return certain;
    if (n.empty() || !all_digits(n)) return "";
    if (n.size() == 18 && n.starts_with("88")) return "yuantong";
    if (n.size() == 13 && n[0] == '9') return "youzhengguonei";
    if (n.size() == 13 && n[0] == '1') return "ems";
    if (n.starts_with("77") && n.size() >= 13 && n.size() <= 15) return "shentong";
    if (n[0] == '7' && n.size() >= 12 && n.size() <= 14) return "zhongtong";
    return "";
}

bool has_roll_shape(std::string_view n) {
    if (!guess_courier(n).empty()) return true;
    return n.size() >= 12 && n.size() <= 15 && all_digits(n);
}

Result<> fits_label(std::string_view waybill) {
    constexpr size_t kNarrowest = 552, kDots = 2, kQuiet = 20;  // 69 mm at 203 dpi; dots of a module; modules on both sides
    const size_t modules = 11 * code128_symbols(waybill) + 2;
    if ((modules + kQuiet) * kDots <= kNarrowest) return {};
    return refused(trf("快递单号 {} 太长，面单上的条码放不下（字母最多 20 位）", waybill));
}

const std::vector<std::string>& known_couriers() {
    static const std::vector<std::string> list = [] {
        std::vector<std::string> codes;
        for (const auto& known : kCouriers) codes.emplace_back(known.code);
        return codes;
    }();
    return list;
}

std::string courier_name(std::string_view courier) {
    for (const auto& known : kCouriers)
        if (courier == known.code) return known.words;
    return std::string(courier);
}

std::string courier_word(std::string_view courier) { return tr(courier_name(courier).c_str()); }

std::string folded_address(std::string_view address) {
    std::string folded;
    char32_t last = 0;
    bool gap = false;
    for (const char32_t c : code_points(upper_ascii(half_width(address)))) {
        if (!is_word_character(c)) {
            gap = true;
            continue;
        }
        if (gap && last != 0 && is_ascii_word(last) && is_ascii_word(c)) folded += '-';
        folded += utf8(c);
        last = c;
        gap = false;
    }
    return folded;
}

std::string place_key(const Delivery& delivery) {
    const std::string who = std::string(name_of(delivery.method)) + '\n' + folded_address(delivery.recipient) + '\n' +
                            orders::normal_mobile(delivery.mobile);
    // Over the counter there is no address, but who collects is somebody.
    return delivery.method == DeliveryMethod::pickup ? who : who + '\n' + folded_address(delivery.address);
}

bool same_place(const Delivery& a, const Delivery& b) { return place_key(a) == place_key(b); }

}  // namespace sealdesk::shipping

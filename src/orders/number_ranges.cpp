#include "orders/number_ranges.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"
#include "base/translate.h"

namespace sealdesk::orders {

namespace {

constexpr bool is_letter(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

// What stands between two braces.
struct Field {
    enum class Kind { s10, digits, year, unknown } kind = Kind::unknown;
    int width = 0;  // digits: at least that many
};

Field field_of(std::string_view text) {
    if (text == "s10") return {Field::Kind::s10, 8};
    if (text == "yy") return {Field::Kind::year, 2};
    if (text.empty()) return {Field::Kind::digits, 0};
    int width = 0;
    if (!text.starts_with(":0")) return {};
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + 2, end, width);
    if (error != std::errc{} || stop != end || width < 1 || width > 30) return {};
    return {Field::Kind::digits, width};
}

// Calls `text` for every plain character and `field` for every {…}; false when a brace does not close.
template <class Plain, class Braced>
bool walk(std::string_view pattern, Plain plain, Braced braced) {
    for (size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] != '{') {
            plain(pattern[i]);
            continue;
        }
        const auto close = pattern.find('}', i);
        if (close == std::string_view::npos) return false;
        braced(field_of(pattern.substr(i + 1, close - i - 1)));
        i = close;
    }
    return true;
}

}  // namespace

int s10_check_digit(std::int64_t serial) {
    static constexpr std::array<int, 8> kWeights{8, 6, 4, 2, 3, 5, 9, 7};
    int sum = 0;
    for (size_t i = kWeights.size(); i-- > 0; serial /= 10) sum += static_cast<int>(serial % 10) * kWeights[i];
    const int check = 11 - sum % 11;
    return check == 10 ? 0 : check == 11 ? 5 : check;
}

bool has_s10_shape(std::string_view number) {
    if (number.size() != 13) return false;
    for (size_t i = 0; i < number.size(); ++i)
        if (i < 2 || i > 10 ? !is_letter(number[i]) : !is_digit(number[i])) return false;
    return true;
}

bool is_s10(std::string_view number) {
    if (!has_s10_shape(number)) return false;
    std::int64_t serial = 0;
    for (const char c : number.substr(2, 8)) serial = serial * 10 + (c - '0');
    return s10_check_digit(serial) == number[10] - '0';
}

Result<> check_range(const NumberRange& range) {
    const auto bad = [&](const char* why) { return refused(trf("号段 {} 的格式 {} 不对：{}", range.name, range.pattern, why)); };
    int serials = 0;
    bool plain_ok = true, fields_ok = true, fits = true;
    const bool closed = walk(
        range.pattern, [&](char c) { plain_ok = plain_ok && (is_letter(c) || is_digit(c) || c == '-'); },
        [&](Field field) {
            fields_ok = fields_ok && field.kind != Field::Kind::unknown;
            if (field.kind != Field::Kind::s10 && field.kind != Field::Kind::digits) return;
            ++serials;
            if (field.width > 0 && static_cast<int>(std::to_string(range.last).size()) > field.width) fits = false;
        });
    if (!closed || !fields_ok) return bad(tr("花括号里只能是 s10、yy、:0位数 或留空"));
    if (!plain_ok) return bad(tr("花括号外只能用大写字母、数字和连字符"));
    if (serials != 1) return bad(tr("必须有一个、且只有一个流水号"));
    if (!fits) return bad(tr("最后一个号码的位数放不下"));
    if (range.next < 0 || range.last < range.next - 1) return bad(tr("起止号码颠倒"));
    return {};
}

Result<NumberRange> parse_range(const std::string& name, std::string_view pattern, std::string_view first,
                                std::string_view last) {
    const auto number = [](std::string_view text) -> Result<std::int64_t> {
        const std::string clean = trimmed(half_width(text));
        std::int64_t value = 0;
        const auto [stop, error] = std::from_chars(clean.data(), clean.data() + clean.size(), value);
        if (clean.empty() || error != std::errc{} || stop != clean.data() + clean.size() || value < 0)
            return refused(trf("号段的起止号要填数字，“{}”不是", text));
        return value;
    };
    NumberRange range{name, trimmed(half_width(pattern)), 0, 0};
    SEALDESK_LET(from, number(first));
    SEALDESK_LET(to, number(last));
    range.next = from;
    range.last = to;
    SEALDESK_TRY(check_range(range));
    if (range.next > range.last) return refused(trf("号段 {} 的格式 {} 不对：{}", range.name, range.pattern, tr("起止号码颠倒")));
    return range;
}

bool overlap(const NumberRange& a, const NumberRange& b, Day today) {
    // Numbers of equal length ascend with their serial, so that first and last of each length say all.
    const auto spans = [&](const NumberRange& range) {
        std::vector<std::pair<std::string, std::string>> list;
        if (range.next > range.last) return list;
        for (std::int64_t from = range.next;;) {
            std::int64_t power = 10;  // the first serial with one digit more
            while (power <= from && power <= range.last / 10) power *= 10;
            const std::int64_t to = power > from ? std::min(range.last, power - 1) : range.last;
            list.emplace_back(render(range.pattern, from, today), render(range.pattern, to, today));
            if (to == range.last) return list;
            from = to + 1;
        }
    };
    for (const auto& [a_from, a_to] : spans(a))
        for (const auto& [b_from, b_to] : spans(b))
            if (a_from.size() == b_from.size() && a_from <= b_to && b_from <= a_to) return true;
    return false;
}

std::int64_t Ranges::remaining() const {
    std::int64_t left = in_use.remaining();
    for (const auto& range : waiting) left += range.remaining();
    return left;
}

std::string render(std::string_view pattern, std::int64_t serial, Day today) {
    std::string number;
    walk(
        pattern, [&](char c) { number += c; },
        [&](Field field) {
            switch (field.kind) {
                case Field::Kind::s10: number += fmt::format("{:08}{}", serial, s10_check_digit(serial)); break;
                case Field::Kind::digits: number += fmt::format("{:0{}}", serial, field.width); break;
                case Field::Kind::year: number += fmt::format("{:02}", today.year % 100); break;
                case Field::Kind::unknown: break;
            }
        });
    return number;
}

}  // namespace sealdesk::orders

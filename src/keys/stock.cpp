#include "keys/stock.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <numeric>

#include "base/text.h"
#include "base/translate.h"

namespace sealdesk::keys {

bool Ledger::balances() const { return in == std::accumulate(now.begin(), now.end(), std::int64_t{0}); }

std::string folded_serial(std::string_view serial) {
    std::string folded;
    for (const char c : upper_ascii(half_width(serial)))
        if (c != ' ' && c != '-') folded += c;
    return folded;
}

std::string came_in(const Box& box) {
    if (box.known == 0) return trf("{} 个 KEY 已入库", box.keys);
    return trf("{} 个 KEY 已入库，其中 {} 个插上时已经登记", box.keys, box.known);
}

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_serial(const std::string& text) {
    return !text.empty() && text.size() <= 32 && std::all_of(text.begin(), text.end(), [](char c) {
        return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_';
    });
}

}  // namespace

Result<std::vector<std::string>> serials_of(const Delivery& delivery) {
    const std::string first = half_width(delivery.first_serial);
    const std::string last = trimmed(delivery.last_serial).empty() ? first : half_width(delivery.last_serial);
    if (!is_serial(first)) return refused(tr("KEY 的序列号应为 1 到 32 个字母、数字或横线"));
    if (last == first) return std::vector{first};
    if (!is_serial(last) || last.size() != first.size()) return refused(tr("首尾序列号的长度不同，请核对包装盒上的号段"));
    // What counts is the digits that both end with, at most as many as a number holds.
    size_t begin = first.size();
    while (begin > 0 && first.size() - begin < 18 && is_digit(first[begin - 1]) && is_digit(last[begin - 1])) --begin;
    if (first.compare(0, begin, last, 0, begin) != 0) return refused(tr("首尾序列号的开头不同，请核对包装盒上的号段"));
    const auto number = [&](const std::string& text) {
        std::int64_t value = 0;
        std::from_chars(text.data() + begin, text.data() + text.size(), value);
        return value;
    };
    const std::int64_t from = number(first), to = number(last);
    if (begin == first.size() || to < from) return refused(tr("尾号小于首号，请核对包装盒上的号段"));
    if (to - from >= kMostInABox) return refused(trf("一盒最多 {} 个 KEY，这个号段有 {} 个，请核对", kMostInABox, to - from + 1));
    std::vector<std::string> list;
    for (std::int64_t at = from; at <= to; ++at)
        list.push_back(fmt::format("{}{:0{}}", first.substr(0, begin), at, first.size() - begin));
    return list;
}

}  // namespace sealdesk::keys

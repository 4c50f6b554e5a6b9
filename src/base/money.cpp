#include "base/money.h"

#include <fmt/format.h>

#include <array>
#include <cstdlib>

#include "base/translate.h"

namespace sealdesk {

std::string yuan(Fen amount) {
    const auto magnitude = static_cast<std::uint64_t>(std::llabs(amount.value));
    return fmt::format("{}{}.{:02}", amount.value < 0 ? "-" : "", magnitude / 100, magnitude % 100);
}

std::string yuan_on_screen(Fen amount) {
    std::string text = yuan(Fen{std::llabs(amount.value)});
    for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 6; at > 0; at -= 3) text.insert(static_cast<size_t>(at), ",");
    return (amount.value < 0 ? "-¥" : "¥") + text;
}

Result<Fen> parse_yuan(std::string_view text) {
    const auto bad = [&] { return refused(trf("“{}” 不是金额，应如 400.00", text)); };
    std::int64_t fen = 0;
    int decimals = -1;
    bool negative = false, any = false;
    for (size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '-' && i == 0) {
            negative = true;
        } else if (c == '.' && decimals < 0) {
            decimals = 0;
        } else if (c == ',' && decimals < 0) {
            continue;
        } else if (c >= '0' && c <= '9') {
            if (decimals == 2 || fen > 90'000'000'000'000'000) return bad();
            fen = fen * 10 + (c - '0');
            any = true;
            if (decimals >= 0) ++decimals;
        } else {
            return bad();
        }
    }
    if (!any) return bad();
    for (int i = decimals < 0 ? 0 : decimals; i < 2; ++i) fen *= 10;
    return Fen{negative ? -fen : fen};
}

namespace {

constexpr std::array<const char*, 10> kDigits{"零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"};
constexpr std::array<const char*, 4> kPlaces{"", "拾", "佰", "仟"};
constexpr std::array<const char*, 5> kGroups{"", "万", "亿", "万亿", "亿亿"};

// One group of four digits; a zero inside is written once, never at its end.
std::string capital_group(unsigned group) {
    std::string text;
    bool zero = false;
    for (int place = 3; place >= 0; --place) {
        static constexpr std::array<unsigned, 4> kPowers{1, 10, 100, 1000};
        const unsigned digit = group / kPowers[static_cast<size_t>(place)] % 10;
        if (digit == 0) {
            zero = !text.empty();
        } else {
            if (zero) text += kDigits[0];
            zero = false;
            text += std::string(kDigits[digit]) + kPlaces[static_cast<size_t>(place)];
        }
    }
    return text;
}

}  // namespace

std::string capital_amount(Fen amount, std::string_view yuan_character) {
    auto fen = static_cast<std::uint64_t>(std::llabs(amount.value));
    const std::uint64_t whole = fen / 100;
    const unsigned jiao = static_cast<unsigned>(fen / 10 % 10), rest = static_cast<unsigned>(fen % 10);
    std::string text;
    std::array<unsigned, 5> groups{};
    std::uint64_t left = whole;
    for (auto& group : groups) {
        group = static_cast<unsigned>(left % 10000);
        left /= 10000;
    }
    bool zero = false;
    for (size_t i = groups.size(); i-- > 0;) {
        if (groups[i] == 0) {
            zero = zero || !text.empty();
            continue;
        }
        if (!text.empty() && (zero || groups[i] < 1000)) text += kDigits[0];
        zero = false;
        text += capital_group(groups[i]) + kGroups[i];
    }
    if (whole > 0) text += yuan_character;
    if (fen == 0) return std::string("零") + std::string(yuan_character) + "整";
    if (jiao == 0 && rest == 0) {
        text += "整";
    } else {
        if (jiao != 0)
            text += std::string(kDigits[jiao]) + "角";
        else if (whole > 0)
            text += kDigits[0];
        text += rest != 0 ? std::string(kDigits[rest]) + "分" : "整";
    }
    return (amount.value < 0 ? "负" : "") + text;
}

TaxSplit split_tax(Fen gross, int rate_per_mille) {
    const std::int64_t magnitude = std::llabs(gross.value), divisor = 1000 + rate_per_mille;
    const std::int64_t net = (magnitude * 1000 * 2 + divisor) / (divisor * 2);
    const Fen signed_net{gross.value < 0 ? -net : net};
    return {signed_net, gross - signed_net};
}

}  // namespace sealdesk

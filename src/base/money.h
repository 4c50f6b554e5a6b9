// Fen: an amount of money, int64 fen (1/100 yuan). Never floating point.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sealdesk {

struct Fen {
    std::int64_t value = 0;

    auto operator<=>(const Fen&) const = default;
    Fen& operator+=(Fen other) {
        value += other.value;
        return *this;
    }
    Fen& operator-=(Fen other) {
        value -= other.value;
        return *this;
    }
    friend Fen operator+(Fen a, Fen b) { return {a.value + b.value}; }
    friend Fen operator-(Fen a, Fen b) { return {a.value - b.value}; }
    friend Fen operator-(Fen a) { return {-a.value}; }
    friend Fen operator*(Fen a, std::int64_t n) { return {a.value * n}; }
};

// "400.00", "-0.05": plain decimal yuan, for documents, CSV and JSON text.
std::string yuan(Fen amount);
// "¥1,400.00": for the screen.
std::string yuan_on_screen(Fen amount);
// Reads "400", "400.5", "1,400.00"; refuses more than two decimals and anything else.
Result<Fen> parse_yuan(std::string_view text);

// 人民币大写 by the rule of the payment settlement measures, without the prefix 人民币:
// 1409.50 -> 壹仟肆佰零玖元伍角整; negative amounts begin with 负. `yuan_character` is 元, or 圆 on invoices.
std::string capital_amount(Fen amount, std::string_view yuan_character = "元");

struct TaxSplit {
    Fen net, tax;
};
// Splits a tax-inclusive price; rate in per mille (60 = 6 %). Rounds half up; net + tax == gross exactly.
TaxSplit split_tax(Fen gross, int rate_per_mille);

}  // namespace sealdesk

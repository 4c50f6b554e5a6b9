#include "orders/numbers.h"

#include <fmt/format.h>

#include <array>

#include "base/text.h"
#include "base/translate.h"

namespace sealdesk::orders {

namespace {

constexpr std::string_view kUsccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

std::string normal(std::string_view text) { return upper_ascii(half_width(text)); }

NumberFinding wrong(std::string sentence, bool overridable = true) { return {false, overridable, std::move(sentence)}; }

// GB 11714: weights over eight body characters, plain 0-9A-Z values. '\0' for a character outside.
char organisation_check(std::string_view body) {
    constexpr std::array<int, 8> kWeights{3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (size_t i = 0; i < 8; ++i) {
        const char c = body[i];
        if (c >= '0' && c <= '9')
            sum += (c - '0') * kWeights[i];
        else if (c >= 'A' && c <= 'Z')
            sum += (c - 'A' + 10) * kWeights[i];
        else
            return '\0';
    }
    const int check = 11 - sum % 11;
    return check == 10 ? 'X' : check == 11 ? '0' : static_cast<char>('0' + check);
}

}  // namespace

NumberFinding check_uscc(std::string_view typed) {
    const std::string code = normal(typed);
    if (code.size() != 18) return wrong(trf("信用代码应为 18 位，现在是 {} 位", code.size()), false);
    constexpr std::array<int, 17> kWeights{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
    int sum = 0;
    for (size_t i = 0; i < 18; ++i) {
        const auto value = kUsccAlphabet.find(code[i]);
        if (value == std::string_view::npos) return wrong(trf("信用代码第 {} 位“{}”不是允许的字符", i + 1, code[i]), false);
        if (i < 17) sum += static_cast<int>(value) * kWeights[i];
    }
    for (size_t i = 2; i < 8; ++i)
        if (code[i] < '0' || code[i] > '9') return wrong(tr("信用代码第 3 至 8 位应为数字"), false);
    const char check = kUsccAlphabet[static_cast<size_t>((31 - sum % 31) % 31)];
    if (check != code[17]) return wrong(trf("信用代码校验位应为 {}，填的是 {}", check, code[17]));
    const char inner = organisation_check(std::string_view(code).substr(8, 8));
    if (inner != code[16]) return wrong(trf("信用代码第 17 位（组织机构代码校验位）应为 {}，填的是 {}", inner, code[16]));
    return {};
}

NumberFinding check_organisation_code(std::string_view typed) {
    std::string code = normal(typed);
    if (code.size() == 10 && code[8] == '-') code.erase(8, 1);
    if (code.size() != 9) return wrong(tr("组织机构代码应为 8 位加 1 位校验"), false);
    const char check = organisation_check(code);
    if (check == '\0') return wrong(tr("组织机构代码只能有数字和字母"), false);
    if (check != code[8]) return wrong(trf("组织机构代码校验位应为 {}，填的是 {}", check, code[8]));
    return {};
}

NumberFinding check_identity_number(std::string_view typed, Day today) {
    const std::string number = normal(typed);
    if (number.size() != 18) return wrong(trf("身份证号应为 18 位，现在是 {} 位", number.size()), false);
    constexpr std::array<int, 17> kWeights{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (size_t i = 0; i < 17; ++i) {
        if (number[i] < '0' || number[i] > '9') return wrong(trf("身份证号第 {} 位应为数字", i + 1), false);
        sum += (number[i] - '0') * kWeights[i];
    }
    constexpr std::string_view kProvinces =
        "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83";
    if (kProvinces.find(number.substr(0, 2)) == std::string_view::npos) return wrong(tr("身份证号开头的省份代码不存在"), false);
    const auto birth = parse_day(fmt::format("{}-{}-{}", number.substr(6, 4), number.substr(10, 2), number.substr(12, 2)));
    if (!birth) return wrong(tr("身份证号里的出生日期不存在"), false);
    if (*birth > today) return wrong(tr("身份证号里的出生日期在今天以后"), false);
    const char check = "10X98765432"[sum % 11];
    if (check != number[17]) return wrong(trf("身份证号校验位应为 {}，填的是 {}", check, number[17]));
    return {};
}

std::string normal_mobile(std::string_view typed) {
    std::string digits;
    for (const char c : half_width(typed))
        if (c != ' ' && c != '-' && c != '(' && c != ')' && c != '+') digits += c;
    if (digits.starts_with("0086")) digits.erase(0, 4);
    if (digits.size() == 13 && digits.starts_with("86")) digits.erase(0, 2);
    if (digits.size() == 12 && digits.starts_with("0")) digits.erase(0, 1);
    return digits;
}

NumberFinding check_mobile(std::string_view typed) {
    const std::string digits = normal_mobile(typed);
    if (digits.size() != 11 || digits.find_first_not_of("0123456789") != std::string::npos)
        return wrong(tr("手机号应为 11 位数字"), false);
    if (digits[0] != '1' || digits[1] < '3') return wrong(tr("手机号的号段不存在"), false);
    return {};
}

}  // namespace sealdesk::orders

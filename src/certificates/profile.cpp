#include "certificates/profile.h"

#include <toml++/toml.h>
#include <algorithm>
#include <array>
#include <set>

#include "base/files.h"
#include "base/translate.h"

namespace sealdesk::certificates {

namespace {

struct Usage {
    const char* name;
    int value;
};
constexpr std::array kKeyUsages{Usage{"digital_signature", 0}, Usage{"non_repudiation", 1}, Usage{"key_encipherment", 2},
                                Usage{"data_encipherment", 3}, Usage{"key_agreement", 4}};
constexpr std::array kExtendedUsages{Usage{"server_auth", NID_server_auth}, Usage{"client_auth", NID_client_auth},
                                     Usage{"code_signing", NID_code_sign}, Usage{"email_protection", NID_email_protect},
                                     Usage{"time_stamping", NID_time_stamp}};

Result<std::vector<std::string>> words(const toml::table& table, const char* key) {
    std::vector<std::string> result;
    const toml::node* node = table.get(key);
    if (!node) return result;
    const toml::array* array = node->as_array();
    if (!array) return refused(trf("证书模板的 {} 应当是列表", key));
    for (const toml::node& item : *array) {
        const auto text = item.value<std::string>();
        if (!text) return refused(trf("证书模板的 {} 应当是文字列表", key));
        result.push_back(*text);
    }
    return result;
}

template <class Known>
Result<std::vector<int>> usages(const toml::table& table, const char* key, const Known& known) {
    SEALDESK_LET(names, words(table, key));
    std::vector<int> values;
    for (const std::string& name : names) {
        const auto at = std::find_if(known.begin(), known.end(), [&](const Usage& usage) { return usage.name == name; });
        if (at == known.end()) return refused(trf("证书模板的 {} 中不认识“{}”", key, name));
        values.push_back(at->value);
    }
    return values;
}

}  // namespace

Result<Profile> parse_profile(std::string_view name, std::string_view text) {
    toml::table table;
    try {
        table = toml::parse(text);
    } catch (const toml::parse_error& error) {
        return fail(ErrorKind::refused, trf("证书模板 {} 第 {} 行写错了", name, error.source().begin.line),
                    std::string(error.description()));
    }
    static const std::set<std::string_view> known{"title",     "subject",   "algorithm",         "min_years",
                                                  "max_years", "key_usage", "extended_key_usage"};
    for (const auto& [key, value] : table)
        if (!known.contains(key.str())) return refused(trf("证书模板 {} 中不认识“{}”", name, key.str()));

    Profile profile;
    profile.name = name;
    profile.title = table["title"].value_or(std::string(name));
    profile.min_years = table["min_years"].value_or(0);
    profile.max_years = table["max_years"].value_or(0);
    if (profile.min_years < 1 || profile.max_years < profile.min_years || profile.max_years > 10)
        return refused(trf("证书模板 {} 的年限应当在 1 到 10 年之间", name));
    const std::string algorithm = table["algorithm"].value_or(std::string("rsa"));
    const auto known_algorithm = crypto::parse_algorithm(algorithm);
    if (!known_algorithm) return refused(trf("不认识的算法 {}，可以是 rsa、p256 或 sm2", algorithm));
    profile.algorithm = *known_algorithm;
    SEALDESK_LET(fields, words(table, "subject"));
    const auto has = [&](std::string_view field) { return std::find(fields.begin(), fields.end(), field) != fields.end(); };
    for (const std::string& field : fields)
        if (field != "C" && field != "O" && field != "CN" && field != "serialNumber")
            return refused(trf("证书模板的 {} 中不认识“{}”", "subject", field));
    if (!has("C") || !has("CN")) return refused(trf("证书模板 {} 的 subject 必须有 C 和 CN", name));
    profile.with_organisation = has("O");
    profile.with_number = has("serialNumber");
    SEALDESK_LET(key_usage, usages(table, "key_usage", kKeyUsages));
    SEALDESK_LET(extended, usages(table, "extended_key_usage", kExtendedUsages));
    if (key_usage.empty()) return refused(trf("证书模板 {} 没有写 key_usage", name));
    profile.key_usage = key_usage;
    profile.extended_key_usage = extended;
    return profile;
}

Result<Profile> read_profile(const std::filesystem::path& file) {
    SEALDESK_LET(text, read_file(file, size_t{64} << 10));
    return parse_profile(file.stem().string(), text);
}

Result<SubjectName> subject_for(const Profile& profile, SubjectName name) {
    if (!profile.with_organisation) name.organisation.clear();
    if (!profile.with_number) name.number.clear();
    if (profile.with_number && name.number.empty()) return refused(tr("证件号码不能为空"));
    SEALDESK_TRY(check(name));
    return name;
}

Instant end_of_validity(Instant from, int years) {
    Day day = day_of(from);
    day.year += years;
    const bool leap = (day.year % 4 == 0 && day.year % 100 != 0) || day.year % 400 == 0;
    if (day.month == 2 && day.day == 29 && !leap) day.day = 28;
    return start_of(next(day)) + -kSecond;
}

}  // namespace sealdesk::certificates

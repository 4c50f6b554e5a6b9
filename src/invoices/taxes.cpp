#include "invoices/taxes.h"

#include <toml++/toml.h>
#include <array>
#include <optional>
#include <string_view>

#include "base/files.h"
#include "base/translate.h"
#include "base/words.h"

namespace sealdesk::invoices {

namespace {

constexpr std::array<Word<Item>, 4> kItems{{{Item::certificate, "certificate", "数字证书"},
                                            {Item::key, "key", "KEY"},
                                            {Item::freight, "freight", "运费"},
                                            {Item::handling_fee, "handling_fee", "手续费"}}};

// Reads one table and remembers what is wrong with it; names that nobody asked for are misspelt.
class Fields {
public:
    explicit Fields(const toml::table& table) : table_(table) {}

    std::string text(const char* name) {
        ++asked_;
        const auto value = table_[name].value<std::string>();
        if (!value || value->empty()) wrong(trf("缺少 {}", name));
        return value.value_or("");
    }
    int number(const char* name) {
        ++asked_;
        const auto value = table_[name].value_exact<std::int64_t>();
        if (!value || *value < 0 || *value > 200) wrong(trf("{} 应为 0 到 200 的整数", name));
        return static_cast<int>(value.value_or(0));
    }
    Day day(const char* name) {
        const auto parsed = parse_day(text(name));
        if (!parsed) wrong(parsed.error().message);
        return parsed.value_or(Day{});
    }
    Result<> done() {
        if (wrong_.empty() && table_.size() != asked_) wrong(tr("有不认识的字段"));
        if (wrong_.empty()) return {};
        return refused(wrong_);
    }

private:
    void wrong(const std::string& why) {
        if (wrong_.empty()) wrong_ = why;
    }
    const toml::table& table_;
    size_t asked_ = 0;
    std::string wrong_;
};

Result<TaxRate> rate_from(const toml::table& table) {
    Fields fields(table);
    TaxRate rate;
    const std::string item = fields.text("item");
    rate.printed = fields.text("printed");
    rate.unit = fields.text("unit");
    if (table.contains("code")) {
        rate.code = fields.text("code");
        if (rate.code.size() != 19 || rate.code.find_first_not_of("0123456789") != std::string::npos)
            return refused(trf("{} 的 code 应为 19 位税收分类编码", item));
    }
    rate.rate_per_mille = fields.number("per_mille");
    rate.from = fields.day("from");
    rate.until = fields.day("until");
    SEALDESK_TRY(fields.done());
    if (rate.until < rate.from) return refused(trf("{} 的起止日期颠倒", item));
    const auto known = value_of(kItems, item);
    if (!known) return refused(trf("没有“{}”这个项目", item));
    rate.item = *known;
    return rate;
}

Result<Taxes> taxes_from(const toml::table& root) {
    Taxes taxes;
    const auto* seller = root["seller"].as_table();
    const auto* rates = root["rate"].as_array();
    if (seller == nullptr || rates == nullptr || root.size() != 2) return refused(tr("应有 [seller] 和 [[rate]] 两部分"));
    Fields fields(*seller);
    taxes.seller = {fields.text("name"), fields.text("tax_number")};
    SEALDESK_TRY(fields.done());
    for (const auto& node : *rates) {
        if (node.as_table() == nullptr) return refused(tr("[[rate]] 应为表"));
        SEALDESK_LET(rate, rate_from(*node.as_table()));
        for (const auto& other : taxes.rates)
            if (other.item == rate.item && other.from <= rate.until && rate.from <= other.until)
                return refused(trf("{}的两个税率时段重叠", word_of(rate.item)));
        taxes.rates.push_back(std::move(rate));
    }
    return taxes;
}

}  // namespace

const char* name_of(Item item) { return entry_of(kItems, item).name; }
const char* word_of(Item item) { return tr(entry_of(kItems, item).words); }

Result<TaxRate> Taxes::of(Item item, Day day) const {
    for (const auto& rate : rates)
        if (rate.item == item && rate.from <= day && day <= rate.until) return rate;
    return refused(trf("{} 没有 {} 的税率，请在税率文件里补上", text_of(day), word_of(item)));
}

Result<Taxes> load_taxes(const std::filesystem::path& path) {
    SEALDESK_LET(text, read_file(path, size_t{1} << 20));
    const auto bad = [&](const std::string& why) { return refused(trf("税率文件 {} 有错：{}", path.filename().string(), why)); };
    try {
        auto taxes = taxes_from(toml::parse(text));
        if (!taxes) return bad(taxes.error().message);
        return taxes;
    } catch (const toml::parse_error& error) {
        return bad(trf("第 {} 行不是 TOML", error.source().begin.line));
    }
}

}  // namespace sealdesk::invoices

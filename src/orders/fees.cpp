#include "orders/fees.h"

#include <toml++/toml.h>

#include <sstream>

#include "base/files.h"
#include "base/translate.h"

namespace sealdesk::orders {

namespace {

Result<std::int64_t> entry(const toml::table& table, const char* section, const char* name, std::int64_t most) {
    const auto value = table[section][name].value_exact<std::int64_t>();
    if (!value || *value < 0 || *value > most)
        return refused(trf("收费表中的 {}.{} 缺少或不是 0 到 {} 的整数", section, name, most));
    return *value;
}

constexpr std::int64_t kMostFen = 10'000'000;

}  // namespace

Result<Fees> load_fees(const std::filesystem::path& file) try {
    SEALDESK_LET(text, read_file(file, 1 << 16));
    const toml::table table = toml::parse(text);
    Fees fees;
    SEALDESK_LET(unit, entry(table, "certificate", "unit", kMostFen));
    SEALDESK_LET(person, entry(table, "certificate", "person", kMostFen));
    SEALDESK_LET(freight, entry(table, "payment", "freight", kMostFen));
    fees.unit_year = {unit};
    fees.person_year = {person};
    fees.freight = {freight};
    for (const auto kind : {OrderKind::create, OrderKind::replacement, OrderKind::renewal, OrderKind::change}) {
        SEALDESK_LET(key, entry(table, "key", name_of(kind), kMostFen));
        fees.key[static_cast<size_t>(kind)] = {key};
    }
    for (const auto channel : {Channel::alipay, Channel::cpcn}) {
        SEALDESK_LET(rate, entry(table, "handling", name_of(channel), 100));
        fees.handling[static_cast<size_t>(channel)] = static_cast<int>(rate);
    }
    return fees;
} catch (const toml::parse_error& error) {
    std::ostringstream where;
    where << error;
    return fail(ErrorKind::refused, trf("收费表 {} 写得不对", file.string()), where.str());
}

Amounts quote(const Fees& fees, OrderKind kind, SubjectKind subject, int years, int quantity) {
    const Fen year = subject == SubjectKind::unit ? fees.unit_year : fees.person_year;
    return {year * years * quantity, fees.key[static_cast<size_t>(kind)] * quantity};
}

Settlement settle(const Fees& fees, Channel channel, Fen orders, DeliveryMethod delivery) {
    const Fen freight = delivery == DeliveryMethod::courier ? fees.freight : Fen{0};
    const Fen goods = orders + freight;
    const Fen handling{(goods.value * fees.handling[static_cast<size_t>(channel)] + 500) / 1000};
    return {freight, handling, goods + handling};
}

}  // namespace sealdesk::orders

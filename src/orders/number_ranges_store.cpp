#include "base/translate.h"
#include "orders/number_ranges.h"
#include "storage/rows.h"

namespace sealdesk::orders {

using storage::Database;
using storage::Tx;

namespace {

Result<NumberRange> range_of(Tx& tx, const std::string& name) {
    NumberRange range;
    storage::for_each_row(
        tx, "SELECT name, pattern, next, last FROM number_ranges WHERE name = :name",
        std::tie(range.name, range.pattern, range.next, range.last), [] {}, name);
    if (range.name.empty()) return refused(trf("还没有设置号段 {}，请管理员先设置", name));
    return range;
}

}  // namespace

Result<> define(Tx& tx, const NumberRange& range) {
    SEALDESK_TRY(check_range(range));
    const auto there = range_of(tx, range.name);
    if (!there) {
        storage::change(tx, "INSERT INTO number_ranges (name, pattern, next, last) VALUES (:name, :pattern, :next, :last)",
                        range.name, range.pattern, range.next, range.last);
        return {};
    }
    if (range.pattern == there->pattern && range.next < there->next)
        return refused(trf("号段 {} 已经用到 {}，不能退回到 {}", range.name, there->next, range.next));
    storage::change(tx, "UPDATE number_ranges SET pattern = :pattern, next = :next, last = :last WHERE name = :name",
                    range.pattern, range.next, range.last, range.name);
    return {};
}

Result<std::string> take(Tx& tx, const std::string& name) {
    SEALDESK_LET(range, range_of(tx, name));
    if (range.remaining() == 0)
        return refused(trf("号段 {} 的号码已经用完（到 {} 为止），请管理员添加新的号段", name, range.last));
    storage::change(tx, "UPDATE number_ranges SET next = next + 1 WHERE name = :name", name);
    return render(range.pattern, range.next, day_of(tx.now));
}

Result<NumberRange> number_range(Database& database, const std::string& name) {
    return database.read([&](Tx& tx) { return range_of(tx, name); });
}

Result<std::int64_t> remaining(Database& database, const std::string& name) {
    SEALDESK_LET(range, number_range(database, name));
    return range.remaining();
}

}  // namespace sealdesk::orders

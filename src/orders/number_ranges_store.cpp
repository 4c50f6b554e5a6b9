#include <nlohmann/json.hpp>

#include "audit/audit.h"
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
        storage::change(
            tx, "INSERT INTO number_ranges (name, pattern, next, last, first) VALUES (:name, :pattern, :next, :last, :first)",
            range.name, range.pattern, range.next, range.last, range.next);
        return {};
    }
    if (range.pattern == there->pattern && range.next < there->next)
        return refused(trf("号段 {} 已经用到 {}，不能退回到 {}", range.name, there->next, range.next));
    storage::change(tx, "UPDATE number_ranges SET pattern = :pattern, next = :next, last = :last WHERE name = :name",
                    range.pattern, range.next, range.last, range.name);
    if (range.pattern != there->pattern)
        storage::change(tx, "UPDATE number_ranges SET first = :first WHERE name = :name", range.next, range.name);
    return {};
}

namespace {

// Ranges of that name: those that wait, those that are over, or both.
std::vector<std::pair<std::int64_t, NumberRange>> rolls_of(Tx& tx, const std::string& name, const char* condition) {
    std::vector<std::pair<std::int64_t, NumberRange>> list;
    NumberRange range;
    std::int64_t id = 0;
    storage::for_each_row(
        tx,
        std::string("SELECT id, name, pattern, first, last FROM number_rolls WHERE name = :name AND ") + condition +
            " ORDER BY id",
        std::tie(id, range.name, range.pattern, range.next, range.last), [&] { list.emplace_back(id, range); }, name);
    return list;
}

void insert_roll(Tx& tx, const NumberRange& range, const char* state, const std::string& by) {
    const std::string text = state;
    storage::change(tx,
                    "INSERT INTO number_rolls (name, pattern, first, last, state, added_by, added_at) VALUES (:name, :pattern, "
                    ":first, :last, :state, :by, :at)",
                    range.name, range.pattern, range.next, range.last, text, by, tx.now.ms);
}

std::int64_t first_of(Tx& tx, const std::string& name) {
    return storage::one<std::int64_t>(tx, "SELECT first FROM number_ranges WHERE name = :name", 0, name);
}

// The one in use is used up: the next that waits takes its place, and the old one is remembered.
bool begin_next(Tx& tx, NumberRange& in_use) {
    const auto waiting = rolls_of(tx, in_use.name, "state = 'waiting'");
    if (waiting.empty()) return false;
    NumberRange over = in_use;
    over.next = first_of(tx, in_use.name);
    insert_roll(tx, over, "over", "");
    storage::change(tx, "DELETE FROM number_rolls WHERE id = :id", waiting.front().first);
    in_use = waiting.front().second;
    storage::change(tx,
                    "UPDATE number_ranges SET pattern = :pattern, next = :next, last = :last, first = :first WHERE name = :name",
                    in_use.pattern, in_use.next, in_use.last, in_use.next, in_use.name);
    return true;
}

Result<> free_numbers(Tx& tx, const NumberRange& range) {
    const Day today = day_of(tx.now);
    auto others = rolls_of(tx, range.name, "state IN ('waiting', 'over')");
    if (const auto in_use = range_of(tx, range.name)) {
        NumberRange whole = *in_use;
        whole.next = first_of(tx, range.name);
        others.emplace_back(0, whole);
    }
    for (const auto& [id, other] : others)
        if (overlap(range, other, today))
            return refused(trf("和已有的号段 {}（{} 到 {}）重叠", other.pattern, render(other.pattern, other.next, today),
                               render(other.pattern, other.last, today)));
    if (range.name != "invoice") return {};
    // Invoices from before ranges were remembered.
    std::string taken;
    const auto from = render(range.pattern, range.next, today), to = render(range.pattern, range.last, today);
    const auto size = static_cast<std::int64_t>(from.size());
    storage::for_each_row(
        tx,
        "SELECT number FROM invoices WHERE number >= :from AND number <= :to AND LENGTH(number) = :size ORDER BY number LIMIT 1",
        std::tie(taken), [] {}, from, to, size);
    if (!taken.empty()) return refused(trf("发票号码 {} 已经用过，在这个号段里", taken));
    return {};
}

}  // namespace

Result<> add_range(Database& database, const staff::Actor& actor, const NumberRange& range) {
    SEALDESK_TRY(staff::require(actor, staff::Role::administrator));
    if (range.name != "invoice" && range.name != "waybill" && range.name != "manifest")
        return refused(trf("没有叫 {} 的号段，可以是 invoice、waybill 或 manifest", range.name));
    SEALDESK_TRY(check_range(range));
    if (range.next > range.last) return refused(trf("号段 {} 的格式 {} 不对：{}", range.name, range.pattern, tr("起止号码颠倒")));
    return database.write([&](Tx& tx) -> Result<> {
        const Day today = day_of(tx.now);
        for (const auto serial : {range.next, range.last}) {
            const std::string number = render(range.pattern, serial, today);
            if (range.name == "waybill" &&
                (number.size() < 8 || number.size() > 20 || (has_s10_shape(number) && !is_s10(number))))
                return refused(trf("快递单号 {} 不能用：应为 8 到 20 位，国际邮政格式要带校验位（{{s10}}）", number));
        }
        SEALDESK_TRY(free_numbers(tx, range));
        if (const auto in_use = range_of(tx, range.name); !in_use) {
            SEALDESK_TRY(define(tx, range));
        } else {
            insert_roll(tx, range, "waiting", actor.login);
        }
        audit::append(tx, actor.login, "range.add", range.name,
                      nlohmann::json{{"pattern", range.pattern}, {"first", range.next}, {"last", range.last}}.dump());
        return {};
    });
}

Result<std::vector<Ranges>> ranges(Database& database) {
    return database.read([](Tx& tx) -> Result<std::vector<Ranges>> {
        std::vector<Ranges> list;
        for (const char* name : {"invoice", "waybill", "manifest"}) {
            auto in_use = range_of(tx, name);
            if (!in_use) continue;
            Ranges each{std::move(*in_use), {}};
            for (auto& [id, range] : rolls_of(tx, name, "state = 'waiting'")) each.waiting.push_back(std::move(range));
            list.push_back(std::move(each));
        }
        return list;
    });
}

Result<std::string> take(Tx& tx, const std::string& name) {
    SEALDESK_LET(range, range_of(tx, name));
    if (range.remaining() == 0 && !begin_next(tx, range))
        return refused(trf("号段 {} 的号码已经用完（到 {} 为止），请管理员添加新的号段", name, range.last));
    storage::change(tx, "UPDATE number_ranges SET next = next + 1 WHERE name = :name", name);
    return render(range.pattern, range.next, day_of(tx.now));
}

Result<NumberRange> number_range(Database& database, const std::string& name) {
    return database.read([&](Tx& tx) { return range_of(tx, name); });
}

Result<std::int64_t> remaining(Database& database, const std::string& name) {
    return database.read([&](Tx& tx) -> Result<std::int64_t> {
        SEALDESK_LET(range, range_of(tx, name));
        std::int64_t left = range.remaining();
        for (const auto& [id, waiting] : rolls_of(tx, name, "state = 'waiting'")) left += waiting.remaining();
        return left;
    });
}

}  // namespace sealdesk::orders

#include "demo/once.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "orders/number_ranges.h"
#include "storage/rows.h"

namespace sealdesk::demo {

namespace {

struct SentAct {
    std::string uuid, order_no, kind;
    auto operator<=>(const SentAct&) const = default;
};

Result<std::vector<SentAct>> acts_in(storage::Database& database, const std::string& where) {
    std::vector<SentAct> list;
    SEALDESK_TRY(database.read([&](storage::Tx& tx) -> Result<> {
        SentAct act;
        storage::for_each_row(tx, "SELECT uuid, order_no, kind FROM acts" + where, std::tie(act.uuid, act.order_no, act.kind),
                              [&] { list.push_back(act); });
        return {};
    }));
    return list;
}

Result<> acts_happened_once(desk::Desk& desk, const Centre& centre, std::vector<std::string>& faults) {
    SEALDESK_LET(portal, storage::Database::open({centre.portal_database(), desk.places().data / "migrations/portal",
                                                  &desk.clock(), &desk.random(), 1}));
    SEALDESK_LET(sent, acts_in(desk.database(), " WHERE state = 'sent'"));
    SEALDESK_LET(applied, acts_in(*portal, ""));
    if (std::set(sent.begin(), sent.end()) != std::set(applied.begin(), applied.end()) || sent.size() != applied.size())
        faults.push_back(
            fmt::format("the desk sent {} acts, the portal applied {} and not the same ones", sent.size(), applied.size()));
    std::map<std::pair<std::string, std::string>, int> of_order;  // by order and kind
    for (const auto& act : applied) ++of_order[{act.order_no, act.kind}];
    for (const auto& planned : centre.plan().orders) {
        SEALDESK_LET(order, orders::load(desk.database(), planned.no));
        SEALDESK_LET(decisions, review::decisions(desk.database(), planned.no));
        int rejected = 0;
        for (const auto& decision : decisions) rejected += !decision.undone && decision.verdict == "rejected";
        const bool done = order.state == orders::State::completed;
        for (const auto& [kind, times] : {std::pair{"rejected", rejected},
                                          {"approved", done ? 1 : 0},
                                          {"bound", done ? order.order.quantity : 0},
                                          {"issued", done ? 1 : 0},
                                          {"invoiced", done ? 1 : 0},
                                          {"shipped", done ? 1 : 0}})
            if (const int there = of_order[{planned.no, kind}]; there != times)
                faults.push_back(fmt::format("{}: {} was applied {} times, should be {}", planned.no, kind, there, times));
    }
    return {};
}

// Gapless: the numbers that are used are the last ones before the range's next.
Result<> numbers_were_used_once(desk::Desk& desk, const std::string& range_name, const std::string& query,
                                std::vector<std::string>& faults) {
    SEALDESK_LET(range, orders::number_range(desk.database(), range_name));
    std::vector<std::string> used;
    SEALDESK_TRY(desk.database().read([&](storage::Tx& tx) -> Result<> {
        std::string number;
        storage::for_each_row(tx, query, std::tie(number), [&] { used.push_back(number); });
        return {};
    }));
    const std::set<std::string> numbers(used.begin(), used.end());
    if (numbers.size() != used.size()) faults.push_back(range_name + ": a number was used twice");
    const Day today = day_of(desk.clock().now());
    for (auto serial = range.next - static_cast<std::int64_t>(used.size()); serial < range.next; ++serial)
        if (const auto number = orders::render(range.pattern, serial, today); !numbers.contains(number))
            faults.push_back(range_name + ": number " + number + " was taken and is nowhere");
    return {};
}

}  // namespace

Result<> count_what_happens_once(desk::Desk& desk, const Centre& centre, std::vector<std::string>& faults) {
    SEALDESK_TRY(acts_happened_once(desk, centre, faults));
    SEALDESK_TRY(numbers_were_used_once(desk, "invoice", "SELECT number FROM invoices", faults));
    SEALDESK_TRY(numbers_were_used_once(desk, "waybill", "SELECT waybill FROM shipments WHERE waybill <> ''", faults));
    // An invoice for each payment that paid for something, and no other.
    return desk.database().read([&](storage::Tx& tx) -> Result<> {
        const auto wrong = storage::one<std::int64_t>(
            tx,
            "SELECT COUNT(*) FROM payments p WHERE "
            "(SELECT COUNT(*) FROM invoices i WHERE i.payment_no = p.no) <> "
            "(CASE WHEN EXISTS (SELECT 1 FROM orders o WHERE o.payment_no = p.no AND o.state = 'completed') THEN 1 ELSE 0 END)",
            0);
        if (wrong > 0) faults.push_back(fmt::format("{} payments have no invoice, or one too many", wrong));
        return {};
    });
}

}  // namespace sealdesk::demo

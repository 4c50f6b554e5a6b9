#include "panels/keys_questions.h"

#include <algorithm>

#include "acts/acts.h"
#include "base/translate.h"
#include "orders/refunded.h"
#include "seals/seals.h"

namespace sealdesk::panels {

constexpr int kOrders = 100, kCertificates = 50;

const keys::Job* OrderToWrite::open() const {
    const auto found = std::find_if(jobs.begin(), jobs.end(), [](const keys::Job& job) { return !job.finished(); });
    return found == jobs.end() ? nullptr : &*found;
}

int OrderToWrite::next_unit() const {
    if (const keys::Job* begun = open()) return begun->unit_no;
    int unit = 1;
    for (const auto& job : jobs) unit += job.unit_no == unit ? 1 : 0;  // the first that is free, as keys::begin() takes it
    return std::min(unit, order.order.quantity);
}

int OrderToWrite::free_units() const { return std::max(0, order.order.quantity - static_cast<int>(jobs.size())); }

Result<std::vector<OrderToWrite>> orders_to_write(storage::Database& database, const keys::Bench& bench,
                                                  const std::string& wanted) {
    SEALDESK_LET(begun, keys::open_jobs(database));
    orders::Filter filter;
    filter.state = orders::State::approved;
    SEALDESK_LET(rows, orders::page(database, filter, {}, kOrders));
    std::vector<std::string> numbers;
    const auto add = [&](const std::string& no) {
        if (std::find(numbers.begin(), numbers.end(), no) == numbers.end()) numbers.push_back(no);
    };
    for (const auto& job : begun) add(job.order_no);
    for (const auto& row : rows) add(row.no);
    if (!wanted.empty() && orders::load(database, wanted)) add(wanted);
    std::vector<OrderToWrite> list;
    for (const auto& no : numbers) {
        OrderToWrite entry;
        SEALDESK_TRY(database.read([&](storage::Tx& tx) -> Result<> {
            SEALDESK_LET(order, orders::load(tx, no));
            entry.order = std::move(order);
            entry.approver = staff::person_of(tx, entry.order.approved_by);
            entry.refunded = orders::refunded_by_portal(tx, no);
            const Instant until = acts::held_until(tx, no);
            entry.undo_until = until > tx.now ? until : Instant{};
            if (entry.order.state != orders::State::approved || !bench.ready) return {};
            SEALDESK_LET(accepted, seals::accepted_picture(tx, no));
            if (accepted) entry.seal = trf("{}，{}", seals::word_of(accepted->source), accepted->description);
            if (const auto ready = bench.ready(tx, no); !ready) entry.not_ready = ready.error().message;
            return {};
        }));
        // What was refunded or taken back is no work any more.
        if (entry.order.state != orders::State::approved) continue;
        SEALDESK_LET(jobs, keys::jobs_of(database, no));
        entry.jobs = std::move(jobs);
        if (entry.jobs.empty() && entry.order.order.kind != orders::OrderKind::create) {
            SEALDESK_LET(meant, keys::may_replace(database, no));
            entry.to_name = std::move(meant);
        }
        list.push_back(std::move(entry));
    }
    std::stable_partition(list.begin(), list.end(), [](const OrderToWrite& each) { return !each.refunded; });
    return list;
}

Result<Register> certificate_register(storage::Database& database) {
    SEALDESK_LET(newest, certificates::page(database, kCertificates));
    SEALDESK_LET(crl, certificates::newest_crl(database));
    return Register{std::move(newest), std::move(crl)};
}

std::string why_not_to_write(const OrderToWrite& order, const staff::Actor& actor, const keys::Rules& rules, Instant now) {
    if (!staff::has(actor.roles, staff::Role::officer)) return tr("只有制证员可以写 KEY");
    if (order.refunded) {
        std::string serials;
        for (const auto& job : order.jobs) serials += (serials.empty() ? "" : "、") + job.key_serial;
        if (serials.empty()) return tr("订单已退款，不再制作 KEY。请主管在“需要处理”里结束退款");
        return trf("订单已退款，不再制作 KEY。请收回 KEY {}，由主管在“需要处理”里结束退款", serials);
    }
    if (rules.maker_is_not_checker && order.order.approved_by == actor.login)
        return tr("这一单由您审核通过，须由另一位制证员写 KEY");
    if (order.undo_until > now)
        return trf("审核结论还可以撤销，{} 秒后可以写 KEY", (order.undo_until - now + kSecond - 1) / kSecond);
    if (!order.to_name.unknown.empty())
        return trf("本中心没有为这个主体登记过要补办的证书 {}，请先指明是哪一张", order.to_name.unknown);
    if (order.to_name.asked()) return trf("这个主体有 {} 张证书可能要补办，请先指明是哪一张", order.to_name.list.size());
    return order.not_ready;
}

std::string key_for(const OrderToWrite& order, const std::vector<PluggedKey>& plugged) {
    const keys::Job* begun = order.open();
    std::string locked;
    for (const auto& each : plugged) {
        if (begun ? each.token.serial != begun->key_serial : !each.blank()) continue;
        if (begun || !each.token.pin_locked) return each.token.serial;
        if (locked.empty()) locked = each.token.serial;
    }
    return locked;
}

std::vector<Assignment> assign(const std::vector<OrderToWrite>& orders, const std::vector<PluggedKey>& plugged,
                               const staff::Actor& actor, const keys::Rules& rules, Instant now, const std::string& first_order,
                               const std::string& first_key) {
    std::vector<Assignment> list;
    std::vector<const OrderToWrite*> waiting;
    for (const auto& order : orders) {
        if (!why_not_to_write(order, actor, rules, now).empty()) continue;
        const bool first = order.order.order.no == first_order;
        waiting.insert(first ? waiting.begin() : waiting.end(), &order);
        for (const auto& job : order.jobs) {
            const bool here = std::any_of(plugged.begin(), plugged.end(),
                                          [&](const PluggedKey& each) { return each.token.serial == job.key_serial; });
            if (!job.finished() && here) list.push_back({job.key_serial, job.order_no, true, job.subject_name});
        }
    }
    std::vector<std::string> blank;
    for (const auto& each : plugged) {
        if (!each.blank() || each.token.pin_locked) continue;
        blank.insert(each.token.serial == first_key ? blank.begin() : blank.end(), each.token.serial);
    }
    auto next = blank.begin();
    for (const OrderToWrite* order : waiting) {
        // A begun unit whose KEY is away has to be finished first; the verb asks for that KEY.
        const bool away = std::any_of(order->jobs.begin(), order->jobs.end(), [&](const keys::Job& job) {
            return !job.finished() && std::none_of(list.begin(), list.end(),
                                                   [&](const Assignment& each) { return each.key_serial == job.key_serial; });
        });
        for (int unit = away ? 0 : order->free_units(); unit > 0 && next != blank.end(); --unit)
            list.push_back({*next++, order->order.order.no, false, order->order.order.subject.name});
    }
    return list;
}

}  // namespace sealdesk::panels

#include "panels/keys_questions.h"

#include <algorithm>

#include "acts/acts.h"
#include "base/translate.h"

namespace sealdesk::panels {

constexpr int kOrders = 100, kCertificates = 50;

const keys::Job* OrderToWrite::open() const {
    const auto found = std::find_if(jobs.begin(), jobs.end(), [](const keys::Job& job) { return !job.finished(); });
    return found == jobs.end() ? nullptr : &*found;
}

int OrderToWrite::next_unit() const {
    if (const keys::Job* begun = open()) return begun->unit_no;
    return std::min(static_cast<int>(jobs.size()) + 1, order.order.quantity);
}

Result<std::vector<OrderToWrite>> orders_to_write(storage::Database& database) {
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
    std::vector<OrderToWrite> list;
    for (const auto& no : numbers) {
        OrderToWrite entry;
        SEALDESK_TRY(database.read([&](storage::Tx& tx) -> Result<> {
            SEALDESK_LET(order, orders::load(tx, no));
            entry.order = std::move(order);
            const Instant until = acts::held_until(tx, no);
            entry.undo_until = until > tx.now ? until : Instant{};
            return {};
        }));
        // A begun KEY of an order that was refunded is no work any more.
        if (entry.order.state != orders::State::approved) continue;
        SEALDESK_LET(jobs, keys::jobs_of(database, no));
        entry.jobs = std::move(jobs);
        list.push_back(std::move(entry));
    }
    return list;
}

static keys::Key new_key(const keys::TokenInfo& token) {
    keys::Key key;
    key.serial = token.serial;
    key.label = token.label;
    key.model = token.model;
    return key;
}

Result<std::vector<PluggedKey>> plugged_keys(storage::Database& database, keys::Tokens& tokens) {
    SEALDESK_LET(all, tokens.list());
    std::erase_if(all, [](const keys::TokenInfo& token) { return token.serial.empty(); });
    std::vector<PluggedKey> plugged;
    std::vector<keys::TokenInfo> strange;
    for (const auto& token : all) {
        SEALDESK_LET(known, keys::find_key(database, token.serial));
        if (!known) strange.push_back(token);
        plugged.push_back({token, known.value_or(new_key(token))});
    }
    if (!strange.empty()) SEALDESK_TRY(keys::seen(database, strange));
    return plugged;
}

Result<Register> certificate_register(storage::Database& database) {
    SEALDESK_LET(newest, certificates::page(database, kCertificates));
    SEALDESK_LET(crl, certificates::newest_crl(database));
    return Register{std::move(newest), std::move(crl)};
}

std::string why_not_to_write(const OrderToWrite& order, const staff::Actor& actor, const keys::Rules& rules, Instant now) {
    if (!staff::has(actor.roles, staff::Role::officer)) return tr("只有制证员可以写 KEY");
    if (rules.maker_is_not_checker && order.order.approved_by == actor.login)
        return tr("这一单由您审核通过，须由另一位制证员写 KEY");
    if (order.undo_until > now)
        return trf("审核结论还可以撤销，{} 秒后可以写 KEY", (order.undo_until - now + kSecond - 1) / kSecond);
    return {};
}

std::string key_for(const OrderToWrite& order, const std::vector<PluggedKey>& plugged) {
    const keys::Job* begun = order.open();
    for (const auto& each : plugged)
        if (begun ? each.token.serial == begun->key_serial : each.key.state == keys::KeyState::blank) return each.token.serial;
    return {};
}

}  // namespace sealdesk::panels

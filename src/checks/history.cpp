#include "checks/history.h"

#include <algorithm>

#include "base/translate.h"

namespace sealdesk::checks {

using orders::OrderKind;

namespace {

Finding check_live(const orders::Order& order, const std::vector<LiveKey>& live) {
    std::string basis, keys;
    for (const auto& each : live) {
        basis += each.certificate_serial + ";";
        keys += (keys.empty() ? "" : tr("；")) +
                trf("KEY {}（订单 {}，有效期到 {}）", each.key_serial, each.order_no, text_of(day_of(each.not_after)));
    }
    if (order.kind == OrderKind::create) {
        if (live.empty())
            return finding(rules::live_key, Verdict::ok, "", word_of(Verdict::ok), tr("这个主体还没有有效的 KEY"), basis);
        return finding(rules::live_key, Verdict::warning, field::kind, tr("已有 KEY"),
                       trf("这个主体已有有效的 KEY，新办会多出一把；如果是遗失或损坏，应按补办办理：{}", keys), basis);
    }
    if (live.empty())
        return finding(rules::no_key, Verdict::warning, field::kind, tr("没有 KEY"),
                       trf("这个主体没有有效的 KEY 可以{}；可能应按新办办理，或原 KEY 不是本中心制作的", word_of(order.kind)),
                       basis);
    return finding(rules::no_key, Verdict::ok, field::kind, tr("有 KEY"), keys, basis);
}

Finding check_replaced(const orders::Order& order, const History& history) {
    const std::string& serial = order.replaced_certificate;
    const auto say = [&](Verdict verdict, std::string word, std::string evidence) {
        return finding(rules::replaced, verdict, verdict == Verdict::ok ? "" : field::kind, std::move(word), std::move(evidence),
                       serial + "/" + (history.replaced ? history.replaced->state : ""));
    };
    if (!history.replaced) return say(Verdict::warning, tr("原证书"), trf("没有原证书 {} 的记录", serial));
    if (history.replaced->document_number != order.subject.document_number)
        return say(Verdict::fault, tr("原证书"), trf("原证书 {} 属于另一个主体", serial));
    if (history.replaced->state == "revoked") return say(Verdict::warning, tr("原证书"), trf("原证书 {} 已经吊销", serial));
    return say(Verdict::ok, tr("原证书"), trf("原证书 {} 属于这个主体，仍然有效", serial));
}

Finding check_pending(const std::vector<OtherOrder>& pending) {
    if (pending.empty())
        return finding(rules::open_order, Verdict::ok, "", word_of(Verdict::ok), tr("这个主体没有其他办理中的订单"), "");
    std::string list, basis;
    for (const auto& each : pending) {
        list += (list.empty() ? "" : tr("；")) + trf("{}（{}，{}）", each.no, word_of(each.kind), word_of(each.state));
        basis += each.no + ";";
    }
    return finding(rules::open_order, Verdict::warning, field::kind, tr("另有订单"), trf("同一主体还有办理中的订单：{}", list),
                   basis);
}

}  // namespace

std::vector<Finding> check_history(const orders::Order& order, const History& history, Instant now) {
    auto live = history.live;
    std::erase_if(live, [&](const LiveKey& each) { return each.not_after <= now; });
    std::vector<Finding> all{check_live(order, live), check_pending(history.pending)};
    if (!order.replaced_certificate.empty()) all.push_back(check_replaced(order, history));
    return all;
}

}  // namespace sealdesk::checks

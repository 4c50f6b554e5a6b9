#include "panels/waiting.h"

#include "base/translate.h"
#include "panels/order_words.h"

namespace sealdesk::panels {

Waiting waiting_of(const desk::Desk& desk, orders::State state, Instant waiting_since,
                   const std::vector<review::Round>& earlier) {
    Waiting waiting;
    if (state != orders::State::paid) return waiting;
    const Instant now = desk.clock().now();
    waiting.round = desk.working_time().between(waiting_since, now);
    waiting.in_hand = review::time_in_hand(desk.working_time(), earlier, waiting_since, now);
    waiting.overdue = waiting.round >= desk.settings().overdue_ms;
    return waiting;
}

kit::Chip waiting_chip(const desk::Desk& desk, orders::State state, Instant waiting_since, const Waiting& waiting) {
    if (state != orders::State::paid) return {trf("{}前", how_long(desk.clock().now() - waiting_since)), kit::Tone::plain};
    if (waiting.in_hand < kMinute) return {tr("刚到"), kit::Tone::plain};
    return {trf("等待 {}", how_long(waiting.in_hand)), waiting.overdue ? kit::Tone::red : kit::Tone::plain};
}

std::vector<kit::Chip> why_here(const Waiting& waiting, int revision, orders::OrderKind kind, orders::ReplacementCause cause,
                                checks::Open findings) {
    std::vector<kit::Chip> chips;
    if (waiting.overdue) chips.push_back({tr("超时"), kit::Tone::red});
    if (revision > 1) chips.push_back({trf("重传 #{}", revision), kit::Tone::violet});
    chips.push_back(kind_chip(kind, cause));
    if (findings.faults > 0)
        chips.push_back({trf("不符 {}", findings.faults), kit::Tone::red});
    else if (findings.warnings > 0)
        chips.push_back({trf("存疑 {}", findings.warnings), kit::Tone::amber});
    return chips;
}

}  // namespace sealdesk::panels

// How long an order has waited for the centre, in working time, as chips: the same in the queue and above the form.
#pragma once

#include <vector>

#include "desk/desk.h"
#include "panels/kit/rows.h"

namespace sealdesk::panels {

struct Waiting {
    std::int64_t in_hand = 0;  // ms of working time over all rounds; the applicant's time to correct is not in it
    std::int64_t round = 0;    // of the running round
    bool overdue = false;      // the running round is longer than the setting
};
Waiting waiting_of(const desk::Desk& desk, orders::State state, Instant waiting_since, const std::vector<review::Round>& earlier);
// 等待 3 小时, 超时 2 天; where it is not waiting for a reviewer: since when it is where it is.
kit::Chip waiting_chip(const desk::Desk& desk, orders::State state, Instant waiting_since, const Waiting& waiting);

// Why the order is here: overdue, sent again, what it is for, what the checks found. The most pressing first.
std::vector<kit::Chip> why_here(const Waiting& waiting, int revision, orders::OrderKind kind, orders::ReplacementCause cause,
                                checks::Open findings);

}  // namespace sealdesk::panels

// The centre's day as a value, and as three documents: PDF to sign and file, CSV and XLSX to reckon with.
// All three say the same; the sums of the takings are made here from the rows. No thread of its own.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/money.h"
#include "base/result.h"
#include "base/time.h"
#include "reports/fonts.h"
#include "reports/paper.h"

namespace sealdesk::reports {

struct StateFlow {
    std::string state;  // as people read it: 待审核
    int entered = 0, left = 0, at_end = 0;
};

struct Turnaround {
    std::string stage;  // "支付到审核"
    int orders = 0;
    std::int64_t median_ms = 0, p90_ms = 0;
};

struct Rejections {
    std::string code, reason;
    int count = 0;
};

struct Takings {
    std::string channel;
    int payments = 0;
    Fen gross;          // all that applicants paid
    Fen fees, freight;  // the handling fees and freight that are part of gross
    Fen refunds;        // paid back, positive
    Fen rest() const { return gross - fees - freight - refunds; }
};

struct DailyReport {
    std::string centre;
    Day day;
    Instant generated_at;
    std::vector<StateFlow> states;
    std::vector<Turnaround> turnarounds;
    std::vector<Rejections> rejections;
    int keys_written = 0, keys_scrapped = 0;
    std::vector<Takings> takings;
    std::string audit_head;  // hex
};

Takings total_of(const std::vector<Takings>& takings);
// "18 分钟", "2 小时 05 分", "3 天 4 小时"; empty for nothing measured.
std::string span_of(std::int64_t ms);

Result<Paper> layout_daily_report(const DailyReport& report, const Fonts& fonts);
Result<std::string> daily_report_pdf(const DailyReport& report, const Fonts& fonts);
// UTF-8 with a byte order mark, CRLF, RFC 4180; cells from strangers cannot start a formula.
std::string daily_report_csv(const DailyReport& report);
// Amounts are numbers with two decimals, durations minutes. Same input, same bytes.
Result<std::string> daily_report_xlsx(const DailyReport& report);

}  // namespace sealdesk::reports

// The daily report of a calendar day in Shanghai, and the rows behind each of its numbers. Only read from the
// store, so that a day can be reported again at any time. Needs a supervisor. Any thread.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "orders/order.h"
#include "staff/staff.h"
#include "storage/database.h"

namespace sealdesk::daily {

// Orders of one state; start + in - out == end.
struct Flow {
    orders::State state = orders::State::paid;
    std::int64_t start = 0, in = 0, out = 0, end = 0;
};

// From payment to a state reached on the day (the last time, when it was reached more than once).
struct Turnaround {
    orders::State reached = orders::State::completed;
    std::int64_t orders = 0;
    std::int64_t median_ms = 0, p90_ms = 0;  // nearest rank; 0 when there is no order
};

struct Rejections {
    std::string code, text;
    std::int64_t count = 0;
};

// By channel. gross == certificate + key + freight + handling_fee; refunds stand apart.
struct Takings {
    orders::Channel channel = orders::Channel::alipay;
    std::int64_t payments = 0;
    Fen gross, certificate, key, freight, handling_fee;
    std::int64_t refunds = 0;
    Fen refunded;  // positive
};

struct Report {
    Day day;
    Instant made_at;
    bool closed = false;  // the day was over when this was made
    std::array<Flow, 7> flows;
    std::array<Turnaround, 3> turnarounds;  // approved, issued, completed
    std::int64_t rejected = 0;              // decisions that were not taken back
    std::vector<Rejections> rejections;     // by reason, most frequent first; a decision may have several
    std::int64_t keys_written = 0, certificates_revoked = 0;
    std::array<Takings, 2> takings;  // every channel, also without payments
    std::int64_t invoices = 0;
    Fen invoiced, invoiced_tax;
    std::string audit_head;           // when the report was made
    std::vector<std::string> faults;  // sentences when something does not tie; empty on a sound store
};

Result<Report> report(storage::Database& database, const staff::Actor& actor, Day day);

// A number of the report. `state` for the flows and the turnaround, `channel` for the takings, `code` for the rejections.
struct Figure {
    enum class Kind {
        start,
        in,
        out,
        end,
        turnaround,
        rejections,
        keys_written,
        certificates_revoked,
        payments,
        certificate,
        key,
        freight,
        handling_fee,
        refunds,
        invoices
    } kind = Kind::in;
    orders::State state = orders::State::paid;
    std::optional<orders::Channel> channel;  // nothing: all
    std::string code;                        // reason's code; "" all rejections, one row a decision
};

struct Row {
    std::string order_no;  // of a payment or invoice: its first order
    std::string subject;   // name of unit or person
    std::string detail;    // payment, invoice or KEY number, reason, states
    Instant at;
    Fen amount;                    // refunds positive
    std::int64_t duration_ms = 0;  // turnaround only
};

// The rows behind a number: as many as it counts, with the sum that it states. Oldest first.
Result<std::vector<Row>> rows(storage::Database& database, const staff::Actor& actor, Day day, const Figure& figure);

}  // namespace sealdesk::daily

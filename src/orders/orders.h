// Orders in the desk's database: what a panel lists, what a verb changes. Every change of state goes
// through move(): legal transition, row version, kept counters and the history the daily report counts.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "orders/order.h"
#include "storage/database.h"

namespace sealdesk::orders {

// An order as the desk knows it.
struct DeskOrder {
    Order order;
    State state = State::paid;
    int revision = 1;
    Instant waiting_since;    // when it came into this state
    std::string approved_by;  // login
    std::string claimed_by;   // login, "" when free
    Instant claimed_until;
    std::int64_t row_version = 1;
};

// One row of a list.
struct Row {
    std::string no;
    OrderKind kind = OrderKind::create;
    ReplacementCause cause = ReplacementCause::none;
    SubjectKind subject_kind = SubjectKind::unit;
    PersonRole role = PersonRole::none;
    std::string subject_name;
    int years = 1, quantity = 1, revision = 1;
    Fen amount;
    std::string payment_no;
    int paid_together = 1;
    State state = State::paid;
    Instant waiting_since;
    std::string claimed_by, claimer;  // claimer: name to that login
    Instant claimed_until;
};

struct Filter {
    std::optional<State> state;
    std::string claimed_by;  // login, "" for all
    std::string text;        // part of number, name, document number or mobile; "" for all
    std::optional<OrderKind> kind;
    bool resubmitted = false;               // only those that came again
    std::optional<Instant> waiting_before;  // only those that have waited since then or longer
    bool newest_first = false;
};
// Where the next page starts: the last row of this one.
struct Key {
    Instant waiting_since;
    std::string no;
};

// Oldest first, unless the filter says otherwise.
Result<std::vector<Row>> page(storage::Database& database, const Filter& filter, const std::optional<Key>& after, int limit);

using Counts = std::array<std::int64_t, 7>;  // by State, in its order
Result<Counts> counts(storage::Database& database);
// Counts states and days anew from orders and history; what was wrong is mended and returned.
Result<int> recount(storage::Database& database);

// Days since 1970 in Shanghai: how the kept counters of arrivals and departures (state_days) name a day.
std::int64_t day_number(Instant at);

Result<DeskOrder> load(storage::Database& database, const std::string& no);
// Inside a verb's transaction; refused when there is no such order.
Result<DeskOrder> load(storage::Tx& tx, const std::string& no);
// The two facts of it on which issuing hangs, asked in every step of every KEY; refused when there is no such order.
struct Approval {
    State state;
    std::string by;  // login; empty when nobody approved
};
Result<Approval> approval_of(storage::Tx& tx, const std::string& no);
Result<std::vector<std::string>> of_payment(storage::Tx& tx, const std::string& payment_no);

// A new order, in state paid. Its payment may be there already, with the same amounts.
Result<> insert(storage::Tx& tx, const Order& order);
// Refuses illegal transitions; conflict when row_version is not the order's any more. Counts up row_version.
Result<> move(storage::Tx& tx, DeskOrder& order, State to, const std::string& actor);
// Replaces what the applicant may correct (what is replaced and why, subject, title, delivery, submissions), keeping number and
// money.
Result<> update_form(storage::Tx& tx, DeskOrder& order, const Order& corrected);
void set_claim(storage::Tx& tx, DeskOrder& order, const std::string& login, Instant until);
// An undone decision gives the order its place in the queue back.
void set_waiting_since(storage::Tx& tx, DeskOrder& order, Instant since);
void set_approved_by(storage::Tx& tx, DeskOrder& order, const std::string& login);
// Which certificate a replacement means, when the applicant did not say.
void set_replaced_certificate(storage::Tx& tx, DeskOrder& order, const std::string& serial);

struct Passage {
    std::string from, to, actor;  // state names; from is "" for the arrival
    Instant at;
};
Result<std::vector<Passage>> history(storage::Database& database, const std::string& no);

}  // namespace sealdesk::orders

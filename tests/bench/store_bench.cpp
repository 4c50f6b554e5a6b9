// What panels ask the store for, on stores of 100,000 and 1,000,000 orders.
#include <benchmark/benchmark.h>

#include <chrono>

#include "acts/acts.h"
#include "audit/audit.h"
#include "certificates/certificate_register.h"
#include "daily/daily.h"
#include "invoices/invoices.h"
#include "panels/keys_questions.h"
#include "review/review.h"
#include "shipping/shipping.h"
#include "tests/bench/big_store.h"
#include "tests/bench/bounds.h"

namespace sealdesk::bench {
namespace {

using storage::Database;
using storage::Engine;

const staff::Actor kActor{kLogin, "王敏", 31};

// `question(database)` gives a Result. States the 95th percentile in ms.
template <class Question>
void measure(benchmark::State& state, double bound_ms, Question question, Engine engine = Engine::sqlite) {
    const auto store = big_store(engine, static_cast<int>(state.range(0)));
    if (!store) return broken(state, store.error());
    Database* database = *store;
    (void)question(*database);  // from the disk
    std::vector<double> times;
    for (auto _ : state) {
        const auto begin = std::chrono::steady_clock::now();
        const auto answer = question(*database);
        times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
        if (!answer) return broken(state, answer.error());
    }
    if (!times.empty()) figure(state, "p95_ms", percentile(times, 95), bound_ms);
}

// What is promised for 100,000 orders only.
double years(const benchmark::State& state, double bound_ms) { return state.range(0) <= 100'000 ? bound_ms : 0; }

orders::Filter only(orders::State state) {
    orders::Filter filter;
    filter.state = state;
    return filter;
}

Result<std::vector<orders::Row>> queue(Database& database) { return orders::page(database, only(orders::State::paid), {}, 50); }
void queue_page(benchmark::State& state) { measure(state, 1, queue); }
void queue_page_postgresql(benchmark::State& state) { measure(state, 0, queue, Engine::postgresql); }
void completed_page(benchmark::State& state) {  // from the middle of the longest list
    const Instant middle = SystemClock().now() + -500 * kDay;
    measure(state, 1, [&](Database& database) {
        return orders::page(database, only(orders::State::completed), orders::Key{middle, ""}, 50);
    });
}
void all_page(benchmark::State& state) {
    const Instant middle = SystemClock().now() + -500 * kDay;
    measure(state, 1, [&](Database& database) { return orders::page(database, {}, orders::Key{middle, ""}, 50); });
}
void mine(benchmark::State& state) {
    auto filter = only(orders::State::paid);
    filter.claimed_by = kLogin;
    measure(state, 1, [&](Database& database) { return orders::page(database, filter, {}, 200); });
}
void tab_counts(benchmark::State& state) {
    measure(state, 1, [](Database& database) { return orders::counts(database); });
}
void tab_counts_postgresql(benchmark::State& state) {
    measure(
        state, 0, [](Database& database) { return orders::counts(database); }, Engine::postgresql);
}
void undoable(benchmark::State& state) {
    measure(state, 1, [](Database& database) { return review::undoable(database, kActor); });
}
void backlog(benchmark::State& state) {
    measure(state, 1, [](Database& database) { return acts::backlog(database); });
}
void keys_waiting(benchmark::State& state) {
    const keys::Bench bench;
    measure(state, years(state, 50), [&](Database& database) { return panels::orders_to_write(database, bench); });
}
void newest_certificates(benchmark::State& state) {
    measure(state, years(state, 2), [](Database& database) { return certificates::page(database, 50); });
}
void invoices_waiting(benchmark::State& state) {
    measure(state, years(state, 50), [](Database& database) { return invoices::candidates(database); });
}
void parcels_to_pack(benchmark::State& state) {
    measure(state, years(state, 50), [](Database& database) { return shipping::proposals(database); });
}
void parcels_handed_over(benchmark::State& state) {
    measure(state, years(state, 50),
            [](Database& database) { return shipping::handed_over_on(database, day_of(SystemClock().now())); });
}
void daily_report(benchmark::State& state) {
    measure(state, years(state, 50),
            [](Database& database) { return daily::report(database, kActor, day_of(SystemClock().now())); });
}
void old_daily_report(benchmark::State& state) {
    const Day day = day_of(SystemClock().now() + -500 * kDay);
    measure(state, years(state, 50), [&](Database& database) { return daily::report(database, kActor, day); });
}
void daily_rows(benchmark::State& state) {  // behind "paid at the start of the day"
    daily::Figure figure;
    figure.kind = daily::Figure::Kind::start;
    measure(state, years(state, 50),
            [&](Database& database) { return daily::rows(database, kActor, day_of(SystemClock().now()), figure); });
}
void audit_of_order(benchmark::State& state) {
    measure(state, 1, [](Database& database) { return audit::page(database, "SD100000001", 0, 100); });
}

#define SEALDESK_STORE_BENCH(name)      \
    BENCHMARK(name)                     \
        ->Name("store/" #name)          \
        ->Arg(100'000)                  \
        ->Arg(1'000'000)                \
                                        \
        ->Unit(benchmark::kMillisecond) \
        ->UseRealTime()
SEALDESK_STORE_BENCH(queue_page);
SEALDESK_STORE_BENCH(queue_page_postgresql);
SEALDESK_STORE_BENCH(tab_counts_postgresql);
SEALDESK_STORE_BENCH(completed_page);
SEALDESK_STORE_BENCH(all_page);
SEALDESK_STORE_BENCH(mine);
SEALDESK_STORE_BENCH(tab_counts);
SEALDESK_STORE_BENCH(undoable);
SEALDESK_STORE_BENCH(backlog);
SEALDESK_STORE_BENCH(keys_waiting);
SEALDESK_STORE_BENCH(newest_certificates);
SEALDESK_STORE_BENCH(invoices_waiting);
SEALDESK_STORE_BENCH(parcels_to_pack);
SEALDESK_STORE_BENCH(parcels_handed_over);
SEALDESK_STORE_BENCH(daily_report);
SEALDESK_STORE_BENCH(old_daily_report);
SEALDESK_STORE_BENCH(daily_rows);
SEALDESK_STORE_BENCH(audit_of_order);

}  // namespace
}  // namespace sealdesk::bench

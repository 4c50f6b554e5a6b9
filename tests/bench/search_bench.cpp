// Finding an order among a million: what each keystroke costs, on SQLite and on PostgreSQL.
#include <benchmark/benchmark.h>

#include <chrono>

#include "base/text.h"
#include "search/search.h"
#include "storage/rows.h"
#include "tests/bench/big_store.h"
#include "tests/bench/bounds.h"
#include "tests/support/invented.h"

namespace sealdesk::bench {
namespace {

using storage::Database;
using storage::Engine;

// What people type: names, their initials, numbers from the front, the last digits; from the second character on, as the
// box asks after every key.
std::vector<std::string> keystrokes(Database& database, int orders) {
    tests::Invented made_up(99);
    std::vector<std::string> typed;
    const auto type = [&](const std::string& whole, size_t from) {
        const auto points = code_points(whole);
        std::string text;
        for (size_t i = from; i < points.size(); ++i) {
            text += utf8(points[i]);
            if (i > from) typed.push_back(text);
        }
    };
    for (int i = 0; i < 60; ++i) {
        const std::string no = fmt::format("SD{:09}", 100'000'000 + made_up.below(orders));
        std::string name, document, mobile, key, certificate, waybill;
        (void)database.read([&](storage::Tx& tx) -> Result<> {
            storage::for_each_row(
                tx, "SELECT subject_name, document_number, mobile FROM orders WHERE no = :no", std::tie(name, document, mobile),
                [] {}, no);
            storage::for_each_row(
                tx, "SELECT key_serial, serial FROM certificates WHERE order_no = :no", std::tie(key, certificate), [] {}, no);
            storage::for_each_row(
                tx, "SELECT s.waybill FROM shipment_orders p JOIN shipments s ON s.id = p.shipment_id WHERE p.order_no = :no",
                std::tie(waybill), [] {}, no);
            return {};
        });
        type(name, 0);
        type(name, static_cast<size_t>(made_up.below(static_cast<int>(code_points(name).size()))));
        type(pinyin_initials(name), 0);
        type(no, 0);
        type(no, no.size() - 5);
        type(document, 0);
        type(document, document.size() - 4);
        type(mobile, 0);
        type(mobile, mobile.size() - 4);
        type(key, 0);
        type(certificate, 0);
        type(waybill, 0);
    }
    return typed;
}

void typing(benchmark::State& state, Engine engine, double bound_ms) {
    const int orders = static_cast<int>(state.range(0));
    const auto database = big_store(engine, orders);
    if (!database) return broken(state, database.error());
    const auto typed = keystrokes(**database, orders);
    std::vector<double> times;
    std::pair<double, std::string> slowest;
    size_t hits = 0;
    for (int round = 0; round < 2; ++round) {  // the first one reads the disk
        times.clear();
        slowest = {};
        for (const auto& text : typed) {
            const auto begin = std::chrono::steady_clock::now();
            const auto found = search::find(**database, text);
            const double ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
            if (!found) return broken(state, found.error());
            times.push_back(ms);
            slowest = std::max(slowest, {ms, text});
            hits += found->size();
        }
    }
    for (auto _ : state) benchmark::DoNotOptimize(hits);
    state.counters["keystrokes"] = static_cast<double>(typed.size());
    figure(state, "median_ms", percentile(times, 50));
    figure(state, "p99_ms", percentile(times, 99));
    figure(state, "slowest_ms", slowest.first);
    figure(state, "p95_ms", percentile(times, 95), bound_ms);
    if (state.range(0) > 0 && std::getenv("SEALDESK_BENCH_TELL") != nullptr)
        fmt::print(stderr, "slowest: \"{}\" {:.2f} ms\n", slowest.second, slowest.first);
}

BENCHMARK_CAPTURE(typing, sqlite, Engine::sqlite, 5)->Name("search/typing/sqlite")->Arg(100'000)->Arg(1'000'000)->Iterations(1);
BENCHMARK_CAPTURE(typing, postgresql, Engine::postgresql, 0)
    ->Name("search/typing/postgresql")
    ->Arg(100'000)
    ->Arg(1'000'000)
    ->Iterations(1);

}  // namespace
}  // namespace sealdesk::bench

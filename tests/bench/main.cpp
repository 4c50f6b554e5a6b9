// sealdesk_bench: all figures, or those of --benchmark_filter. Ends with status 1 when one of them fails.
#include <benchmark/benchmark.h>

#include "tests/bench/bounds.h"

namespace {

class Counting final : public benchmark::ConsoleReporter {
public:
    Counting() : ConsoleReporter(OO_Tabular) {}
    void ReportRuns(const std::vector<Run>& runs) override {
        for (const auto& run : runs)
            failed += run.error_occurred || run.report_label.starts_with(sealdesk::bench::kAbove) ? 1 : 0;
        ConsoleReporter::ReportRuns(runs);
    }
    int failed = 0;
};

}  // namespace

int main(int count, char** arguments) {
    benchmark::Initialize(&count, arguments);
    if (benchmark::ReportUnrecognizedArguments(count, arguments)) return 2;
    Counting reporter;
    const auto ran = benchmark::RunSpecifiedBenchmarks(&reporter);
    benchmark::Shutdown();
    return ran == 0 || reporter.failed > 0 ? 1 : 0;
}

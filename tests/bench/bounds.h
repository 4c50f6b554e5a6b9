// What a figure may be at most. A benchmark that misses its bound fails, and sealdesk_bench ends with status 1.
#pragma once

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/result.h"

namespace sealdesk::bench {

// The smallest value that at least `percent` of all do not exceed. `values` in any order, not empty.
inline double percentile(std::vector<double> values, int percent) {
    std::sort(values.begin(), values.end());
    const size_t rank = (values.size() * static_cast<size_t>(percent) + 99) / 100;
    return values[std::max<size_t>(rank, 1) - 1];
}

inline const std::string kAbove = "above its bound: ";

// States the figure under its name, with a label that makes the run fail when it is above the bound (0: none is promised).
inline void figure(benchmark::State& state, const std::string& name, double value, double bound = 0) {
    state.counters[name] = value;
    if (bound <= 0) return;
    state.counters["at_most_" + name] = bound;
    if (value > bound) state.SetLabel(kAbove + name);
}

inline void broken(benchmark::State& state, const Error& error) {
    state.SkipWithError((error.message + " " + error.detail).c_str());
}

}  // namespace sealdesk::bench

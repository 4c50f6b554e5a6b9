// Empty databases for a test, on SQLite and on a PostgreSQL server of the test's own. Every store test
// runs on both: INSTANTIATE_TEST_SUITE_P(…, OnBothEngines, both_engines(), engine_name).
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>

#include "storage/database.h"

namespace sealdesk::tests {

// A folder that goes with the test.
class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

// Time stands still until the test moves it. Starts at 2026-11-22 09:00 in Shanghai.
class TestClock final : public Clock {
public:
    Instant now() const override { return now_; }
    void advance(std::int64_t ms) { now_ = now() + ms; }
    void set(Instant now) { now_ = now; }

private:
    std::atomic<Instant> now_ = start_of(Day{2026, 11, 22}) + 9 * kHour;
};

// URL of a new empty database; PostgreSQL's server is started at the first call in a process.
std::string new_database_url(storage::Engine engine, const std::filesystem::path& folder);

std::filesystem::path source(const std::string& relative);  // file of the source tree
std::filesystem::path program(const std::string& name);     // built executable

class OnBothEngines : public testing::TestWithParam<storage::Engine> {
protected:
    // `schema`: folder below data/migrations.
    void open(const std::string& schema = "desk");

    TemporaryFolder folder_;
    TestClock clock_;
    crypto::SystemRandom random_;
    std::unique_ptr<storage::Database> database_;
};

inline auto both_engines() { return testing::Values(storage::Engine::sqlite, storage::Engine::postgresql); }
inline std::string engine_name(const testing::TestParamInfo<storage::Engine>& info) {
    return info.param == storage::Engine::sqlite ? "SQLite" : "PostgreSQL";
}

#define SEALDESK_ON_BOTH_ENGINES(Suite) \
    INSTANTIATE_TEST_SUITE_P(, Suite, sealdesk::tests::both_engines(), sealdesk::tests::engine_name)

// ASSERT on a Result with its sentence in the failure.
#define ASSERT_OK(expression)                                                             \
    do {                                                                                  \
        if (const auto& asserted = (expression); !asserted)                               \
            FAIL() << asserted.error().message << " [" << asserted.error().detail << "]"; \
    } while (false)

}  // namespace sealdesk::tests

// A desk's data folder as it looks after years: that many orders, most of them completed long ago, some hundreds still
// on their way, with payments, submissions, decisions, KEYs, certificates, invoices, parcels, acts and audit log.
#pragma once

#include <filesystem>
#include <string>

#include "base/time.h"
#include "storage/database.h"

namespace sealdesk::bench {

struct BigStore {
    int orders = 100'000;
    std::uint64_t seed = 20261122;
    // Only the newest orders have lines in the audit log; the chain of a million orders would be most of the file.
    int audited = 100'000;
};

// Member of staff of every big store; all roles.
inline constexpr const char* kLogin = "wangmin";
inline constexpr const char* kPassword = "sealdesk-bench";

// Fills the empty store behind `url` (storage::Database has opened and migrated it before) with orders up to now.
Result<> fill(const std::string& url, const std::filesystem::path& scratch, const BigStore& wanted, Instant now);

// Data folder with such a store, below $SEALDESK_BENCH_STORES (default: the temporary folder). Made at the first call
// and used again while the migrations are the same and it is of today.
Result<std::filesystem::path> big_home(int orders);

// Such a store, opened once in this process; the benchmarks only read. PostgreSQL's server and its stores go with the process.
Result<storage::Database*> big_store(storage::Engine engine, int orders);

// Opens the store of a data folder as a desk does.
Result<std::unique_ptr<storage::Database>> open_store(const std::string& url);

}  // namespace sealdesk::bench

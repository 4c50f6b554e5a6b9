// BulkRows: rows into a store's tables as fast as the engine takes them: prepared statements in one transaction without
// journal on SQLite, COPY on PostgreSQL. Only for stores that can be thrown away. One thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"

namespace sealdesk::bench {

struct Table {
    const char* name;
    const char* columns;  // "a, b, c"
    int count;            // how many
};

class BulkRows {
public:
    using Value = std::variant<std::int64_t, std::string_view>;  // text without tabs, line ends and backslashes

    // `url` as of storage::Database, with its tables already there. `scratch`: folder that PostgreSQL's server may read.
    static Result<std::unique_ptr<BulkRows>> open(const std::string& url, const std::filesystem::path& scratch);
    virtual ~BulkRows() = default;
    virtual void add(const Table& table, std::initializer_list<Value> row) = 0;
    // A statement over the rows that are in; after the last add().
    virtual void run(const std::string& statement) = 0;
    // Everything is there, indexes included.
    virtual Result<> finish() = 0;
};

}  // namespace sealdesk::bench

// Statements: those of one connection, prepared once. Preparing is the dear part of a small question: SQLite parses and plans,
// PostgreSQL is asked three times (prepare, run, forget) instead of once.
#pragma once

#include <soci/soci.h>

#include <map>
#include <memory>
#include <string>

namespace sealdesk::storage {

class Statements {
public:
    explicit Statements(soci::session& sql) : sql_(sql) {}

    // A prepared statement with nothing bound, for the taker alone: a question inside a question gets another. Throws.
    std::unique_ptr<soci::statement> take(const std::string& text);
    // For the next who asks the same. Only one that has run to its end: a half-read one would keep its view of the data.
    void put_back(const std::string& text, std::unique_ptr<soci::statement> statement);

private:
    struct Kept {
        std::unique_ptr<soci::statement> statement;
        std::uint64_t turn = 0;
    };
    soci::session& sql_;
    std::map<std::string, Kept, std::less<>> kept_;
    std::uint64_t turn_ = 0;
};

}  // namespace sealdesk::storage

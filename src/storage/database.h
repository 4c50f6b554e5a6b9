// Database: SQLite or PostgreSQL behind SOCI. A verb runs in one write(): all of it is there afterwards,
// or nothing. Thread-safe: every call takes a connection of its own from the pool.
#pragma once

#include <soci/soci.h>

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "crypto/random.h"
#include "storage/statements.h"

namespace sealdesk::storage {

enum class Engine { sqlite, postgresql };

// What a verb sees of its transaction. `now` is the same for everything it writes.
struct Tx {
    soci::session& sql;
    Statements& statements;  // rows.h asks with these
    Instant now;
    Engine engine;
    crypto::Random& random;
};

class Database {
public:
    struct Options {
        std::string url;                   // a file name, or postgresql://…
        std::filesystem::path migrations;  // folder of NNNN_name.sql
        const Clock* clock = nullptr;
        crypto::Random* random = nullptr;
        unsigned connections = 4;
    };
    // Opens, refuses network file systems and databases newer than the program, migrates.
    static Result<std::unique_ptr<Database>> open(const Options& options);

    // Runs `verb` in a transaction that excludes other writers (BEGIN IMMEDIATE; on PostgreSQL an
    // advisory lock: the audit chain makes writers queue anyway). What it wrote is on the disk when it
    // returns a value, and gone when it returns an error or throws. Verbs that wait for their turn in this
    // process share one commit, so one thread may run the verb of another that waits.
    template <class Verb>
    auto write(Verb&& verb) -> std::invoke_result_t<Verb, Tx&> {
        std::optional<std::invoke_result_t<Verb, Tx&>> result;
        const auto lost = write_in_turn([&](Tx& tx) {
            result.emplace(verb(tx));
            return result->has_value();
        });
        if (lost) return tl::unexpected(*lost);
        return std::move(*result);
    }
    // A consistent view; must not write.
    template <class Question>
    auto read(Question&& question) -> std::invoke_result_t<Question, Tx&> {
        try {
            const Lease lease(*this);
            Rollback rollback{lease.sql};
            begin(lease, false);
            rollback.open = true;
            Tx tx = lease.tx();
            auto result = question(tx);
            if (result) {
                lease.sql.commit();
                rollback.open = false;
            }
            return result;
        } catch (const std::exception& error) {
            return tl::unexpected(explained(error));
        }
    }

    Engine engine() const { return engine_; }
    Instant now() const { return clock_->now(); }
    const std::string& url() const { return url_; }

    // For the online backup and the maintenance commands: a session outside any transaction.
    Result<> execute(const std::string& statement);

private:
    Database(const Options& options, Engine engine);

    Result<> connect(unsigned connections);
    Result<> migrate(const std::filesystem::path& folder);

    // A connection of the pool, as long as it is in scope.
    struct Lease {
        explicit Lease(Database& owner);
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;
        ~Lease();
        Tx tx() const;
        Database& database;
        const size_t at;
        soci::session& sql;
    };
    void begin(const Lease& lease, bool writing);
    // A verb with its result taken care of: whether what it wrote stays.
    using Piece = std::function<bool(Tx&)>;
    struct Writer {
        const Piece& piece;
        bool done = false, ran = false, kept = false;
        std::optional<Error> lost;  // nothing of it was saved though it did not say so itself
    };
    std::optional<Error> write_in_turn(const Piece& piece);
    void write_together(const std::vector<Writer*>& group);
    void write_one(const Lease& lease, Writer& writer, bool alone);

    struct Rollback {
        soci::session& sql;
        bool open = false;
        ~Rollback();
    };
    static Error explained(const std::exception& error);

    std::string url_;
    Engine engine_;
    const Clock* clock_;
    crypto::Random* random_;
    // Writers of this process wait here rather than in SQLite's busy loop.
    std::mutex turn_;
    std::condition_variable turned_;
    std::vector<Writer*> waiting_;
    bool writing_ = false;
    std::unique_ptr<soci::connection_pool> pool_;
    std::vector<std::unique_ptr<Statements>> statements_;  // of each connection; they go before it
};

}  // namespace sealdesk::storage

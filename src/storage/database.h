// Database: SQLite or PostgreSQL behind SOCI. A verb runs in one write(): all of it is there afterwards,
// or nothing. Thread-safe: every call takes a connection of its own from the pool.
#pragma once

#include <soci/soci.h>

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <type_traits>

#include "base/result.h"
#include "base/time.h"
#include "crypto/random.h"

namespace sealdesk::storage {

enum class Engine { sqlite, postgresql };

// What a verb sees of its transaction. `now` is the same for everything it writes.
struct Tx {
    soci::session& sql;
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
    // advisory lock: the audit chain makes writers queue anyway). Commits when it returns a value,
    // rolls back when it returns an error or throws.
    template <class Verb>
    auto write(Verb&& verb) -> std::invoke_result_t<Verb, Tx&> {
        return in_transaction(true, std::forward<Verb>(verb));
    }
    // A consistent view; must not write.
    template <class Question>
    auto read(Question&& question) -> std::invoke_result_t<Question, Tx&> {
        return in_transaction(false, std::forward<Question>(question));
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
    void begin(soci::session& sql, bool writing);

    template <class Body>
    auto in_transaction(bool writing, Body&& body) -> std::invoke_result_t<Body, Tx&> {
        // Writers of this process wait here rather than in SQLite's busy loop.
        std::unique_lock<std::mutex> turn(writer_, std::defer_lock);
        if (writing && engine_ == Engine::sqlite) turn.lock();
        try {
            soci::session sql(*pool_);
            Rollback rollback{sql};
            begin(sql, writing);
            rollback.open = true;
            Tx tx{sql, clock_->now(), engine_, *random_};
            auto result = body(tx);
            if (result) {
                sql.commit();
                rollback.open = false;
            }
            return result;
        } catch (const std::exception& error) {
            return tl::unexpected(explained(error));
        }
    }

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
    std::mutex writer_;
    std::unique_ptr<soci::connection_pool> pool_;
};

}  // namespace sealdesk::storage

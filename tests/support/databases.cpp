#include "support/databases.h"

#include <soci/postgresql/soci-postgresql.h>
#include <unistd.h>

#include <fmt/format.h>
#include <atomic>
#include <cstdlib>

#include "base/process.h"

namespace sealdesk::tests {

namespace fs = std::filesystem;

TemporaryFolder::TemporaryFolder() {
    std::string name = fs::temp_directory_path() / "sealdesk-test-XXXXXX";
    path_ = mkdtemp(name.data());
    fs::permissions(path_, fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec);
}
TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

fs::path source(const std::string& relative) { return fs::path(SEALDESK_SOURCE) / relative; }
fs::path program(const std::string& name) { return fs::path(SEALDESK_BIN) / name; }

namespace {

// A PostgreSQL server of this process, on a socket in a temporary folder; no port, no durability.
class PostgresServer {
public:
    PostgresServer() {
        const fs::path bin = newest_version() / "bin";
        const std::string data = folder_.path() / "data", socket = folder_.path() / "socket";
        fs::create_directory(data);
        fs::create_directory(socket);
        as_owner({"chown", "-R", "postgres", folder_.path()}, true);
        as_owner({bin / "initdb", "-D", data, "-A", "trust", "-U", "sealdesk", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"});
        as_owner({bin / "pg_ctl", "-D", data, "-w", "-t", "60", "-l", folder_.path() / "data/log", "-o",
                  fmt::format("-c listen_addresses= -c unix_socket_directories={} -c fsync=off -c max_connections=60", socket),
                  "start"});
        stop_ = {bin / "pg_ctl", "-D", data, "-m", "immediate", "stop"};
        socket_ = socket;
    }
    ~PostgresServer() { as_owner(stop_); }

    std::string create() {
        static std::atomic<int> count = 0;
        const std::string name = fmt::format("test{}", ++count);
        soci::session sql(soci::postgresql, url("postgres"));
        sql << "CREATE DATABASE " + name;
        return url(name);
    }

private:
    static fs::path newest_version() {
        fs::path newest;
        for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql"))
            if (entry.path() > newest) newest = entry.path();
        return newest;
    }
    std::string url(const std::string& name) const {
        return fmt::format("postgresql:///{}?host={}&user=sealdesk", name, socket_);
    }
    // PostgreSQL refuses to run as root.
    void as_owner(std::vector<std::string> command, bool as_root = false) {
        if (geteuid() == 0 && !as_root) command.insert(command.begin(), {"runuser", "-u", "postgres", "--"});
        if (geteuid() != 0 && as_root) return;
        const auto ended = run(command);
        if (!ended || ended->status != 0) {
            fmt::print(stderr, "PostgreSQL for the tests: {} failed: {}\n", command.back(),
                       ended ? ended->output : ended.error().message);
            std::abort();
        }
    }

    TemporaryFolder folder_;
    std::string socket_;
    std::vector<std::string> stop_;
};

}  // namespace

std::string new_database_url(storage::Engine engine, const fs::path& folder) {
    if (engine == storage::Engine::sqlite) return folder / "desk.sqlite";
    static PostgresServer server;
    return server.create();
}

void OnBothEngines::open(const std::string& schema) {
    auto database = storage::Database::open(
        {new_database_url(GetParam(), folder_.path()), source("data/migrations/" + schema), &clock_, &random_, 3});
    ASSERT_OK(database);
    database_ = std::move(*database);
}

}  // namespace sealdesk::tests

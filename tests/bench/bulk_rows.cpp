#include "tests/bench/bulk_rows.h"

#include <fmt/format.h>
#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>
#include <sqlite3.h>

#include <fstream>
#include <map>
#include <vector>

namespace sealdesk::bench {

namespace {

namespace fs = std::filesystem;

class SqliteRows final : public BulkRows {
public:
    ~SqliteRows() override { close(); }

    Result<> open(const std::string& file) {
        if (sqlite3_open(file.c_str(), &db_) != SQLITE_OK) return failed();
        for (const char* setting : {"PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", "PRAGMA locking_mode = EXCLUSIVE",
                                    "PRAGMA cache_size = -1000000", "BEGIN"})
            run(setting);
        // Sorting once at the end is much cheaper than keeping every index in order.
        sqlite3_stmt* list = nullptr;
        sqlite3_prepare_v2(db_, "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE 'CREATE INDEX%'", -1,
                           &list, nullptr);
        while (sqlite3_step(list) == SQLITE_ROW) indexes_.emplace_back(text(list, 0), text(list, 1));
        sqlite3_finalize(list);
        for (const auto& [name, sql] : indexes_) run("DROP INDEX " + name);
        if (!trouble_.empty()) return failed();
        return {};
    }

    void add(const Table& table, std::initializer_list<Value> row) override {
        sqlite3_stmt*& insert = inserts_[&table];
        if (insert == nullptr) {
            std::string marks;
            for (int i = 0; i < table.count; ++i) marks += i == 0 ? "?" : ", ?";
            const auto sql = fmt::format("INSERT INTO {} ({}) VALUES ({})", table.name, table.columns, marks);
            if (sqlite3_prepare_v2(db_, sql.c_str(), -1, &insert, nullptr) != SQLITE_OK) return note(sql);
        }
        int at = 0;
        for (const auto& value : row) {
            ++at;
            if (const auto* whole = std::get_if<std::int64_t>(&value))
                sqlite3_bind_int64(insert, at, *whole);
            else
                sqlite3_bind_text(insert, at, std::get<std::string_view>(value).data(),
                                  static_cast<int>(std::get<std::string_view>(value).size()), SQLITE_STATIC);
        }
        if (sqlite3_step(insert) != SQLITE_DONE) note(table.name);
        sqlite3_reset(insert);
    }

    void run(const std::string& statement) override {
        if (sqlite3_exec(db_, statement.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) note(statement);
    }

    Result<> finish() override {
        for (const auto& [name, sql] : indexes_) run(sql);
        run("COMMIT");
        if (!trouble_.empty()) return failed();
        close();
        return {};
    }

private:
    static std::string text(sqlite3_stmt* row, int column) {
        return reinterpret_cast<const char*>(sqlite3_column_text(row, column));
    }
    void note(const std::string& doing) {
        if (trouble_.empty()) trouble_ = doing + ": " + sqlite3_errmsg(db_);
    }
    Failure failed() { return fail(ErrorKind::internal, trouble_.empty() ? sqlite3_errmsg(db_) : trouble_); }
    void close() {
        for (const auto& [table, insert] : inserts_) sqlite3_finalize(insert);
        inserts_.clear();
        if (db_ != nullptr) sqlite3_close(db_);
        db_ = nullptr;
    }

    sqlite3* db_ = nullptr;
    std::map<const Table*, sqlite3_stmt*> inserts_;
    std::vector<std::pair<std::string, std::string>> indexes_;
    std::string trouble_;
};

class PostgresRows final : public BulkRows {
public:
    PostgresRows(const std::string& url, fs::path scratch) : sql_(soci::postgresql, url), scratch_(std::move(scratch)) {
        sql_ << "SET synchronous_commit TO OFF";
        sql_ << "SET session_replication_role TO replica";  // the rows refer to each other and come table by table
        sql_ << "SET maintenance_work_mem TO '512MB'";
    }

    void add(const Table& table, std::initializer_list<Value> row) override {
        auto& file = files_[&table];
        if (!file.is_open()) file.open(path_of(table));
        bool first = true;
        for (const auto& value : row) {
            if (!first) file << '\t';
            first = false;
            std::visit([&](const auto& part) { file << part; }, value);
        }
        file << '\n';
    }

    void run(const std::string& statement) override {
        copy();
        sql_ << statement;
    }

    Result<> finish() override try {
        copy();
        sql_ << "VACUUM ANALYZE";
        return {};
    } catch (const std::exception& error) {
        return fail(ErrorKind::internal, error.what());
    }

private:
    fs::path path_of(const Table& table) const { return scratch_ / (std::string(table.name) + ".rows"); }
    void copy() {
        for (auto& [table, file] : files_) {
            file.close();
            fs::permissions(path_of(*table), fs::perms::others_read, fs::perm_options::add);
            sql_ << fmt::format("COPY {} ({}) FROM '{}'", table->name, table->columns, path_of(*table).string());
            fs::remove(path_of(*table));
        }
        files_.clear();
    }

    soci::session sql_;
    fs::path scratch_;
    std::map<const Table*, std::ofstream> files_;
};

}  // namespace

Result<std::unique_ptr<BulkRows>> BulkRows::open(const std::string& url, const fs::path& scratch) {
    if (url.starts_with("postgresql://")) return std::make_unique<PostgresRows>(url, scratch);
    auto rows = std::make_unique<SqliteRows>();
    SEALDESK_TRY(rows->open(url));
    return rows;
}

}  // namespace sealdesk::bench

#include <fmt/format.h>

#include "audit/audit.h"
#include "base/translate.h"
#include "crypto/digest.h"
#include "storage/rows.h"

namespace sealdesk::audit {

namespace {

const std::string kNoHash(64, '0');

auto columns_of(Row& row) {
    return std::tie(row.seq, row.at.ms, row.actor, row.action, row.subject, row.details, row.previous_hash, row.hash);
}

constexpr const char* kColumns = "SELECT seq, at, actor, action, subject, details, previous_hash, hash FROM audit ";
constexpr const char* kPage =
    "SELECT seq, at, actor, action, subject, details, previous_hash, hash, COALESCE((SELECT name FROM staff WHERE login = "
    "audit.actor), audit.actor) FROM audit ";

}  // namespace

std::string hash_of(const Row& row) {
    Sha256 digest;
    const auto add = [&](std::string_view text) {
        digest.add(fmt::format("{}:", text.size()));
        digest.add(text);
    };
    add(row.previous_hash);
    add(std::to_string(row.seq));
    add(std::to_string(row.at.ms));
    add(row.actor);
    add(row.action);
    add(row.subject);
    add(row.details);
    return digest.hex();
}

void append(storage::Tx& tx, std::string_view actor, std::string_view action, std::string_view subject,
            std::string_view details) {
    Row row{0, tx.now, std::string(actor), std::string(action), std::string(subject), std::string(details), kNoHash, {}};
    storage::for_each_row(tx, "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", std::tie(row.seq, row.previous_hash),
                          [] {});
    ++row.seq;
    row.hash = hash_of(row);
    storage::change(tx,
                    "INSERT INTO audit (seq, at, actor, action, subject, details, previous_hash, hash) "
                    "VALUES (:seq, :at, :actor, :action, :subject, :details, :previous, :hash)",
                    row.seq, row.at.ms, row.actor, row.action, row.subject, row.details, row.previous_hash, row.hash);
}

Result<Verdict> verify(storage::Database& database) {
    return database.read([](storage::Tx& tx) -> Result<Verdict> {
        Verdict verdict;
        verdict.head = kNoHash;
        Row row;
        storage::for_each_row(tx, std::string(kColumns) + "ORDER BY seq", columns_of(row), [&] {
            if (verdict.first_bad) return;
            const bool in_order = row.seq == verdict.rows + 1 && row.previous_hash == verdict.head;
            if (!in_order || hash_of(row) != row.hash) {
                verdict.first_bad = row.seq;
                verdict.sentence =
                    in_order ? trf("审计记录第 {} 条被改动", row.seq) : trf("审计记录第 {} 条之前有删除或插入", row.seq);
                return;
            }
            verdict.head = row.hash;
            ++verdict.rows;
        });
        if (!verdict.first_bad) verdict.sentence = trf("审计记录完整，共 {} 条", verdict.rows);
        return verdict;
    });
}

Result<std::string> head(storage::Database& database) {
    return database.read([](storage::Tx& tx) -> Result<std::string> {
        return storage::one<std::string>(tx, "SELECT hash FROM audit ORDER BY seq DESC LIMIT 1", kNoHash);
    });
}

Result<std::vector<Row>> page(storage::Database& database, std::string_view subject, std::int64_t before, int limit) {
    return database.read([&](storage::Tx& tx) -> Result<std::vector<Row>> {
        const std::string wanted(subject);
        const std::int64_t below = before > 0 ? before : INT64_MAX;
        std::vector<Row> list;
        Row row;
        const std::string condition = wanted.empty() ? "WHERE :wanted = ''" : "WHERE subject = :wanted";
        storage::for_each_row(
            tx, kPage + condition + " AND seq < :below ORDER BY seq DESC LIMIT :most",
            std::tuple_cat(columns_of(row), std::tie(row.by)), [&] { list.push_back(row); }, wanted, below, limit);
        return list;
    });
}

}  // namespace sealdesk::audit

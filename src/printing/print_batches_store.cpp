#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "audit/audit.h"
#include "base/translate.h"
#include "printing/media.h"
#include "printing/print_batches.h"
#include "storage/rows.h"

namespace sealdesk::printing {

using storage::Database;
using storage::Tx;

namespace {

constexpr const char* kNames = "labels ";
constexpr std::int64_t kShownFor = 30 * kDay;

Batch summed(const std::string& name, const std::vector<PrintJob>& jobs) {
    Batch batch;
    batch.name = name;
    batch.total = static_cast<int>(jobs.size());
    for (const auto& job : jobs) {
        if (batch.asked_by.empty()) {
            batch.asked_by = job.asked_by;
            batch.asked_at = job.asked_at;
        }
        const bool still = job.state == State::stopped, left = job.state == State::failed || job.state == State::cancelled;
        batch.done += job.state == State::done ? 1 : 0;
        batch.unsure += job.state == State::unsure ? 1 : 0;
        batch.open += is_over(job.state) ? 0 : 1;
        batch.stopped += still ? 1 : 0;
        batch.left += left ? 1 : 0;
        const bool waits = job.state == State::waiting && !job.said.empty();
        if (batch.said.empty() && (still || waits || job.state == State::failed || job.state == State::unsure))
            batch.said = job.said;
    }
    return batch;
}

void audited(Tx& tx, const staff::Actor& actor, const char* what, const std::string& batch, int count) {
    audit::append(tx, actor.login, what, batch, nlohmann::json{{"batch", batch}, {"jobs", count}}.dump());
}

}  // namespace

std::string new_batch(Instant now) { return fmt::format("{}{}", kNames, now.ms); }

Result<std::vector<Batch>> batches(Database& database, const std::string& desk, int limit) {
    return database.read([&](Tx& tx) -> Result<std::vector<Batch>> {
        const std::string names_like = fmt::format("{}%", kNames);
        const Instant from = tx.now + -kShownFor;
        std::vector<std::string> names;
        std::string name;
        storage::for_each_row(
            tx,
            "SELECT batch FROM print_jobs WHERE desk = :desk AND asked_at >= :from AND batch LIKE :names GROUP BY "
            "batch ORDER BY MIN(id) DESC LIMIT :limit",
            std::tie(name), [&] { names.push_back(name); }, desk, from.ms, names_like, limit);
        std::vector<Batch> list;
        for (const auto& each : names) list.push_back(summed(each, jobs_of_batch(tx, desk, each)));
        return list;
    });
}

Result<std::vector<PrintJob>> batch_jobs(Database& database, const std::string& desk, const std::string& batch) {
    return database.read([&](Tx& tx) -> Result<std::vector<PrintJob>> { return jobs_of_batch(tx, desk, batch); });
}

Result<int> cancel_batch(Database& database, const staff::Actor& actor, const std::string& desk, const std::string& batch) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    return database.write([&](Tx& tx) -> Result<int> {
        int count = 0;
        for (const auto& job : jobs_of_batch(tx, desk, batch)) {
            if (is_over(job.state)) continue;
            const std::string to = name_of(job.state == State::waiting ? State::cancelled : State::cancelling);
            storage::change(tx, "UPDATE print_jobs SET state = :state, said = '', changed_at = :at WHERE id = :id", to, tx.now.ms,
                            job.id);
            ++count;
        }
        if (count == 0) return fail(ErrorKind::conflict, tr("这一批已经没有在打印的了"));
        audited(tx, actor, "print.cancel", batch, count);
        return count;
    });
}

Result<int> resume_batch(Database& database, const staff::Actor& actor, const std::string& desk, const std::string& batch,
                         const std::function<std::string(const PrintJob&)>& printer_of) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    return database.write([&](Tx& tx) -> Result<int> {
        int count = 0;
        const std::string waiting = name_of(State::waiting);
        for (const auto& job : jobs_of_batch(tx, desk, batch)) {
            if (job.state != State::cancelled && job.state != State::failed) continue;
            const std::string printer = printer_of(job);
            if (printer.empty()) continue;
            SEALDESK_LET(address, parse_address(printer));
            SEALDESK_TRY(fits(address, job.format));
            const std::string to = text_of(address);
            storage::change(tx,
                            "UPDATE print_jobs SET state = :state, printer = :printer, printer_job = 0, attempts = 0, "
                            "next_try = 0, said = '', changed_at = :at WHERE id = :id",
                            waiting, to, tx.now.ms, job.id);
            ++count;
        }
        if (count == 0) return fail(ErrorKind::conflict, tr("这一批没有还要打印的了"));
        audited(tx, actor, "print.resume", batch, count);
        return count;
    });
}

}  // namespace sealdesk::printing

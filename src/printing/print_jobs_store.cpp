#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "audit/audit.h"
#include "base/files.h"
#include "base/translate.h"
#include "base/words.h"
#include "crypto/digest.h"
#include "printing/media.h"
#include "printing/print_jobs.h"
#include "storage/rows.h"

namespace sealdesk::printing {

namespace fs = std::filesystem;
using storage::Database;
using storage::Tx;

namespace {

constexpr std::array<Word<Kind>, 6> kKinds{{{Kind::label, "label", "面单"},
                                            {Kind::invoice, "invoice", "发票"},
                                            {Kind::slip, "slip", "装箱单"},
                                            {Kind::receipt, "receipt", "自取签收单"},
                                            {Kind::manifest, "manifest", "交接清单"},
                                            {Kind::report, "report", "报表"}}};
constexpr std::array<Word<State>, 9> kStates{{{State::waiting, "waiting", "等待打印"},
                                              {State::sending, "sending", "正在发送"},
                                              {State::printing, "printing", "正在打印"},
                                              {State::stopped, "stopped", "打印机停了"},
                                              {State::cancelling, "cancelling", "正在取消"},
                                              {State::done, "done", "已打印"},
                                              {State::failed, "failed", "没有打印出来"},
                                              {State::cancelled, "cancelled", "已取消"},
                                              {State::unsure, "unsure", "不能确定"}}};
const std::string kColumns =
    "SELECT j.id, j.desk, j.batch, j.kind, j.subject, j.title, j.copy_no, j.reason, j.printer, j.format, j.file, j.sha256, "
    "j.copies, j.state, j.printer_job, j.said, j.attempts, j.next_try, " +
    staff::person_in("j.asked_by") + ", j.asked_at, j.changed_at FROM print_jobs j WHERE ";

template <class... Uses>
std::vector<PrintJob> jobs_where(Tx& tx, const std::string& condition, const Uses&... uses) {
    std::vector<PrintJob> list;
    PrintJob row;
    std::string kind, format, file, state;
    storage::for_each_row(
        tx, kColumns + condition,
        std::tie(row.id, row.desk, row.batch, kind, row.subject, row.title, row.copy_no, row.reason, row.printer, format, file,
                 row.sha256, row.copies, state, row.printer_job, row.said, row.attempts, row.next_try.ms, row.asked_by,
                 row.asked_at.ms, row.changed_at.ms),
        [&] {
            row.kind = value_of(kKinds, kind).value_or(Kind::report);
            row.format = parse_format(format).value_or(Format::pdf);
            row.file = file;
            row.state = value_of(kStates, state).value_or(State::unsure);
            list.push_back(row);
        },
        uses...);
    return list;
}

Result<PrintJob> load(Tx& tx, std::int64_t id) {
    auto list = jobs_where(tx, "id = :id", id);
    if (list.empty()) return refused(trf("没有编号为 {} 的打印任务", id));
    return list.front();
}

std::vector<PrintJob> prints(Tx& tx, Kind kind, const std::string& subject) {
    const std::string name = name_of(kind);
    return jobs_where(tx, "kind = :kind AND subject = :subject ORDER BY copy_no DESC", name, subject);
}

Result<PrintJob> insert(Tx& tx, const staff::Actor& actor, const Document& document, int copy_no, const std::string& reason) {
    SEALDESK_LET(address, parse_address(document.printer));
    const std::string kind = name_of(document.kind), format = name_of(document.format), file = document.file.string(),
                      sha256 = document.file.stem().string(), state = name_of(State::waiting), printer = text_of(address);
    const auto id = storage::one<std::int64_t>(
        tx,
        "INSERT INTO print_jobs (desk, batch, kind, subject, title, copy_no, reason, printer, format, file, sha256, copies, "
        "state, asked_by, asked_at, changed_at) VALUES (:desk, :batch, :kind, :subject, :title, :copy, :reason, :printer, "
        ":format, :file, :sha, :copies, :state, :by, :at, :changed) RETURNING id",
        0, document.desk, document.batch, kind, document.subject, document.title, copy_no, reason, printer, format, file, sha256,
        document.copies, state, actor.login, tx.now.ms, tx.now.ms);
    audit::append(tx, actor.login, copy_no == 1 ? "print.ask" : "print.again", document.subject,
                  nlohmann::json{{"job", id}, {"kind", kind}, {"copy", copy_no}, {"reason", reason}, {"sha256", sha256}}.dump());
    return load(tx, id);
}

void set_state(Tx& tx, const PrintJob& job, State state, const std::string& said) {
    const std::string name = name_of(state);
    storage::change(tx, "UPDATE print_jobs SET state = :state, said = :said, changed_at = :at WHERE id = :id", name, said,
                    tx.now.ms, job.id);
}

}  // namespace

const char* name_of(Kind kind) { return entry_of(kKinds, kind).name; }
const char* word_of(Kind kind) { return tr(entry_of(kKinds, kind).words); }
const char* name_of(State state) { return entry_of(kStates, state).name; }
const char* word_of(State state) { return tr(entry_of(kStates, state).words); }
Use use_of(Kind kind) { return kind == Kind::label ? Use::label : kind == Kind::invoice ? Use::invoice : Use::a4; }
bool is_over(State state) {
    return state == State::done || state == State::failed || state == State::cancelled || state == State::unsure;
}

Result<fs::path> keep(const fs::path& spool, Format format, const std::string& bytes) {
    SEALDESK_TRY(make_folder(spool));
    const fs::path file = spool / (sha256_hex(bytes) + "." + name_of(format));
    std::error_code error;
    if (fs::file_size(file, error) == bytes.size() && !error) return file;
    SEALDESK_TRY(write_file(file, bytes, 0640));
    return file;
}

Result<PrintJob> print_once(Tx& tx, const staff::Actor& actor, const Document& document) {
    const auto before = prints(tx, document.kind, document.subject);
    if (!before.empty()) return before.back();
    return insert(tx, actor, document, 1, "");
}

Result<PrintJob> print_again(Tx& tx, const staff::Actor& actor, const Document& document, const std::string& reason) {
    const auto before = prints(tx, document.kind, document.subject);
    if (before.empty()) return insert(tx, actor, document, 1, "");
    if (reason.empty()) return refused(tr("重印要写明原因"));
    if (!is_over(before.front().state))
        return fail(ErrorKind::conflict,
                    trf("“{}”还在打印（{}），打完或取消以后才能重印", before.front().title, word_of(before.front().state)));
    return insert(tx, actor, document, before.front().copy_no + 1, reason);
}

Result<PrintJob> repeat(Database& database, const staff::Actor& actor, std::int64_t id, const std::string& reason,
                        const std::string& printer) {
    return database.write([&](Tx& tx) -> Result<PrintJob> {
        SEALDESK_LET(job, load(tx, id));
        const std::string& to = printer.empty() ? job.printer : printer;
        SEALDESK_LET(address, parse_address(to));
        SEALDESK_TRY(fits(address, job.format));
        return print_again(tx, actor,
                           {job.desk, job.batch, job.kind, job.subject, job.title, to, job.format, job.file, job.copies}, reason);
    });
}

Result<> redirect(Database& database, const staff::Actor& actor, std::int64_t id, const std::string& printer) {
    SEALDESK_LET(address, parse_address(printer));
    return database.write([&](Tx& tx) -> Result<> {
        SEALDESK_LET(job, load(tx, id));
        SEALDESK_TRY(fits(address, job.format));
        if (job.state != State::waiting && job.state != State::failed)
            return fail(ErrorKind::conflict, is_over(job.state) ? trf("“{}”已经结束：{}", job.title, word_of(job.state))
                                                                : trf("“{}”已经在打印机上了", job.title));
        if (const auto all = prints(tx, job.kind, job.subject); all.front().id != id)
            return fail(ErrorKind::conflict, trf("“{}”已经重新打印过", job.title));
        const std::string waiting = name_of(State::waiting), to = text_of(address);
        storage::change(tx,
                        "UPDATE print_jobs SET state = :state, printer = :printer, printer_job = 0, attempts = 0, next_try = 0, "
                        "said = '', changed_at = :at WHERE id = :id",
                        waiting, to, tx.now.ms, id);
        audit::append(tx, actor.login, "print.redirect", job.subject, nlohmann::json{{"job", id}, {"printer", to}}.dump());
        return {};
    });
}

Result<> cancel(Database& database, const staff::Actor& actor, std::int64_t id) {
    return database.write([&](Tx& tx) -> Result<> {
        SEALDESK_LET(job, load(tx, id));
        if (is_over(job.state)) return fail(ErrorKind::conflict, trf("“{}”已经结束：{}", job.title, word_of(job.state)));
        set_state(tx, job, job.state == State::waiting ? State::cancelled : State::cancelling, "");
        audit::append(tx, actor.login, "print.cancel", job.subject, nlohmann::json{{"job", id}}.dump());
        return {};
    });
}

Result<> give_up(Database& database, const staff::Actor& actor, std::int64_t id) {
    return database.write([&](Tx& tx) -> Result<> {
        SEALDESK_LET(job, load(tx, id));
        if (is_over(job.state)) return fail(ErrorKind::conflict, trf("“{}”已经结束：{}", job.title, word_of(job.state)));
        if (job.state == State::waiting) return fail(ErrorKind::conflict, trf("“{}”还没有送到打印机，可以直接取消", job.title));
        set_state(tx, job, State::unsure, tr("不再等打印机。打印机恢复以后可能还会打出来，请看一下"));
        audit::append(tx, actor.login, "print.give_up", job.subject,
                      nlohmann::json{{"job", id}, {"printer", job.printer}, {"printer_job", job.printer_job}}.dump());
        return {};
    });
}

Result<> came_out(Database& database, const staff::Actor& actor, std::int64_t id) {
    return database.write([&](Tx& tx) -> Result<> {
        SEALDESK_LET(job, load(tx, id));
        if (job.state != State::unsure) return fail(ErrorKind::conflict, trf("“{}”已经结束：{}", job.title, word_of(job.state)));
        set_state(tx, job, State::done, "");
        audit::append(tx, actor.login, "print.came_out", job.subject, nlohmann::json{{"job", id}}.dump());
        return {};
    });
}

Result<PrintJob> find(Database& database, std::int64_t id) {
    return database.read([&](Tx& tx) { return load(tx, id); });
}

int prints_of(Tx& tx, Kind kind, const std::string& subject) {
    const std::string name = name_of(kind);
    return static_cast<int>(storage::one<std::int64_t>(
        tx, "SELECT COUNT(*) FROM print_jobs WHERE kind = :kind AND subject = :subject", 0, name, subject));
}

std::optional<PrintJob> newest(Tx& tx, Kind kind, const std::string& subject) {
    auto all = prints(tx, kind, subject);
    return all.empty() ? std::nullopt : std::optional(std::move(all.front()));
}

std::vector<PrintJob> jobs_of_batch(Tx& tx, const std::string& desk, const std::string& batch) {
    return jobs_where(tx,
                      "desk = :desk AND batch = :batch AND NOT EXISTS (SELECT 1 FROM print_jobs AS later WHERE later.kind = "
                      "j.kind AND later.subject = j.subject AND later.copy_no > j.copy_no) ORDER BY id",
                      desk, batch);
}

Result<std::vector<PrintJob>> open_jobs(Database& database, const std::string& desk) {
    return database.read([&](Tx& tx) -> Result<std::vector<PrintJob>> {
        return jobs_where(tx, "desk = :desk AND state IN ('waiting', 'sending', 'printing', 'stopped', 'cancelling') ORDER BY id",
                          desk);
    });
}

Result<std::vector<PrintJob>> recent_jobs(Database& database, const std::string& desk, int limit) {
    return database.read([&](Tx& tx) -> Result<std::vector<PrintJob>> {
        return jobs_where(tx, "desk = :desk ORDER BY asked_at DESC, id DESC LIMIT :limit", desk, limit);
    });
}

Result<> change_state(Database& database, const PrintJob& job, const Change& change) {
    return database.write([&](Tx& tx) -> Result<> {
        const std::string from = name_of(job.state), to = name_of(change.state);
        const std::int64_t printer_job = change.printer_job.value_or(job.printer_job),
                           next_try = change.wait_ms > 0 ? tx.now.ms + change.wait_ms : 0;
        const int attempts = job.attempts + (change.tried ? 1 : 0);
        // It may have been sent to another printer while its first one was being asked.
        if (storage::change(tx,
                            "UPDATE print_jobs SET state = :state, said = :said, printer_job = :job, attempts = :attempts, "
                            "next_try = :next, changed_at = :at WHERE id = :id AND state = :from AND printer = :printer",
                            to, change.said, printer_job, attempts, next_try, tx.now.ms, job.id, from, job.printer) == 0)
            return fail(ErrorKind::conflict, trf("“{}”刚刚被改动", job.title));
        if (is_over(change.state) && job.state != change.state)
            audit::append(tx, "desk", std::string("print.") + to, job.subject,
                          nlohmann::json{{"job", job.id}, {"printer", job.printer}, {"printer_job", printer_job}}.dump());
        return {};
    });
}

}  // namespace sealdesk::printing

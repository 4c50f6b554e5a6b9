#include "printing/queue.h"

#include <algorithm>
#include <map>

#include "base/files.h"
#include "base/translate.h"
#include "crypto/digest.h"
#include "printing/raw_socket.h"

namespace sealdesk::printing {

using std::chrono::milliseconds;
using storage::Database;

namespace {

constexpr const char* kUser = "sealdesk";
constexpr std::int64_t kRetry = 2 * kSecond, kLongestRetry = kMinute;

std::int64_t back_off(const PrintJob& job) { return std::min(kLongestRetry, kRetry << std::min(job.attempts, 5)); }

// Found again in the printer's own list.
std::string name_at_printer(const PrintJob& job) {
    return fmt::format("sealdesk-{}-{}-{}", job.id, name_of(job.kind), job.subject);
}

// One printer's turn.
class Turn {
public:
    Turn(Database& database, Pass& pass, milliseconds patience) : database_(database), pass_(pass), patience_(patience) {}

    Result<> take(std::vector<PrintJob>& jobs) {
        for (auto& job : jobs) {
            SEALDESK_LET(address, parse_address(job.printer));
            if (job.state == State::cancelling) {
                SEALDESK_TRY(take_back(address, job));
            } else if (job.state == State::sending) {
                SEALDESK_TRY(settle(address, job));
            } else if (job.state != State::waiting) {
                SEALDESK_TRY(follow(address, job));
            }
            if (job.state != State::waiting) {
                if (!is_over(job.state)) return {};  // one at a time
                continue;
            }
            if (job.next_try > database_.now()) return {};
            SEALDESK_TRY(address.raw ? send_raw(address, job) : send_ipp(address, job));
            if (!is_over(job.state)) return {};
        }
        return {};
    }

private:
    Result<> note(PrintJob& job, const Change& change) {
        if (change.state == job.state && change.said == job.said && !change.tried && !change.printer_job) return {};
        const auto written = change_state(database_, job, change);
        if (!written) {
            // A person was faster (cancelled it): what they want is done in the next pass.
            if (written.error().kind == ErrorKind::conflict) {
                SEALDESK_LET(now, find(database_, job.id));
                job = now;
                return {};
            }
            return written;
        }
        job.state = change.state;
        job.said = change.said;
        job.attempts += change.tried ? 1 : 0;
        if (change.printer_job) job.printer_job = *change.printer_job;
        ++pass_.changed;
        return {};
    }
    Result<> later(PrintJob& job, const Error& error) {
        return note(job,
                    {.state = State::waiting, .said = error.message, .printer_job = 0, .wait_ms = back_off(job), .tried = true});
    }

    Result<> send_ipp(const Address& address, PrintJob& job) {
        const auto bytes = read_file(job.file);
        if (!bytes || sha256_hex(*bytes) != job.sha256)
            return note(job, {.state = State::failed, .said = tr("要打印的文件不见了或被改过，请重新生成")});
        const auto printer = ipp::look(address, patience_);
        if (!printer) return later(job, printer.error());
        if (!printer->accepting) return later(job, Error{ErrorKind::unavailable, tr("打印机现在不接收任务"), {}});
        const auto type = type_for(job.format, printer->formats);
        if (type.empty()) return note(job, {.state = State::failed, .said = tr("打印机不能打印这种文件")});
        // Killed between the printer's number and our row: that job is empty, and it would keep a printer busy.
        if (const auto left = ipp::find_job(address, name_at_printer(job), kUser, patience_); left && *left > 0)
            (void)ipp::cancel_job(address, *left, kUser, patience_);
        // The printer's number is known before the document goes there: after a crash the printer can be asked.
        const auto number = ipp::create_job(address, name_at_printer(job), kUser, job.copies, patience_);
        if (!number) {
            if (number.error().kind == ErrorKind::unavailable) return later(job, number.error());
            return note(job, {.state = State::failed, .said = number.error().message});
        }
        SEALDESK_TRY(note(job, {.state = State::sending, .printer_job = *number}));
        if (job.state != State::sending) {
            (void)ipp::cancel_job(address, *number, kUser, patience_);  // an empty job: it ends by itself as well
            return {};
        }
        const auto sent = ipp::send_document(address, *number, type, *bytes, kUser, patience_);
        if (!sent)
            return sent.error().kind == ErrorKind::unavailable
                       ? settle(address, job)
                       : note(job, {.state = State::failed, .said = sent.error().message});
        ++pass_.sent;
        return note(job, {.state = State::printing});
    }

    static std::string type_for(Format format, const std::vector<std::string>& formats) {
        const auto has = [&](const char* type) { return std::find(formats.begin(), formats.end(), type) != formats.end(); };
        if (format == Format::pdf) return formats.empty() || has("application/pdf") ? "application/pdf" : "";
        for (const char* type : {"application/vnd.cups-raw", "application/vnd.zebra-zpl", "application/octet-stream"})
            if (has(type)) return type;
        return "";
    }

    Result<> send_raw(const Address& address, PrintJob& job) {
        const auto bytes = read_file(job.file);
        if (!bytes || sha256_hex(*bytes) != job.sha256)
            return note(job, {.state = State::failed, .said = tr("要打印的文件不见了或被改过，请重新生成")});
        const auto status = raw::look(address, std::min(patience_, kAnswer));
        if (!status) return later(job, status.error());
        // It is not sent to a printer that stands still: what lies in its memory is lost when somebody switches it off.
        if (*status && stands_still((*status)->reasons()))
            return note(job, {.state = State::waiting, .said = words_of_reasons((*status)->reasons()), .wait_ms = kRetry});
        SEALDESK_TRY(note(job, {.state = State::sending, .printer_job = *status ? kAnswers : kSilent}));
        if (job.state != State::sending) return {};
        std::string all;
        for (int copy = 0; copy < job.copies; ++copy) all += *bytes;
        const auto sent = raw::send(address, all, patience_);
        if (!sent && sent.error().kind == ErrorKind::unavailable) return later(job, sent.error());
        if (!sent) return note(job, {.state = State::unsure, .said = sent.error().message});
        ++pass_.sent;
        return note(job, {.state = *status ? State::printing : State::done});
    }

    // It was being sent when the program ended, or when the connection broke.
    Result<> settle(const Address& address, PrintJob& job) {
        if (address.raw) return note(job, {.state = State::unsure, .said = tr("发送时中断，请看一下打印机有没有打出来")});
        const auto status = ipp::job_status(address, static_cast<int>(job.printer_job), patience_);
        if (!status && status.error().kind == ErrorKind::refused)
            return note(job, {.state = State::unsure, .said = tr("打印机已经不记得这个任务，请看一下有没有打出来")});
        if (!status) return note(job, {.state = State::sending, .said = status.error().message});
        const bool incoming = std::any_of(status->reasons.begin(), status->reasons.end(), [](const std::string& reason) {
            return reason == "job-incoming" || reason == "job-data-insufficient";
        });
        const bool open = status->state == ipp::JobState::pending || status->state == ipp::JobState::held;
        if (status->documents == 0 || (open && incoming) || status->state == ipp::JobState::aborted ||
            status->state == ipp::JobState::cancelled) {
            // The document did not get there as a whole: that job is ended, and a new one is safe.
            if (const auto ended = ipp::cancel_job(address, static_cast<int>(job.printer_job), kUser, patience_); !ended)
                return note(job, {.state = State::sending, .said = ended.error().message});
            return later(job, Error{ErrorKind::unavailable, tr("发送时中断，重新发送"), {}});
        }
        return note(job, {.state = verdict_on(*status).state, .said = verdict_on(*status).said});
    }

    Result<> follow(const Address& address, PrintJob& job) {
        if (address.raw) {
            const auto status = raw::look(address, std::min(patience_, kAnswer));
            if (!status || !*status)
                return note(job, {.state = State::stopped, .said = status ? tr("打印机没有应答") : status.error().message});
            if (const auto reasons = (*status)->reasons(); stands_still(reasons))
                return note(job, {.state = State::stopped, .said = words_of_reasons(reasons)});
            const bool busy = (*status)->formats_waiting > 0 || (*status)->labels_left > 0;
            return note(job, {.state = busy ? State::printing : State::done});
        }
        const auto status = ipp::job_status(address, static_cast<int>(job.printer_job), patience_);
        if (!status && status.error().kind == ErrorKind::refused)
            return note(job, {.state = State::unsure, .said = tr("打印机已经不记得这个任务，请看一下有没有打出来")});
        if (!status) return note(job, {.state = State::stopped, .said = status.error().message});
        const Verdict verdict = verdict_on(*status);
        return note(job, {.state = verdict.state, .said = verdict.said});
    }

    Result<> take_back(const Address& address, PrintJob& job) {
        if (address.raw)
            return note(job, {.state = job.printer_job == kSilent ? State::unsure : State::cancelled,
                              .said = tr("已经送到打印机的内容可能仍会打印出来")});
        const auto told = ipp::cancel_job(address, static_cast<int>(job.printer_job), kUser, patience_);
        if (!told) return note(job, {.state = State::cancelling, .said = told.error().message});
        const auto status = ipp::job_status(address, static_cast<int>(job.printer_job), patience_);
        // It may have been faster than the wish.
        const bool out = status && status->state == ipp::JobState::completed;
        const bool still = status && (status->state == ipp::JobState::processing || status->state == ipp::JobState::stopped);
        if (still) return {};
        return note(job, {.state = out ? State::done : State::cancelled});
    }

    static constexpr milliseconds kAnswer{1500};              // for ~HS
    static constexpr std::int64_t kAnswers = 1, kSilent = 2;  // stands for the printer's job number

    Database& database_;
    Pass& pass_;
    milliseconds patience_;
};

}  // namespace

Verdict verdict_on(const ipp::JobStatus& status) {
    switch (status.state) {
        case ipp::JobState::completed: return {State::done, ""};
        case ipp::JobState::cancelled: return {State::cancelled, tr("在打印机上被取消")};
        case ipp::JobState::aborted: {
            const std::string why = status.message.empty() ? words_of_reasons(status.reasons) : status.message;
            return {State::failed, why.empty() ? std::string(tr("打印机放弃了这个任务")) : why};
        }
        default: break;
    }
    std::vector<std::string> reasons = status.printer_reasons;
    if (stands_still(reasons) || status.printer_stopped || status.state == ipp::JobState::stopped) {
        std::string words = words_of_reasons(reasons);
        if (words.empty()) words = words_of_reasons(status.reasons);
        return {State::stopped, words.empty() ? std::string(tr("打印机停了")) : words};
    }
    if (status.state == ipp::JobState::held) return {State::stopped, tr("任务在打印机上被挂起")};
    return {State::printing, words_of_reasons(reasons)};
}

Result<Pass> advance(Database& database, const std::string& desk, std::stop_token stop, milliseconds patience) {
    SEALDESK_LET(open, open_jobs(database, desk));
    std::map<std::string, std::vector<PrintJob>> by_printer;
    for (auto& job : open) by_printer[job.printer].push_back(std::move(job));
    Pass pass;
    for (auto& [printer, jobs] : by_printer) {
        if (stop.stop_requested()) break;
        SEALDESK_TRY(Turn(database, pass, patience).take(jobs));
        for (const auto& job : jobs) pass.open += is_over(job.state) ? 0 : 1;
    }
    return pass;
}

Worker::Worker(Database& database, std::string desk, std::function<void()> changed)
    : database_(database),
      desk_(std::move(desk)),
      changed_(std::move(changed)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

Worker::~Worker() {
    thread_.request_stop();
    wake_.notify_all();
}

void Worker::nudge() {
    {
        const std::lock_guard lock(mutex_);
        ++nudges_;
    }
    wake_.notify_all();
}

void Worker::run(const std::stop_token& stop) {
    unsigned seen = 0;
    while (!stop.stop_requested()) {
        {
            const std::lock_guard lock(mutex_);
            seen = nudges_;
        }
        const auto pass = advance(database_, desk_, stop);
        if (changed_ && pass && pass->changed > 0) changed_();
        // A printer is asked often while something comes out, and seldom while nothing is wanted of it.
        const auto pause = !pass ? milliseconds(5000) : pass->open > 0 ? milliseconds(400) : milliseconds(60'000);
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, stop, pause, [&] { return nudges_ != seen; });
    }
}

}  // namespace sealdesk::printing

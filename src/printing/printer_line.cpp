#include "printing/printer_line.h"

#include <algorithm>

#include "base/files.h"
#include "base/translate.h"
#include "crypto/digest.h"
#include "printing/media.h"
#include "printing/raw_socket.h"

namespace sealdesk::printing {

using std::chrono::milliseconds;
using storage::Database;

namespace {

constexpr const char* kUser = "sealdesk";
constexpr std::int64_t kRetry = 2 * kSecond, kLongestRetry = kMinute;
constexpr milliseconds kAnswer{1500};              // for ~HS
constexpr std::int64_t kAnswers = 1, kSilent = 2;  // stands for the printer's job number on a socket
// A thermal printer that has taken a label and says at once that it has nothing may not have read it yet.
constexpr std::int64_t kReading = 3 * kSecond;

std::int64_t back_off(const PrintJob& job) { return std::min(kLongestRetry, kRetry << std::min(job.attempts, 5)); }

// Found again in the printer's own list.
std::string name_at_printer(const PrintJob& job) {
    return fmt::format("sealdesk-{}-{}-{}", job.id, name_of(job.kind), job.subject);
}

Result<std::string> bytes_of(const PrintJob& job) {
    auto bytes = read_file(job.file);
    if (!bytes || sha256_hex(*bytes) != job.sha256) return refused(tr("要打印的文件不见了或被改过，请重新生成"));
    return bytes;
}

// What it is sent as; refused when the printer would print something else.
Result<std::string> type_for(Format format, const Printer& printer) {
    const auto has = [&](std::string_view type) {
        return std::find(printer.formats.begin(), printer.formats.end(), type) != printer.formats.end();
    };
    if (format == Format::pdf) {
        if (!printer.formats.empty() && !has("application/pdf")) return refused(tr("打印机不能打印这种文件"));
        return "application/pdf";
    }
    if (!reads_zpl(printer)) return refused(tr("这台打印机不认 ZPL，会打出一堆字母：请不要勾选“用 ZPL”，或换成热敏打印机"));
    return has("application/vnd.zebra-zpl") ? "application/vnd.zebra-zpl" : "application/vnd.cups-raw";
}

// How it is to be printed, and what is to be said about that.
std::pair<ipp::Ticket, std::string> ticket_for(const PrintJob& job, const Printer& printer, const std::string& bytes) {
    ipp::Ticket ticket;
    ticket.copies = job.copies;
    if (job.format != Format::pdf) return {ticket, ""};
    ticket.unscaled = printer.unscaled;
    const auto sheet = sheet_of(bytes);
    if (!sheet || printer.media.empty()) return {ticket, ""};
    ticket.media = media_for(*sheet, printer.media);
    if (ticket.media.known()) return {ticket, ""};
    return {ticket, trf("打印机不认识 {} 的纸，打出来的大小可能不对", text_of(*sheet))};
}

}  // namespace

Verdict verdict_on(const ipp::JobStatus& status) {
    switch (status.state) {
        case ipp::JobState::completed: return {State::done, ""};
        case ipp::JobState::cancelled:
            if (status.pages > 0) return {State::unsure, trf("在打印机上被取消，已经打出 {} 页", status.pages)};
            return {State::cancelled, tr("在打印机上被取消")};
        case ipp::JobState::aborted: {
            const std::string why = status.message.empty() ? words_of_reasons(status.reasons) : status.message;
            if (status.pages > 0) return {State::unsure, trf("打印机打出 {} 页以后放弃了", status.pages)};
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

PrinterLine::PrinterLine(Database& database, std::string desk, std::string printer, const std::filesystem::path& spool)
    : database_(database),
      desk_(std::move(desk)),
      printer_(std::move(printer)),
      lock_file_(spool / "printers" / (sha256_hex(desk_ + "\n" + printer_).substr(0, 24) + ".lock")) {}

Result<Pass> PrinterLine::turn(milliseconds patience) {
    pass_ = {};
    patience_ = patience;
    SEALDESK_LET(address, parse_address(printer_));
    address_ = address;
    const auto mine = [this]() -> Result<std::vector<PrintJob>> {
        SEALDESK_LET(open, open_jobs(database_, desk_));
        std::erase_if(open, [this](const PrintJob& job) { return job.printer != printer_; });
        return open;
    };
    SEALDESK_LET(jobs, mine());
    if (jobs.empty()) {
        lock_.release();
        handed_.clear();
        seen_there_.clear();
        pass_.changed += elsewhere_.empty() ? 0 : 1;
        elsewhere_.clear();
        return pass_;
    }
    if (!lock_.held()) {
        auto lock = FileLock::take(lock_file_);
        if (!lock && lock.error().kind == ErrorKind::conflict) {
            // Another window sees to them; this one shows what comes of it.
            std::string now;
            for (const auto& job : jobs) now += fmt::format("{} {} {}\n", job.id, name_of(job.state), job.said);
            pass_.open = static_cast<int>(jobs.size());
            pass_.changed = now == elsewhere_ ? 0 : 1;
            elsewhere_ = std::move(now);
            return pass_;
        }
        if (!lock) return tl::unexpected(lock.error());
        lock_ = std::move(*lock);
        SEALDESK_LET(again, mine());  // as whoever had the line left them
        jobs = std::move(again);
    }
    for (auto& job : jobs) {
        SEALDESK_TRY(take(job));
        if (!is_over(job.state)) break;  // one at a time
    }
    for (const auto& job : jobs) pass_.open += is_over(job.state) ? 0 : 1;
    return pass_;
}

Result<> PrinterLine::take(PrintJob& job) {
    if (job.state == State::cancelling) {
        SEALDESK_TRY(take_back(job));
    } else if (job.state == State::sending) {
        SEALDESK_TRY(settle(job));
    } else if (job.state != State::waiting) {
        SEALDESK_TRY(address_.raw ? follow_raw(job) : follow(job));
    }
    // While it was being asked about, a person may have sent it to another printer: it is that line's then.
    if (job.state != State::waiting || job.printer != printer_ || !is_due(job.next_try, database_.now(), kLongestRetry))
        return {};
    return address_.raw ? send_raw(job) : send_ipp(job);
}

Result<> PrinterLine::note(PrintJob& job, const Change& change) {
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
    job.next_try = change.wait_ms > 0 ? database_.now() + change.wait_ms : Instant{};
    ++pass_.changed;
    return {};
}

// From waiting to sending. Whoever writes that sends, and nobody else: false when somebody was faster, whatever they made of it.
Result<bool> PrinterLine::claim(PrintJob& job, std::int64_t printer_job) {
    const auto written = change_state(database_, job, {.state = State::sending, .printer_job = printer_job});
    if (!written && written.error().kind == ErrorKind::conflict) {
        SEALDESK_LET(now, find(database_, job.id));
        job = now;
        return false;
    }
    if (!written) return tl::unexpected(written.error());
    job.state = State::sending;
    job.said.clear();
    job.printer_job = printer_job;
    ++pass_.changed;
    return true;
}

Result<> PrinterLine::later(PrintJob& job, const Error& error) {
    return note(job, {.state = State::waiting, .said = error.message, .printer_job = 0, .wait_ms = back_off(job), .tried = true});
}

Result<> PrinterLine::send_ipp(PrintJob& job) {
    const auto bytes = bytes_of(job);
    if (!bytes) return note(job, {.state = State::failed, .said = bytes.error().message});
    const auto printer = ipp::look(address_, patience_);
    if (!printer) return later(job, printer.error());
    if (!printer->accepting) return later(job, Error{ErrorKind::unavailable, tr("打印机现在不接收任务"), {}});
    const auto type = type_for(job.format, *printer);
    if (!type) return note(job, {.state = State::failed, .said = type.error().message});
    SEALDESK_LET(won, claim(job, 0));
    if (!won) return {};
    // Killed between the printer's number and our row: that job is empty, and it would keep a printer busy.
    if (const auto left = ipp::find_job(address_, name_at_printer(job), kUser, patience_); left && *left > 0)
        (void)ipp::cancel_job(address_, *left, kUser, patience_);
    // The printer's number is known before the document goes there: after a crash the printer can be asked.
    const auto [ticket, remark] = ticket_for(job, *printer, *bytes);
    const auto number = ipp::create_job(address_, name_at_printer(job), kUser, ticket, patience_);
    if (!number) {
        if (number.error().kind == ErrorKind::unavailable) return later(job, number.error());
        return note(job, {.state = State::failed, .said = number.error().message});
    }
    SEALDESK_TRY(note(job, {.state = State::sending, .said = remark, .printer_job = *number}));
    if (job.state != State::sending || job.printer_job != *number) {
        (void)ipp::cancel_job(address_, *number, kUser, patience_);  // an empty job: it ends by itself as well
        return {};
    }
    const auto sent = ipp::send_document(address_, *number, *type, *bytes, kUser, patience_);
    if (!sent)
        return sent.error().kind == ErrorKind::unavailable ? settle(job)
                                                           : note(job, {.state = State::failed, .said = sent.error().message});
    ++pass_.sent;
    return note(job, {.state = State::printing, .said = remark});
}

Result<> PrinterLine::send_raw(PrintJob& job) {
    if (const auto right = fits(address_, job.format); !right)
        return note(job, {.state = State::failed, .said = right.error().message});
    const auto bytes = bytes_of(job);
    if (!bytes) return note(job, {.state = State::failed, .said = bytes.error().message});
    const auto status = raw::look(address_, std::min(patience_, kAnswer));
    if (!status) return later(job, status.error());
    // It is not sent to a printer that stands still: what lies in its memory is lost when somebody switches it off.
    if (*status && stands_still((*status)->reasons()))
        return note(job, {.state = State::waiting, .said = words_of_reasons((*status)->reasons()), .wait_ms = kRetry});
    SEALDESK_LET(won, claim(job, *status ? kAnswers : kSilent));
    if (!won) return {};
    std::string all;
    for (int copy = 0; copy < job.copies; ++copy) all += *bytes;
    const auto sent = raw::send(address_, all, patience_);
    if (!sent && sent.error().kind == ErrorKind::unavailable) return later(job, sent.error());
    if (!sent) return note(job, {.state = State::unsure, .said = sent.error().message});
    ++pass_.sent;
    handed_.insert(job.id);
    return note(job, {.state = *status ? State::printing : State::done});
}

// It was being sent when the program ended, or when the connection broke.
Result<> PrinterLine::settle(PrintJob& job) {
    const auto again = [&] { return later(job, Error{ErrorKind::unavailable, tr("发送时中断，重新发送"), {}}); };
    if (address_.raw) return note(job, {.state = State::unsure, .said = tr("发送时中断，请看一下打印机有没有打出来")});
    if (job.printer_job == 0) return again();  // the printer has at most an empty job
    const int number = static_cast<int>(job.printer_job);
    const auto status = ipp::job_status(address_, number, patience_);
    if (!status && status.error().kind == ErrorKind::refused)
        return note(job, {.state = State::unsure, .said = tr("打印机已经不记得这个任务，请看一下有没有打出来")});
    if (!status) return note(job, {.state = State::sending, .said = status.error().message});
    const bool incoming = std::any_of(status->reasons.begin(), status->reasons.end(), [](const std::string& reason) {
        return reason == "job-incoming" || reason == "job-data-insufficient";
    });
    const bool open = status->state == ipp::JobState::pending || status->state == ipp::JobState::held;
    if (status->pages == 0 && (status->documents == 0 || (open && incoming))) {
        // The document did not get there as a whole: that job is ended, and a new one is safe.
        if (const auto ended = ipp::cancel_job(address_, number, kUser, patience_); !ended)
            return note(job, {.state = State::sending, .said = ended.error().message});
        const auto after = ipp::job_status(address_, number, patience_);
        const bool all_the_same =
            after && after->documents != 0 && (after->state == ipp::JobState::completed || after->pages > 0);
        return all_the_same ? conclude(job, *after) : again();
    }
    return conclude(job, *status);
}

// The printer had the document, or may have had it. What it ended itself, and what somebody ended there, is not sent again.
Result<> PrinterLine::conclude(PrintJob& job, const ipp::JobStatus& status) {
    if (status.state == ipp::JobState::aborted || status.state == ipp::JobState::cancelled)
        return note(job, {.state = State::unsure, .said = tr("发送时中断，打印机已经结束这个任务，请看一下有没有打出来")});
    const Verdict verdict = verdict_on(status);
    return note(job, {.state = verdict.state, .said = verdict.said});
}

Result<> PrinterLine::follow(PrintJob& job) {
    const auto status = ipp::job_status(address_, static_cast<int>(job.printer_job), patience_);
    if (!status && status.error().kind == ErrorKind::refused)
        return note(job, {.state = State::unsure, .said = tr("打印机已经不记得这个任务，请看一下有没有打出来")});
    if (!status) return note(job, {.state = State::stopped, .said = status.error().message});
    Verdict verdict = verdict_on(*status);
    // What was said about its paper stays.
    if (verdict.said.empty() && job.state == State::printing) verdict.said = job.said;
    return note(job, {.state = verdict.state, .said = verdict.said});
}

// A thermal printer knows no jobs, only how much lies in its memory, and that is gone when it is switched off: nothing in it
// means printed only as long as this line saw it all the time.
Result<> PrinterLine::follow_raw(PrintJob& job) {
    const auto status = raw::look(address_, std::min(patience_, kAnswer));
    if (!status) return note(job, {.state = State::unsure, .said = tr("打印的时候和打印机断开过，请看一下这一张有没有打出来")});
    if (!*status) return note(job, {.state = State::stopped, .said = tr("打印机没有应答")});
    if (const auto reasons = (*status)->reasons(); stands_still(reasons)) {
        seen_there_.erase(job.id);
        return note(job, {.state = State::stopped, .said = words_of_reasons(reasons)});
    }
    if ((*status)->formats_waiting > 0 || (*status)->labels_left > 0) {
        handed_.insert(job.id);
        seen_there_.insert(job.id);
        return note(job, {.state = State::printing});
    }
    if (!handed_.contains(job.id))
        return note(job, {.state = State::unsure, .said = tr("程序没有运行时打印机可能关过，请看一下这一张有没有打出来")});
    if (job.state == State::stopped) return note(job, {.state = State::printing});  // it goes on from here
    if (!seen_there_.contains(job.id) && database_.now() - job.changed_at < kReading) return {};
    return note(job, {.state = State::done});
}

Result<> PrinterLine::take_back(PrintJob& job) {
    if (address_.raw) return note(job, {.state = State::unsure, .said = tr("已经送到打印机的内容可能仍会打印出来")});
    int number = static_cast<int>(job.printer_job);
    if (number == 0) number = ipp::find_job(address_, name_at_printer(job), kUser, patience_).value_or(0);
    if (number == 0) return note(job, {.state = State::cancelled});  // it never had the document
    const auto told = ipp::cancel_job(address_, number, kUser, patience_);
    if (!told) return note(job, {.state = State::cancelling, .said = told.error().message});
    const auto status = ipp::job_status(address_, number, patience_);
    if (!status && status.error().kind == ErrorKind::refused)
        return note(job, {.state = State::unsure, .said = tr("打印机已经不记得这个任务，请看一下有没有打出来")});
    if (!status) return note(job, {.state = State::cancelling, .said = status.error().message});
    if (status->state == ipp::JobState::processing || status->state == ipp::JobState::stopped) return {};
    // It may have been faster than the wish.
    const Verdict verdict = verdict_on(*status);
    if (verdict.state == State::done || verdict.state == State::unsure)
        return note(job, {.state = verdict.state, .said = verdict.said});
    return note(job, {.state = State::cancelled});
}

}  // namespace sealdesk::printing

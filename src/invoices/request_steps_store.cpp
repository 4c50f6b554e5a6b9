// The steps that a request goes with the service. Whatever the service answers about an invoice that it was asked for, only its
// own word ends the request: that it does not know it, or that it failed for good. Everything else leaves it as it is.
#include <algorithm>

#include "base/files.h"
#include "base/translate.h"
#include "invoices/request_rows.h"
#include "storage/rows.h"
#include "tasks/tasks.h"

namespace sealdesk::invoices {

using storage::Database;
using storage::Tx;
using Step = Progress::Step;

namespace {

constexpr std::int64_t kPoll = 5 * kSecond, kLongest = 10 * kMinute;
constexpr std::int64_t kWithoutAddress = kDay;  // so long OFD and XML are waited for
constexpr const char* kFormats[] = {"pdf", "ofd", "xml"};

Instant next_try(const Tx& tx, int attempts) { return tx.now + std::min(kLongest, kPoll << std::min(attempts, 7)); }
bool is_over(RequestState state) {
    return state == RequestState::fetching || state == RequestState::issued || state == RequestState::dropped;
}

// The service has issued it: into our ledger with its number, once.
Result<> take_issued(Tx& tx, Request& row, const Progress& progress, const Taxes& taxes) {
    SEALDESK_LET(taken, invoices_where(tx, "number = :number", progress.number));
    if (!taken.empty()) {
        row.state = RequestState::failed;
        row.said = trf("开票服务给出的号码 {} 已经是另一张发票，请与服务商核对", progress.number);
        return {};
    }
    Invoice invoice = row.invoice;
    invoice.number = progress.number;
    invoice.source = Source::service;
    invoice.reason = row.reason;
    invoice.standing = row.reverses.empty() ? Standing::live : Standing::red;
    invoice.issued_at = progress.issued_at.ms > 0 ? progress.issued_at : tx.now;
    row.number = progress.number;
    row.files = progress.files;
    for (const char* format : kFormats) row.files.try_emplace(format);  // its address may come later
    row.attempts = 0;
    row.next_try = tx.now;
    row.state = RequestState::fetching;
    row.said.clear();
    // Recorded as it is: the tax bureau has it. A person must look.
    if (progress.total != Fen{} && progress.total != invoice.total) {
        row.said = trf("开票服务开出 {} 元，应为 {} 元，请核对后红冲", yuan(progress.total), yuan(invoice.total));
        tasks::raise(tx, "invoice_amount", invoice.order_nos.empty() ? "" : invoice.order_nos.front(), "",
                     trf("发票 {}：{}", invoice.number, row.said));
    }
    if (row.reverses.empty()) {
        SEALDESK_LET(back, given_back(tx, invoice.payment_no));
        for (const auto& no : invoice.order_nos)
            if (back.refunded.contains(no))
                tasks::raise(tx, "invoice_refunded", no, "",
                             trf("订单 {} 已经退款，发票 {} 又开了出来，请红冲", no, invoice.number));
        storage::change(tx, "UPDATE invoice_requests SET paper_due = 1 WHERE id = :id", row.id);
        return record(tx, invoice, row.asked_by.login);
    }
    SEALDESK_TRY(record_red(tx, invoice, row.asked_by.login));
    if (!row.follow) return {};
    const auto next = begin_blue(tx, row.asked_by, taxes, {row.payment_no, row.order_no});
    if (!next) row.said = trf("红字发票已开出，新发票还不能开：{}", next.error().message);
    return {};
}

Result<Request> write_progress(Database& database, std::int64_t id, const Progress& answer, const Taxes& taxes) {
    return database.write([&](Tx& tx) -> Result<Request> {
        SEALDESK_LET(row, load_request(tx, id));
        if (is_over(row.state)) return row;
        row.next_try = next_try(tx, row.attempts);
        if (answer.step == Step::issued) {
            SEALDESK_TRY(take_issued(tx, row, answer, taxes));
        } else {
            row.said = answer.said;
            const bool waited = row.state == RequestState::confirming || row.state == RequestState::lapsed;
            row.state = answer.step == Step::working      ? RequestState::waiting
                        : answer.step == Step::confirming ? RequestState::confirming
                        : answer.step == Step::lapsed     ? RequestState::lapsed
                        : answer.step == Step::failed     ? RequestState::failed
                                                          : RequestState::asking;
            if (row.state == RequestState::failed && row.said.empty()) row.said = tr("开票服务没有说明原因");
            if (row.state == RequestState::confirming) {
                if (!waited) row.confirming_since = tx.now;
                // The service was asked once more just now.
                if (tx.now - row.confirming_since >= kConfirmWithin) row.state = RequestState::lapsed;
            }
            if (row.state == RequestState::lapsed) row.said = tr("购买方没有在 72 小时内确认，红字确认单已失效");
        }
        save(tx, row);
        if (row.state == RequestState::failed || row.state == RequestState::lapsed) note(tx, "desk", "invoice.ask_failed", row);
        return row;
    });
}

// Nobody knows more than before: the state stays, with what was said.
Result<Request> write_doubt(Database& database, std::int64_t id, const Error& error) {
    return database.write([&](Tx& tx) -> Result<Request> {
        SEALDESK_LET(row, load_request(tx, id));
        if (is_over(row.state)) return row;
        row.next_try = next_try(tx, row.attempts);
        row.said = error.message;
        save(tx, row);
        return row;
    });
}

Result<Request> write_refusal(Database& database, std::int64_t id, const Error& error, const Taxes& taxes) {
    Progress no;
    no.step = Step::failed;
    no.said = error.message;
    return write_progress(database, id, no, taxes);
}

// Before the service hears of it: that it was tried.
Result<Request> count_attempt(Database& database, std::int64_t id) {
    return database.write([&](Tx& tx) -> Result<Request> {
        SEALDESK_LET(row, load_request(tx, id));
        ++row.attempts;
        save(tx, row);
        return row;
    });
}

Result<Wanted> wanted_of(Database& database, const Request& row) {
    Wanted wanted;
    wanted.reference = row.reference;
    wanted.invoice = row.invoice;
    if (row.reverses.empty()) return wanted;
    SEALDESK_LET(blue, find(database, row.reverses));
    wanted.whole = blue.total + row.invoice.total == Fen{};
    wanted.blue = std::move(blue);
    return wanted;
}

// Asks for the addresses that were not there yet.
Result<> complete_addresses(Database& database, Service& service, Request& row, const std::stop_token& stop) {
    if (std::none_of(row.files.begin(), row.files.end(), [](const auto& file) { return file.second.empty(); })) return {};
    SEALDESK_LET(wanted, wanted_of(database, row));
    SEALDESK_LET(progress, service.look(wanted, stop));
    for (auto& [format, address] : row.files)
        if (const auto found = progress.files.find(format); address.empty() && found != progress.files.end())
            address = found->second;
    return {};
}

Result<> fetch_one(Service& service, const std::filesystem::path& file, const std::string& address, const std::stop_token& stop) {
    if (address.empty()) return fail(ErrorKind::unavailable, tr("开票服务还没有给出文件的地址"));
    SEALDESK_LET(bytes, service.fetch(address, stop));
    SEALDESK_TRY(make_folder(file.parent_path()));
    return write_file(file, bytes, 0640);
}

Result<Request> fetch_files(Database& database, Service& service, const std::filesystem::path& folder, Request row,
                            const std::stop_token& stop) {
    std::string trouble;
    if (const auto asked = complete_addresses(database, service, row, stop); !asked) trouble = asked.error().message;
    auto left = row.files;
    for (const auto& [format, address] : row.files) {
        const auto kept = fetch_one(service, folder / (row.number + "." + format), address, stop);
        if (kept)
            left.erase(format);
        else
            trouble = kept.error().message;
    }
    return database.write([&](Tx& tx) -> Result<Request> {
        SEALDESK_LET(now, load_request(tx, row.id));
        if (now.state != RequestState::fetching) return now;
        // Nobody may be without the PDF; a service that makes no OFD or XML is not asked for ever.
        if (!left.contains("pdf") && tx.now - now.asked_at > kWithoutAddress)
            std::erase_if(left, [](const auto& file) { return file.second.empty(); });
        now.files = left;
        if (!trouble.empty()) now.said = trouble;
        ++now.attempts;
        now.next_try = next_try(tx, now.attempts);
        if (left.empty()) {
            now.state = RequestState::issued;
            if (now.attempts > 1) now.said.clear();
        }
        save(tx, now);
        return now;
    });
}

}  // namespace

Result<Request> look_again(Database& database, Service& service, const Taxes& taxes, std::int64_t id, std::stop_token stop) {
    SEALDESK_LET(row, find_request(database, id));
    if (row.state != RequestState::failed && row.state != RequestState::lapsed)
        return fail(ErrorKind::conflict, trf("这次开票申请现在是“{}”", word_of(row.state)));
    SEALDESK_LET(wanted, wanted_of(database, row));
    const auto progress = service.look(wanted, stop);
    if (!progress)
        return fail(progress.error().kind, trf("要先问清开票服务有没有开出，没有问到：{}", progress.error().message),
                    progress.error().detail);
    const bool going_on = progress->step == Step::working || progress->step == Step::issued ||
                          (progress->step == Step::confirming && row.state == RequestState::failed);
    if (!going_on) return row;
    SEALDESK_LET(now, write_progress(database, id, *progress, taxes));
    // It gave a number that is another invoice's: there is nothing to ask for anew.
    if (now.state == RequestState::failed) return fail(ErrorKind::conflict, now.said);
    return now;
}

Result<bool> pdf_is_here(Database& database, const std::string& number) {
    return database.read([&](Tx& tx) -> Result<bool> {
        SEALDESK_LET(rows, requests_where(tx, "state = 'fetching'"));
        return std::none_of(rows.begin(), rows.end(),
                            [&](const Request& row) { return row.number == number && row.files.contains("pdf"); });
    });
}

Result<> fetch_pdf(Database& database, Service& service, const std::string& number, const std::filesystem::path& folder,
                   std::stop_token stop) {
    SEALDESK_LET(row, request_of(database, number));
    row.files = {{"pdf", ""}};
    SEALDESK_TRY(complete_addresses(database, service, row, stop));
    return fetch_one(service, folder / (number + ".pdf"), row.files["pdf"], stop);
}

Result<Request> advance(Database& database, Service& service, const Taxes& taxes, const std::filesystem::path& folder,
                        std::int64_t id, std::stop_token stop) {
    SEALDESK_LET(row, find_request(database, id));
    if (row.state == RequestState::fetching) return fetch_files(database, service, folder, row, stop);
    if (row.state != RequestState::asking && row.state != RequestState::waiting && row.state != RequestState::confirming)
        return row;
    SEALDESK_LET(wanted, wanted_of(database, row));
    const bool asked_before = row.attempts > 0 || row.state != RequestState::asking;
    SEALDESK_TRY(count_attempt(database, id));
    // An answer may have been lost: first what the service knows.
    if (asked_before) {
        const auto progress = service.look(wanted, stop);
        if (!progress) return write_doubt(database, id, progress.error());
        if (progress->step != Step::unknown) return write_progress(database, id, *progress, taxes);
    }
    const auto taken = service.ask(wanted, stop);
    Progress begun;
    begun.step = Step::working;
    if (taken) return write_progress(database, id, begun, taxes);
    if (taken.error().kind == ErrorKind::unavailable) return write_doubt(database, id, taken.error());
    // An account that is not known got nothing taken. Any other no may be "asked for already", and then it is there.
    if (taken.error().kind == ErrorKind::denied) return write_refusal(database, id, taken.error(), taxes);
    const auto progress = service.look(wanted, stop);
    if (!progress) return write_doubt(database, id, progress.error());
    if (progress->step != Step::unknown) return write_progress(database, id, *progress, taxes);
    return write_refusal(database, id, taken.error(), taxes);
}

Result<int> advance_due(Database& database, Service& service, const Taxes& taxes, const std::filesystem::path& folder,
                        std::stop_token stop) {
    SEALDESK_LET(open, open_requests(database));
    int moved = 0;
    for (const auto& row : open) {
        if (stop.stop_requested()) break;
        if (row.state == RequestState::failed || row.state == RequestState::lapsed) continue;
        if (!is_due(row.next_try, database.now(), kLongest)) continue;
        SEALDESK_LET(now, advance(database, service, taxes, folder, row.id, stop));
        moved += now.state != row.state ? 1 : 0;
    }
    return moved;
}

}  // namespace sealdesk::invoices

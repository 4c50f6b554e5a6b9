#include "invoices/requests.h"

#include <algorithm>

#include "audit/audit.h"
#include "base/files.h"
#include "base/text.h"
#include "base/translate.h"
#include "crypto/random.h"
#include "invoices/invoice_json.h"
#include "invoices/ledger.h"
#include "storage/rows.h"

namespace sealdesk::invoices {

using nlohmann::json;
using storage::Database;
using storage::Tx;
using Step = Progress::Step;

namespace {

constexpr std::int64_t kPoll = 5 * kSecond, kLongest = 10 * kMinute;

Result<std::vector<Request>> rows_where(Tx& tx, const std::string& condition, std::int64_t id = 0) {
    std::vector<Request> list;
    std::optional<Error> broken;
    Request row;
    std::string document, state, files;
    int follow = 0;
    storage::for_each_row(
        tx,
        "SELECT id, reference, payment_no, order_no, reverses, reason, follow, document, state, number, files, said, attempts, "
        "next_try, asked_by, asked_name, asked_at, changed_at FROM invoice_requests WHERE (:id = 0 OR id = :same) AND " +
            condition + " ORDER BY id",
        std::tie(row.id, row.reference, row.payment_no, row.order_no, row.reverses, row.reason, follow, document, state,
                 row.number, files, row.said, row.attempts, row.next_try.ms, row.asked_by.login, row.asked_by.name,
                 row.asked_at.ms, row.changed_at.ms),
        [&] {
            auto invoice = invoice_from_json_text(document);
            if (!invoice) {
                broken = invoice.error();
                return;
            }
            row.invoice = std::move(*invoice);
            row.follow = follow != 0;
            row.state = request_state_of(state);
            row.files.clear();
            const json addresses = json::parse(files, nullptr, false);
            if (addresses.is_object()) addresses.get_to(row.files);
            row.asked_by.roles = static_cast<staff::Roles>(staff::Role::clerk);
            row.invoice.reason = row.reason;
            list.push_back(row);
        },
        id, id);
    if (broken) return Failure(*broken);
    return list;
}

Result<Request> load_request(Tx& tx, std::int64_t id) {
    SEALDESK_LET(list, rows_where(tx, "1 = 1", id));
    if (list.empty() || id == 0) return refused(trf("没有编号为 {} 的开票申请", id));
    return list.front();
}

void save(Tx& tx, const Request& row) {
    const std::string state = name_of(row.state), files = row.files.empty() ? std::string() : json(row.files).dump();
    storage::change(tx,
                    "UPDATE invoice_requests SET state = :state, number = :number, files = :files, said = :said, attempts = "
                    ":attempts, next_try = :next, changed_at = :at WHERE id = :id",
                    state, row.number, files, row.said, row.attempts, row.next_try.ms, tx.now.ms, row.id);
}

void note(Tx& tx, const std::string& login, const char* verb, const Request& row) {
    for (const auto& no : row.invoice.order_nos)
        audit::append(
            tx, login, verb, no,
            json{{"reference", row.reference}, {"number", row.number}, {"reverses", row.reverses}, {"said", row.said}}.dump());
}

Result<Request> begin(Tx& tx, const staff::Actor& actor, const Invoice& invoice, bool follow) {
    std::string hex = crypto::uuid(tx.random);
    std::erase(hex, '-');
    const std::string reference = "SD" + hex.substr(0, 18), document = to_json(invoice).dump();
    const auto id = storage::one<std::int64_t>(
        tx,
        "INSERT INTO invoice_requests (reference, payment_no, order_no, reverses, reason, follow, document, state, asked_by, "
        "asked_name, asked_at, changed_at) VALUES (:reference, :payment, :order, :reverses, :reason, :follow, :document, "
        "'asking', :by, :name, :at, :changed) RETURNING id",
        0, reference, invoice.payment_no, invoice.order_no, invoice.reverses, invoice.reason, follow ? 1 : 0, document,
        actor.login, actor.name, tx.now.ms, tx.now.ms);
    SEALDESK_LET(row, load_request(tx, id));
    note(tx, actor.login, "invoice.ask", row);
    return row;
}

// The blue invoice that is asked for, or that the red letter is for.
Result<Request> begin_blue(Tx& tx, const staff::Actor& actor, const Taxes& taxes, const Bill& bill) {
    SEALDESK_LET(open, rows_where(tx, "reverses = '' AND state IN ('asking', 'waiting', 'failed')"));
    for (const auto& row : open)
        if (row.payment_no == bill.payment_no && row.order_no == bill.order_no) return row;
    SEALDESK_LET(live, live_invoice(tx, bill));
    if (live) return fail(ErrorKind::conflict, trf("发票 {} 已经开出", live->number));
    SEALDESK_LET(invoice, draft(tx, bill, taxes, actor));
    return begin(tx, actor, invoice, false);
}

Result<Request> begin_red(Tx& tx, const staff::Actor& actor, const std::string& number, RedReason reason,
                          const std::vector<std::string>& order_nos, bool follow) {
    SEALDESK_LET(blue, load_invoice(tx, number));
    if (blue.source != Source::service) return refused(trf("发票 {} 是本机号段的，在本机作废或红冲", number));
    if (reason == RedReason::mistake && !order_nos.empty()) return refused(tr("开票有误只能全部红冲"));
    SEALDESK_LET(open, rows_where(tx, "reverses <> '' AND state IN ('asking', 'waiting', 'confirming', 'failed')"));
    for (const auto& row : open)
        if (row.reverses == number)
            return fail(ErrorKind::conflict, trf("发票 {} 的红冲已经提交：{}", number, word_of(row.state)));
    SEALDESK_LET(red, red_draft(tx, blue, order_nos, printed(reason), actor));
    return begin(tx, actor, red, follow);
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
    row.attempts = 0;
    row.next_try = tx.now;
    row.state = row.files.empty() ? RequestState::issued : RequestState::fetching;
    row.said.clear();
    // Recorded as it is: the tax bureau has it. A person must look.
    if (progress.total != Fen{} && progress.total != invoice.total)
        row.said = trf("开票服务开出 {} 元，应为 {} 元，请核对后红冲", yuan(progress.total), yuan(invoice.total));
    if (row.reverses.empty()) return record(tx, invoice, row.asked_by.login);
    SEALDESK_TRY(record_red(tx, invoice, row.asked_by.login));
    if (!row.follow) return {};
    const auto next = begin_blue(tx, row.asked_by, taxes, {row.payment_no, row.order_no});
    if (!next) row.said = trf("红字发票已开出，新发票还不能开：{}", next.error().message);
    return {};
}

Result<Request> write_progress(Database& database, std::int64_t id, const Result<Progress>& answer, const Taxes& taxes) {
    return database.write([&](Tx& tx) -> Result<Request> {
        SEALDESK_LET(row, load_request(tx, id));
        if (row.state != RequestState::asking && row.state != RequestState::waiting && row.state != RequestState::confirming)
            return row;
        row.next_try = tx.now + std::min(kLongest, kPoll << std::min(row.attempts, 7));
        if (!answer) {
            if (answer.error().kind != ErrorKind::unavailable) row.state = RequestState::failed;
            row.said = answer.error().message;
        } else if (answer->step == Step::issued) {
            SEALDESK_TRY(take_issued(tx, row, *answer, taxes));
        } else {
            row.said = answer->said;
            row.state = answer->step == Step::working      ? RequestState::waiting
                        : answer->step == Step::confirming ? RequestState::confirming
                        : answer->step == Step::lapsed     ? RequestState::lapsed
                        : answer->step == Step::failed     ? RequestState::failed
                                                           : RequestState::asking;
            if (row.state == RequestState::failed && row.said.empty()) row.said = tr("开票服务没有说明原因");
            if (row.state == RequestState::lapsed) row.said = tr("购买方没有在 72 小时内确认，红字确认单已失效");
        }
        save(tx, row);
        if (row.state == RequestState::failed || row.state == RequestState::lapsed) note(tx, "desk", "invoice.ask_failed", row);
        return row;
    });
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

Result<Request> fetch_files(Database& database, Service& service, const std::filesystem::path& folder, const Request& row,
                            const std::stop_token& stop) {
    std::string trouble;
    auto left = row.files;
    for (const auto& [format, address] : row.files) {
        const auto bytes = service.fetch(address, stop);
        Result<> kept = bytes ? make_folder(folder) : Result<>(Failure(bytes.error()));
        if (kept) kept = write_file(folder / (row.number + "." + format), *bytes, 0640);
        if (kept)
            left.erase(format);
        else
            trouble = kept.error().message;
    }
    return database.write([&](Tx& tx) -> Result<Request> {
        SEALDESK_LET(now, load_request(tx, row.id));
        if (now.state != RequestState::fetching) return now;
        now.files = left;
        if (!trouble.empty()) now.said = trouble;
        ++now.attempts;
        now.next_try = tx.now + std::min(kLongest, kPoll << std::min(now.attempts, 7));
        if (left.empty()) {
            now.state = RequestState::issued;
            if (now.attempts > 1) now.said.clear();
        }
        save(tx, now);
        return now;
    });
}

}  // namespace

Result<Request> request(Database& database, const staff::Actor& actor, const Taxes& taxes, const std::string& payment_no,
                        const std::string& order_no) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    return database.write([&](Tx& tx) { return begin_blue(tx, actor, taxes, {payment_no, order_no}); });
}

Result<Request> request_red(Database& database, const staff::Actor& actor, const std::string& number, RedReason reason,
                            const std::vector<std::string>& order_nos, bool follow) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    return database.write([&](Tx& tx) { return begin_red(tx, actor, number, reason, order_nos, follow); });
}

Result<Request> request_title(Database& database, const staff::Actor& actor, const std::string& number,
                              const orders::InvoiceTitle& title) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    SEALDESK_TRY(check_title(title));
    return database.write([&](Tx& tx) -> Result<Request> {
        SEALDESK_LET(wrong, load_invoice(tx, number));
        if (wrong.title.kind == title.kind && wrong.title.name == title.name && wrong.title.tax_number == title.tax_number)
            return refused(tr("抬头没有变化"));
        put_title(tx, actor.login, {wrong.payment_no, wrong.order_no}, title);
        return begin_red(tx, actor, number, RedReason::mistake, {}, true);
    });
}

Result<std::vector<Request>> open_requests(Database& database) {
    return database.read(
        [](Tx& tx) { return rows_where(tx, "state IN ('asking', 'waiting', 'confirming', 'failed', 'lapsed', 'fetching')"); });
}

Result<Request> find_request(Database& database, std::int64_t id) {
    return database.read([&](Tx& tx) { return load_request(tx, id); });
}

static Result<Request> stuck(Tx& tx, std::int64_t id) {
    SEALDESK_LET(row, load_request(tx, id));
    if (row.state != RequestState::failed && row.state != RequestState::lapsed)
        return fail(ErrorKind::conflict, trf("这次开票申请现在是“{}”", word_of(row.state)));
    return row;
}

Result<Request> retry_request(Database& database, const staff::Actor& actor, const Taxes& taxes, std::int64_t id) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    return database.write([&](Tx& tx) -> Result<Request> {
        SEALDESK_LET(row, stuck(tx, id));
        row.state = RequestState::dropped;
        save(tx, row);
        if (row.reverses.empty()) return begin_blue(tx, actor, taxes, {row.payment_no, row.order_no});
        SEALDESK_LET(blue, load_invoice(tx, row.reverses));
        const bool whole = blue.total + row.invoice.total == Fen{};
        return begin_red(tx, actor, row.reverses, red_reason_of(row.reason.substr(0, 2)).value_or(RedReason::returned),
                         whole ? std::vector<std::string>() : row.invoice.order_nos, row.follow);
    });
}

Result<> drop_request(Database& database, const staff::Actor& actor, std::int64_t id, const std::string& reason) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    if (trimmed(reason).empty()) return refused(tr("放弃要写明原因"));
    return database.write([&](Tx& tx) -> Result<> {
        SEALDESK_LET(row, stuck(tx, id));
        row.state = RequestState::dropped;
        row.said = reason;
        save(tx, row);
        note(tx, actor.login, "invoice.drop", row);
        return {};
    });
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
        if (!progress || progress->step != Step::unknown) return write_progress(database, id, progress, taxes);
    }
    const auto taken = service.ask(wanted, stop);
    Progress begun;
    begun.step = Step::working;
    if (taken) return write_progress(database, id, begun, taxes);
    if (taken.error().kind == ErrorKind::refused) {
        // "Asked for already" is a no as well, and then it is there.
        const auto progress = service.look(wanted, stop);
        if (progress && progress->step != Step::unknown) return write_progress(database, id, progress, taxes);
        if (!progress && progress.error().kind == ErrorKind::unavailable) return write_progress(database, id, progress, taxes);
    }
    return write_progress(database, id, Failure(taken.error()), taxes);
}

Result<int> advance_due(Database& database, Service& service, const Taxes& taxes, const std::filesystem::path& folder,
                        std::stop_token stop) {
    SEALDESK_LET(open, open_requests(database));
    int moved = 0;
    for (const auto& row : open) {
        if (stop.stop_requested()) break;
        if (row.state == RequestState::failed || row.state == RequestState::lapsed || row.next_try > database.now()) continue;
        SEALDESK_LET(now, advance(database, service, taxes, folder, row.id, stop));
        moved += now.state != row.state ? 1 : 0;
    }
    return moved;
}

}  // namespace sealdesk::invoices

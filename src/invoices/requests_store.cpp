#include "invoices/requests.h"

#include "audit/audit.h"
#include "base/text.h"
#include "base/translate.h"
#include "crypto/random.h"
#include "invoices/invoice_json.h"
#include "invoices/request_rows.h"
#include "storage/rows.h"

namespace sealdesk::invoices {

using nlohmann::json;
using storage::Database;
using storage::Tx;

Result<std::vector<Request>> requests_where(Tx& tx, const std::string& condition, std::int64_t id) {
    std::vector<Request> list;
    std::optional<Error> broken;
    Request row;
    std::string document, state, files;
    int follow = 0;
    storage::for_each_row(
        tx,
        "SELECT id, reference, payment_no, order_no, reverses, reason, follow, document, state, number, files, said, attempts, "
        "next_try, asked_by, asked_name, asked_at, changed_at, confirming_since FROM invoice_requests WHERE (:id = 0 OR id = "
        ":same) AND " +
            condition + " ORDER BY id",
        std::tie(row.id, row.reference, row.payment_no, row.order_no, row.reverses, row.reason, follow, document, state,
                 row.number, files, row.said, row.attempts, row.next_try.ms, row.asked_by.login, row.asked_by.name,
                 row.asked_at.ms, row.changed_at.ms, row.confirming_since.ms),
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
    SEALDESK_LET(list, requests_where(tx, "1 = 1", id));
    if (list.empty() || id == 0) return refused(trf("没有编号为 {} 的开票申请", id));
    return list.front();
}

void save(Tx& tx, const Request& row) {
    const std::string state = name_of(row.state), files = row.files.empty() ? std::string() : json(row.files).dump();
    storage::change(tx,
                    "UPDATE invoice_requests SET state = :state, number = :number, files = :files, said = :said, attempts = "
                    ":attempts, next_try = :next, confirming_since = :since, changed_at = :at WHERE id = :id",
                    state, row.number, files, row.said, row.attempts, row.next_try.ms, row.confirming_since.ms, tx.now.ms,
                    row.id);
}

void note(Tx& tx, const std::string& login, const char* verb, const Request& row) {
    for (const auto& no : subjects_of(row.invoice))
        audit::append(
            tx, login, verb, no,
            json{{"reference", row.reference}, {"number", row.number}, {"reverses", row.reverses}, {"said", row.said}}.dump());
}

static Result<Request> begin(Tx& tx, const staff::Actor& actor, const Invoice& invoice, bool follow) {
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

Result<Request> begin_blue(Tx& tx, const staff::Actor& actor, const Taxes& taxes, const Bill& bill) {
    SEALDESK_LET(open, requests_where(tx, "reverses = '' AND state IN ('asking', 'waiting', 'failed')"));
    for (const auto& row : open)
        if (row.payment_no == bill.payment_no && row.order_no == bill.order_no) return row;
    SEALDESK_LET(live, live_invoice(tx, bill));
    if (live) return fail(ErrorKind::conflict, trf("发票 {} 已经开出", live->number));
    SEALDESK_LET(invoice, draft(tx, bill, taxes, actor));
    return begin(tx, actor, invoice, false);
}

Result<Request> begin_red(Tx& tx, const staff::Actor& actor, const std::string& number, RedReason reason,
                          const std::vector<std::string>& order_nos, std::optional<Fen> amount, bool follow) {
    SEALDESK_LET(blue, load_invoice(tx, number));
    if (blue.source != Source::service) return refused(trf("发票 {} 是本机号段的，在本机作废或红冲", number));
    SEALDESK_LET(open, requests_where(tx, "reverses <> '' AND state IN ('asking', 'waiting', 'confirming', 'failed', 'lapsed')"));
    for (const auto& row : open)
        if (row.reverses == number)
            return fail(ErrorKind::conflict, trf("发票 {} 的红冲已经提交：{}", number, word_of(row.state)));
    SEALDESK_LET(red, red_draft(tx, blue, reason, order_nos, amount, actor));
    return begin(tx, actor, red, follow);
}

Result<Request> request(Database& database, const staff::Actor& actor, const Taxes& taxes, const std::string& payment_no,
                        const std::string& order_no) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    return database.write([&](Tx& tx) { return begin_blue(tx, actor, taxes, {payment_no, order_no}); });
}

Result<Request> request_red(Database& database, const staff::Actor& actor, const std::string& number, RedReason reason,
                            const std::vector<std::string>& order_nos, std::optional<Fen> amount, bool follow) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    return database.write([&](Tx& tx) { return begin_red(tx, actor, number, reason, order_nos, amount, follow); });
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
        return begin_red(tx, actor, number, RedReason::mistake, {}, {}, true);
    });
}

Result<std::vector<Request>> open_requests(Database& database) {
    return database.read([](Tx& tx) {
        return requests_where(tx, "state IN ('asking', 'waiting', 'confirming', 'failed', 'lapsed', 'fetching')");
    });
}

Result<Request> find_request(Database& database, std::int64_t id) {
    return database.read([&](Tx& tx) { return load_request(tx, id); });
}

Result<Request> request_of(Database& database, const std::string& number) {
    return database.read([&](Tx& tx) -> Result<Request> {
        const auto id = storage::one<std::int64_t>(
            tx, "SELECT id FROM invoice_requests WHERE number = :number AND state IN ('fetching', 'issued')", 0, number);
        if (id == 0) return refused(trf("发票 {} 不是向开票服务申请的", number));
        return load_request(tx, id);
    });
}

static Result<Request> stuck(Tx& tx, std::int64_t id) {
    SEALDESK_LET(row, load_request(tx, id));
    if (row.state != RequestState::failed && row.state != RequestState::lapsed)
        return fail(ErrorKind::conflict, trf("这次开票申请现在是“{}”", word_of(row.state)));
    return row;
}

Result<Request> retry_request(Database& database, const staff::Actor& actor, Service& service, const Taxes& taxes,
                              std::int64_t id, std::stop_token stop) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    SEALDESK_LET(now, look_again(database, service, taxes, id, stop));
    if (now.state != RequestState::failed && now.state != RequestState::lapsed) return now;
    return database.write([&](Tx& tx) -> Result<Request> {
        SEALDESK_LET(row, stuck(tx, id));
        row.state = RequestState::dropped;
        save(tx, row);
        if (row.reverses.empty()) return begin_blue(tx, actor, taxes, {row.payment_no, row.order_no});
        SEALDESK_LET(blue, load_invoice(tx, row.reverses));
        SEALDESK_LET(left, remaining_of(tx, blue));
        const bool whole = left + row.invoice.total == Fen{};  // all that earlier red letters left of it
        const RedReason reason = red_reason_of(row.reason.substr(0, 2)).value_or(RedReason::returned);
        if (whole) return begin_red(tx, actor, row.reverses, reason, {}, {}, row.follow);
        const auto& order_nos = row.invoice.order_nos;
        std::optional<Fen> amount;  // of an allowance on one order, whether that was part of it or all
        if (reason == RedReason::allowance && order_nos.size() == 1) amount = -row.invoice.total;
        return begin_red(tx, actor, row.reverses, reason, order_nos, amount, row.follow);
    });
}

Result<> drop_request(Database& database, const staff::Actor& actor, Service& service, const Taxes& taxes, std::int64_t id,
                      const std::string& reason, std::stop_token stop) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    if (trimmed(reason).empty()) return refused(tr("放弃要写明原因"));
    SEALDESK_LET(now, look_again(database, service, taxes, id, stop));
    return database.write([&](Tx& tx) -> Result<> {
        SEALDESK_LET(row, stuck(tx, now.id));
        row.state = RequestState::dropped;
        row.said = reason;
        save(tx, row);
        note(tx, actor.login, "invoice.drop", row);
        return {};
    });
}

}  // namespace sealdesk::invoices

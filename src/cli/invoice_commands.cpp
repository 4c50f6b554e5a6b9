// Invoices for scripts: issued as the window does it, by the own range or the invoice service, and everything that is done about
// them afterwards.
#include <fmt/format.h>

#include "base/translate.h"
#include "cli/commands.h"
#include "desk/documents.h"
#include "desk/invoicing.h"

namespace sealdesk::cli {

namespace fs = std::filesystem;
using invoices::Invoice;
using nlohmann::json;

namespace {

struct Words {
    std::string what, out, reason, search, unit, person, tax_number, yuan;
    std::vector<std::string> orders;
    invoices::VoidTicks ticks;
    reports::InvoiceSheet sheet;
    bool form = false, values_only = false, together = false, sheet_given = false;
};

struct Open {
    std::unique_ptr<desk::Desk> desk;
    staff::Actor actor;
};
Result<Open> signed_in(Common& common) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(actor, sign_in(common, *desk));
    return Open{std::move(desk), std::move(actor)};
}

// Of a command line nobody waits for the worker: the service is asked at once, and an invoice that it issued at once is given.
Result<std::optional<Invoice>> there_now(desk::Desk& desk, const desk::Invoiced& done, std::string* how_it_stands) {
    if (done.invoice) return done.invoice;
    SEALDESK_LET(row, desk::advance_invoice_request(desk, done.request->id));
    *how_it_stands = trf("已交给开票服务：{}", word_of(row.state)) + (row.said.empty() ? "" : "（" + row.said + "）");
    if (row.number.empty()) return std::optional<Invoice>();
    SEALDESK_LET(invoice, invoices::find(desk.database(), row.number));
    return std::optional(std::move(invoice));
}

Result<> tell(Common& common, desk::Desk& desk, const Invoice& invoice, const fs::path& out,
              const std::optional<reports::InvoiceSheet>& sheet = {}) {
    SEALDESK_LET(file, sheet ? desk::write_invoice(desk.documents(), invoice, *sheet) : desk::invoice_file(desk, invoice));
    SEALDESK_TRY(copied(file, out));
    print(common,
          {{"number", invoice.number},
           {"standing", name_of(invoice.standing)},
           {"total_fen", invoice.total.value},
           {"reverses", invoice.reverses},
           {"file", file.string()}},
          trf("发票 {}，{} 元：{}", invoice.number, yuan(invoice.total), file.string()));
    return {};
}

Result<> tell(Common& common, desk::Desk& desk, const desk::Invoiced& done, const fs::path& out,
              const std::optional<reports::InvoiceSheet>& sheet = {}) {
    std::string how_it_stands;
    SEALDESK_LET(invoice, there_now(desk, done, &how_it_stands));
    if (invoice) return tell(common, desk, *invoice, out, sheet);
    print(common, {{"number", nullptr}, {"request", done.request->id}, {"said", how_it_stands}}, how_it_stands);
    return {};
}

// Of the order's payment, or of the order when the payment is invoiced by order. What is there already is given again.
Result<> issue(Common& common, const Words& words) {
    SEALDESK_LET(open, signed_in(common));
    auto& desk = *open.desk;
    SEALDESK_TRY(staff::require(open.actor, staff::Role::clerk));
    const auto sheet = words.sheet_given ? std::optional(words.sheet) : std::nullopt;
    SEALDESK_LET(order, orders::load(desk.database(), words.what));
    SEALDESK_LET(there, invoices::of_order(desk.database(), words.what));
    if (there) return tell(common, desk, *there, words.out, sheet);
    SEALDESK_LET(each, invoices::invoiced_each(desk.database(), order.order.payment.no));
    SEALDESK_LET(done, desk::issue_invoice(desk, open.actor, order.order.payment.no, each ? words.what : ""));
    return tell(common, desk, done, words.out, sheet);
}

Result<> list(Common& common, const Words& words) {
    constexpr int kMost = 100;
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(found, invoices::issued(desk->database(), kMost, words.search));
    json rows = json::array();
    std::string text;
    for (const auto& each : found) {
        rows.push_back({{"number", each.number},
                        {"payment_no", each.payment_no},
                        {"title", each.title_name},
                        {"total_fen", each.total.value},
                        {"issued_at", iso_time(each.issued_at)},
                        {"standing", name_of(each.standing)}});
        text += fmt::format("{}  {}  {}  {}  {}\n", each.number, date_time(each.issued_at), yuan(each.total),
                            word_of(each.standing), each.title_name);
    }
    print(common, rows, text);
    return {};
}

Result<> void_it(Common& common, const Words& words) {
    SEALDESK_LET(open, signed_in(common));
    SEALDESK_LET(invoice, invoices::void_invoice(open.desk->database(), open.actor, words.what, words.reason, words.ticks));
    print(common, {{"number", invoice.number}, {"standing", name_of(invoice.standing)}}, trf("发票 {} 已作废", invoice.number));
    return {};
}

Result<> red(Common& common, const Words& words) {
    const auto reason = invoices::red_reason_of(words.reason);
    if (!reason) return refused(tr("--reason 应为 01 开票有误、02 销货退回、03 服务终止或 04 销售折让"));
    std::optional<Fen> amount;
    if (!words.yuan.empty()) {
        SEALDESK_LET(fen, parse_yuan(words.yuan));
        amount = fen;
    }
    SEALDESK_LET(open, signed_in(common));
    SEALDESK_LET(done, desk::reverse_invoice(*open.desk, open.actor, words.what, *reason, words.orders, amount));
    return tell(common, *open.desk, done, words.out);
}

// Of an invoice that was issued, or of an order whose payment waits for its invoice.
Result<> title(Common& common, const Words& words) {
    using orders::SubjectKind;
    if (words.unit.empty() == words.person.empty()) return refused(tr("写 --unit 名称 --tax-number 税号，或者 --person 姓名"));
    const orders::InvoiceTitle right = words.unit.empty() ? orders::InvoiceTitle{SubjectKind::person, words.person, ""}
                                                          : orders::InvoiceTitle{SubjectKind::unit, words.unit, words.tax_number};
    SEALDESK_LET(open, signed_in(common));
    auto& database = open.desk->database();
    if (const auto order = orders::load(database, words.what)) {
        SEALDESK_LET(there, invoices::of_order(database, words.what));
        if (there) return refused(trf("订单 {} 的发票 {} 已经开出，请写发票号码", words.what, there->number));
        const std::string payment = order->order.payment.no;
        SEALDESK_LET(each, invoices::invoiced_each(database, payment));
        SEALDESK_TRY(invoices::set_title(database, open.actor, payment, each ? words.what : "", right));
        print(common, {{"payment_no", payment}, {"title", right.name}}, tr("抬头已更正"));
        return {};
    }
    SEALDESK_LET(done, desk::correct_invoice_title(*open.desk, open.actor, words.what, right, words.ticks));
    return tell(common, *open.desk, done, words.out);
}

Result<> spoil(Common& common, const Words& words) {
    SEALDESK_LET(open, signed_in(common));
    SEALDESK_LET(number, invoices::spoil(open.desk->database(), open.actor, words.reason));
    print(common, {{"number", number}}, trf("废票 {} 已登记", number));
    return {};
}

Result<> spoiled(Common& common) {
    constexpr int kMost = 1000;
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(found, invoices::spoiled_sheets(desk->database(), kMost));
    json rows = json::array();
    std::string text;
    for (const auto& sheet : found) {
        rows.push_back({{"number", sheet.number},
                        {"reason", sheet.reason},
                        {"noted_by", sheet.noted_by},
                        {"noted_at", iso_time(sheet.noted_at)}});
        text += fmt::format("{}  {}  {}  {}\n", sheet.number, date_time(sheet.noted_at), sheet.noted_by, sheet.reason);
    }
    print(common, rows, text.empty() ? tr("没有登记过废票") : text);
    return {};
}

Result<> each(Common& common, const Words& words) {
    SEALDESK_LET(open, signed_in(common));
    SEALDESK_LET(order, orders::load(open.desk->database(), words.what));
    const std::string payment = order.order.payment.no;
    SEALDESK_TRY(invoices::invoice_each(open.desk->database(), open.actor, payment, !words.together));
    print(common, {{"payment_no", payment}, {"each", !words.together}},
          words.together ? tr("这次支付合开一张发票") : tr("这次支付按订单开票"));
    return {};
}

Result<> discount(Common& common, const Words& words) {
    SEALDESK_LET(amount, parse_yuan(words.yuan));
    SEALDESK_LET(open, signed_in(common));
    SEALDESK_LET(order, orders::load(open.desk->database(), words.what));
    const std::string payment = order.order.payment.no;
    SEALDESK_LET(by_order, invoices::invoiced_each(open.desk->database(), payment));
    SEALDESK_TRY(
        invoices::set_discount(open.desk->database(), open.actor, payment, by_order ? words.what : "", amount, words.reason));
    print(common, {{"payment_no", payment}, {"discount_fen", amount.value}},
          amount > Fen{} ? trf("折扣 {} 元已记下", yuan(amount)) : std::string(tr("不打折")));
    return {};
}

}  // namespace

void add_invoice_commands(CLI::App& app, Common& common) {
    const auto words = std::make_shared<Words>();
    auto* issue_command = app.add_subcommand("invoice", "issue or reprint the invoice of an order's payment, or of the order");
    issue_command->add_option("order", words->what)->required();
    issue_command->add_option("--out", words->out, "copy of the PDF");
    auto* form = issue_command->add_flag("--form", words->form, "on the continuous form of 241 x 140 mm");
    auto* values = issue_command->add_flag("--values-only", words->values_only, "for pre-printed paper");
    auto* right =
        issue_command->add_option("--right", words->sheet.right, "millimetres; without these four as shipping.toml has it");
    auto* down = issue_command->add_option("--down", words->sheet.down, "millimetres");
    on(issue_command, common, [&common, words, form, values, right, down] {
        words->sheet_given = form->count() + values->count() + right->count() + down->count() > 0;
        if (words->form) words->sheet.paper = reports::InvoicePaper::form_241x140;
        if (words->values_only) words->sheet.stock = reports::Stock::pre_printed;
        return issue(common, *words);
    });

    auto* all = app.add_subcommand("invoices", "what is done about invoices: list, void, red letters, titles, discounts");
    all->require_subcommand(1);
    const auto add = [&](const char* name, const char* does, auto run) {
        auto* command = all->add_subcommand(name, does);
        on(command, common, [&common, words, run] { return run(common, *words); });
        return command;
    };
    add("list", "the newest 100", list)->add_option("--search", words->search, "number, title, tax number, payment or order");
    auto* voids = add("void", "of a paper form, in its month", void_it);
    voids->add_option("number", words->what)->required();
    voids->add_option("--reason", words->reason)->required();
    const auto add_ticks = [&](CLI::App* command) {
        command->add_flag("--not-reported", words->ticks.not_reported, "we have neither copied it for tax nor booked it");
        command->add_flag("--not-certified", words->ticks.not_certified, "the buyer has not certified it, or that failed");
    };
    add_ticks(voids);
    auto* reds = add("red", "red letter, of all of it, of some orders, or an allowance on one order", red);
    reds->add_option("number", words->what)->required();
    reds->add_option("--reason", words->reason, "01, 02, 03 or 04")->required();
    reds->add_option("--order", words->orders, "only these orders");
    reds->add_option("--yuan", words->yuan, "of 04 only: so much of one order, tax included");
    reds->add_option("--out", words->out, "copy of the PDF");
    auto* titles = add("title", "the right title of an invoice, or of what an order's payment waits for", title);
    titles->add_option("what", words->what, "invoice number or order number")->required();
    titles->add_option("--unit", words->unit, "name");
    titles->add_option("--tax-number", words->tax_number);
    titles->add_option("--person", words->person, "name");
    add_ticks(titles);  // with both it is voided where it may be, else reversed
    titles->add_option("--out", words->out, "copy of the PDF");
    add("spoil", "the next sheet of the range was spoiled", spoil)->add_option("--reason", words->reason)->required();
    add("spoiled", "sheets that were spoiled", [](Common& where, const Words&) { return spoiled(where); });
    auto* switches = add("each", "the order's payment gets one invoice for each order", each);
    switches->add_option("order", words->what)->required();
    switches->add_flag("--together", words->together, "one for the whole payment again");
    auto* discounts = add("discount", "off the next invoice of the order's payment; a supervisor's", discount);
    discounts->add_option("order", words->what)->required();
    discounts->add_option("--yuan", words->yuan, "0 takes it back")->required();
    discounts->add_option("--reason", words->reason);
}

}  // namespace sealdesk::cli

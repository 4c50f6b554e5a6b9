#include <fmt/format.h>

#include "base/files.h"
#include "cli/commands.h"
#include "desk/documents.h"

namespace sealdesk::cli {

namespace fs = std::filesystem;

namespace {

// A document is written below the desk's documents folder, as the window does, and copied to where it was asked for.
Result<> copied(const fs::path& from, const fs::path& to) {
    if (to.empty()) return {};
    SEALDESK_LET(bytes, read_file(from));
    return write_file(to, bytes);
}

Result<> invoice(Common& common, const std::string& no, const std::string& out) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(actor, sign_in(common, *desk));
    SEALDESK_LET(order, orders::load(desk->database(), no));
    SEALDESK_LET(taxes, desk::taxes_of(desk->settings(), desk->places()));
    SEALDESK_LET(issued, invoices::issue(desk->database(), actor, taxes, order.order.payment.no));
    SEALDESK_LET(file, desk::write_invoice(desk->documents(), issued));
    SEALDESK_TRY(copied(file, out));
    print(common, {{"number", issued.number}, {"total_fen", issued.total.value}, {"file", file.string()}},
          trf("发票 {}，{} 元：{}", issued.number, yuan(issued.total), file.string()));
    return {};
}

Result<> label(Common& common, const std::string& code, const std::string& out) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(actor, sign_in(common, *desk));
    SEALDESK_LET(shipment, shipping::by_code(desk->database(), code));
    if (!shipment) return refused(trf("没有运单号或订单号是 {} 的包裹", code));
    SEALDESK_LET(prints, shipping::printed(desk->database(), actor, shipment->id));
    SEALDESK_LET(
        file, desk::write_label(desk->documents(), desk::centre_of(desk->settings()), *shipment, common.clock.now(), prints - 1));
    SEALDESK_TRY(copied(file, out));
    print(common, {{"waybill", shipment->waybill}, {"prints", prints}, {"file", file.string()}},
          trf("面单 {}：{}", shipment->waybill, file.string()));
    return {};
}

Result<> report(Common& common, const std::string& day_text, const std::string& out) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(actor, sign_in(common, *desk));
    Day day = day_of(common.clock.now());
    if (!day_text.empty()) {
        SEALDESK_LET(parsed, parse_day(day_text));
        day = parsed;
    }
    const std::string kind = fs::path(out).extension();
    const std::optional<desk::ReportFormat> format = kind == ".pdf"    ? std::optional(desk::ReportFormat::pdf)
                                                     : kind == ".csv"  ? std::optional(desk::ReportFormat::csv)
                                                     : kind == ".xlsx" ? std::optional(desk::ReportFormat::xlsx)
                                                                       : std::nullopt;
    if (!format) return refused(tr("--out 的文件名要以 .pdf、.csv 或 .xlsx 结尾"));
    SEALDESK_LET(made, daily::report(desk->database(), actor, day));
    SEALDESK_LET(file, desk::write_daily_report(desk->documents(), desk::centre_of(desk->settings()), made, *format));
    SEALDESK_TRY(copied(file, out));
    for (const auto& fault : made.faults) std::fprintf(stderr, "%s\n", fault.c_str());
    print(common, {{"day", text_of(day)}, {"file", out}, {"faults", made.faults}}, trf("{} 的日报：{}", text_of(day), out));
    return {};
}

}  // namespace

void add_paper_commands(CLI::App& app, Common& common) {
    struct Words {
        std::string what, out, day;
    };
    const auto words = std::make_shared<Words>();
    auto* invoice_command = app.add_subcommand("invoice", "issue or reprint the invoice of an order's payment");
    invoice_command->add_option("order", words->what)->required();
    invoice_command->add_option("--out", words->out, "copy of the PDF");
    on(invoice_command, common, [&common, words] { return invoice(common, words->what, words->out); });
    auto* label_command = app.add_subcommand("label", "courier label of a packed parcel");
    label_command->add_option("shipment", words->what, "waybill or order number")->required();
    label_command->add_option("--out", words->out, "copy of the PDF");
    on(label_command, common, [&common, words] { return label(common, words->what, words->out); });
    auto* report_command = app.add_subcommand("report", "daily report");
    report_command->add_option("--day", words->day, "2026-11-22; today when left out");
    report_command->add_option("--out", words->out, "FILE.pdf, .csv or .xlsx")->required();
    on(report_command, common, [&common, words] { return report(common, words->day, words->out); });
}

}  // namespace sealdesk::cli

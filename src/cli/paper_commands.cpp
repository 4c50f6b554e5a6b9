#include <fmt/format.h>

#include "base/files.h"
#include "base/text.h"
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

struct Words {
    std::string what, out, day, size = "100x180", dpi = "203";
    reports::InvoiceSheet sheet;
    bool form = false, values_only = false;
};

Result<> invoice(Common& common, const std::string& no, const std::string& out, const reports::InvoiceSheet& sheet) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(actor, sign_in(common, *desk));
    SEALDESK_LET(order, orders::load(desk->database(), no));
    SEALDESK_LET(taxes, desk::taxes_of(desk->settings(), desk->places()));
    SEALDESK_LET(issued, invoices::issue(desk->database(), actor, taxes, order.order.payment.no));
    SEALDESK_LET(file, desk::write_invoice(desk->documents(), issued, sheet));
    SEALDESK_TRY(copied(file, out));
    print(common, {{"number", issued.number}, {"total_fen", issued.total.value}, {"file", file.string()}},
          trf("发票 {}，{} 元：{}", issued.number, yuan(issued.total), file.string()));
    return {};
}

Result<shipping::Shipment> shipment_of(desk::Desk& desk, const std::string& code) {
    SEALDESK_LET(shipment, shipping::by_code(desk.database(), code));
    if (!shipment) return refused(trf("没有运单号或订单号是 {} 的包裹", code));
    return *shipment;
}

Result<desk::LabelPaper> label_paper(const Words& words) {
    desk::LabelPaper paper;
    if (words.size == "100x150") paper.size = reports::LabelSize::mm100x150;
    if (words.size == "76x130") paper.size = reports::LabelSize::mm76x130;
    if (words.dpi == "300") paper.dots = reports::PrinterDots::dpi300;
    const std::string kind = fs::path(words.out).extension();
    if (kind == ".zpl") paper.kind = desk::LabelPaper::Kind::zpl;
    if (!words.out.empty() && kind != ".zpl" && kind != ".pdf") return refused(tr("--out 的文件名要以 .pdf 或 .zpl 结尾"));
    return paper;
}

Result<> label(Common& common, const Words& words) {
    SEALDESK_LET(paper, label_paper(words));
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(actor, sign_in(common, *desk));
    SEALDESK_LET(shipment, shipment_of(*desk, words.what));
    SEALDESK_LET(prints, shipping::printed(desk->database(), actor, shipment));
    SEALDESK_LET(file, desk::write_label(desk->documents(), desk::centre_of(desk->settings()), shipment, common.clock.now(),
                                         prints - 1, paper));
    SEALDESK_TRY(copied(file, words.out));
    print(common, {{"waybill", shipment.waybill}, {"prints", prints}, {"file", file.string()}},
          trf("面单 {}：{}", shipment.waybill, file.string()));
    return {};
}

// The packing slip; for what is picked up at the counter, the receipt to sign.
Result<> slip(Common& common, const Words& words) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(actor, sign_in(common, *desk));
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    SEALDESK_LET(shipment, shipment_of(*desk, words.what));
    const desk::Centre centre = desk::centre_of(desk->settings());
    fs::path file;
    if (shipment.waybill.empty()) {
        SEALDESK_LET(receipt, desk::pickup_receipt(shipment, centre, actor.name, common.clock.now()));
        SEALDESK_LET(written, desk::write_receipt(desk->documents(), receipt));
        file = written;
    } else {
        SEALDESK_LET(issued, invoices::of_payment(desk->database(), shipment.payment_no));
        SEALDESK_LET(written,
                     desk::write_slip(desk->documents(),
                                      desk::packing_slip(shipment, centre, issued ? issued->number : "", shipment.packed_by)));
        file = written;
    }
    SEALDESK_TRY(copied(file, words.out));
    print(common, {{"waybill", shipment.waybill}, {"file", file.string()}}, file.string());
    return {};
}

Result<> manifest(Common& common, const Words& words) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(actor, sign_in(common, *desk));
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    SEALDESK_LET(waiting, shipping::waiting(desk->database()));
    std::erase_if(waiting, [&](const shipping::Shipment& shipment) { return shipment.courier != words.what; });
    const Instant now = common.clock.now();
    const Day day = day_of(now);
    const std::string number = fmt::format("JJ{:04}{:02}{:02}-{}", day.year, day.month, day.day, upper_ascii(words.what));
    SEALDESK_LET(list, desk::manifest(waiting, words.what, desk::centre_of(desk->settings()), number, actor.name, now));
    SEALDESK_LET(file, desk::write_manifest(desk->documents(), list));
    SEALDESK_TRY(copied(file, words.out));
    print(common, {{"number", number}, {"parcels", list.parcels.size()}, {"file", file.string()}}, file.string());
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
    const auto words = std::make_shared<Words>();
    auto* invoice_command = app.add_subcommand("invoice", "issue or reprint the invoice of an order's payment");
    invoice_command->add_option("order", words->what)->required();
    invoice_command->add_option("--out", words->out, "copy of the PDF");
    invoice_command->add_flag("--form", words->form, "on the continuous form of 241 x 140 mm");
    invoice_command->add_flag("--values-only", words->values_only, "for pre-printed paper");
    invoice_command->add_option("--right", words->sheet.right, "millimetres");
    invoice_command->add_option("--down", words->sheet.down, "millimetres");
    on(invoice_command, common, [&common, words] {
        if (words->form) words->sheet.paper = reports::InvoicePaper::form_241x140;
        if (words->values_only) words->sheet.stock = reports::Stock::pre_printed;
        return invoice(common, words->what, words->out, words->sheet);
    });
    auto* label_command = app.add_subcommand("label", "courier label of a packed parcel");
    label_command->add_option("shipment", words->what, "waybill or order number")->required();
    label_command->add_option("--out", words->out, "copy, FILE.pdf or .zpl for a thermal printer");
    label_command->add_option("--size", words->size, "millimetres")->check(CLI::IsMember({"100x180", "100x150", "76x130"}));
    label_command->add_option("--dpi", words->dpi, "of the thermal printer")->check(CLI::IsMember({"203", "300"}));
    on(label_command, common, [&common, words] { return label(common, *words); });
    auto* slip_command = app.add_subcommand("slip", "packing slip of a parcel, or the receipt of what is picked up");
    slip_command->add_option("shipment", words->what, "waybill or order number")->required();
    slip_command->add_option("--out", words->out, "copy of the PDF");
    on(slip_command, common, [&common, words] { return slip(common, *words); });
    auto* manifest_command = app.add_subcommand("manifest", "hand-over list of a courier's packed parcels");
    manifest_command->add_option("courier", words->what, "code, as in the parcels")->required();
    manifest_command->add_option("--out", words->out, "copy of the PDF");
    on(manifest_command, common, [&common, words] { return manifest(common, *words); });
    auto* report_command = app.add_subcommand("report", "daily report");
    report_command->add_option("--day", words->day, "2026-11-22; today when left out");
    report_command->add_option("--out", words->out, "FILE.pdf, .csv or .xlsx")->required();
    on(report_command, common, [&common, words] { return report(common, words->day, words->out); });
}

}  // namespace sealdesk::cli

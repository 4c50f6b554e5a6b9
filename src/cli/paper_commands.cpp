#include <fmt/format.h>

#include <algorithm>

#include "base/files.h"
#include "base/text.h"
#include "cli/commands.h"
#include "desk/documents.h"
#include "desk/papers.h"
#include "shipping/handover.h"

namespace sealdesk::cli {

namespace fs = std::filesystem;

Result<> copied(const fs::path& from, const fs::path& to) {
    if (to.empty()) return {};
    SEALDESK_LET(bytes, read_file(from));
    return write_file(to, bytes);
}

namespace {

struct Words {
    std::vector<std::string> parcels;
    std::string what, out, day, reason, size = "100x180", dpi = "203";
};

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

// One file for all of them.
Result<> label(Common& common, const Words& words) {
    SEALDESK_LET(paper, label_paper(words));
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(actor, sign_in(common, *desk));
    std::vector<std::int64_t> parcels;
    nlohmann::json waybills = nlohmann::json::array();
    std::string all;
    for (const auto& code : words.parcels) {
        SEALDESK_LET(shipment, shipment_of(*desk, code));
        if (std::find(parcels.begin(), parcels.end(), shipment.id) != parcels.end()) continue;
        parcels.push_back(shipment.id);
        waybills.push_back(shipment.waybill);
        all += (all.empty() ? "" : " ") + shipment.waybill;
    }
    SEALDESK_LET(papers, desk::labels_as_file(*desk, actor, parcels, paper, trimmed(words.reason)));
    const auto file = papers.files.back();
    SEALDESK_TRY(copied(file, words.out));
    print(common, {{"waybills", waybills}, {"prints", papers.prints}, {"file", file.string()}},
          trf("面单 {}，第 {} 次打印：{}", all, papers.prints, file.string()));
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
    if (shipment.delivery.method == orders::DeliveryMethod::pickup) {
        SEALDESK_LET(receipt, desk::pickup_receipt(shipment, centre, actor.name, common.clock.now()));
        SEALDESK_LET(written, desk::write_receipt(desk->documents(), receipt));
        file = written;
    } else {
        SEALDESK_LET(written, desk::slip_file(*desk, shipment));
        file = written;
    }
    SEALDESK_TRY(copied(file, words.out));
    print(common, {{"waybill", shipment.waybill}, {"file", file.string()}}, file.string());
    return {};
}

// As it was closed; open lists are shown by `ship list`.
Result<> manifest(Common& common, const Words& words) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(actor, sign_in(common, *desk));
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    SEALDESK_LET(closed, shipping::manifest_numbered(desk->database(), upper_ascii(words.what)));
    SEALDESK_LET(list, desk::manifest(closed.parcels, closed.courier, desk::centre_of(desk->settings()), closed.number,
                                      closed.closed_by, closed.closed_at));
    SEALDESK_LET(file, desk::write_manifest(desk->documents(), list));
    SEALDESK_TRY(copied(file, words.out));
    print(common, {{"number", closed.number}, {"parcels", list.parcels.size()}, {"file", file.string()}}, file.string());
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
    auto* label_command = app.add_subcommand("label", "courier labels of packed parcels as one file, each counted as a print");
    label_command->add_option("shipment", words->parcels, "waybill or order number, one or more")->required();
    label_command->add_option("--out", words->out, "copy, FILE.pdf or .zpl for a thermal printer");
    label_command->add_option("--reason", words->reason, "needed when it was printed before");
    label_command->add_option("--size", words->size, "millimetres")->check(CLI::IsMember({"100x180", "100x150", "76x130"}));
    label_command->add_option("--dpi", words->dpi, "of the thermal printer")->check(CLI::IsMember({"203", "300"}));
    on(label_command, common, [&common, words] { return label(common, *words); });
    auto* slip_command = app.add_subcommand("slip", "packing slip of a parcel, or the receipt of what is picked up");
    slip_command->add_option("shipment", words->what, "waybill or order number")->required();
    slip_command->add_option("--out", words->out, "copy of the PDF");
    on(slip_command, common, [&common, words] { return slip(common, *words); });
    auto* manifest_command = app.add_subcommand("manifest", "a hand-over list that was closed, as a file");
    manifest_command->add_option("number", words->what, "JJ00000001; `ship close` gave it")->required();
    manifest_command->add_option("--out", words->out, "copy of the PDF");
    on(manifest_command, common, [&common, words] { return manifest(common, *words); });
    auto* report_command = app.add_subcommand("report", "daily report");
    report_command->add_option("--day", words->day, "2026-11-22; today when left out");
    report_command->add_option("--out", words->out, "FILE.pdf, .csv or .xlsx")->required();
    on(report_command, common, [&common, words] { return report(common, words->day, words->out); });
}

}  // namespace sealdesk::cli

#include "desk/documents.h"

#include <algorithm>

#include "base/files.h"
#include "base/translate.h"
#include "shipping/waybill.h"

namespace sealdesk::desk {

namespace fs = std::filesystem;

Centre centre_of(const Settings& settings) {
    return {settings.centre, settings.centre_tax_number, settings.centre_address, settings.centre_mobile};
}

Result<invoices::Taxes> taxes_of(const Settings& settings, const Places& places) {
    std::error_code none;
    const fs::path own = settings.home / "taxes.toml";
    SEALDESK_LET(taxes, invoices::load_taxes(fs::exists(own, none) ? own : places.data / "taxes.toml"));
    if (!settings.centre_tax_number.empty()) taxes.seller = {settings.centre, settings.centre_tax_number};
    return taxes;
}

reports::Invoice printable(const invoices::Invoice& invoice) {
    reports::Invoice paper;
    paper.number = invoice.number;
    if (auto printed = invoices::printed_number(invoice.number)) {
        paper.code = std::move(printed->code);
        paper.number = std::move(printed->number);
    }
    paper.issued = day_of(invoice.issued_at);
    paper.seller = {invoice.seller.name, invoice.seller.tax_number};
    paper.buyer = {invoice.title.name, invoice.title.tax_number};
    for (const auto& line : invoice.lines)
        paper.lines.push_back({line.printed, line.spec, line.unit, line.quantity, line.net, line.rate_per_mille, line.tax});
    paper.net = invoice.net;
    paper.tax = invoice.tax;
    paper.gross = invoice.total;
    paper.remark = invoice.remark;
    paper.clerk = invoice.issued_by;
    // A paper form's would need the check code, which only the tax bureau's own box makes.
    if (!paper.code.empty()) return paper;
    // What invoice readers expect: version, kind (32: fully digital, ordinary), code, number, amount, day.
    const Day day = paper.issued;
    paper.qr = fmt::format("01,32,,{},{},{:04}{:02}{:02},", paper.number, yuan(paper.gross), day.year, day.month, day.day);
    return paper;
}

// The unit that all of it is for; "" when there are several, or it is a person's alone.
static std::string unit_of(const shipping::Shipment& shipment) {
    if (shipment.contents.empty()) return {};
    const std::string& unit = shipment.contents.front().unit;
    const bool all = std::all_of(shipment.contents.begin(), shipment.contents.end(),
                                 [&](const shipping::Content& content) { return content.unit == unit; });
    return all ? unit : "";
}

reports::Label printable(const shipping::Shipment& shipment, const Centre& centre, Instant now, int reprint) {
    reports::Label label;
    label.courier = shipping::courier_name(shipment.courier);
    label.waybill = shipment.waybill;
    label.recipient = {shipment.delivery.recipient, unit_of(shipment), shipment.delivery.mobile, shipment.delivery.address};
    label.sender = {centre.name, "", centre.mobile, centre.address};
    for (const auto& content : shipment.contents) {
        label.orders.push_back(content.order_no);
        label.keys += content.quantity;
    }
    label.printed_at = now;
    label.reprint = reprint;
    label.routing = shipment.routing;
    label.routing_code = shipment.routing_code;
    return label;
}

// Papers are for applicants, whatever language the desk speaks.
static const char* chinese(orders::OrderKind kind) {
    switch (kind) {
        case orders::OrderKind::create: return "新办";
        case orders::OrderKind::replacement: return "补办";
        case orders::OrderKind::renewal: return "续期";
        case orders::OrderKind::change: return "变更";
    }
    return "";
}

static std::vector<reports::PackedOrder> packed_orders(const shipping::Shipment& shipment) {
    std::vector<reports::PackedOrder> orders;
    for (const auto& content : shipment.contents) {
        // Its KEY was replaced before it left: another order's parcel has the new one.
        const bool elsewhere = content.key_serials.empty() && content.replaced > 0;
        orders.push_back({content.order_no, content.subject_name, chinese(content.kind), content.key_serials,
                          elsewhere ? "已由补办的 KEY 替换" : ""});
    }
    return orders;
}

SlipInvoices slip_invoices(const shipping::Shipment& shipment, const std::vector<shipping::Enclosed>& invoices) {
    SlipInvoices said;
    for (const auto& each : invoices) {
        if (each.shipment == shipment.id)
            said.inside += (said.inside.empty() ? "" : " ") + each.number;
        else
            said.elsewhere += (said.elsewhere.empty() ? "" : "，") + each.number +
                              (each.waybill.empty() ? "（在同一支付的另一个包裹）" : "（在包裹 " + each.waybill + "）");
    }
    return said;
}

reports::PackingSlip packing_slip(const shipping::Shipment& shipment, const Centre& centre, const SlipInvoices& invoices,
                                  const std::string& packed_by) {
    reports::PackingSlip slip;
    slip.centre = centre.name;
    slip.courier = shipment.courier.empty() ? "" : shipping::courier_name(shipment.courier);
    slip.waybill = shipment.waybill;
    slip.recipient = {shipment.delivery.recipient, unit_of(shipment), shipment.delivery.mobile, shipment.delivery.address};
    slip.orders = packed_orders(shipment);
    slip.invoice_number = invoices.inside;
    slip.invoice_elsewhere = invoices.elsewhere;
    slip.packed_by = packed_by;
    slip.packed_at = shipment.packed_at;
    return slip;
}

Result<reports::PickupReceipt> pickup_receipt(const shipping::Shipment& shipment, const Centre& centre,
                                              const std::string& handed_by, Instant now) {
    if (shipment.delivery.method != orders::DeliveryMethod::pickup)
        return refused(
            trf("包裹 {} 由快递寄送，没有自取签收单", shipment.waybill.empty() ? shipment.delivery.recipient : shipment.waybill));
    if (shipment.contents.empty()) return refused(tr("没有要打印的订单"));
    reports::PickupReceipt receipt;
    receipt.centre = centre.name;
    // A scan of it opens the parcel; packed anew, the same orders get another one.
    receipt.number = fmt::format("ZQ{}-{}", shipment.contents.front().order_no, shipment.id);
    receipt.collector = shipment.delivery.recipient;
    receipt.mobile = shipment.delivery.mobile;
    receipt.orders = packed_orders(shipment);
    receipt.handed_by = handed_by;
    receipt.handed_at = now;
    return receipt;
}

Result<reports::Manifest> manifest(const std::vector<shipping::Shipment>& shipments, const std::string& courier,
                                   const Centre& centre, const std::string& number, const std::string& made_by, Instant now) {
    reports::Manifest list;
    list.centre = centre.name;
    list.number = number;
    list.courier = shipping::courier_name(courier);
    list.made_at = now;
    list.made_by = made_by;
    for (const auto& shipment : shipments) {
        if (shipment.courier != courier) return refused(trf("包裹 {} 不是交给{}的", shipment.waybill, list.courier));
        int keys = 0;
        for (const auto& content : shipment.contents) keys += content.quantity;
        list.parcels.push_back({shipment.waybill, shipment.delivery.recipient, shipment.delivery.address,
                                static_cast<int>(shipment.contents.size()), keys});
    }
    return list;
}

static std::string stage_of(orders::State reached) {
    switch (reached) {
        case orders::State::approved: return tr("支付到审核通过");
        case orders::State::issued: return tr("支付到制证完成");
        default: return tr("支付到发货完成");
    }
}

reports::DailyReport printable(const daily::Report& report, const Centre& centre) {
    reports::DailyReport paper;
    paper.centre = centre.name;
    paper.day = report.day;
    paper.generated_at = report.made_at;
    const auto count = [](std::int64_t number) { return static_cast<int>(number); };
    for (const auto& flow : report.flows)
        paper.states.push_back({orders::word_of(flow.state), count(flow.in), count(flow.out), count(flow.end)});
    for (const auto& each : report.turnarounds)
        paper.turnarounds.push_back({stage_of(each.reached), count(each.orders), each.median_ms, each.p90_ms});
    for (const auto& each : report.rejections) paper.rejections.push_back({each.code, each.text, count(each.count)});
    paper.keys_written = count(report.keys_written);
    for (const auto& each : report.takings)
        paper.takings.push_back(
            {orders::word_of(each.channel), count(each.payments), each.gross, each.handling_fee, each.freight, each.refunded});
    paper.audit_head = report.audit_head;
    return paper;
}

static Result<fs::path> put(const fs::path& folder, const std::string& name, const std::string& bytes) {
    SEALDESK_TRY(make_folder(folder));
    const fs::path file = folder / name;
    SEALDESK_TRY(write_file(file, bytes, 0640));
    return file;
}

// A waybill may be typed by hand: as a file's name it keeps letters, digits and hyphens.
static std::string file_name(const std::string& number) {
    std::string name;
    for (const char c : number)
        name += (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ? c : '_';
    return name;
}

LabelPaper label_paper(const ShippingSettings& own) {
    LabelPaper paper;
    if (own.label_size == "100x150") paper.size = reports::LabelSize::mm100x150;
    if (own.label_size == "76x130") paper.size = reports::LabelSize::mm76x130;
    if (own.label_format == "zpl") paper.kind = LabelPaper::Kind::zpl;
    if (own.label_dpi == 300) paper.dots = reports::PrinterDots::dpi300;
    return paper;
}

reports::InvoiceSheet invoice_sheet(const ShippingSettings& own) {
    reports::InvoiceSheet sheet;
    if (own.invoice_paper != "a4") sheet.paper = reports::InvoicePaper::form_241x140;
    if (own.invoice_paper == "form_pre_printed") sheet.stock = reports::Stock::pre_printed;
    sheet.right = own.invoice_right;
    sheet.down = own.invoice_down;
    return sheet;
}

fs::path invoice_path(const fs::path& documents, const std::string& number) {
    return documents / "invoices" / (file_name(number) + ".pdf");
}

Result<fs::path> write_invoice(const DocumentFolder& documents, const invoices::Invoice& invoice,
                               const reports::InvoiceSheet& sheet) {
    if (invoice.source == invoices::Source::service)
        return refused(trf("发票 {} 由开票服务开出，只有它的文件才是发票", invoice.number));
    SEALDESK_LET(fonts, documents.fonts());
    SEALDESK_LET(bytes, reports::invoice_pdf(printable(invoice), *fonts, sheet));
    return put(documents / "invoices", file_name(invoice.number) + ".pdf", bytes);
}

namespace {

Result<fs::path> put_labels(const DocumentFolder& documents, const std::string& name, const std::vector<reports::Label>& labels,
                            const LabelPaper& paper) {
    SEALDESK_LET(fonts, documents.fonts());
    if (paper.kind == LabelPaper::Kind::zpl) {
        SEALDESK_LET(zpl, reports::labels_zpl(labels, *fonts, paper.size, paper.dots));
        return put(documents / "labels", file_name(name) + ".zpl", zpl);
    }
    SEALDESK_LET(bytes, reports::labels_pdf(labels, *fonts, paper.size));
    return put(documents / "labels", file_name(name) + ".pdf", bytes);
}

}  // namespace

Result<fs::path> write_label(const DocumentFolder& documents, const Centre& centre, const shipping::Shipment& shipment,
                             Instant now, int reprint, const LabelPaper& paper) {
    if (shipment.waybill.empty()) return refused(tr("自取的包裹没有快递面单"));
    return put_labels(documents, shipment.waybill, {printable(shipment, centre, now, reprint)}, paper);
}

Result<fs::path> write_labels(const DocumentFolder& documents, const Centre& centre,
                              const std::vector<shipping::Shipment>& shipments, Instant now, const LabelPaper& paper) {
    std::vector<reports::Label> labels;
    for (const auto& shipment : shipments) {
        if (shipment.waybill.empty()) return refused(tr("自取的包裹没有快递面单"));
        labels.push_back(printable(shipment, centre, now, shipment.prints));
    }
    if (labels.empty()) return refused(tr("没有要打印的面单"));
    const std::string& first = shipments.front().waybill;
    return put_labels(documents, labels.size() == 1 ? first : fmt::format("{}-and-{}", first, labels.size() - 1), labels, paper);
}

Result<fs::path> write_slip(const DocumentFolder& documents, const reports::PackingSlip& slip) {
    SEALDESK_LET(fonts, documents.fonts());
    SEALDESK_LET(bytes, reports::packing_slip_pdf(slip, *fonts));
    return put(documents / "slips", file_name(slip.waybill) + ".pdf", bytes);
}

Result<fs::path> write_receipt(const DocumentFolder& documents, const reports::PickupReceipt& receipt) {
    SEALDESK_LET(fonts, documents.fonts());
    SEALDESK_LET(bytes, reports::pickup_receipt_pdf(receipt, *fonts));
    return put(documents / "receipts", file_name(receipt.number) + ".pdf", bytes);
}

Result<fs::path> write_manifest(const DocumentFolder& documents, const reports::Manifest& list) {
    SEALDESK_LET(fonts, documents.fonts());
    SEALDESK_LET(bytes, reports::manifest_pdf(list, *fonts));
    return put(documents / "manifests", file_name(list.number) + ".pdf", bytes);
}

Result<fs::path> write_daily_report(const DocumentFolder& documents, const Centre& centre, const daily::Report& report,
                                    ReportFormat format) {
    const reports::DailyReport paper = printable(report, centre);
    const std::string day = text_of(report.day);
    const fs::path folder = documents / "report";
    if (format == ReportFormat::csv) return put(folder, day + ".csv", reports::daily_report_csv(paper));
    if (format == ReportFormat::xlsx) {
        SEALDESK_LET(bytes, reports::daily_report_xlsx(paper));
        return put(folder, day + ".xlsx", bytes);
    }
    SEALDESK_LET(fonts, documents.fonts());
    SEALDESK_LET(bytes, reports::daily_report_pdf(paper, *fonts));
    return put(folder, day + ".pdf", bytes);
}

}  // namespace sealdesk::desk

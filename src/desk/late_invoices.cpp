#include "desk/late_invoices.h"

#include "base/files.h"
#include "base/translate.h"
#include "desk/desk.h"
#include "desk/invoicing.h"
#include "desk/papers.h"
#include "shipping/enclosed.h"
#include "shipping/waybill.h"

namespace sealdesk::desk {

Result<std::vector<LateInvoice>> late_invoices(Desk& desk) {
    return desk.database().read([](storage::Tx& tx) -> Result<std::vector<LateInvoice>> {
        std::vector<LateInvoice> list;
        for (auto& paper : invoices::papers_due(tx)) {
            SEALDESK_LET(parcel, shipping::late_parcel(tx, paper.payment_no, paper.order_no));
            if (parcel) list.push_back({std::move(paper), std::move(*parcel)});
        }
        return list;
    });
}

std::string why_unprinted(const LateInvoice& late) {
    const std::string& number = late.paper.number;
    if (!late.here()) return trf("包裹已经交出，发票 {} 没有打印，请另外交给申请人", number);
    if (!late.paper.trouble.empty()) return late.paper.trouble;
    if (!late.paper.fetched) return trf("发票 {} 已经开出，开票服务还没有给出文件，到了自动打印", number);
    if (late.parcel.papers_desk.empty()) return trf("发票 {} 在单据打印以后才开出，请打印出来放进包裹", number);
    return trf("发票 {} 在单据打印以后才开出，由打包的工位自动打印", number);
}

// Nothing when the invoice is not late, and when its parcel has left.
static Result<std::optional<shipping::Shipment>> parcel_for(storage::Tx& tx, const invoices::Invoice& invoice) {
    if (!invoices::is_paper_due(tx, invoice.number)) return std::nullopt;
    SEALDESK_LET(parcel, shipping::late_parcel(tx, invoice.payment_no, invoice.order_no));
    if (parcel && parcel->state != shipping::ShipmentState::packed) parcel.reset();
    return parcel;
}

Result<LateSlip> late_slip(Desk& desk, const invoices::Invoice& invoice) {
    LateSlip slip;
    SEALDESK_LET(parcel, desk.database().read([&](storage::Tx& tx) { return parcel_for(tx, invoice); }));
    slip.parcel = std::move(parcel);
    if (!slip.parcel || slip.parcel->waybill.empty()) return slip;
    SEALDESK_LET(own, load_shipping_settings(desk.settings().home));
    SEALDESK_LET(file, slip_file(desk, *slip.parcel, invoice.number));
    SEALDESK_LET(bytes, read_file(file));
    SEALDESK_LET(paper, document_for(desk, own, "invoice " + invoice.number, printing::Kind::slip, slip.parcel->waybill,
                                     printing::Format::pdf, bytes, 1));
    slip.paper = std::move(paper);
    if (slip.paper) slip.paper->title = trf("装箱单 {}，写有发票 {}，换下旧的", slip.parcel->waybill, invoice.number);
    return slip;
}

Result<bool> put_into_parcel(storage::Tx& tx, const staff::Actor& actor, const invoices::Invoice& invoice, const LateSlip& slip) {
    SEALDESK_LET(parcel, parcel_for(tx, invoice));
    if (!parcel) return false;
    if (!slip.parcel || slip.parcel->id != parcel->id || slip.parcel->waybill != parcel->waybill ||
        !shipping::same_place(slip.parcel->delivery, parcel->delivery))
        return fail(ErrorKind::conflict, tr("包裹刚刚改过，请再打印一次"));
    shipping::enclose_late(tx, parcel->id, invoice.number);
    if (slip.paper)
        SEALDESK_TRY(printing::print_again(tx, actor, *slip.paper, trf("发票 {} 在单据打印以后才开出", invoice.number)));
    return true;
}

static Result<> print_one(Desk& desk, const LateInvoice& late) {
    const auto& paper = late.paper;
    SEALDESK_LET(own, load_shipping_settings(desk.settings().home));
    SEALDESK_LET(invoice, invoices::find(desk.database(), paper.number));
    SEALDESK_LET(file, invoice_file(desk, invoice));
    SEALDESK_LET(slip, late_slip(desk, invoice));
    SEALDESK_LET(bytes, read_file(file));
    SEALDESK_LET(document, document_for(desk, own, "invoice " + paper.number, printing::Kind::invoice, paper.number,
                                        printing::Format::pdf, bytes, 1));
    // Whoever takes it out of the printer reads where it belongs.
    const std::string parcel = late.parcel.waybill.empty() ? std::to_string(late.parcel.id) : late.parcel.waybill;
    if (document) document->title = trf("发票 {}，放进包裹 {}", paper.number, parcel);
    const staff::Actor clerk{paper.asked_by, paper.asked_by, static_cast<staff::Roles>(staff::Role::clerk)};
    return desk.database().write([&](storage::Tx& tx) -> Result<> {
        SEALDESK_LET(here, put_into_parcel(tx, clerk, invoice, slip));
        if (!here)
            return fail(ErrorKind::conflict, trf("发票 {} 已经打印或处理过", paper.number));  // or the parcel has just left
        if (document) SEALDESK_TRY(printing::print_once(tx, clerk, *document));
        invoices::paper_printed(tx, paper.number);
        return {};
    });
}

int print_late_invoices(Desk& desk) {
    const auto list = late_invoices(desk);
    if (!list) return 0;
    const std::string name = desk_name(desk);
    int count = 0;
    for (const auto& late : *list) {
        if (!late.here() || !late.paper.fetched || !late.paper.trouble.empty() || late.parcel.papers_desk != name) continue;
        const auto done = print_one(desk, late);
        if (!done && done.error().kind == ErrorKind::conflict)
            continue;  // another job was faster, or the old slip is printed now
        ++count;
        if (!done) (void)invoices::paper_failed(desk.database(), late.paper.number, done.error().message);
    }
    return count;
}

}  // namespace sealdesk::desk

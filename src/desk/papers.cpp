#include "desk/papers.h"

#include <unistd.h>

#include "base/files.h"
#include "base/translate.h"
#include "desk/desk.h"
#include "desk/documents.h"
#include "desk/shipping_settings.h"
#include "invoices/invoices.h"

namespace sealdesk::desk {

namespace fs = std::filesystem;
using printing::Format;
using printing::Kind;
using shipping::Shipment;

std::string desk_name(const Desk& desk) {
    char machine[256] = "";
    gethostname(machine, sizeof machine - 1);
    return std::string(machine) + ":" + desk.settings().home.string();
}

fs::path spool_of(const Desk& desk) { return desk.settings().home / "spool"; }

namespace {

reports::LabelSize size_of(const std::string& name) {
    if (name == "100x150") return reports::LabelSize::mm100x150;
    if (name == "76x130") return reports::LabelSize::mm76x130;
    return reports::LabelSize::mm100x180;
}

// What the printer gets; nothing when the desk has none for it.
std::optional<printing::Document> for_printer(const Desk& desk, const ShippingSettings& own, Kind kind, const std::string& batch,
                                              const std::string& subject, const std::string& title) {
    printing::Document document;
    document.printer = own.printer(printing::use_of(kind));
    if (document.printer.empty()) return std::nullopt;
    document.desk = desk_name(desk);
    document.batch = batch;
    document.kind = kind;
    document.subject = subject;
    document.title = title;
    return document;
}

Result<std::optional<printing::Document>> label_document(Desk& desk, const ShippingSettings& own, const Shipment& shipment,
                                                         const std::string& batch, const fs::path& pdf, int reprint) {
    auto document = for_printer(desk, own, Kind::label, batch, shipment.waybill, trf("面单 {}", shipment.waybill));
    if (!document) return document;
    document->format = own.label_format == "zpl" ? Format::zpl : Format::pdf;
    std::string bytes;
    if (document->format == Format::zpl || size_of(own.label_size) != reports::LabelSize::mm100x180) {
        SEALDESK_LET(fonts, reports::Fonts::find());
        const auto label = printable(shipment, centre_of(desk.settings()), desk.database().now(), reprint);
        const auto size = size_of(own.label_size);
        SEALDESK_LET(made, document->format == Format::zpl
                               ? reports::labels_zpl({label}, fonts, size, reports::PrinterDots::dpi203)
                               : reports::label_pdf(label, fonts, size));
        bytes = std::move(made);
    } else {
        SEALDESK_LET(read, read_file(pdf));
        bytes = std::move(read);
    }
    SEALDESK_LET(file, printing::keep(spool_of(desk), document->format, bytes));
    document->file = file;
    return document;
}

}  // namespace

Result<Papers> print_papers(Desk& desk, const staff::Actor& actor, std::int64_t id) {
    SEALDESK_LET(own, load_shipping_settings(desk.settings().home));
    SEALDESK_LET(shipment, shipping::find(desk.database(), id));
    Papers papers;
    papers.prints = shipment.prints;
    if (!shipment.papers_due) return papers;
    const bool courier = shipment.delivery.method == orders::DeliveryMethod::courier;
    if (courier && shipment.waybill.empty()) return refused(tr("快递公司还没有给出单号，单号到了会自动打印"));
    const std::string batch = fmt::format("parcel {}", id);
    std::vector<printing::Document> documents;
    SEALDESK_LET(invoice, invoices::of_payment(desk.database(), shipment.payment_no));
    if (invoice) {
        SEALDESK_LET(file, write_invoice(desk.documents(), *invoice));
        papers.files.push_back(file);
        if (auto document = for_printer(desk, own, Kind::invoice, batch, invoice->number, trf("发票 {}", invoice->number))) {
            SEALDESK_LET(bytes, read_file(file));
            SEALDESK_LET(kept, printing::keep(spool_of(desk), Format::pdf, bytes));
            document->file = kept;
            documents.push_back(std::move(*document));
        }
    }
    if (courier) {
        SEALDESK_LET(file, write_label(desk.documents(), centre_of(desk.settings()), shipment, desk.database().now(), 0));
        papers.files.push_back(file);
        SEALDESK_LET(document, label_document(desk, own, shipment, batch, file, shipment.prints));
        if (document) documents.push_back(std::move(*document));
    }
    // The files may be made twice; that they are to be printed is written down once.
    SEALDESK_LET(asked, desk.database().write([&](storage::Tx& tx) -> Result<Papers> {
        Papers done = papers;
        for (const auto& document : documents) {
            SEALDESK_TRY(printing::print_once(tx, actor, document));
            ++done.asked;
        }
        if (courier) {
            SEALDESK_LET(prints, shipping::printed(tx, actor, id));
            done.prints = prints;
        }
        shipping::papers_asked(tx, id);
        return done;
    }));
    return asked;
}

Result<Papers> reprint_label(Desk& desk, const staff::Actor& actor, std::int64_t id, const std::string& reason) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    SEALDESK_LET(own, load_shipping_settings(desk.settings().home));
    SEALDESK_LET(shipment, shipping::find(desk.database(), id));
    if (shipment.delivery.method == orders::DeliveryMethod::pickup) return refused(tr("自取的包裹没有快递面单"));
    if (shipment.waybill.empty()) return refused(tr("快递公司还没有给出单号，单号到了会自动打印"));
    Papers papers;
    SEALDESK_LET(file,
                 write_label(desk.documents(), centre_of(desk.settings()), shipment, desk.database().now(), shipment.prints));
    papers.files.push_back(file);
    SEALDESK_LET(document, label_document(desk, own, shipment, fmt::format("parcel {}", id), file, shipment.prints));
    SEALDESK_LET(done, desk.database().write([&](storage::Tx& tx) -> Result<Papers> {
        if (document) {
            SEALDESK_TRY(printing::print_again(tx, actor, *document, reason));
            papers.asked = 1;
        }
        SEALDESK_LET(prints, shipping::printed(tx, actor, id));
        papers.prints = prints;
        return papers;
    }));
    return done;
}

}  // namespace sealdesk::desk

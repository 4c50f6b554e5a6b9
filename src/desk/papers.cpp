#include "desk/papers.h"

#include <unistd.h>

#include <algorithm>

#include "base/files.h"
#include "base/translate.h"
#include "desk/desk.h"
#include "desk/documents.h"
#include "desk/invoicing.h"
#include "desk/late_invoices.h"
#include "desk/shipping_settings.h"
#include "invoices/invoices.h"
#include "invoices/requests.h"
#include "printing/print_batches.h"
#include "shipping/handover.h"

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

Result<std::optional<printing::Document>> document_for(const Desk& desk, const ShippingSettings& own, const std::string& batch,
                                                       Kind kind, const std::string& subject, Format format,
                                                       const std::string& bytes, int copies) {
    const std::string& printer = own.printer(printing::use_of(kind));
    if (printer.empty()) return std::nullopt;
    printing::Document document;
    document.desk = desk_name(desk);
    document.batch = batch;
    document.kind = kind;
    document.subject = subject;
    document.title = std::string(printing::word_of(kind)) + " " + subject;
    document.printer = printer;
    document.format = format;
    document.copies = copies;
    SEALDESK_LET(kept, printing::keep(spool_of(desk), format, bytes));
    document.file = kept;
    return document;
}

namespace {

Result<std::vector<invoices::Invoice>> invoices_of(const Desk& desk, const Shipment& shipment) {
    std::vector<invoices::Invoice> list;
    for (const auto& content : shipment.contents) {
        SEALDESK_LET(invoice, invoices::of_order(desk.database(), content.order_no));
        const auto same = [&](const invoices::Invoice& other) { return other.number == invoice->number; };
        if (invoice && std::none_of(list.begin(), list.end(), same)) list.push_back(*invoice);
    }
    return list;
}

// What was made so far: the files, and what goes to a printer in their order.
class Made {
public:
    Made(const Desk& desk, ShippingSettings own, std::string batch)
        : desk_(desk), own_(std::move(own)), batch_(std::move(batch)) {}

    Result<> add(Kind kind, const std::string& subject, const fs::path& file, int copies = 1) {
        papers.files.push_back(file);
        if (kind == Kind::invoice) invoices_.push_back(subject);
        SEALDESK_LET(bytes, read_file(file));
        SEALDESK_LET(document, document_for(desk_, own_, batch_, kind, subject,
                                            file.extension() == ".zpl" ? Format::zpl : Format::pdf, bytes, copies));
        if (document) documents.push_back(std::move(*document));
        return {};
    }
    // Without a reason the first print, which a second call does not repeat.
    Result<> ask(storage::Tx& tx, const staff::Actor& actor, const std::string& reason = {}) {
        for (const auto& document : documents) {
            const bool before = printing::prints_of(tx, document.kind, document.subject) > 0;
            if (before && reason.empty()) continue;  // an invoice is printed where it gets its number
            SEALDESK_TRY(before ? printing::print_again(tx, actor, document, reason) : printing::print_once(tx, actor, document));
            ++papers.asked;
        }
        note_invoices(tx);
        return {};
    }
    // Nobody waits for their paper any more.
    void note_invoices(storage::Tx& tx) const {
        for (const auto& number : invoices_) invoices::paper_printed(tx, number);
    }

    Papers papers;
    std::vector<printing::Document> documents;

private:
    const Desk& desk_;
    ShippingSettings own_;
    std::string batch_;
    std::vector<std::string> invoices_;  // numbers
};

Result<> add_label(Made& made, Desk& desk, const ShippingSettings& own, const Shipment& shipment) {
    SEALDESK_LET(file, write_label(desk.documents(), centre_of(desk.settings()), shipment, desk.database().now(), shipment.prints,
                                   label_paper(own)));
    return made.add(Kind::label, shipment.waybill, file);
}

Result<> add_slip(Made& made, Desk& desk, const Shipment& shipment, const SlipInvoices& invoices) {
    SEALDESK_LET(file,
                 write_slip(desk.documents(), packing_slip(shipment, centre_of(desk.settings()), invoices, shipment.packed_by)));
    return made.add(Kind::slip, shipment.waybill, file);
}

Result<> add_receipt(Made& made, const Desk& desk, const staff::Actor& actor, const Shipment& shipment) {
    SEALDESK_LET(receipt, pickup_receipt(shipment, centre_of(desk.settings()), actor.name, desk.database().now()));
    SEALDESK_LET(file, write_receipt(desk.documents(), receipt));
    return made.add(Kind::receipt, receipt.number, file);
}

// The papers wait for what the service is at: an invoice that comes after them would be printed by nobody.
Result<> no_invoice_is_asked_for(const Desk& desk, const Shipment& shipment) {
    SEALDESK_LET(open, invoices::open_requests(desk.database()));
    for (const auto& row : open) {
        const bool comes = row.state == invoices::RequestState::asking || row.state == invoices::RequestState::waiting;
        if (!comes || !row.reverses.empty()) continue;
        const auto& of = row.invoice.order_nos;
        for (const auto& content : shipment.contents)
            if (std::find(of.begin(), of.end(), content.order_no) != of.end())
                return fail(ErrorKind::unavailable,
                            trf("订单 {} 的发票正在向开票服务申请，开出以后才能打印单据", content.order_no));
    }
    return {};
}

// The invoices of what lies in the parcel, each once. An invoice for the whole payment goes into the first of its parcels.
Result<SlipInvoices> add_invoices(Made& made, Desk& desk, const Shipment& shipment) {
    SEALDESK_TRY(no_invoice_is_asked_for(desk, shipment));
    SEALDESK_LET(list, invoices_of(desk, shipment));
    std::vector<std::string> numbers;
    for (const auto& invoice : list) numbers.push_back(invoice.number);
    SEALDESK_LET(places, shipping::enclose(desk.database(), shipment.id, numbers));
    for (size_t i = 0; i < list.size(); ++i) {
        if (places.at(i).shipment != shipment.id) continue;
        SEALDESK_LET(file, invoice_file(desk, list[i]));
        SEALDESK_TRY(made.add(Kind::invoice, list[i].number, file));
    }
    return slip_invoices(shipment, places);
}

std::string batch_of(std::int64_t shipment) { return fmt::format("parcel {}", shipment); }

// Papers are drawn from what was read a moment ago: when the parcel moved on meanwhile, they are drawn again.
template <class Draw>
Result<Papers> drawn_again_when_stale(Draw draw) {
    constexpr int kTimes = 3;
    Result<Papers> made = draw();
    for (int i = 1; i < kTimes && !made && made.error().kind == ErrorKind::conflict; ++i) made = draw();
    return made;
}

Result<Papers> first_papers(Desk& desk, const staff::Actor& actor, const Shipment& shipment) {
    SEALDESK_LET(own, load_shipping_settings(desk.settings().home));
    const std::int64_t id = shipment.id;
    Made made(desk, own, batch_of(id));
    made.papers.prints = shipment.prints;
    if (!shipment.papers_due) return made.papers;
    const bool courier = shipment.delivery.method == orders::DeliveryMethod::courier;
    if (courier && shipment.waybill.empty()) return refused(tr("快递公司还没有给出单号，单号到了会自动打印"));
    // Nothing is put into what has left, nor stuck on it: a label could go onto a second box.
    const bool left = shipment.state == shipping::ShipmentState::handed_over;
    if (!left) {
        SEALDESK_LET(enclosed, add_invoices(made, desk, shipment));
        if (courier) {
            SEALDESK_TRY(add_slip(made, desk, shipment, enclosed));
            SEALDESK_TRY(add_label(made, desk, own, shipment));
        }
    } else if (courier) {
        SEALDESK_LET(slip, slip_file(desk, shipment));
        SEALDESK_TRY(made.add(Kind::slip, shipment.waybill, slip));
    }
    if (!courier) SEALDESK_TRY(add_receipt(made, desk, actor, shipment));
    // The files may be made twice; that they are to be printed is written down once.
    return desk.database().write([&](storage::Tx& tx) -> Result<Papers> {
        if (!shipping::are_papers_due(tx, id)) return Papers{};  // another job was faster
        SEALDESK_TRY(made.ask(tx, actor));
        if (!left || !courier) {
            SEALDESK_LET(prints, shipping::printed(tx, actor, shipment));
            made.papers.prints = prints;
        }
        shipping::papers_asked(tx, id);
        return made.papers;
    });
}

Result<Papers> label_again(Desk& desk, const staff::Actor& actor, std::int64_t id, const std::string& reason) {
    SEALDESK_LET(own, load_shipping_settings(desk.settings().home));
    SEALDESK_LET(shipment, shipping::find(desk.database(), id));
    const bool pickup = shipment.delivery.method == orders::DeliveryMethod::pickup;
    // A second box could go under the same number.
    if (shipment.state != shipping::ShipmentState::packed)
        return refused(trf("包裹 {} 现在是“{}”，不能重印面单或签收单", id, word_of(shipment.state)));
    if (!pickup && shipment.waybill.empty()) return refused(tr("快递公司还没有给出单号，单号到了会自动打印"));
    Made made(desk, own, batch_of(id));
    SEALDESK_TRY(pickup ? add_receipt(made, desk, actor, shipment) : add_label(made, desk, own, shipment));
    if (!made.documents.empty() && reason.empty()) return refused(tr("重印要写明原因"));
    return desk.database().write([&](storage::Tx& tx) -> Result<Papers> {
        SEALDESK_TRY(made.ask(tx, actor, reason));
        SEALDESK_LET(prints, shipping::printed(tx, actor, shipment, reason));
        made.papers.prints = prints;
        return made.papers;
    });
}

}  // namespace

Result<Papers> print_papers(Desk& desk, const staff::Actor& actor, std::int64_t id) {
    bool numbered = false;
    auto made = drawn_again_when_stale([&]() -> Result<Papers> {
        SEALDESK_LET(shipment, shipping::find(desk.database(), id));
        numbered = !shipment.waybill.empty() || shipment.delivery.method == orders::DeliveryMethod::pickup;
        return first_papers(desk, actor, shipment);
    });
    if (made || !numbered) return made;
    // An invoice's file may still be on its way. Anything else is kept for the work list: whoever sees it may not be who packed.
    if (made.error().kind == ErrorKind::unavailable)
        (void)shipping::papers_wait(desk.database(), id, desk_name(desk), actor.login);
    else
        (void)shipping::papers_failed(desk.database(), id, made.error().message);
    return made;
}

int print_late_papers(Desk& desk) {
    const auto late = shipping::late_papers(desk.database(), desk_name(desk));
    if (!late) return 0;
    for (const auto& each : *late)
        (void)print_papers(desk, {each.login, each.login, static_cast<staff::Roles>(staff::Role::clerk)}, each.shipment);
    return static_cast<int>(late->size());
}

Result<fs::path> slip_file(Desk& desk, const Shipment& shipment, const std::string& coming) {
    if (shipment.waybill.empty()) return refused(tr("快递公司还没有给出单号，单号到了会自动打印"));
    SEALDESK_LET(list, invoices_of(desk, shipment));
    std::vector<std::string> numbers;
    for (const auto& invoice : list) numbers.push_back(invoice.number);
    SEALDESK_LET(places, shipping::enclosed(desk.database(), numbers));
    if (!coming.empty()) places.push_back({coming, shipment.id, shipment.waybill});
    return write_slip(desk.documents(),
                      packing_slip(shipment, centre_of(desk.settings()), slip_invoices(shipment, places), shipment.packed_by));
}

Result<Papers> reprint_label(Desk& desk, const staff::Actor& actor, std::int64_t id, const std::string& reason) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    return drawn_again_when_stale([&] { return label_again(desk, actor, id, reason); });
}

Result<Papers> labels_as_file(Desk& desk, const staff::Actor& actor, const std::vector<std::int64_t>& ids,
                              const LabelPaper& paper, const std::string& reason) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    if (ids.empty()) return refused(tr("先选要打印的包裹"));
    return drawn_again_when_stale([&]() -> Result<Papers> {
        std::vector<Shipment> drawn;
        for (const auto id : ids) {
            SEALDESK_LET(shipment, shipping::find(desk.database(), id));
            if (shipment.delivery.method == orders::DeliveryMethod::pickup) return refused(tr("自取的包裹没有快递面单"));
            if (shipment.waybill.empty()) return refused(tr("快递公司还没有给出单号，单号到了会自动打印"));
            if (shipment.state != shipping::ShipmentState::packed)
                return refused(trf("包裹 {} 没有快递单号，或者已经交寄，不能打印面单", id));
            if (shipment.prints > 0 && reason.empty())
                return refused(trf("面单 {} 已经打印过 {} 次，重印要写明原因", shipment.waybill, shipment.prints));
            drawn.push_back(std::move(shipment));
        }
        SEALDESK_LET(file, write_labels(desk.documents(), centre_of(desk.settings()), drawn, desk.database().now(), paper));
        return desk.database().write([&](storage::Tx& tx) -> Result<Papers> {
            Papers papers{{file}, 0, 0};
            for (const auto& shipment : drawn) {
                SEALDESK_LET(prints, shipping::printed(tx, actor, shipment, reason));
                papers.prints = prints;
            }
            return papers;
        });
    });
}

Result<Papers> print_manifest(Desk& desk, const staff::Actor& actor, std::int64_t id, const std::string& reason) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    SEALDESK_LET(own, load_shipping_settings(desk.settings().home));
    SEALDESK_LET(closed, shipping::manifest(desk.database(), id));
    if (!closed.closed) return refused(tr("交接清单还没有交接完成"));
    SEALDESK_LET(paper, manifest(closed.parcels, closed.courier, centre_of(desk.settings()), closed.number, closed.closed_by,
                                 closed.closed_at));
    Made made(desk, own, "manifest " + closed.number);
    SEALDESK_LET(file, write_manifest(desk.documents(), paper));
    SEALDESK_TRY(made.add(Kind::manifest, closed.number, file, 2));
    return desk.database().write([&](storage::Tx& tx) -> Result<Papers> {
        SEALDESK_TRY(made.ask(tx, actor, reason));
        return made.papers;
    });
}

Result<Papers> print_invoice(Desk& desk, const staff::Actor& actor, const std::string& number, const std::string& reason) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    SEALDESK_LET(own, load_shipping_settings(desk.settings().home));
    SEALDESK_LET(invoice, invoices::find(desk.database(), number));
    SEALDESK_LET(file, invoice_file(desk, invoice));
    SEALDESK_LET(slip, late_slip(desk, invoice));
    Made made(desk, own, "invoice " + number);
    SEALDESK_TRY(made.add(Kind::invoice, number, file));
    return desk.database().write([&](storage::Tx& tx) -> Result<Papers> {
        SEALDESK_LET(here, put_into_parcel(tx, actor, invoice, slip));
        SEALDESK_TRY(made.ask(tx, actor, reason));
        if (here && slip.paper) ++made.papers.asked;
        return made.papers;
    });
}

Result<std::vector<LabelState>> labels_to_print(Desk& desk) {
    SEALDESK_LET(parcels, shipping::waiting(desk.database()));
    std::erase_if(parcels, [](const Shipment& parcel) { return parcel.waybill.empty(); });
    return desk.database().read([&](storage::Tx& tx) -> Result<std::vector<LabelState>> {
        std::vector<LabelState> list;
        for (auto& parcel : parcels) {
            auto job = printing::newest(tx, Kind::label, parcel.waybill);
            list.push_back({std::move(parcel), std::move(job)});
        }
        return list;
    });
}

Result<Papers> print_labels(Desk& desk, const staff::Actor& actor, const std::vector<std::int64_t>& ids,
                            const std::string& reason) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    if (ids.empty()) return refused(tr("先选要打印的包裹"));
    SEALDESK_LET(own, load_shipping_settings(desk.settings().home));
    if (own.printer(printing::Use::label).empty())
        return refused(trf("还没有设置{}打印机", printing::word_of(printing::Use::label)));
    Made made(desk, own, printing::new_batch(desk.database().now()));
    std::vector<Shipment> drawn;
    for (const auto id : ids) {
        SEALDESK_LET(parcel, shipping::find(desk.database(), id));
        drawn.push_back(parcel);
        if (!parcel.blocked.empty()) return fail(ErrorKind::conflict, trf("包裹 {}：{}", parcel.waybill, parcel.blocked));
        if (parcel.state != shipping::ShipmentState::packed || parcel.waybill.empty())
            return refused(trf("包裹 {} 没有快递单号，或者已经交寄，不能打印面单", id));
        if (parcel.papers_due) {
            SEALDESK_LET(numbers, add_invoices(made, desk, parcel));
            SEALDESK_TRY(add_slip(made, desk, parcel, numbers));
        }
        SEALDESK_TRY(add_label(made, desk, own, parcel));
    }
    return desk.database().write([&](storage::Tx& tx) -> Result<Papers> {
        for (const auto& document : made.documents) {
            const auto before = printing::newest(tx, document.kind, document.subject);
            const bool lost = before && (before->state == printing::State::failed || before->state == printing::State::cancelled);
            const std::string why = reason.empty() && lost ? tr("上次没有打印出来") : reason;
            if (before && document.kind != Kind::label) continue;  // it lies in the parcel, or is on its way there
            SEALDESK_TRY(before ? printing::print_again(tx, actor, document, why) : printing::print_once(tx, actor, document));
            ++made.papers.asked;
        }
        made.note_invoices(tx);
        for (const auto& parcel : drawn) {
            SEALDESK_TRY(shipping::printed(tx, actor, parcel, reason));
            shipping::papers_asked(tx, parcel.id);
        }
        return made.papers;
    });
}

Result<int> resume_batch(Desk& desk, const staff::Actor& actor, const std::string& batch) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    SEALDESK_LET(own, load_shipping_settings(desk.settings().home));
    SEALDESK_LET(parcels, shipping::waiting(desk.database()));
    return printing::resume_batch(desk.database(), actor, desk_name(desk), batch, [&](const printing::PrintJob& job) {
        const bool here = job.kind == Kind::invoice || std::any_of(parcels.begin(), parcels.end(), [&](const Shipment& parcel) {
                              return parcel.waybill == job.subject;
                          });
        return here ? own.printer(printing::use_of(job.kind)) : std::string();
    });
}

Result<printing::PrintJob> print_daily_report(Desk& desk, const staff::Actor& actor, const daily::Report& report) {
    SEALDESK_TRY(staff::require(actor, staff::Role::supervisor));
    SEALDESK_LET(own, load_shipping_settings(desk.settings().home));
    if (own.printer(printing::Use::a4).empty()) return refused(trf("还没有设置{}打印机", printing::word_of(printing::Use::a4)));
    const std::string day = text_of(report.day);
    Made made(desk, own, "report " + day);
    SEALDESK_LET(file, write_daily_report(desk.documents(), centre_of(desk.settings()), report, ReportFormat::pdf));
    SEALDESK_TRY(made.add(Kind::report, day, file));
    return desk.database().write(
        [&](storage::Tx& tx) { return printing::print_again(tx, actor, made.documents.front(), tr("再次打印日报")); });
}

Result<Papers> print_test_page(Desk& desk, const staff::Actor& actor, printing::Use use) {
    SEALDESK_LET(own, load_shipping_settings(desk.settings().home));
    if (own.printer(use).empty()) return refused(trf("还没有设置{}打印机", printing::word_of(use)));
    const Instant now = desk.database().now();
    const Centre centre = centre_of(desk.settings());
    Shipment sample;
    sample.delivery = {orders::DeliveryMethod::courier, tr("打印测试"), centre.mobile, own.printer(use)};
    sample.courier = "ems";
    sample.waybill = fmt::format("TEST{}", now.ms);
    sample.contents = {{"TEST", centre.name, 1, {"KEY-TEST"}, 1, 0}};
    sample.packed_at = now;
    Made made(desk, own, sample.waybill);
    SEALDESK_LET(file, use == printing::Use::label ? write_label(desk.documents(), centre, sample, now, 0, label_paper(own))
                                                   : write_slip(desk.documents(), packing_slip(sample, centre, {}, actor.name)));
    const Kind kind = use == printing::Use::label ? Kind::label : use == printing::Use::invoice ? Kind::invoice : Kind::report;
    SEALDESK_TRY(made.add(kind, sample.waybill, file));
    return desk.database().write([&](storage::Tx& tx) -> Result<Papers> {
        SEALDESK_TRY(made.ask(tx, actor));
        return made.papers;
    });
}

}  // namespace sealdesk::desk

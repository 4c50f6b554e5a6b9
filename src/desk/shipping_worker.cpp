#include "desk/shipping_worker.h"

#include <algorithm>

#include "desk/couriers.h"
#include "desk/desk.h"
#include "desk/documents.h"
#include "desk/invoicing.h"
#include "desk/papers.h"
#include "shipping/tracking.h"
#include "shipping/waybills.h"

namespace sealdesk::desk {

static Result<shipping::Couriers> couriers_of(const Desk& desk) {
    SEALDESK_LET(own, load_shipping_settings(desk.settings().home));
    return load_couriers(desk.settings(), own, desk.clock(), desk.random());
}

static Result<std::unique_ptr<invoices::Service>> service_of(const Desk& desk) {
    SEALDESK_LET(own, load_shipping_settings(desk.settings().home));
    return load_invoice_service(desk.settings(), own, desk.clock(), desk.random());
}

ShippingWorker::ShippingWorker(Desk& desk)
    : desk_(desk),
      couriers_(couriers_of(desk)),
      invoice_service_(service_of(desk)),
      printing_(desk.database(), desk_name(desk), spool_of(desk), [&desk] { desk.touch(); }),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

ShippingWorker::~ShippingWorker() {
    thread_.request_stop();
    wake_.notify_all();
}

void ShippingWorker::nudge() {
    {
        const std::lock_guard lock(mutex_);
        ++nudges_;
    }
    wake_.notify_all();
    printing_.nudge();
}

bool ShippingWorker::pass(const std::stop_token& stop) {
    const bool parcels_open = see_to_parcels(stop), invoices_open = see_to_invoices(stop);
    return parcels_open || invoices_open;
}

bool ShippingWorker::see_to_invoices(const std::stop_token& stop) {
    if (!invoice_service_ || !*invoice_service_) return false;
    const auto taxes = taxes_of(desk_.settings(), desk_.places());
    if (!taxes) return false;
    const auto moved = invoices::advance_due(desk_.database(), **invoice_service_, *taxes, desk_.documents() / "invoices", stop);
    if (moved && *moved > 0) {
        desk_.touch();
        desk_.nudge();
    }
    const auto open = invoices::open_requests(desk_.database());
    return open && std::any_of(open->begin(), open->end(), [](const invoices::Request& row) {
               return row.state != invoices::RequestState::failed && row.state != invoices::RequestState::lapsed;
           });
}

bool ShippingWorker::see_to_parcels(const std::stop_token& stop) {
    const auto late = [this] {
        if (print_late_papers(desk_) == 0) return;
        desk_.touch();
        printing_.nudge();
    };
    late();
    if (!couriers_) return false;
    const auto open = shipping::waybills_open(desk_.database());
    const auto settled = shipping::obtain_due(desk_.database(), *couriers_, stop);
    if (settled && *settled > 0) desk_.touch();
    late();
    constexpr int kAtOnce = 20;
    if (const auto asked = shipping::poll_due(desk_.database(), *couriers_, kAtOnce, stop); asked && *asked > 0) desk_.touch();
    return open && !open->empty();
}

void ShippingWorker::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        unsigned seen = 0;
        {
            const std::lock_guard lock(mutex_);
            seen = nudges_;
        }
        const bool open = pass(stop);
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, stop, std::chrono::seconds(open ? 2 : 60), [&] { return nudges_ != seen; });
    }
}

}  // namespace sealdesk::desk

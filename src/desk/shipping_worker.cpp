#include "desk/shipping_worker.h"

#include <algorithm>

#include "desk/couriers.h"
#include "desk/desk.h"
#include "desk/documents.h"
#include "desk/invoicing.h"
#include "desk/late_invoices.h"
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

std::shared_ptr<const Accounts> read_accounts(const Desk& desk) {
    return std::make_shared<const Accounts>(Accounts{couriers_of(desk), service_of(desk)});
}

ShippingWorker::ShippingWorker(Desk& desk)
    : desk_(desk),
      accounts_(read_accounts(desk)),
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

void ShippingWorker::use(std::shared_ptr<const Accounts> accounts) {
    {
        const std::lock_guard lock(mutex_);
        accounts_.swap(accounts);
    }
    nudge();
}

std::shared_ptr<const Accounts> ShippingWorker::accounts() {
    const std::lock_guard lock(mutex_);
    return accounts_;
}

bool ShippingWorker::pass(const std::stop_token& stop) {
    const bool parcels_open = see_to_parcels(stop), invoices_open = see_to_invoices(stop);
    return parcels_open || invoices_open;
}

bool ShippingWorker::see_to_invoices(const std::stop_token& stop) {
    const auto in_use = accounts();
    if (!in_use->invoice_service || !*in_use->invoice_service) return false;
    invoices::Service& service = **in_use->invoice_service;
    const auto taxes = taxes_of(desk_.settings(), desk_.places());
    if (!taxes) return false;
    const auto moved = invoices::advance_due(desk_.database(), service, *taxes, desk_.documents() / "invoices", stop);
    if (moved && *moved > 0) {
        desk_.touch();
        desk_.nudge();
    }
    print_late();
    const auto open = invoices::open_requests(desk_.database());
    return open && std::any_of(open->begin(), open->end(), [](const invoices::Request& row) {
               return row.state != invoices::RequestState::failed && row.state != invoices::RequestState::lapsed;
           });
}

bool ShippingWorker::see_to_parcels(const std::stop_token& stop) {
    print_late();
    const auto in_use = accounts();
    const auto& couriers = in_use->couriers;
    if (!couriers) return false;
    const auto open = shipping::waybills_open(desk_.database());
    const auto settled = shipping::obtain_due(desk_.database(), *couriers, stop);
    if (settled && *settled > 0) desk_.touch();
    print_late();
    constexpr int kAtOnce = 20;
    if (const auto asked = shipping::poll_due(desk_.database(), *couriers, kAtOnce, stop); asked && *asked > 0) desk_.touch();
    return open && !open->empty();
}

void ShippingWorker::print_late() {
    if (print_late_papers(desk_) + print_late_invoices(desk_) == 0) return;
    desk_.touch();
    printing_.nudge();
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

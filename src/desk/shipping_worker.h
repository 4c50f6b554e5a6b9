// ShippingWorker: the desk's standing work for parcels and invoices, on threads of its own: print jobs to the printers, couriers
// that did not answer, papers that come later than their parcel was packed, invoices that a service was asked for, and where
// parcels are. What is open stands in the database: after a restart it goes on. Any thread may call it.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "invoices/service.h"
#include "printing/queue.h"
#include "shipping/courier.h"
#include "staff/staff.h"

namespace sealdesk::desk {

class Desk;

// At couriers and at an invoice service; an error says why they cannot be used.
struct Accounts {
    Result<shipping::Couriers> couriers;
    Result<std::unique_ptr<invoices::Service>> invoice_service;  // nothing when the desk has its own numbers
};
// As shipping.toml and the files that it names have them now. Jobs only, but for the first time.
std::shared_ptr<const Accounts> read_accounts(const Desk& desk);

class ShippingWorker {
public:
    explicit ShippingWorker(Desk& desk);
    ~ShippingWorker();

    void nudge();  // there is something to print or to ask for
    // Of the accounts in use; both for the UI thread, which alone changes them.
    const Result<shipping::Couriers>& couriers() const { return accounts_->couriers; }
    const Result<std::unique_ptr<invoices::Service>>& invoice_service() const { return accounts_->invoice_service; }
    void use(std::shared_ptr<const Accounts> accounts);  // from now on; UI thread

private:
    void run(const std::stop_token& stop);
    bool pass(const std::stop_token& stop);  // true while something is open
    bool see_to_parcels(const std::stop_token& stop);
    bool see_to_invoices(const std::stop_token& stop);
    void print_late();
    std::shared_ptr<const Accounts> accounts();

    Desk& desk_;
    std::mutex mutex_;
    std::shared_ptr<const Accounts> accounts_;  // read by the worker's thread under mutex_
    std::condition_variable_any wake_;
    unsigned nudges_ = 0;
    printing::Worker printing_;
    std::jthread thread_;  // last: it uses the others
};

}  // namespace sealdesk::desk

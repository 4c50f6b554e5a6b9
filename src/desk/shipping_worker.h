// ShippingWorker: the desk's standing work for parcels and invoices, on threads of its own: print jobs to the printers, couriers
// that did not answer, labels whose number came later, invoices that a service was asked for, and where parcels are. What is open
// stands in the database: after a restart it goes on. Any thread may call it.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "invoices/service.h"
#include "printing/queue.h"
#include "shipping/courier.h"
#include "staff/staff.h"

namespace sealdesk::desk {

class Desk;

class ShippingWorker {
public:
    explicit ShippingWorker(Desk& desk);
    ~ShippingWorker();

    void nudge();  // there is something to print or to ask for
    // The accounts; an error says why there are none.
    const Result<shipping::Couriers>& couriers() const { return couriers_; }
    // The invoice service: nothing when the desk has its own numbers; an error says why it cannot be used.
    const Result<std::unique_ptr<invoices::Service>>& invoice_service() const { return invoice_service_; }

private:
    void run(const std::stop_token& stop);
    bool pass(const std::stop_token& stop);  // true while something is open
    bool see_to_parcels(const std::stop_token& stop);
    bool see_to_invoices(const std::stop_token& stop);

    Desk& desk_;
    Result<shipping::Couriers> couriers_;
    Result<std::unique_ptr<invoices::Service>> invoice_service_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    unsigned nudges_ = 0;
    printing::Worker printing_;
    std::jthread thread_;  // last: it uses the others
};

}  // namespace sealdesk::desk

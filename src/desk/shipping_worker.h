// ShippingWorker: the desk's standing work for parcels, on threads of its own: print jobs to the printers, couriers that did not
// answer, labels whose number came later, and where parcels are. Any thread may call it.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

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
    // Prints the parcel's papers as soon as it has its number.
    void print_when_numbered(std::int64_t shipment, const staff::Actor& actor);
    // The accounts; an error says why there are none.
    const Result<shipping::Couriers>& couriers() const { return couriers_; }

private:
    void run(const std::stop_token& stop);
    bool pass(const std::stop_token& stop);  // true while something is open

    Desk& desk_;
    Result<shipping::Couriers> couriers_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    unsigned nudges_ = 0;
    std::map<std::int64_t, staff::Actor> to_print_;
    printing::Worker printing_;
    std::jthread thread_;  // last: it uses the others
};

}  // namespace sealdesk::desk

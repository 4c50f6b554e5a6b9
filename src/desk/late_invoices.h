// Invoices of a service that come when the papers of their parcel are out already: printed by themselves while the parcel is
// still in the house, told to the clerk when it is not. Jobs only.
#pragma once

#include <vector>

#include "invoices/paper_due.h"
#include "shipping/shipping.h"

namespace sealdesk::desk {

class Desk;

struct LateInvoice {
    invoices::PaperDue paper;
    shipping::Shipment parcel;  // that is still in the house, else the one that left last
    bool here() const { return parcel.state == shipping::ShipmentState::packed; }
};
// What is not printed yet, oldest first.
Result<std::vector<LateInvoice>> late_invoices(Desk& desk);
// How it stands and what to do, for whoever stands before it.
std::string why_unprinted(const LateInvoice& late);

// Of every parcel that this desk packed and that is still here, as soon as the PDF is, in the name of who asked for the invoice;
// how many were due. What could not be printed waits for a person.
int print_late_invoices(Desk& desk);
// Inside the transaction that has it printed: it lies in its parcel from now on, if it came after the papers of one that is still
// here. Whether it does.
Result<bool> put_into_parcel(storage::Tx& tx, const std::string& number, const std::string& payment_no,
                             const std::string& order_no);

}  // namespace sealdesk::desk

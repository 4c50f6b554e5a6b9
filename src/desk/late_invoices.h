// Invoices of a service that come when the papers of their parcel are out already: printed by themselves, with the parcel's slip
// anew, while the parcel is still in the house, told to the clerk when it is not. Jobs only.
#pragma once

#include <optional>
#include <vector>

#include "invoices/paper_due.h"
#include "printing/print_jobs.h"
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

// The parcel that is still here, if the invoice came after its papers, and the slip that says that the invoice lies in it. No
// slip over the counter, and where the desk has no printer for it.
struct LateSlip {
    std::optional<shipping::Shipment> parcel;
    std::optional<printing::Document> paper;
};
Result<LateSlip> late_slip(Desk& desk, const invoices::Invoice& invoice);
// Inside the transaction that has the invoice printed: it lies in its parcel from now on, and the slip counts as a reprint.
// Whether it does. Conflict when the parcel is another one by now than the slip says, and while its old slip is being printed.
Result<bool> put_into_parcel(storage::Tx& tx, const staff::Actor& actor, const invoices::Invoice& invoice, const LateSlip& slip);

}  // namespace sealdesk::desk

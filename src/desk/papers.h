// Papers of a parcel and of a hand-over: made, kept as files, and given to the printers that the desk has for them, in the order
// in which they go into the parcel. What has no printer is kept as a file only. Jobs only: documents take a while.
#pragma once

#include <optional>

#include "daily/daily.h"
#include "desk/documents.h"
#include "desk/shipping_settings.h"
#include "printing/print_jobs.h"
#include "shipping/shipping.h"

namespace sealdesk::desk {

class Desk;

std::string desk_name(const Desk& desk);  // whose printers a print job means: machine and data folder
std::filesystem::path spool_of(const Desk& desk);
// What is to be printed, its bytes kept in the spool; nothing when the desk has no printer for that kind.
Result<std::optional<printing::Document>> document_for(const Desk& desk, const ShippingSettings& own, const std::string& batch,
                                                       printing::Kind kind, const std::string& subject, printing::Format format,
                                                       const std::string& bytes, int copies);

struct Papers {
    std::vector<std::filesystem::path> files;  // below documents/; of a courier's parcel the label last
    int asked = 0;                             // print jobs: nudge the worker
    int prints = 0;                            // of the label or the receipt, this one included
};
// The first print of everything that belongs to the parcel: invoices and slip, and the label; over the counter the receipt to
// sign. Of one that has left the slip alone: what left is said there, and nothing can be put in or stuck on any more. A second
// call prints nothing again. Refused while a courier has not given the number. What else was in the way is kept with the parcel.
Result<Papers> print_papers(Desk& desk, const staff::Actor& actor, std::int64_t shipment);
// The packing slip once more as a file, saying where the invoices lie. `coming`: one that is about to be put in. Refused while a
// courier has not given the number.
Result<std::filesystem::path> slip_file(Desk& desk, const shipping::Shipment& shipment, const std::string& coming = {});
// Of every parcel that this desk packed and whose number came from a courier since, in the name of who asked for it; how many
// parcels. What cannot be made stands in the work list with its reason.
int print_late_papers(Desk& desk);
// The label once more, with the address as it is now; of a pick-up the receipt. Refused when it is out of the house, and without
// a reason when it goes to a printer.
Result<Papers> reprint_label(Desk& desk, const staff::Actor& actor, std::int64_t shipment, const std::string& reason);
// The labels of parcels in one file for whatever prints it, each counted as a print. Refused without a reason when one was
// printed before; then none is counted.
Result<Papers> labels_as_file(Desk& desk, const staff::Actor& actor, const std::vector<std::int64_t>& shipments,
                              const LabelPaper& paper, const std::string& reason);
// What the courier signs, of a manifest that is closed, once for each side. Refused without a reason the second time.
Result<Papers> print_manifest(Desk& desk, const staff::Actor& actor, std::int64_t manifest, const std::string& reason = {});
// An invoice by itself, to its printer; one that came after its parcel's papers goes into the parcel with that, and the slip is
// printed anew, when it is still here. Unavailable while a service has not given its file.
Result<Papers> print_invoice(Desk& desk, const staff::Actor& actor, const std::string& number, const std::string& reason = {});
// The labels of parcels, one batch in the order given; what was never printed with its invoices and slip, as above. Refused,
// naming it, when a parcel has no waybill or left the house, and without a reason when a label came out before.
Result<Papers> print_labels(Desk& desk, const staff::Actor& actor, const std::vector<std::int64_t>& shipments,
                            const std::string& reason = {});
// What was cancelled or failed of such a batch, to the printers that the desk has now; papers of parcels that left the house or
// got another waybill stay out. Returns how many go to a printer.
Result<int> resume_batch(Desk& desk, const staff::Actor& actor, const std::string& batch);
// Packed parcels with a waybill, oldest first, and how their label stands.
struct LabelState {
    shipping::Shipment shipment;
    std::optional<printing::PrintJob> job;  // the newest; nothing when it was never given to a printer
};
Result<std::vector<LabelState>> labels_to_print(Desk& desk);
// The report of a day on the A4 printer; a second time it counts as a reprint.
Result<printing::PrintJob> print_daily_report(Desk& desk, const staff::Actor& actor, const daily::Report& report);
// One page that says which printer it came from and when. Refused when the desk has no printer for that.
Result<Papers> print_test_page(Desk& desk, const staff::Actor& actor, printing::Use use);

}  // namespace sealdesk::desk

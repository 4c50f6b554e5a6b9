// What lies in a parcel (装箱单) and what was handed over the counter (自取签收单): orders, subjects and the serials of
// their KEYs, on half a sheet of A4. Values in, PDF out; no thread of its own.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "reports/fonts.h"
#include "reports/label.h"
#include "reports/paper.h"

namespace sealdesk::reports {

struct PackedOrder {
    std::string order_no, subject, kind;   // kind as people read it: 新办; may be empty
    std::vector<std::string> key_serials;  // at least one, or a note
    std::string note{};                    // why no KEY of it lies in the parcel
};

struct PackingSlip {
    std::string centre;
    std::string courier, waybill;
    Contact recipient;
    std::vector<PackedOrder> orders;
    std::string invoice_number;  // empty: none lies in it
    std::string packed_by;
    Instant packed_at;
    int parcel = 1, parcels = 1;
    std::string invoice_elsewhere;  // the payment's, in another of its parcels: as people read it
};

// Refused: no orders, an order without KEYs and a note, a text that does not fit, a character that cannot be printed.
Result<Paper> layout_packing_slip(const PackingSlip& slip, const Fonts& fonts);
Result<std::string> packing_slip_pdf(const PackingSlip& slip, const Fonts& fonts);

struct PickupReceipt {
    std::string centre, number;  // of the receipt; it is printed as a barcode as well
    std::string collector, mobile;
    std::string identity;  // masked, as it may be shown; empty: a line to write it on
    std::vector<PackedOrder> orders;
    std::string handed_by;
    Instant handed_at;
};

// Refused as the slip is.
Result<Paper> layout_pickup_receipt(const PickupReceipt& receipt, const Fonts& fonts);
Result<std::string> pickup_receipt_pdf(const PickupReceipt& receipt, const Fonts& fonts);

}  // namespace sealdesk::reports

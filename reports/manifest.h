// What a courier takes along (交接清单): one courier's parcels of one hand-over, counted, with signature lines, on A4.
// Values in, PDF out; no thread of its own.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "reports/fonts.h"
#include "reports/paper.h"

namespace sealdesk::reports {

struct ManifestRow {
    std::string waybill, recipient, address;
    int orders = 0, keys = 0;
};

struct Manifest {
    std::string centre, number;  // of the list; it is printed as a barcode as well
    std::string courier;
    Instant made_at;
    std::string made_by;
    std::vector<ManifestRow> parcels;
};

// Refused: no parcels, a waybill that is on it twice, a text that does not fit, a character that cannot be printed.
Result<Paper> layout_manifest(const Manifest& manifest, const Fonts& fonts);
Result<std::string> manifest_pdf(const Manifest& manifest, const Fonts& fonts);

}  // namespace sealdesk::reports

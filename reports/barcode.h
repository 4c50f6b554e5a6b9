// Barcodes from Zint as vectors: modules as rectangles in millimetres, never pixels.
#pragma once

#include <string>

#include "base/result.h"
#include "reports/paper.h"

namespace sealdesk::reports {

// Code 128 (ISO/IEC 15417) centred in the area with quiet zones of ten modules; digits are packed in pairs. Module width and
// position are whole dots of the printer, so that bars do not blur. Refused: other than printable ASCII, or too long for two
// dots a module (0.25 mm at 203 dpi, 0.17 mm at 300), below which scanners fail on paper.
Result<BarsMark> code128(const std::string& data, const Area& area, PrinterDots dots = PrinterDots::dpi203);

// QR code (ISO/IEC 18004), error correction M, centred in the largest square of the area.
Result<BarsMark> qr_code(const std::string& data, const Area& area);

}  // namespace sealdesk::reports

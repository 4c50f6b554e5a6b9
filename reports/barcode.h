// Barcodes from Zint as vectors: modules as rectangles in millimetres, never pixels.
#pragma once

#include <string>

#include "base/result.h"
#include "reports/paper.h"

namespace sealdesk::reports {

// Code 128 (ISO/IEC 15417) centred in the area with quiet zones of ten modules. Module width and position are
// whole dots of a 203 dpi printer (0.125 mm), so that bars do not blur. Refused: other than printable ASCII,
// or too long for two dots a module.
Result<BarsMark> code128(const std::string& data, const Area& area);

// QR code (ISO/IEC 18004), error correction M, centred in the largest square of the area.
Result<BarsMark> qr_code(const std::string& data, const Area& area);

}  // namespace sealdesk::reports

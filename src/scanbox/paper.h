// One sheet of paper: a form template filled in, sealed, and worn as if it had been through a scanner.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "scanbox/maker.h"

namespace sealdesk::scanbox {

// SVG text with {{field}} (escaped), {{field|30|1}} (the second line of 30 Han characters), {{?field=新办}} (☑ or ☐).
std::string filled(std::string_view svg, const std::map<std::string, std::string>& fields);

// The sheet as a file: "jpeg", "png" or "tiff".
Result<std::string> draw(const Sheet& sheet, const std::filesystem::path& forms, const std::string& as);
// All sheets as pages of one TIFF (same size) or PDF.
Result<std::string> draw_tiff(const std::vector<Sheet>& sheets, const std::filesystem::path& forms);
Result<std::string> draw_pdf(const std::vector<Sheet>& sheets, const std::filesystem::path& forms);

}  // namespace sealdesk::scanbox

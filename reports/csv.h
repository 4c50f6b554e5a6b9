// CSV as spreadsheets read it: UTF-8 with a byte order mark, CRLF line ends, quoting by RFC 4180.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sealdesk::reports {

// A text cell. A leading = + - @ tab or return would be run as a formula: it gets an apostrophe in front.
std::string csv_text(std::string_view text);
// A number made by us (amount, count): written as it is.
inline std::string csv_number(std::string_view number) { return std::string(number); }
// Cells are already csv_text or csv_number.
std::string csv_of(const std::vector<std::vector<std::string>>& rows);

}  // namespace sealdesk::reports

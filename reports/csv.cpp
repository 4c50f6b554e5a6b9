#include "reports/csv.h"

namespace sealdesk::reports {

std::string csv_text(std::string_view text) {
    std::string cell;
    // A spreadsheet skips blanks before it looks for a formula.
    const size_t first = text.find_first_not_of(' ');
    if (first != std::string_view::npos && std::string_view("=+-@\t\r\n").find(text[first]) != std::string_view::npos) cell = "'";
    // The full-width forms open a formula in Chinese and Japanese editions.
    for (const std::string_view wide : {"＝", "＋", "－", "＠"})
        if (first != std::string_view::npos && text.substr(first).starts_with(wide)) cell = "'";
    cell += text;
    if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
    std::string quoted = "\"";
    for (const char c : cell) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

std::string csv_of(const std::vector<std::vector<std::string>>& rows) {
    std::string out = "\xEF\xBB\xBF";
    for (const auto& row : rows) {
        for (size_t i = 0; i < row.size(); ++i) {
            if (i > 0) out += ',';
            out += row[i];
        }
        out += "\r\n";
    }
    return out;
}

}  // namespace sealdesk::reports

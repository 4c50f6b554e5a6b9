// Paper: what size a document is, and what the printer calls that size (PWG 5101.1). Without it a printer takes the paper it was
// told of last and may scale a label to it. Values only; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "printing/printer.h"

namespace sealdesk::printing {

std::string text_of(const Sheet& sheet);  // 100×180 mm

// Of a PDF whose pages are all of one size; nothing when they are not, or when its page boxes cannot be read as they stand
// (a stranger's file may have them compressed).
std::optional<Sheet> sheet_of(std::string_view pdf);

// The printer's own name for paper of that size, lying either way, at most a millimetre off; else the size itself when it takes
// others than those with names. Nothing when it does not know the size.
Media media_for(const Sheet& sheet, const std::vector<std::string>& supported);

// Refused with a sentence when documents of that kind cannot go to that address at all: a thermal printer on a socket prints
// a PDF as heaps of letters.
Result<> fits(const Address& address, Format format);
// Whether it prints labels from ZPL and not its source: it says so, or it hands on what it gets and is no page printer.
bool reads_zpl(const Printer& printer);

}  // namespace sealdesk::printing

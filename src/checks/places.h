// Where a value of the form stands on the pages, by what was read on them. Readers err and lines break: what is nearest is a
// place, not a proof. Pure functions; some milliseconds a page, so not on the UI thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sealdesk::checks {

// A part of a page in shares of its width and height, from the top left corner.
struct PageArea {
    double x = 0, y = 0, width = 0, height = 0;
    bool operator==(const PageArea&) const = default;
};

struct ValuePlace {
    int page = 1;                 // of the package, from 1
    std::vector<PageArea> areas;  // one for each line that it runs over
    int distance = 0;             // letters that were read otherwise
};

// `read`: the reader's answer (reader.h) for each page, "" where there is none. The nearest first, then by page. Digits and
// letters that look alike are the same; a name of up to three letters must be read as it is.
std::vector<ValuePlace> places_of(std::string_view value, const std::vector<std::string>& read);

}  // namespace sealdesk::checks

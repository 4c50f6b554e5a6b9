// Where a value of the form stands on the scans: looked up in a job among what was read on the pages, shown with a frame that
// fades. Asked for the same value again it goes on to its next place. Owned by PageViewer, UI thread only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checks/places.h"
#include "panels/page_package.h"
#include "panels/page_view.h"

namespace sealdesk::panels {

class PageFound {
public:
    void look_for(desk::Desk& desk, const PagePackage& package, const std::string& value);
    void clear();
    // The place to turn to, once for each that was asked for. What was not found is told in passing.
    std::optional<checks::ValuePlace> poll();
    void draw(ImDrawList* draw, const PagePlace& place, size_t page) const;

private:
    struct Answer {
        std::vector<checks::ValuePlace> places;
        bool read = false;  // some page was read at all
    };
    jobs::Async<Result<Answer>> looking_;
    std::string value_;
    std::vector<checks::ValuePlace> places_;
    size_t next_ = 0;
    std::optional<checks::ValuePlace> wanted_, shown_;
    double shown_at_ = 0;
};

// Around all of its lines.
PageBox around(const checks::ValuePlace& place);

}  // namespace sealdesk::panels

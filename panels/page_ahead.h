// Opens the package of the order that will probably be claimed next, and its first page, while the reviewer still reads
// this one. Nothing of it is shown before its order is on the bench and the opening is logged. Owned by PageViewer,
// UI thread only.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "desk/desk.h"

namespace sealdesk::panels {

class PageAhead {
public:
    struct Ready {
        std::string sha256;  // "" when there was nothing to open
        std::shared_ptr<const scans::Package> package;
        scans::Pixels first;  // the first page
        int shrink = 1;       // at which it was decoded
    };
    // Call while there is nothing more urgent to decode; asks once for each state of the data.
    void look(desk::Desk& desk, const std::string& order_no);
    // Hands over what was opened for that package, if it was.
    std::optional<Ready> take(const std::string& sha256);

private:
    jobs::Async<Ready> looking_;
    std::optional<Ready> ready_;
    std::string beside_;  // the order that was on the bench
    std::uint64_t asked_generation_ = 0;
};

}  // namespace sealdesk::panels

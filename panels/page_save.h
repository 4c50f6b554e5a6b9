// The button that saves a file which cannot be shown here, and where it went. Owned by PageViewer, UI thread only.
#pragma once

#include <filesystem>
#include <map>

#include "panels/page_package.h"

namespace sealdesk::panels {

class PageSave {
public:
    // Under the words of a refused file in the strip; nothing for files that are broken.
    void draw(desk::Desk& desk, const PagePackage& package, const scans::Refusal& refusal);
    void poll(desk::Desk& desk);
    void clear();  // another order

private:
    struct Saved {
        int entry = 0;
        Result<std::filesystem::path> path;
    };
    jobs::Async<Saved> saving_;
    std::map<int, std::filesystem::path> saved_;  // by entry
};

}  // namespace sealdesk::panels

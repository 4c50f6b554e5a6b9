// The field for the password of a locked archive, which the applicant may have told by telephone or in the note. What is
// typed is wiped as soon as it is taken over. Owned by PageViewer, UI thread only.
#pragma once

#include <string>

#include "panels/page_package.h"

namespace sealdesk::panels {

class PagePassword {
public:
    ~PagePassword() { forget(); }
    void draw(desk::Desk& desk, PagePackage& package);
    void forget();  // another order

private:
    std::string typed_;
    bool focus_ = false;
};

}  // namespace sealdesk::panels

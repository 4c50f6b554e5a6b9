// NumberRangesPane: what is left of invoice and waybill numbers, and the form by which an administrator adds a range. A part of
// the settings panel; UI thread.
#pragma once

#include "orders/number_ranges.h"
#include "panels/kept.h"
#include "panels/trouble.h"

namespace sealdesk::panels {

class NumberRangesPane {
public:
    void draw(desk::Desk& desk);

private:
    void draw_form(desk::Desk& desk);

    Kept<std::vector<orders::Ranges>> ranges_;
    bool open_ = false;
    std::string name_ = "waybill", pattern_, first_, last_;
    jobs::Async<Result<>> adding_;
    std::string said_;
    Trouble trouble_;
};

}  // namespace sealdesk::panels

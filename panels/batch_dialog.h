// BatchDialog: orders that nothing speaks against, with what was checked, approved together. One verb an order, one after
// another, so that each has its own answer on screen. Owned by ReviewPanel, UI thread only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checks/batch.h"
#include "desk/desk.h"

namespace sealdesk::panels {

class BatchDialog {
public:
    // Whether the person may approve orders together: reviewer and supervisor.
    static bool may(const staff::Actor& actor);
    void open(desk::Desk& desk);
    void draw(desk::Desk& desk);

private:
    struct Line {
        checks::Green green;
        bool chosen = true;
        std::optional<Result<>> outcome;
    };
    void take_list();
    void go_on(desk::Desk& desk);
    void draw_line(Line& line, size_t index);
    size_t chosen() const;
    size_t done(bool well) const;

    bool open_ = false, running_ = false;
    std::vector<Line> lines_;
    std::optional<Error> trouble_;
    size_t at_ = 0;  // the line whose verb is running
    jobs::Async<Result<std::vector<checks::Green>>> loading_;
    jobs::Async<Result<>> approving_;
};

}  // namespace sealdesk::panels

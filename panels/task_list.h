// TaskList: what only a supervisor can settle, in the dialog of things to do: each with a note and "done". Owned by
// Screen; UI thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "desk/desk.h"
#include "panels/trouble.h"
#include "tasks/tasks.h"

namespace sealdesk::panels {

class TaskList {
public:
    // Returns the order that somebody wants to see; "" if none.
    std::string draw(desk::Desk& desk, const std::vector<tasks::Task>& list);

private:
    std::map<std::int64_t, std::string> notes_;
    jobs::Async<Result<std::string>> doing_;
    Trouble trouble_;
};

}  // namespace sealdesk::panels

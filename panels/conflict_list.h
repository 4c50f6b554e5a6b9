// ConflictList: what the portal did not accept, in the dialog of things to do: a supervisor says whether it goes out once
// more or never. Owned by Screen; UI thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "acts/settlement.h"
#include "desk/desk.h"
#include "panels/trouble.h"

namespace sealdesk::panels {

class ConflictList {
public:
    // Returns the order that somebody wants to see; "" if none.
    std::string draw(desk::Desk& desk, const std::vector<acts::Act>& list);

private:
    std::map<std::string, std::string> reasons_;  // by uuid
    jobs::Async<Result<>> doing_;
    Trouble trouble_;
};

}  // namespace sealdesk::panels

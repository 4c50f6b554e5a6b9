// What is said about a seal: who, which certificate, valid or not and why, as rows of a pane; and the field that asks it for a
// file. UI thread; files are read and judged in jobs.
#pragma once

#include <string>

#include "desk/desk.h"
#include "jobs/pool.h"
#include "seals/verdict.h"

namespace sealdesk::panels {

void draw_seal_verdict(const seals::Verdict& verdict);

class SealFileCheck {
public:
    void draw(desk::Desk& desk);
    bool busy() { return judging_.running(); }

private:
    std::string path_, judged_;
    jobs::Async<Result<seals::Verdict>> judging_;
};

}  // namespace sealdesk::panels

// What stands in the window when the desk cannot be opened (database newer than the program, folder read-only, disk
// full, broken settings): the sentence, what to do, try again or leave. UI thread only.
#pragma once

#include "base/result.h"

namespace sealdesk::panels {

enum class AfterTrouble { wait, retry, leave };
AfterTrouble draw_start_trouble(const Error& trouble);

}  // namespace sealdesk::panels

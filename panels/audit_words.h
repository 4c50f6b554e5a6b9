// What an action of the audit log is called on screen. The log itself keeps the code.
#pragma once

#include <string>

namespace sealdesk::panels {

// 审核通过 for "review.approve"; the code itself when we have no word.
std::string audit_word(const std::string& action);

}  // namespace sealdesk::panels

// The prepared parent: starts the libraries once, then forks one child for every question, so that each file has a
// process of its own at the price of a fork; one child is forked ahead and waits. It talks to the desk over one SOCK_SEQPACKET
// socket and never looks at a stranger's byte. One message of one byte asks for a child and carries three descriptors:
//   the conversation (serve.h)     the package, read only     shared memory for pixels, sized by the desk
// Into the conversation the parent writes an empty line with the child's pidfd (by which the desk ends a child that
// takes too long) and, when the child has ended, {"ended":<status>}: its exit status, or 128 + the signal.
#pragma once

#include <functional>

namespace sealdesk::scanbox {

// What a child finds open besides 0 and 1, the conversation.
constexpr int kPackage = 3, kPixels = 4;

// Until the desk closes its end of `control`. `child` runs in the child and does not come back.
void serve_children(int control, const std::function<void()>& child);

}  // namespace sealdesk::scanbox

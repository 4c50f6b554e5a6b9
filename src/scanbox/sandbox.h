// The walls around the decoder: limits of the kernel, no new privileges, a list of allowed system calls.
// Close it once, after the libraries have started and before the first byte of a stranger is looked at.
#pragma once

#include <string>
#include <vector>

namespace sealdesk::scanbox {

// False when the kernel does not give the protection: the decoder then refuses to work.
bool close_sandbox();

// Tries what must not work (socket, exec, fork, signal, trace, write to a file) and names what did work; empty when tight.
std::vector<std::string> leaks();

}  // namespace sealdesk::scanbox

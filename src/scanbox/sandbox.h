// The walls around the decoder, in two steps. close_files() once in the prepared parent (parent.h), after the
// libraries have started: no new privileges, limits, and where the kernel has Landlock no file beyond fonts and
// poppler's character maps. close_calls() in every child before the first byte of a stranger is looked at.
#pragma once

#include <string>
#include <vector>

namespace sealdesk::scanbox {

// False when the kernel does not give the protection: the decoder then refuses to work. Landlock is the exception
// (kernels before 5.13): leaks() names it, and the list of system calls still refuses every write.
bool close_files();

// The list of allowed system calls, put together once in the parent.
class Calls {
public:
    static Calls prepare();
    // False when the kernel refuses; there is no way back.
    bool close() const;

private:
    std::vector<unsigned char> filter_;  // sock_filter[]; empty when libseccomp failed
};

// Tries what must not work (read a file, socket, exec, fork, signal, trace, write to a file) and names what did
// work; empty when tight.
std::vector<std::string> leaks();

}  // namespace sealdesk::scanbox

// The decoder's side of the conversation: one JSON line in, JSON lines out, the last of them with "done".
//   {"op":"list","skip":[3]}                            -> {"probing":0} … {"done":true,"entries":[…],"pages":[…],"refusals":[…]}
//   {"op":"render","entry":2,"page":0,"shrink":2,"dpi":200} -> {"done":true,"width":…,"height":…}  pixels in the shared memory
//   {"op":"picture_dpi","entry":2,"page":0}               -> {"done":true,"dpi":300}           of the scan inside a PDF page; 0:
//   none
//   {"op":"save","entry":2}                             -> {"done":true,"size":…}              the file's bytes, there too
//   {"op":"check"}                                      -> {"done":true,"leaks":[]}            what the sandbox lets through
// The first three take "password", for an archive that has one.
// A fault is {"done":true,"error":"<code>"}. Sentences for people are the desk's affair.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "scanbox/package.h"

namespace sealdesk::scanbox {

struct Desk {
    std::string_view package;
    std::uint8_t* pixels = nullptr;  // shared memory,
    size_t room = 0;                 // its bytes
    std::function<void(const std::string& line)> say;
};

void answer(std::string_view request, const Desk& desk, const Bounds& bounds);

}  // namespace sealdesk::scanbox

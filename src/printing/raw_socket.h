// Thermal printers on TCP (port 9100): bytes as they are, and ~HS for how the printer is. Blocking, within the timeout;
// worker threads only.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "printing/printer.h"

namespace sealdesk::printing::raw {

// What ~HS says; nothing when the printer takes connections but does not answer such questions (many clones do not).
// Unavailable when it cannot be reached.
Result<std::optional<HostStatus>> look(const Address& address, std::chrono::milliseconds patience);

// Unavailable when not one byte went out: it may be tried again. Device when it broke off within: nobody knows what came out.
Result<> send(const Address& address, const std::string& bytes, std::chrono::milliseconds patience);

}  // namespace sealdesk::printing::raw

// Opens the window of a desk and runs it until it is closed.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "desk/desk.h"

namespace sealdesk::shell {

// `watch`: socket for the tour; empty: none. `signed_in`: who sits there already (the demo). Returns when the person
// closed the window.
Result<> run_desk(desk::Desk& desk, const std::filesystem::path& watch, std::optional<staff::Actor> signed_in = {});

// Shows why the desk could not be opened. True: the person wants to try again; false: the window was closed.
Result<bool> tell_start_trouble(const Error& trouble, const std::filesystem::path& watch);

}  // namespace sealdesk::shell

// A command line as a script has it: words in, status and what was said out. Every group of commands is there.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "cli/commands.h"

namespace sealdesk::tests {

struct Said {
    int status = 0;
    std::string out, err;
    nlohmann::json json() const { return nlohmann::json::parse(out); }
};

struct Caller {
    std::filesystem::path home, password_file = {};
    std::string as = {};
    bool json = false;
};

inline Said say(const Caller& caller, std::vector<std::string> words) {
    cli::Common common;
    common.home = caller.home;
    common.as = caller.as;
    common.json = caller.json;
    common.password_file = caller.password_file;
    CLI::App app;
    for (const auto add : {cli::add_order_commands, cli::add_scan_commands, cli::add_check_commands, cli::add_key_commands,
                           cli::add_seal_commands, cli::add_paper_commands, cli::add_invoice_commands, cli::add_ship_commands,
                           cli::add_range_commands, cli::add_centre_commands, cli::add_authority_commands})
        add(app, common);
    std::reverse(words.begin(), words.end());  // as CLI11 wants them
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    try {
        app.parse(words);
    } catch (const CLI::Error& error) {
        common.status = error.get_exit_code();
    }
    return {common.status, testing::internal::GetCapturedStdout(), testing::internal::GetCapturedStderr()};
}

}  // namespace sealdesk::tests

// Subcommands: everything the window does, for scripts and schedules. Each group registers its commands on the CLI11
// app; a command opens the desk in the data folder, runs a verb and prints what came out.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "desk/desk.h"

namespace sealdesk::cli {

// What every command has: data folder, who acts, how to print.
struct Common {
    std::filesystem::path home;
    std::string as, password_file;
    bool json = false;
    SystemClock clock;
    crypto::SystemRandom random;
    int status = 0;  // of the process
};

// $SEALDESK_HOME, else $XDG_DATA_HOME/sealdesk, else ~/.local/share/sealdesk.
std::filesystem::path default_home();

Result<std::unique_ptr<desk::Desk>> open_desk(Common& common);
// What a person types at a prompt without echo; refused with `otherwise` where nobody sits.
Result<crypto::Secret> typed(const std::string& prompt, const std::string& otherwise);
// The password of --password-file, or of a prompt without echo.
Result<crypto::Secret> password_of(const Common& common);
// Of the CA's keys: what the file says, else a person types it, as in the window.
Result<crypto::Secret> passphrase_of(const desk::Settings& settings, const char* prompt);
// Signs in as --as, with the password of --password-file or of a prompt without echo.
Result<staff::Actor> sign_in(Common& common, desk::Desk& desk);

// Runs the body when the command was chosen; an error becomes a sentence on stderr and exit status 1.
void on(CLI::App* command, Common& common, std::function<Result<>()> body);
void print(const Common& common, const nlohmann::json& json, const std::string& text);
// A document is written below the desk's documents folder, as the window does, and copied to where it was asked for.
Result<> copied(const std::filesystem::path& from, const std::filesystem::path& to);

void add_order_commands(CLI::App& app, Common& common);      // orders, show, approve, reject, sync
void add_scan_commands(CLI::App& app, Common& common);       // scans
void add_check_commands(CLI::App& app, Common& common);      // check
void add_key_commands(CLI::App& app, Common& common);        // issue, keys
void add_seal_commands(CLI::App& app, Common& common);       // seal draw, lift, accept, show, verify, init
void add_paper_commands(CLI::App& app, Common& common);      // label, slip, manifest, report
void add_invoice_commands(CLI::App& app, Common& common);    // invoice, invoices list, void, red, title, …
void add_ship_commands(CLI::App& app, Common& common);       // ship list, scan, pack, hand-over, …
void add_courier_commands(CLI::App* ship, Common& common);   // ship poll, push, settle, used
void add_range_commands(CLI::App& app, Common& common);      // range list, add
void add_centre_commands(CLI::App& app, Common& common);     // init, staff, backup, restore, audit verify
void add_authority_commands(CLI::App& app, Common& common);  // authority renew

}  // namespace sealdesk::cli

#include <fmt/format.h>

#include "cli/commands.h"

namespace sealdesk::cli {

namespace {

Result<> scans_of(Common& common, const std::string& file) {
    // Needs no data folder: any package, through the same sandbox.
    SEALDESK_LET(places, desk::find_places());
    const scans::Scanbox scanbox(places.scanbox);
    SEALDESK_LET(package, scanbox.open(file));
    std::string text;
    for (const auto& page : package.pages)
        text += fmt::format("{}  {}×{}  {}  {} dpi\n", page.title, page.width, page.height, page.format, page.dpi);
    for (const auto& refusal : package.refusals) text += refusal.sentence + "\n";
    print(common, nlohmann::json::parse(scans::scans_json(package)), text);
    if (package.pages.empty()) return refused(tr("没有一页可以打开"));
    return {};
}

}  // namespace

void add_scan_commands(CLI::App& app, Common& common) {
    const auto file = std::make_shared<std::string>();
    auto* scans = app.add_subcommand("scans", "what is in an uploaded package");
    scans->add_option("file", *file)->required();
    on(scans, common, [&common, file] { return scans_of(common, *file); });
}

}  // namespace sealdesk::cli

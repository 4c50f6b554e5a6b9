#include <fmt/format.h>

#include "base/files.h"
#include "cli/commands.h"
#include "scans/page_picture.h"

namespace sealdesk::cli {

namespace {

struct Wish {
    std::string file, out;
    int page = 0;  // as the listing counts, from 1
};

std::string listing(const scans::Package& package) {
    std::string text;
    int number = 0;
    for (const auto& page : package.pages)
        text +=
            fmt::format("{:>3}  {}  {}×{}  {}  {} dpi\n", ++number, page.title, page.width, page.height, page.format, page.dpi);
    for (const auto& refusal : package.refusals) text += refusal.sentence + "\n";
    return text;
}

Result<> write_page(const scans::Scanbox& scanbox, const scans::Package& package, const Wish& wish) {
    if (wish.page < 1 || static_cast<size_t>(wish.page) > package.pages.size())
        return refused(trf("没有第 {} 页：材料包共 {} 页", wish.page, package.pages.size()));
    SEALDESK_LET(pixels, scanbox.render(package, package.pages[static_cast<size_t>(wish.page - 1)]));
    SEALDESK_LET(png, scans::png_of(pixels));
    return write_file(wish.out, png);
}

Result<> scans_of(Common& common, const Wish& wish) {
    // Needs no data folder: any package, through the same sandbox.
    SEALDESK_LET(places, desk::find_places());
    const scans::Scanbox scanbox(places.scanbox);
    SEALDESK_LET(package, scanbox.open(wish.file));
    print(common, nlohmann::json::parse(scans::scans_json(package)), listing(package));
    if (package.pages.empty()) return refused(tr("没有一页可以打开"));
    if (!wish.out.empty()) return write_page(scanbox, package, wish);
    return {};
}

}  // namespace

void add_scan_commands(CLI::App& app, Common& common) {
    const auto wish = std::make_shared<Wish>();
    auto* scans = app.add_subcommand("scans", "what is in an uploaded package");
    scans->add_option("file", wish->file, "archive, picture or PDF")->required();
    auto* page = scans->add_option("--page", wish->page, "number of a page in the list, written to --out");
    auto* out = scans->add_option("--out", wish->out, "PNG file");
    page->needs(out);
    out->needs(page);
    on(scans, common, [&common, wish] { return scans_of(common, *wish); });
}

}  // namespace sealdesk::cli

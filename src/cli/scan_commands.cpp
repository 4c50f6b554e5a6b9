#include <fmt/format.h>

#include <set>

#include "base/files.h"
#include "base/text.h"
#include "cli/commands.h"
#include "scans/page_picture.h"

namespace sealdesk::cli {

namespace {

struct Wish {
    std::string file, out;
    int page = 0;   // as the listing counts, from 1
    int entry = 0;  // the same, of files
};

std::string listing(const scans::Package& package) {
    std::string text;
    std::set<int> shown;
    for (const auto& page : package.pages) shown.insert(page.entry);
    int number = 0;
    for (const auto& page : package.pages)
        text +=
            fmt::format("{:>3}  {}  {}×{}  {}  {} dpi\n", ++number, page.title, page.width, page.height, page.format, page.dpi);
    for (const auto& entry : package.entries)
        if (!shown.contains(entry.index) && !entry.ignored)
            text += trf("文件 {}  {}  {} 字节  SHA-256 {}", entry.index + 1, entry.name, entry.size, entry.sha256) + "\n";
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

Result<> write_entry(const scans::Scanbox& scanbox, const scans::Package& package, const Wish& wish) {
    SEALDESK_LET(bytes, scanbox.bytes_of(package, wish.entry - 1));
    return write_file(wish.out, bytes);
}

Result<> scans_of(Common& common, const Wish& wish) {
    // Needs no data folder: any package, through the same sandbox.
    SEALDESK_LET(places, desk::find_places());
    const scans::Scanbox scanbox(places.scanbox);
    std::string password;
    if (!common.password_file.empty()) {
        SEALDESK_LET(text, read_file(common.password_file, 4096));
        password = trimmed(text);
    }
    SEALDESK_LET(package, scanbox.open(wish.file, password));
    print(common, nlohmann::json::parse(scans::scans_json(package)), listing(package));
    if (wish.entry != 0) return write_entry(scanbox, package, wish);
    if (package.pages.empty()) return refused(tr("没有一页可以打开"));
    if (!wish.out.empty()) return write_page(scanbox, package, wish);
    return {};
}

}  // namespace

void add_scan_commands(CLI::App& app, Common& common) {
    const auto wish = std::make_shared<Wish>();
    auto* scans = app.add_subcommand("scans", "what is in an uploaded package; --password-file opens a ZIP that has one");
    scans->add_option("file", wish->file, "archive, picture or PDF")->required();
    auto* page = scans->add_option("--page", wish->page, "number of a page in the list, written to --out");
    auto* entry = scans->add_option("--entry", wish->entry, "number of a file in the package, saved to --out as it is");
    auto* out = scans->add_option("--out", wish->out, "where the page (PNG) or the file goes");
    page->needs(out)->excludes(entry);
    entry->needs(out);
    on(scans, common, [&common, wish] { return scans_of(common, *wish); });
}

}  // namespace sealdesk::cli

#include "checks/opened.h"

#include <fmt/format.h>

#include <set>

namespace sealdesk::checks {

Opened open_papers(const scans::Scanbox& scanbox, const std::filesystem::path& path) {
    Opened opened;
    auto& papers = opened.papers;
    auto package = scanbox.open(path);
    if (!package) {
        // A decoder that is missing is no fault of the applicant.
        papers.arrived = package.error().kind == ErrorKind::corrupt;
        papers.why_not = package.error().message;
        return opened;
    }
    papers.arrived = true;
    opened.package = std::move(*package);
    papers.opened = true;
    for (const auto& refusal : opened.package.refusals) {
        if (refusal.entry < 0 && opened.package.pages.empty()) {
            papers.opened = false;
            papers.why_not = refusal.sentence;
            return opened;
        }
        papers.refused.push_back({refusal.name, refusal.sentence});
    }
    for (const auto& page : opened.package.pages) {
        Paper paper;
        paper.number = static_cast<int>(papers.pages.size()) + 1;
        paper.title = page.title;
        paper.page_in_file = page.number;
        for (const auto& entry : opened.package.entries)
            if (entry.index == page.entry) paper.file_sha256 = entry.sha256;
        papers.pages.push_back(std::move(paper));
    }
    return opened;
}

void look_at_pages(const scans::Scanbox& scanbox, Opened& opened, const FileFacts& known) {
    for (size_t i = 0; i < opened.papers.pages.size(); ++i) {
        auto& paper = opened.papers.pages[i];
        if (const auto found = known.find({paper.file_sha256, paper.page_in_file}); found != known.end()) {
            paper.facts = found->second;
            continue;
        }
        const auto& page = opened.package.pages[i];
        const auto pixels = scanbox.render(opened.package, page, shrink_for_facts(page.width, page.height));
        if (pixels)
            paper.facts = look_at(pixels->rgba(), pixels->width(), pixels->height(), page.width, page.height, page.dpi);
        else
            paper.trouble = pixels.error().message;
    }
}

void make_distinct(std::vector<Finding>& findings) {
    std::set<std::pair<std::string, std::string>> seen;
    for (auto& each : findings) {
        const std::string item = each.item;
        for (int n = 2; !seen.insert({each.rule, each.item}).second; ++n) each.item = fmt::format("{}#{}", item, n);
    }
}

std::vector<Finding> examine_file(const scans::Scanbox& scanbox, const std::filesystem::path& package,
                                  const std::vector<Demand>& demands) {
    Opened opened = open_papers(scanbox, package);
    look_at_pages(scanbox, opened, {});
    auto findings = check_papers(demands, opened.papers);
    make_distinct(findings);
    return findings;
}

}  // namespace sealdesk::checks

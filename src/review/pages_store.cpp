#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "review/pages.h"
#include "storage/rows.h"

namespace sealdesk::review {

using storage::Tx;

std::vector<PageKnown> pages_in(Tx& tx, const std::string& no, int revision) {
    std::vector<PageKnown> pages;
    PageKnown page;
    std::string file, picture;
    int in_file = 0;
    storage::for_each_row(
        tx,
        "SELECT p.number, p.file_sha256, p.page, p.material, p.title, COALESCE(f.picture_sha256, '') FROM order_pages p LEFT "
        "JOIN "
        "page_facts f ON f.file_sha256 = p.file_sha256 AND f.page = p.page WHERE p.order_no = :no AND p.revision = :revision "
        "ORDER BY p.number",
        std::tie(page.number, file, in_file, page.material, page.title, picture),
        [&] {
            page.hash = picture.empty() ? file + "/" + std::to_string(in_file) : picture;
            pages.push_back(page);
        },
        no, revision);
    return pages;
}

std::vector<PageBeside> match_pages(const std::vector<PageKnown>& now, const std::vector<PageKnown>& before,
                                    const std::vector<int>& faulted) {
    std::vector<PageBeside> matched;
    std::set<int> used;  // earlier pages that are still there or already replaced
    for (const auto& page : now) {
        PageBeside beside{page.number, 0, 0};
        for (const auto& old : before)
            if (old.hash == page.hash && beside.same_as == 0) beside.same_as = old.number;
        for (const auto& old : before)
            if (old.hash == page.hash) used.insert(old.number);
        matched.push_back(beside);
    }
    // Faulted pages are the ones that somebody waits for.
    std::vector<PageKnown> gone;
    const auto is_faulted = [&](const PageKnown& page) {
        return std::find(faulted.begin(), faulted.end(), page.number) != faulted.end();
    };
    for (const auto& old : before)
        if (!used.contains(old.number)) gone.push_back(old);
    std::stable_partition(gone.begin(), gone.end(), is_faulted);
    const auto replace = [&](const auto& fits) {
        for (size_t i = 0; i < now.size(); ++i) {
            if (matched[i].same_as != 0 || matched[i].instead_of != 0) continue;
            const auto found = std::find_if(gone.begin(), gone.end(), [&](const PageKnown& old) { return fits(now[i], old); });
            if (found == gone.end()) continue;
            matched[i].instead_of = found->number;
            gone.erase(found);
        }
    };
    replace([](const PageKnown& a, const PageKnown& b) { return !a.material.empty() && a.material == b.material; });
    replace([](const PageKnown& a, const PageKnown& b) { return a.title == b.title; });
    replace([](const PageKnown& a, const PageKnown& b) { return a.number == b.number; });
    return matched;
}

bool same_paper(const std::vector<PageKnown>& now, const std::vector<PageKnown>& before, const std::string& material) {
    const auto hashes = [](const std::vector<PageKnown>& pages, const std::string& of) {
        std::set<std::string> set;
        for (const auto& page : pages)
            if (page.material == of) set.insert(page.hash);
        return set;
    };
    const auto within = [](const std::set<std::string>& some, const std::vector<PageKnown>& pages) {
        return std::all_of(some.begin(), some.end(), [&](const std::string& hash) {
            return std::any_of(pages.begin(), pages.end(), [&](const PageKnown& page) { return page.hash == hash; });
        });
    };
    // A page may be recognised in one submission and not in the other (its file has another name): its pixels decide.
    const auto mine = hashes(now, material), earlier = hashes(before, material);
    if (!mine.empty() || !earlier.empty()) return within(mine, before) && within(earlier, now);
    return hashes(now, "") == hashes(before, "");
}

Result<PagesBeside> pages_beside(storage::Database& database, const std::string& no, int revision) {
    return database.read([&](Tx& tx) -> Result<PagesBeside> {
        PagesBeside beside;
        if (revision < 2) return beside;
        const auto now = pages_in(tx, no, revision), before = pages_in(tx, no, revision - 1);
        if (now.empty() || before.empty()) return beside;
        std::vector<int> faulted;
        std::string crop;
        storage::for_each_row(
            tx,
            "SELECT crop FROM review_items WHERE order_no = :no AND revision = :revision AND verdict = 'faulted' AND crop <> ''",
            std::tie(crop),
            [&] {
                if (const auto json = nlohmann::json::parse(crop, nullptr, false); json.is_object())
                    faulted.push_back(json.value("page", 0));
            },
            no, revision - 1);
        beside.revision = revision - 1;
        storage::for_each_row(
            tx, "SELECT package_sha256, package_name FROM submissions WHERE order_no = :no AND revision = :revision",
            std::tie(beside.package_sha256, beside.package_name), [] {}, no, revision - 1);
        beside.pages = match_pages(now, before, faulted);
        return beside;
    });
}

}  // namespace sealdesk::review

#include "scans/pairing.h"

namespace sealdesk::scans {

std::vector<PageKey> keys_of(const Package& package, const std::vector<std::string>& materials) {
    std::vector<PageKey> keys;
    for (const auto& page : package.pages) {
        PageKey key;
        key.page_in_file = page.number;
        for (const auto& entry : package.entries)
            if (entry.index == page.entry) key.file_sha256 = entry.sha256;
        if (keys.size() < materials.size()) key.material = materials[keys.size()];
        keys.push_back(std::move(key));
    }
    return keys;
}

std::vector<PagePair> pair_pages(const std::vector<PageKey>& now, const std::vector<PageKey>& before) {
    std::vector<PagePair> pairs(now.size());
    std::vector<bool> taken(before.size(), false);
    const auto pair = [&](size_t page, size_t earlier, bool unchanged) {
        pairs[page] = {earlier, unchanged};
        taken[earlier] = true;
    };
    const auto first_free = [&](size_t page, bool unchanged, auto&& fits) {
        for (size_t i = 0; !pairs[page].earlier && i < before.size(); ++i)
            if (!taken[i] && fits(now[page], before[i])) pair(page, i, unchanged);
    };
    for (size_t page = 0; page < now.size(); ++page)
        first_free(page, true, [](const PageKey& a, const PageKey& b) {
            return !a.file_sha256.empty() && a.file_sha256 == b.file_sha256 && a.page_in_file == b.page_in_file;
        });
    for (size_t page = 0; page < now.size(); ++page)
        first_free(page, false,
                   [](const PageKey& a, const PageKey& b) { return !a.material.empty() && a.material == b.material; });
    for (size_t page = 0; page < now.size(); ++page) {
        if (pairs[page].earlier || page >= before.size() || taken[page]) continue;
        const bool other =
            !now[page].material.empty() && !before[page].material.empty() && now[page].material != before[page].material;
        if (!other) pair(page, page, false);
    }
    return pairs;
}

}  // namespace sealdesk::scans

#include "checks/known_pages.h"
#include "checks/pages_store.h"

namespace sealdesk::checks {

Result<std::vector<KnownPage>> known_pages(storage::Database& database, const Standards& standards, const std::string& order_no,
                                           const scans::Package& package) {
    return database.read([&](storage::Tx& tx) -> Result<std::vector<KnownPage>> {
        SEALDESK_LET(order, orders::load(tx, order_no));
        const auto demands = standards.checklists.demands(order.order);
        std::vector<std::string> files;
        for (const auto& entry : package.entries) files.push_back(entry.sha256);
        const FileFacts facts = known_facts(tx, files);
        std::vector<KnownPage> known;
        for (const auto& page : package.pages) {
            Paper paper;
            paper.title = page.title;
            paper.page_in_file = page.number;
            for (const auto& entry : package.entries)
                if (entry.index == page.entry) paper.file_sha256 = entry.sha256;
            KnownPage each;
            if (const auto found = facts.find({paper.file_sha256, page.number}); found != facts.end())
                each.text = known_text(tx, found->second.sha256, kReader).value_or("");
            if (!each.text.empty()) paper.text = plain_text(each.text);
            each.material = recognise(demands, paper);
            known.push_back(std::move(each));
        }
        return known;
    });
}

}  // namespace sealdesk::checks

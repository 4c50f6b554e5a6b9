#include "checks/items.h"

#include "base/translate.h"

namespace sealdesk::checks {

std::vector<review::ItemWanted> items_to_judge(const Checklists& checklists, const orders::Order& order) {
    std::vector<review::ItemWanted> items{{review::kFormItem, tr("填写的内容"), true}};
    for (const auto& demand : checklists.demands(order))
        items.push_back({demand.material.code, demand.material.title, demand.required});
    return items;
}

}  // namespace sealdesk::checks

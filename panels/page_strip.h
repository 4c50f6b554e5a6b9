// The strip beside the page: a card for every page of the package, and below them what cannot be shown here and why. Owned
// by PageViewer, UI thread only.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "panels/page_package.h"

namespace sealdesk::panels {

constexpr float kStripWidth = 128;  // px at 96 dpi

struct StripLook {
    size_t page = 0;                               // the one that is read now
    const std::map<size_t, int>* turns = nullptr;  // quarter turns of those that were turned
    const std::vector<bool>* unchanged = nullptr;  // since the submission before; null: nothing to compare with
};
// Draws into the pane that is open; the page that was clicked. `below` draws what belongs to a refused file, under its words.
std::optional<size_t> draw_strip(desk::Desk& desk, PagePackage& package, const StripLook& look,
                                 const std::function<void(const scans::Refusal&)>& below = {});

}  // namespace sealdesk::panels

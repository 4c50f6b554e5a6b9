// Strips: the titled head of a pane and the space beside what stands in it. For panes without padding.
#pragma once

#include <string_view>

#include "panels/kit/theme.h"

namespace sealdesk::kit {

// Strip of kBarHeight with a bold title and a quiet note behind it, and the line below.
void title_strip(std::string_view title, std::string_view note = {}, std::string_view right = {});

// Keeps 14 px to the left and the usual space between lines for its life.
class Inset {
public:
    Inset();
    ~Inset();
    Inset(const Inset&) = delete;
    Inset& operator=(const Inset&) = delete;
};
// What is left to the right edge, minus the same 14 px.
float inset_width();

}  // namespace sealdesk::kit

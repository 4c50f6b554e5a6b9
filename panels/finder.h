// Finder: the box of the top bar and the list that opens below it while somebody types: orders by whatever was typed,
// grouped by what matched. ↑ ↓ choose, Enter opens, Esc closes. Owned by Screen, UI thread only.
#pragma once

#include <imgui.h>

#include <string>
#include <vector>

#include "desk/desk.h"
#include "search/search.h"

namespace sealdesk::panels {

class Finder {
public:
    struct Outcome {
        bool changed = false;  // other words stand in the box
        std::string open;      // number of the order that was chosen; "" if none
        std::string state;     // and where it stands
        std::string key;       // the KEY's serial, when that or its certificate's is what was found
    };
    // The box at the cursor, `width` px wide. `text` is what it holds.
    Outcome draw(desk::Desk& desk, std::string* text, float width);

private:
    void ask(desk::Desk& desk, const std::string& text);
    void draw_list(ImVec2 at, float width, Outcome& outcome);
    void choose(size_t index, Outcome& outcome);
    void enter(const std::string& text, Outcome& outcome);

    jobs::Async<Result<std::vector<search::Hit>>> asking_;
    std::vector<search::Hit> hits_;
    std::string trouble_;
    size_t chosen_ = 0;
    bool open_ = false, answered_ = false, moved_ = false;
    bool entered_ = false;  // Enter came before the answer: a barcode reader, or somebody quick
    bool focus_ = false;    // give the box the keyboard back
};

}  // namespace sealdesk::panels

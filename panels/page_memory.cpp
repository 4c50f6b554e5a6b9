// What of the viewer survives a restart: the page that was read and how, and how each kind of paper was looked at.
#include <algorithm>
#include <cmath>
#include <sstream>

#include "panels/page_viewer.h"

namespace sealdesk::panels {

namespace {

std::string words_of(const PageView::State& state) {
    return fmt::format("{} {} {} {}", state.zoom, state.shift.x, state.shift.y, state.fit_width ? 1 : 0);
}

// False when that is no view. A file may hold anything.
bool read(std::istringstream& words, PageView::State& state) {
    int wide = 0;
    if (!(words >> state.zoom >> state.shift.x >> state.shift.y >> wide)) return false;
    if (!std::isfinite(state.zoom) || !std::isfinite(state.shift.x) || !std::isfinite(state.shift.y)) return false;
    state.zoom = std::clamp(state.zoom, 0.0f, 100.0f);
    state.shift = {std::clamp(state.shift.x, -1.0f, 1.0f), std::clamp(state.shift.y, -1.0f, 1.0f)};
    state.fit_width = wide != 0;
    return true;
}

}  // namespace

void PageViewer::recall(const desk::Memory& memory) {
    fit_width_ = memory.get("viewer.fit") == "width";
    double_ = memory.get("viewer.double") == "1";
    std::istringstream window(memory.get("viewer.window"));
    if (std::array<int, 4> at{}; window >> at[0] >> at[1] >> at[2] >> at[3]) {
        detached_ = true;
        constexpr int kLeast = 200, kMost = 16384, kFar = 65536;
        if (at[2] >= kLeast && at[3] >= kLeast && at[2] <= kMost && at[3] <= kMost && std::abs(at[0]) < kFar &&
            std::abs(at[1]) < kFar)
            window_ = at;
    }
    std::istringstream view(memory.get("viewer.look")), turns(memory.get("viewer.turns")), kinds(memory.get("viewer.kinds"));
    if (!(view >> left_.sha256 >> left_.page) || !read(view, left_.state)) left_ = {};
    for (size_t page = 0, quarters = 0; turns >> page >> quarters;) left_.turns[page] = static_cast<int>(quarters % 4);
    PageView::State state;
    for (std::string kind; kinds >> kind && read(kinds, state);) kinds_[kind] = state;
}

void PageViewer::remember(desk::Memory& memory) const {
    memory.set("viewer.fit", fit_width_ ? "width" : "");
    memory.set("viewer.double", double_ ? "1" : "");
    memory.set("viewer.window", detached_ ? fmt::format("{} {} {} {}", window_[0], window_[1], window_[2], window_[3]) : "");
    if (current_.count() == 0) return;
    memory.set("viewer.look", fmt::format("{} {} {}", current_.subject()->sha256, page_, words_of(view_.state)));
    std::string turns, kinds;
    for (const auto& [page, quarters] : turns_)
        if (quarters != 0) turns += fmt::format("{} {} ", page, quarters);
    memory.set("viewer.turns", turns);
    auto all = kinds_;
    all[kind_of(page_)] = view_.state;
    for (const auto& [kind, state] : all) kinds += kind + " " + words_of(state) + " ";
    memory.set("viewer.kinds", kinds);
}

}  // namespace sealdesk::panels

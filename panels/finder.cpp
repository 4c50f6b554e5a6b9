#include "panels/finder.h"

#include <imgui_internal.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "base/translate.h"
#include "panels/ids.h"
#include "panels/kit/kit.h"
#include "panels/order_words.h"

namespace sealdesk::panels {

constexpr float kRows = 8;  // in sight at once

void Finder::ask(desk::Desk& desk, const std::string& text) {
    open_ = code_points(trimmed(text)).size() > 1;
    entered_ = false;
    if (!open_) return;
    asking_.start(desk.jobs(), [&database = desk.database(), text] { return search::find(database, text); });
}

void Finder::choose(size_t index, Outcome& outcome) {
    if (index >= hits_.size()) return;
    const search::Hit& hit = hits_[index];
    outcome.open = hit.order_no;
    outcome.state = hit.state;
    outcome.key = hit.kind == search::Kind::key ? hit.found : hit.key_serial;
    open_ = false;
}

// Opens what was meant: with ↑ ↓ chosen in a list that was seen; from an answer that nobody has seen only what is the one
// possibility, or is the very number that was typed.
void Finder::enter(const std::string& text, Outcome& outcome) {
    if (!entered_) return choose(chosen_, outcome);
    entered_ = false;
    const std::string wanted = trimmed(text);
    const auto same = std::find_if(hits_.begin(), hits_.end(), [&](const search::Hit& hit) { return hit.found == wanted; });
    if (same != hits_.end()) return choose(static_cast<size_t>(same - hits_.begin()), outcome);
    if (hits_.size() == 1) return choose(0, outcome);
    focus_ = true;  // several: ↑ ↓ and Enter go on
}

Finder::Outcome Finder::draw(desk::Desk& desk, std::string* text, float width) {
    Outcome outcome;
    if (asking_.arrived()) {
        auto& answer = *asking_.ready();
        trouble_ = answer ? std::string() : answer.error().message;
        hits_ = answer ? std::move(*answer) : std::vector<search::Hit>();
        chosen_ = 0;
        answered_ = true;
        if (entered_) enter(*text, outcome);
    }
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const auto event = kit::search_box(ids::search, text, tr("订单号 / 名称 / 拼音首字母 / 证件号 / 手机 / KEY / 快递单号"),
                                       ImGuiMod_Ctrl | ImGuiKey_K, width, std::exchange(focus_, false));
    const bool in_box = ImGui::IsItemActive(),
               left_by_escape = ImGui::IsItemDeactivated() && ImGui::IsKeyPressed(ImGuiKey_Escape);
    const ImVec2 below(at.x, ImGui::GetItemRectMax().y + kit::px(4));
    outcome.changed = event.changed;
    if (event.changed || ImGui::IsItemActivated()) ask(desk, *text);
    if (left_by_escape) open_ = false;
    if (!open_) return outcome;
    if (in_box && !hits_.empty()) {
        moved_ = ImGui::IsKeyPressed(ImGuiKey_DownArrow) || ImGui::IsKeyPressed(ImGuiKey_UpArrow);
        if (ImGui::IsKeyPressed(ImGuiKey_DownArrow)) chosen_ = std::min(chosen_ + 1, hits_.size() - 1);
        if (ImGui::IsKeyPressed(ImGuiKey_UpArrow) && chosen_ > 0) --chosen_;
    }
    // An answer to what was typed before the last key is not opened unseen.
    if (event.entered) {
        entered_ = asking_.running();
        if (!entered_ && answered_) enter(*text, outcome);
    }
    if (open_) draw_list(below, width, outcome);
    return outcome;
}

void Finder::draw_list(ImVec2 at, float width, Outcome& outcome) {
    if (!answered_) return;
    ImGui::SetNextWindowPos(at);
    const float row = kit::px(kit::kListRow), most = row * kRows;
    ImGui::SetNextWindowSizeConstraints({width, 0}, {width, most});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, kit::px(0, 6));
    ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, std::max(1.0f, kit::px(1)));
    ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, kit::px(6));
    ImGui::PushStyleColor(ImGuiCol_WindowBg, kit::colour::pane);
    ImGui::PushStyleColor(ImGuiCol_Border, kit::colour::off);
    ImGui::Begin(ids::find_list, nullptr,
                 ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoResize |
                     ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoFocusOnAppearing | ImGuiWindowFlags_AlwaysAutoResize |
                     ImGuiWindowFlags_NoNav);
    ImGui::PopStyleColor(2);
    ImGui::PopStyleVar(3);
    ImGui::BringWindowToDisplayFront(ImGui::GetCurrentWindow());
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
    const auto beside = [](std::string_view words) {
        ImGui::SetCursorPosX(kit::px(14));
        kit::note(words);
        kit::gap(4);
    };
    if (!trouble_.empty()) beside(trouble_);
    if (trouble_.empty() && hits_.empty()) beside(tr("没有找到"));
    for (size_t i = 0; i < hits_.size(); ++i) {
        const search::Hit& hit = hits_[i];
        if (i == 0 || hits_[i - 1].kind != hit.kind) {
            kit::gap(4);
            ImGui::SetCursorPosX(kit::px(14));
            kit::section(search::word_of(hit.kind));
            kit::gap(2);
        }
        kit::ListRow line;
        line.title = hit.kind == search::Kind::name ? hit.found : hit.subject_name;
        if (const auto state = orders::from_name<orders::State>(hit.state)) line.chips.push_back(state_chip(*state));
        line.note =
            hit.kind == search::Kind::name || hit.kind == search::Kind::order ? hit.order_no : hit.found + " · " + hit.order_no;
        line.selected = i == chosen_;
        ImGui::PushID(static_cast<int>(i));
        if (kit::list_row(ids::find_hit(hit.order_no).c_str(), line)) choose(i, outcome);
        ImGui::PopID();
        if (moved_ && i == chosen_) ImGui::SetScrollHereY();
    }
    moved_ = false;
    const bool inside = ImGui::IsWindowHovered(ImGuiHoveredFlags_ChildWindows | ImGuiHoveredFlags_AllowWhenBlockedByActiveItem);
    ImGui::PopStyleVar();
    ImGui::End();
    const bool on_box = ImGui::IsMouseHoveringRect({at.x, at.y - kit::px(44)}, {at.x + width, at.y}, false);
    if (ImGui::IsMouseClicked(ImGuiMouseButton_Left) && !inside && !on_box) open_ = false;
}

}  // namespace sealdesk::panels

#include "panels/page_strip.h"

#include <algorithm>

#include "base/translate.h"
#include "panels/ids.h"
#include "panels/kit/kit.h"
#include "panels/page_view.h"

namespace sealdesk::panels {

namespace {

constexpr float kCard = 126, kMargin = 8;  // px at 96 dpi

void draw_card(desk::Desk& desk, PagePackage& package, const StripLook& look, size_t index, float width) {
    const scans::Page& page = package.package()->pages[index];
    const ImVec2 corner = ImGui::GetItemRectMin();
    const float margin = kit::px(kMargin);
    const ImVec2 from(corner.x + margin, corner.y + margin), to(corner.x + width - margin, from.y + kit::px(88));
    ImDrawList* draw = ImGui::GetWindowDrawList();
    const ImTextureID texture = package.pictures().want(desk, index, kThumbShrink);
    const std::string* trouble = package.pictures().trouble(index);
    draw->AddRectFilled(from, to, trouble ? kit::colour::red_ground : kit::rgb(0xF4F1EA), kit::px(3));
    if (texture != ImTextureID_Invalid) {
        int turns = 0;
        if (look.turns != nullptr)
            if (const auto found = look.turns->find(index); found != look.turns->end()) turns = found->second;
        ImVec2 paper(static_cast<float>(std::max(1, page.width)), static_cast<float>(std::max(1, page.height)));
        if (turns % 2 != 0) std::swap(paper.x, paper.y);
        const float scale = std::min((to.x - from.x) / paper.x, (to.y - from.y) / paper.y);
        const ImVec2 half(paper.x * scale / 2, paper.y * scale / 2), centre((from.x + to.x) / 2, (from.y + to.y) / 2);
        draw_turned(draw, texture,
                    {{centre.x - half.x, centre.y - half.y}, {centre.x + half.x, centre.y + half.y}, scale, turns});
    }
    const bool same = look.unchanged != nullptr && index < look.unchanged->size() && (*look.unchanged)[index];
    kit::FontScope font(kit::Size::note);
    if (same) {
        draw->AddRectFilled(from, to, kit::rgb(0x2C3440, 150), kit::px(3));
        const std::string_view word = tr("未改动");
        const ImVec2 size = kit::chip_size(word);
        kit::draw_chip(draw, {(from.x + to.x - size.x) / 2, (from.y + to.y - size.y) / 2}, word, kit::Tone::plain);
    }
    if (index == look.page)
        draw->AddRect({from.x - 1, from.y - 1}, {to.x + 1, to.y + 1}, kit::colour::rail_edge, kit::px(4), 0, kit::px(3));
    kit::draw_text_fitted(draw, {from.x, to.y + kit::px(4)}, to.x - from.x,
                          trouble ? kit::rgb(0xFFB4AB)
                          : same  ? kit::colour::off
                                  : kit::colour::viewer_text,
                          trf("{} {}", index + 1, page.title));
}

void draw_refusal(const scans::Refusal& refusal, int number, float width) {
    const float margin = kit::px(kMargin);
    const std::string name = refusal.entry < 0 ? std::string(tr("材料包")) : refusal.name;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::SetCursorPosX(ImGui::GetCursorPosX() + margin);
    ImGui::BeginGroup();
    const ImVec2 start = ImGui::GetCursorScreenPos();
    kit::FontScope font(kit::Size::note);
    const float wrap = width - 2 * margin - kit::px(16);
    // Some sentences begin with the name.
    const std::string words = refusal.sentence.starts_with(name) ? refusal.sentence : name + "\n" + refusal.sentence;
    const ImVec2 text = ImGui::CalcTextSize(words.c_str(), nullptr, false, wrap);
    const ImVec2 end(start.x + width - 2 * margin, start.y + text.y + kit::px(14));
    ImGui::GetWindowDrawList()->AddRectFilled(start, end, kit::colour::red_ground, kit::px(4));
    ImGui::SetCursorScreenPos({start.x + kit::px(8), start.y + kit::px(7)});
    ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + wrap);
    ImGui::PushStyleColor(ImGuiCol_Text, kit::colour::red);
    ImGui::TextUnformatted(words.c_str());
    ImGui::PopStyleColor();
    ImGui::PopTextWrapPos();
    ImGui::EndGroup();
    ImGui::SetCursorScreenPos(at);
    ImGui::InvisibleButton((name + "###" + ids::viewer_refusal(number)).c_str(), {width, end.y - start.y + margin});
}

}  // namespace

std::optional<size_t> draw_strip(desk::Desk& desk, PagePackage& package, const StripLook& look,
                                 const std::function<void(const scans::Refusal&)>& below) {
    std::optional<size_t> clicked;
    const float width = ImGui::GetContentRegionAvail().x;
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(package.count()), kit::px(kCard));
    while (clipper.Step())
        for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
            const auto index = static_cast<size_t>(i);
            const std::string label = package.package()->pages[index].title + "###" + ids::viewer_thumb(i + 1);
            if (ImGui::InvisibleButton(label.c_str(), {width, kit::px(kCard)})) clicked = index;
            draw_card(desk, package, look, index, width);
        }
    int number = 0;
    for (const scans::Refusal& refusal : package.package()->refusals) {
        draw_refusal(refusal, ++number, width);
        if (below) below(refusal);
    }
    return clicked;
}

}  // namespace sealdesk::panels

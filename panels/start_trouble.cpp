#include "panels/start_trouble.h"

#include "base/translate.h"
#include "panels/ids.h"
#include "panels/kit/kit.h"

namespace sealdesk::panels {

AfterTrouble draw_start_trouble(const Error& trouble) {
    AfterTrouble wish = AfterTrouble::wait;
    kit::begin_pane("start", {0, 0}, kit::Ground::none);
    const ImVec2 room = ImGui::GetContentRegionAvail(), card = kit::px(520, 0);
    ImGui::SetCursorPos({std::max(0.0f, (room.x - card.x) / 2), room.y * 0.28f});
    ImGui::BeginGroup();
    kit::heading(tr("工作台没有打开"));
    kit::gap(14);
    kit::callout(trouble.message, tr("数据没有改动。处理好以后按 Enter 重试"), kit::Tone::red, card.x);
    kit::gap(16);
    if (kit::button(ids::start_retry, tr("重试"), {.tone = kit::Tone::green, .key = ImGuiKey_Enter})) wish = AfterTrouble::retry;
    ImGui::SameLine(0, kit::px(8));
    if (kit::button(ids::start_leave, tr("关闭"), {.key = ImGuiKey_Escape})) wish = AfterTrouble::leave;
    ImGui::EndGroup();
    kit::end_pane();
    return wish;
}

}  // namespace sealdesk::panels

#include "panels/kit/dialog.h"

#include <imgui_internal.h>

#include <algorithm>
#include <string>

#include "base/log.h"
#include "base/translate.h"
#include "panels/kit/button.h"
#include "panels/kit/frame.h"
#include "panels/kit/pane.h"
#include "panels/kit/text.h"

namespace sealdesk::kit {

bool banner(const char* id, std::string_view sentence, std::string_view retry) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const ImVec2 size(ImGui::GetContentRegionAvail().x, px(36));
    ImDrawList* draw = ImGui::GetWindowDrawList();
    draw->AddRectFilled(at, {at.x + size.x, at.y + size.y}, colour::amber_ground);
    draw->AddCircleFilled({at.x + px(18), at.y + size.y / 2}, px(4), colour::amber);
    FontScope font(Size::text);
    const float y = at.y + (size.y - ImGui::GetFontSize()) / 2, retry_width = retry.empty() ? 0 : text_size(retry).x;
    const float right = at.x + size.x - px(14) - retry_width;
    draw_text_fitted(draw, {at.x + px(30), y}, right - px(12) - at.x - px(30), colour::amber, sentence);
    const ImVec2 after = ImGui::GetCursorPos();
    bool pressed = false;
    if (!retry.empty()) {
        ImGui::SetCursorScreenPos({right, y});
        pressed = link(id, retry);
    }
    ImGui::SetCursorPos(after);
    ImGui::Dummy(size);
    return pressed;
}

bool begin_dialog(const char* id, std::string_view title, bool* open, float width_at_96_dpi) {
    // The question before the window closes stands alone; what it took away comes back after it.
    if (const Closing& closing = frame().closing; (closing.asked || closing.stands) && open != &closing.asked) return false;
    const std::string label = std::string(title) + "###" + id;
    if (*open && !ImGui::IsPopupOpen(label.c_str())) ImGui::OpenPopup(label.c_str());
    if (!ImGui::IsPopupOpen(label.c_str())) return false;
    const ImVec2 screen = ImGui::GetMainViewport()->GetCenter();
    ImGui::SetNextWindowPos(screen, ImGuiCond_Always, {0.5f, 0.5f});
    ImGui::SetNextWindowSize({px(width_at_96_dpi), 0});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, px(22, 18));
    const bool shown = ImGui::BeginPopupModal(label.c_str(), nullptr,
                                              ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoResize |
                                                  ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_AlwaysAutoResize);
    ImGui::PopStyleVar();
    if (!shown) return false;
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, px(8, 6));
    if (!*open) {  // closed by the panel
        ImGui::CloseCurrentPopup();
        end_dialog();
        return false;
    }
    if (frame().shortcuts.pressed(ImGuiKey_Escape, tr("关闭"))) *open = false;
    {
        FontScope font(Size::value, Weight::bold);
        ImGui::TextUnformatted(title.data(), title.data() + title.size());
    }
    gap(10);
    return true;
}

void end_dialog() {
    ImGui::PopStyleVar();
    ImGui::EndPopup();
}

Answer ask(const char* id, bool* open, std::string_view title, std::string_view sentence, std::string_view yes, Tone tone) {
    if (!begin_dialog(id, title, open)) return Answer::none;
    Answer answer = *open ? Answer::none : Answer::no;
    wrapped(sentence);
    gap(18);
    const std::string_view no = tr("取消");
    align_right(button_width(yes, ImGuiKey_Enter) + button_width(no) + px(8), 0);
    if (button("no", no)) answer = Answer::no;
    ImGui::SameLine(0, px(8));
    if (button("yes", yes, {.tone = tone, .key = ImGuiKey_Enter})) answer = Answer::yes;
    if (answer != Answer::none) {
        *open = false;
        ImGui::CloseCurrentPopup();
    }
    end_dialog();
    return answer;
}

void tell(const char* id, bool* open, const Error& error) {
    const char* title = error.kind == ErrorKind::conflict   ? tr("情况有变")
                        : error.kind == ErrorKind::internal ? tr("程序出错")
                                                            : tr("未能完成");
    std::string& incident = frame().incident;
    if (*open && !ImGui::IsPopupOpen((std::string("###") + id).c_str()))
        incident = error.kind == ErrorKind::internal ? log_incident(error) : "";
    if (!begin_dialog(id, title, open)) return;
    wrapped(error.message);
    if (!incident.empty()) {
        gap(6);
        note(trf("事件编号 {}，详情已写入日志", incident));
    }
    gap(18);
    const std::string_view close = tr("知道了");
    align_right(button_width(close, ImGuiKey_Enter), 0);
    if (button("close", close, {.key = ImGuiKey_Enter})) *open = false;
    if (!*open) ImGui::CloseCurrentPopup();
    end_dialog();
}

void draw_key_list() {
    Frame& now = frame();
    // What was registered up to here is what works here; the list itself is drawn over it.
    const auto entries = now.shortcuts.entries();
    if (now.shortcuts.pressed("status.keys", ImGuiMod_Shift | ImGuiKey_Slash, tr("快捷键"))) now.show_keys = !now.show_keys;
    const auto shown = std::count_if(entries.begin(), entries.end(), [](const auto& entry) { return entry.enabled; });
    constexpr long kColumn = 16;  // rows
    const long columns = std::max(1L, (shown + kColumn - 1) / kColumn), rows = (shown + columns - 1) / columns;
    constexpr float kWide = 300;
    if (!begin_dialog("keys", tr("这里可用的快捷键"), &now.show_keys, 44 + kWide * static_cast<float>(columns))) return;
    const ImVec2 from = ImGui::GetCursorScreenPos();
    ImDrawList* draw = ImGui::GetWindowDrawList();
    long index = 0;
    for (const Shortcuts::Entry& entry : entries) {
        if (!entry.enabled) continue;
        const ImVec2 at(from.x + px(kWide) * static_cast<float>(index / rows),
                        from.y + px(30) * static_cast<float>(index % rows));
        ++index;
        draw_key_cap(draw, at, key_name(entry.key));
        FontScope font(Size::text);
        draw_text_fitted(draw, {at.x + px(80), at.y + px(1)}, px(kWide - 90), colour::text, entry.label);
    }
    ImGui::Dummy({px(kWide) * static_cast<float>(columns), px(30) * static_cast<float>(rows)});
    if (!now.show_keys) ImGui::CloseCurrentPopup();
    end_dialog();
}

}  // namespace sealdesk::kit

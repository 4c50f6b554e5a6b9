#include "panels/closing.h"

#include "base/translate.h"
#include "desk/desk.h"
#include "panels/ids.h"
#include "panels/kit/kit.h"

namespace sealdesk::panels {

void draw_closing(desk::Desk& desk) {
    kit::Closing& closing = kit::frame().closing;
    const auto letters = desk.letters().count(), writing = desk.writing().busy();
    closing.would_lose = letters + writing > 0;
    if (closing.asked && !closing.would_lose) closing.agreed = true;
    if (!kit::begin_dialog("closing", tr("还不能关闭"), &closing.asked)) return;
    // A PIN may come out of the KEY that is being written, so that is waited for.
    if (writing > 0) kit::wrapped(trf("正在写 {} 个 KEY，写完以后自动关闭。请不要拔出 KEY", writing));
    if (letters > 0) {
        kit::wrapped(trf("还有 {} 个新 PIN 没有写下或打印", letters), kit::colour::red);
        kit::wrapped(tr("关闭以后这些 PIN 没有人知道，要用“解锁”重新设置。PIN 在设置它的人登录以后显示"), kit::colour::quiet);
    }
    kit::gap(14);
    const char* off = writing > 0 ? tr("正在写 KEY") : "";
    kit::align_right(kit::button_width(tr("仍然关闭")) + kit::button_width(tr("不关闭"), ImGuiKey_Enter) + kit::px(8), 0);
    if (kit::button(ids::closing_close, tr("仍然关闭"), {.tone = kit::Tone::red, .disabled_because = off})) closing.agreed = true;
    ImGui::SameLine(0, kit::px(8));
    if (kit::button(ids::closing_stay, tr("不关闭"), {.key = ImGuiKey_Enter})) closing.asked = false;
    if (!closing.asked) ImGui::CloseCurrentPopup();
    kit::end_dialog();
}

}  // namespace sealdesk::panels

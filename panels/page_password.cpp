#include "panels/page_password.h"

#include <algorithm>
#include <utility>

#include "base/translate.h"
#include "panels/ids.h"
#include "panels/kit/kit.h"

namespace sealdesk::panels {

void PagePassword::forget() { const crypto::Secret gone(std::move(typed_)); }

void PagePassword::draw(desk::Desk& desk, PagePackage& package) {
    kit::gap(14);
    const float width = kit::px(260), button = kit::button_width(tr("打开"));
    const float left = (ImGui::GetContentRegionAvail().x - width - button - kit::px(8)) / 2;
    ImGui::SetCursorPosX(std::max(0.0f, left));
    constexpr size_t kMost = 256;  // so that the text never moves and leaves a copy behind
    typed_.reserve(kMost);
    const auto typed = kit::input(ids::viewer_password, &typed_,
                                  {.hint = tr("申请人告知的压缩包密码"), .width = width, .password = true, .focus = focus_});
    focus_ = false;
    ImGui::SameLine(0, kit::px(8));
    const char* off = package.opening() ? tr("正在打开") : typed_.empty() ? tr("请输入密码") : "";
    const bool pressed = kit::button(ids::viewer_unlock, tr("打开"), {.disabled_because = off});
    if ((pressed || typed.entered) && *off == '\0') {
        package.unlock(desk, crypto::Secret(std::move(typed_)));
        typed_.clear();
        kit::forget_typed();
        focus_ = true;
    }
}

}  // namespace sealdesk::panels

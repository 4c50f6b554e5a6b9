#include "panels/page_watermark.h"

#include "base/translate.h"
#include "panels/kit/text.h"

namespace sealdesk::panels {

void draw_watermark(const desk::Desk& desk, ImDrawList* draw, ImVec2 from, ImVec2 to, bool on_dark) {
    const std::string words = trf("{} {} {}", desk.actor->name, desk.actor->login, date_time(desk.clock().now()));
    kit::FontScope font(kit::Size::heading);
    const ImVec2 size = kit::text_size(words);
    constexpr float kSine = -0.42f, kCosine = 0.9075f;  // 25 degrees upwards
    draw->PushClipRect(from, to, true);
    // What is out of sight on a page that is zoomed in costs nothing.
    const ImVec2 seen_from = draw->GetClipRectMin(), seen_to = draw->GetClipRectMax();
    const float reach = size.x;
    for (float y = from.y + kit::px(60); y < std::min(to.y, seen_to.y + reach); y += kit::px(170)) {
        if (y < seen_from.y - reach) continue;
        for (float x = from.x + kit::px(30); x < std::min(to.x, seen_to.x + reach); x += size.x + kit::px(120)) {
            if (x + size.x < seen_from.x - reach) continue;
            const int first = draw->VtxBuffer.Size;
            kit::draw_text(draw, {x, y}, on_dark ? kit::rgb(0xFFFFFF, 40) : kit::rgb(0x1F2933, 26), words);
            const ImVec2 middle(x + size.x / 2, y + size.y / 2);
            for (int i = first; i < draw->VtxBuffer.Size; ++i) {
                ImVec2& at = draw->VtxBuffer[i].pos;
                const ImVec2 off(at.x - middle.x, at.y - middle.y);
                at = {middle.x + off.x * kCosine - off.y * kSine, middle.y + off.x * kSine + off.y * kCosine};
            }
        }
    }
    draw->PopClipRect();
}

}  // namespace sealdesk::panels

#include "panels/review_preview.h"

#include <algorithm>

#include "base/translate.h"
#include "panels/ids.h"
#include "panels/kit/kit.h"

namespace sealdesk::panels {

namespace {

constexpr float kWide = 640;  // px at 96 dpi

void draw_picture(desk::Desk& desk, const orders::DeskOrder& order, const std::vector<review::Item>& items,
                  const std::string& code, CropPictures& pictures) {
    const auto item = std::find_if(items.begin(), items.end(), [&](const auto& each) { return each.wanted.code == code; });
    if (item == items.end()) return;
    kit::gap(4);
    if (const auto shown = pictures.show(desk, order.order.current().package_sha256, item->fault)) {
        const float scale = std::min({kit::px(1), kit::px(kWide - 60) / shown->width, kit::px(260) / shown->height});
        ImGui::Image(shown->texture, {shown->width * scale, shown->height * scale});
    } else {
        kit::note(tr("这里有一张截图"));
    }
}

}  // namespace

void ReviewPreview::draw(desk::Desk& desk, const orders::DeskOrder& order, const std::vector<review::Item>& items,
                         const std::vector<review::Reason>& reasons, const std::string& note, CropPictures& pictures) {
    if (!open_ || !kit::begin_dialog(ids::review_preview_dialog, tr("申请人将看到"), &open_, kWide)) return;
    kit::note(trf("订单 {} · {}", order.order.no, order.order.subject.name));
    kit::gap(8);
    const auto told = review::compose(items, reasons, note);
    if (!told) kit::callout(told.error().message, tr("现在还不能退回"), kit::Tone::amber);
    std::string about;
    for (size_t i = 0; told && i < told->size(); ++i) {
        const auto& line = (*told)[i];
        if (!line.title.empty() && line.item != about) {
            kit::gap(6);
            kit::bold(line.title);
        }
        if (line.item.empty() && !about.empty()) kit::gap(10);
        about = line.item;
        kit::wrapped(line.text);
        if (!line.picture.empty()) draw_picture(desk, order, items, line.item, pictures);
    }
    kit::gap(16);
    const std::string_view close = tr("知道了");
    kit::align_right(kit::button_width(close, ImGuiKey_Enter), 0);
    if (kit::button(ids::review_preview_close, close, {.key = ImGuiKey_Enter})) open_ = false;
    if (!open_) ImGui::CloseCurrentPopup();
    kit::end_dialog();
}

}  // namespace sealdesk::panels

#include "panels/key_letter.h"

#include "base/translate.h"
#include "panels/back_office_ids.h"
#include "panels/kit/kit.h"

namespace sealdesk::panels {

void KeyLetter::draw() {
    if (letters_.empty()) return;
    const keys::PinLetter& letter = letters_.front();
    bool open = true;
    if (!kit::begin_dialog("key.letter", tr("新的 PIN，只显示这一次"), &open, 480)) return;
    kit::field_row({.label = tr("KEY"), .value = letter.key_serial});
    if (!letter.order_no.empty()) {
        const std::string whose = trf("{} · 第 {} 个", letter.order_no, letter.unit_no);
        kit::field_row({.label = tr("订单"), .value = whose});
        kit::field_row({.label = tr("主体"), .value = letter.subject_name});
    }
    kit::gap(10);
    kit::heading(letter.pin.view());
    kit::gap(4);
    kit::wrapped(tr("请抄入密码信封并封口，交给申请人。关闭以后不能再看，只能重新设置"), kit::colour::quiet);
    kit::gap(14);
    kit::align_right(kit::button_width(tr("写好了"), ImGuiKey_Enter), 0);
    const bool close = kit::button(ids::kLetterClose, tr("写好了"), {.tone = kit::Tone::green, .key = ImGuiKey_Enter});
    if (close) ImGui::CloseCurrentPopup();
    kit::end_dialog();
    // Esc does not lose a PIN that nobody has written down.
    if (close) letters_.pop_front();
}

}  // namespace sealdesk::panels

#include "panels/key_letter.h"

#include "base/translate.h"
#include "desk/pin_letters.h"
#include "panels/back_office_ids.h"
#include "panels/kit/kit.h"

namespace sealdesk::panels {

// It is copied by hand, letter by letter: large, and with nothing beside it.
static void draw_pin(std::string_view pin) {
    kit::FontScope font(kit::Size::large, kit::Weight::bold);
    const ImVec2 at = ImGui::GetCursorScreenPos(), letters = kit::text_size(pin);
    const ImVec2 size(ImGui::GetContentRegionAvail().x, letters.y + kit::px(24));
    ImDrawList* draw = ImGui::GetWindowDrawList();
    draw->AddRectFilled(at, {at.x + size.x, at.y + size.y}, kit::colour::ground, kit::px(6));
    kit::draw_text(draw, {at.x + (size.x - letters.x) / 2, at.y + (size.y - letters.y) / 2}, kit::colour::text, pin);
    ImGui::Dummy(size);
}

void KeyLetter::print(desk::Desk& desk) {
    const bool before = desk.letters().at_printer(shown_.get());
    desk.letters().at_printer(shown_.get(), true);
    printing_.start(desk.jobs(), [&letters = desk.letters(), settings = desk.settings(), letter = shown_, before] {
        auto printed = desk::print_pin_letter(settings, *letter);
        // Only where a printer had it there may be a sheet.
        if (!printed && printed.error().kind != ErrorKind::device) letters.at_printer(letter.get(), before);
        return printed;
    });
}

bool KeyLetter::draw_shown(desk::Desk& desk, const keys::PinLetter& letter) {
    kit::gap(10);
    draw_pin(letter.pin.view());
    kit::gap(10);
    if (letter.unsure) kit::wrapped(desk::unsure_words(), kit::colour::red);
    kit::wrapped(tr("请抄入密码信封并封口，交给申请人。关闭以后不能再看，只能重新设置"), kit::colour::quiet);
    const auto* printed = printing_.ready();
    if (printed != nullptr && *printed) kit::note(tr("密码信封已打印"), kit::colour::green);
    if (printed != nullptr && !*printed) kit::note(printed->error().message, kit::colour::red);
    if (printing_.idle_and_empty() && desk.letters().at_printer(shown_.get())) kit::note(tr("密码信封已送打印"));
    kit::gap(14);
    const bool has_printer = !desk.settings().pin_printer.empty();
    const float width = kit::button_width(tr("写好了"), ImGuiKey_Enter);
    kit::align_right(width + (has_printer ? kit::button_width(tr("打印密码信封")) + kit::px(8) : 0), 0);
    if (has_printer) {
        const char* off = printing_.running() ? tr("正在打印") : "";
        if (kit::button(ids::kLetterPrint, tr("打印密码信封"), {.disabled_because = off})) print(desk);
        ImGui::SameLine(0, kit::px(8));
    }
    // It comes by itself: an Enter that was meant for the bench must not take a PIN away that nobody has read.
    constexpr double kRead = 1;  // seconds
    const bool read = ImGui::GetTime() - since_ >= kRead;
    if (!read) kit::wake_in(kRead);
    return kit::button(ids::kLetterClose, tr("写好了"),
                       {.tone = kit::Tone::green, .key = read ? ImGuiKeyChord(ImGuiKey_Enter) : ImGuiKeyChord(0)});
}

// The PIN is only ever on the sheet.
bool KeyLetter::draw_printed(desk::Desk& desk) {
    // Sent before somebody went away and came back: what came of it, only who looks can tell.
    const bool sent = printing_.idle_and_empty() && desk.letters().at_printer(shown_.get());
    if (printing_.idle_and_empty() && !sent) print(desk);
    const auto* printed = printing_.ready();
    const bool running = printing_.running() || (printed == nullptr && !sent), good = sent || (!running && printed->has_value());
    kit::gap(10);
    if (running)
        kit::note(tr("正在打印密码信封…"));
    else if (sent)
        kit::wrapped(tr("密码信封已送打印。请看看它出来了没有：出来了折好封口，没有出来再打印"));
    else if (good)
        kit::wrapped(tr("密码信封已打印。请看看它出来了没有，折好封口"));
    else
        kit::wrapped(printed->error().message, kit::colour::red);
    if (shown_->unsure) kit::wrapped(desk::unsure_words(), kit::colour::red);
    if (!running && !good) kit::wrapped(tr("放弃以后这个 PIN 没有人知道，要用“解锁”重新设置"), kit::colour::quiet);
    kit::gap(14);
    const char* words = good ? tr("完成") : tr("放弃");
    kit::align_right(kit::button_width(words) + kit::button_width(tr("再打印"), ImGuiKey_Enter) + kit::px(8), 0);
    const char* off = running ? tr("正在打印") : "";
    if (kit::button(ids::kLetterPrint, tr("再打印"), {.key = good ? ImGuiKeyChord(0) : ImGuiKey_Enter, .disabled_because = off}))
        print(desk);
    ImGui::SameLine(0, kit::px(8));
    // Nobody has looked yet: the Enter of the sign-in says nothing about a sheet.
    return kit::button(ids::kLetterClose, words,
                       {.tone = good ? kit::Tone::green : kit::Tone::plain,
                        .key = good && !sent ? ImGuiKey_Enter : ImGuiKeyChord(0),
                        .disabled_because = off});
}

void KeyLetter::draw(desk::Desk& desk) {
    if (!desk.actor) return;
    if (handing_on_.arrived())
        if (const auto& done = *handing_on_.ready(); !done) kit::frame().toasts.show(done.error().message, kit::Tone::red);
    if (const auto first = desk.letters().first(desk.actor->login); first != shown_) {
        shown_ = first;
        since_ = ImGui::GetTime();
        printing_.clear();
    }
    if (!shown_) return;
    const bool paper = desk::pin_shown(desk.settings()) == desk::PinShown::paper;
    const keys::PinLetter& letter = *shown_;
    bool open = true;
    if (!kit::begin_dialog("key.letter", paper ? tr("密码信封") : tr("新的 PIN，只显示这一次"), &open, 480)) return;
    kit::field_row({.label = tr("KEY"), .value = letter.key_serial});
    if (!letter.order_no.empty()) {
        const std::string whose = trf("{} · 第 {} 个", letter.order_no, letter.unit_no);
        kit::field_row({.label = tr("订单"), .value = whose});
        kit::field_row({.label = tr("主体"), .value = letter.subject_name});
    }
    const bool close = paper ? draw_printed(desk) : draw_shown(desk, letter);
    if (close) ImGui::CloseCurrentPopup();
    kit::end_dialog();
    // Esc does not lose a PIN that nobody has written down.
    if (!close) return;
    // A PIN that may not be in force, or is on no sheet, is nobody's: its task stays.
    const auto* printed = printing_.ready();
    const bool on_paper = printed != nullptr ? printed->has_value() : desk.letters().at_printer(shown_.get());
    desk.letters().drop_first(desk.actor->login);
    if (letter.unsure || (paper && !on_paper)) return;
    handing_on_.start(desk.jobs(), [&desk, actor = *desk.actor, serial = letter.key_serial]() -> Result<> {
        auto done = keys::pin_handed_on(desk.database(), actor, serial);
        desk.touch();
        return done;
    });
}

}  // namespace sealdesk::panels

#include "panels/shipping_scanner.h"

#include <imgui_internal.h>

#include <algorithm>
#include <utility>

#include "base/translate.h"
#include "desk/shipping_settings.h"
#include "panels/kit/kit.h"
#include "panels/shipping_ids.h"

namespace sealdesk::panels {

void Scanner::remember_field() {
    const ImGuiContext& context = *ImGui::GetCurrentContext();
    field_ = context.ActiveId != 0 && context.ActiveId == context.InputTextState.ID ? context.ActiveId : 0;
    field_before_ = field_ == 0 ? "" : context.InputTextState.TextA.Data;
}

static bool types_into(const char* field) {
    const ImGuiContext& context = *ImGui::GetCurrentContext();
    ImGuiWindow* window = context.ActiveIdWindow;
    return window != nullptr && window->GetID((std::string("###") + field).c_str()) == context.ActiveId;
}

// Dear ImGui gives a field that loses the keyboard the text that it had while it was edited: here the text of before.
void Scanner::clean_field(const char* takes_scans) {
    ImGuiContext& context = *ImGui::GetCurrentContext();
    const bool same = field_ != 0 && field_ == context.ActiveId;
    if (same && types_into(takes_scans)) return;
    ImGui::ClearActiveID();
    if (!same || context.InputTextDeactivatedState.ID != field_) return;
    auto& text = context.InputTextDeactivatedState.TextA;
    text.resize(static_cast<int>(field_before_.size()) + 1);
    std::copy_n(field_before_.c_str(), text.Size, text.Data);
}

// In the frame that takes it: Dear ImGui has begun to look for the next field.
void Scanner::take_tab(const char* takes_scans) {
    ImGui::NavMoveRequestCancel();
    if (types_into(takes_scans)) ImGui::ClearActiveID();
}

// What of a scan may come as a key of its own; 0: nothing.
static char32_t end_of(ImGuiKey key) {
    if (key == ImGuiKey_Enter || key == ImGuiKey_KeypadEnter) return U'\r';
    return key == ImGuiKey_Tab ? U'\t' : 0;
}

void Scanner::listen(const char* takes_scans) {
    const ImGuiContext& context = *ImGui::GetCurrentContext();
    // Keys that come while a slow frame is drawn are all seen after it: that was no pause of the scanner's.
    constexpr double kSlow = 0.05;  // seconds
    const double time = ImGui::GetTime(), drawing = kit::frame().drawing;
    listened_ms_ += 1000 * std::max(0.0, time - std::exchange(seen_at_, time) - (drawing > kSlow ? drawing : 0));
    const auto now = static_cast<std::int64_t>(listened_ms_);
    if (burst_.rests(now)) remember_field();
    bool ended = false;
    std::uint32_t through = 0;  // the newest event that this frame has taken
    // Waiting events count as well: Dear ImGui spreads quick keys over several frames, and what matters is when they came.
    for (const auto* list : {&context.InputEventsTrail, &context.InputEventsQueue})
        for (const ImGuiInputEvent& event : *list) {
            if (list == &context.InputEventsTrail) through = std::max(through, event.EventId);
            if (event.EventId <= last_event_) continue;
            last_event_ = event.EventId;
            std::optional<std::string> code;
            if (event.Type == ImGuiInputEventType_Text)
                code = burst_.take(event.Text.Char, now);
            else if (const char32_t end = event.Type == ImGuiInputEventType_Key && event.Key.Down ? end_of(event.Key.Key) : 0)
                code = burst_.take(end, now);
            if (!code) continue;
            if (!code->empty()) codes_.push_back(std::move(*code));
            ended = true;
            end_ = event.EventId;
            if (event.Type == ImGuiInputEventType_Key && event.Key.Key == ImGuiKey_Tab) tabs_.push_back(end_);
        }
    quiet_ = end_ != 0 || burst_.running(now);
    if (quiet_) kit::wake_in(0.15);
    if (ended) clean_field(takes_scans);
    if (!tabs_.empty() && through >= tabs_.front()) take_tab(takes_scans);
    while (!tabs_.empty() && through >= tabs_.front()) tabs_.pop_front();
    if (through >= end_) end_ = 0;
}

void Scanner::say(desk::Desk& desk, kit::Tone tone, const std::string& sentence, bool sound) {
    said_ = sentence;
    tone_ = tone;
    said_at_ = ImGui::GetTime();
    if (!sound) return;
    const auto which = tone == kit::Tone::green ? desk::Tone::right : desk::Tone::wrong;
    playing_.start(desk.jobs(), [home = desk.settings().home, which, player = player_] {
        const auto own = desk::load_shipping_settings(home);
        return own && own->sounds && desk::play(home, which, player);
    });
}

void Scanner::draw() {
    constexpr double kFlash = 0.6;  // seconds
    const double age = ImGui::GetTime() - said_at_;
    const bool fresh = !said_.empty() && age < kFlash;
    // As high with a sentence as without one, so that no button moves under the hand.
    const float height = kit::px(46), width = ImGui::GetContentRegionAvail().x;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    if (said_.empty()) {
        const float line = ImGui::GetFontSize();
        kit::draw_text_fitted(ImGui::GetWindowDrawList(), {at.x + kit::px(14), at.y + (height - line) / 2}, width - kit::px(28),
                              kit::colour::quiet, tr("扫描订单、KEY 或面单的条码"));
        ImGui::Dummy({width, height});
        return;
    }
    const auto colours = kit::colours_of(tone_);
    // Filled with the strong colour while it is new, so that it is seen from the corner of the eye.
    ImDrawList* draw = ImGui::GetWindowDrawList();
    draw->AddRectFilled(at, {at.x + width, at.y + height}, fresh ? colours.ink : colours.ground);
    {
        const float room = width - kit::px(28);
        // A long one in smaller letters on two lines: its end says what to do.
        const bool fits = [&] {
            kit::FontScope large(kit::Size::heading, kit::Weight::bold);
            return kit::text_size(said_).x <= room;
        }();
        kit::FontScope font(fits ? kit::Size::heading : kit::Size::text, kit::Weight::bold);
        kit::draw_text_wrapped(draw, {at.x + kit::px(14), at.y + (height - kit::wrapped_height(said_, room)) / 2}, room,
                               fresh ? kit::colour::white : colours.ink, said_);
    }
    ImGui::PushID(ids::kShippingFlash);
    ImGui::Dummy({width, height});
    ImGui::PopID();
    if (fresh) kit::wake_in(kFlash - age + 0.02);
}

}  // namespace sealdesk::panels

// The bars of the screen: search, undo, news and who sits here above; what the desk is connected to below.
#include <algorithm>

#include "base/translate.h"
#include "panels/ids.h"
#include "panels/screen.h"

namespace sealdesk::panels {

void Screen::draw_undo(desk::Desk& desk) {
    if (undoing_.arrived()) {
        const auto& answer = *undoing_.ready();
        if (answer) {
            kit::frame().toasts.show(trf("已撤销，订单 {} 回到审核", *answer), kit::Tone::green);
            open_order(*answer);
        } else {
            error_ = answer.error();
            show_error_ = true;
        }
        desk.touch();
        desk.nudge();
    }
    const auto& undoable = overview().undoable;
    const std::int64_t left = undoable ? undoable->until - desk.clock().now() : 0;
    if (left <= 0) return;
    kit::wake_in(1);
    const std::string words = trf("撤销剩 {} 秒", (left + kSecond - 1) / kSecond);
    const char* off = undoing_.running() ? tr("正在撤销") : "";
    if (kit::button(ids::undo, words, {.tone = kit::Tone::amber, .key = ImGuiKey_Z, .disabled_because = off}))
        undoing_.start(desk.jobs(),
                       [&database = desk.database(), actor = *desk.actor, rules = desk.review_rules(),
                        no = undoable->no]() -> Result<std::string> {
                           SEALDESK_TRY(review::undo(database, actor, rules, no));
                           return no;
                       });
    if (ImGui::IsItemHovered(ImGuiHoveredFlags_ForTooltip)) kit::tooltip(undoable->no + " " + undoable->subject_name);
    ImGui::SameLine(0, kit::px(14));
}

void Screen::draw_top(desk::Desk& desk) {
    constexpr float kTop = 47;
    kit::begin_pane("top", {0, kit::px(kTop)}, kit::Ground::pane, {},
                    ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
    const float top = ImGui::GetCursorPosY();
    const auto at_height = [&](float height) { ImGui::SetCursorPosY(top + (kit::px(kTop) - height) / 2); };
    const float line = ImGui::GetFontSize();
    ImGui::SetCursorPosX(kit::px(16));
    at_height(line);
    kit::bold(tr("签章"), kit::colour::red);
    ImGui::SameLine(0, 0);
    kit::bold(tr("工作台"));
    ImGui::SameLine(kit::px(118));
    at_height(line + kit::px(12));
    const auto found = finder_.draw(desk, &search_, kit::px(520));
    if (!found.open.empty()) open_found(desk, found);
    if (found.changed) {
        if (!panels_[shown_].search)
            for (size_t i = panels_.size(); i-- > 0;)
                if (panels_[i].search) shown_ = i;
        if (panels_[shown_].search) panels_[shown_].search(search_);
    }
    // Not on the line of the search box, whose text stands lower. Who sits here and the way out keep their place, whatever
    // comes and goes before them.
    const auto text_line = [&] { ImGui::SetCursorPosY(top + (kit::px(kTop) - line) / 2); };
    const auto beside = [&](float space) {
        ImGui::SameLine(0, kit::px(space));
        text_line();
    };
    const float left = kit::px(650);
    ImGui::SetCursorPosX(left);
    kit::begin_right("top.person", kit::px(14));
    text_line();
    kit::bold(desk.actor->name);
    beside(6);
    kit::chip(staff::words_of(desk.actor->roles), kit::Tone::blue);
    beside(14);
    const bool locks = kit::link(ids::lock, tr("锁定"));
    beside(10);
    out_ = kit::link(ids::sign_out, tr("退出")) || out_;
    const float person = kit::end_right();
    ImGui::SetCursorPos({left, top});
    at_height(kit::px(38));
    kit::begin_right("top.news", person + kit::px(14 + 16));
    const auto& all = overview();
    const Instant now = desk.clock().now();
    if (const auto troubles = all.conflicts.size() + all.faults.size() + all.tasks.size(); troubles > 0) {
        if (kit::button(ids::troubles, trf("需要处理 {}", troubles), {.tone = kit::Tone::red})) show_troubles_ = true;
        ImGui::SameLine(0, kit::px(14));
    }
    draw_undo(desk);
    text_line();
    const auto status = desk.sync_status();
    const Instant heard = std::max(all.heard_at, status.heard_at);
    if (heard) {
        kit::text(tr("同步"), kit::colour::quiet);
        beside(6);
        // In steps: an idle desk does not draw every second for this.
        const std::int64_t step = now - heard < kMinute ? 10 * kSecond : kMinute, ago = (now - heard) / step * step;
        kit::bold(ago < step ? std::string(tr("刚刚")) : trf("{}前", how_long(ago)),
                  status.online ? kit::colour::green : kit::colour::amber);
        kit::wake_in(static_cast<double>(ago + step - (now - heard)) / 1000 + 0.05);
    } else {
        kit::text(tr("尚未同步"), kit::colour::quiet);
    }
    beside(16);
    kit::text(tr("待发送"), kit::colour::quiet);
    beside(6);
    kit::bold(std::to_string(all.backlog.waiting), all.backlog.waiting > 0 ? kit::colour::amber : kit::colour::text);
    kit::end_right();
    kit::end_pane();
    kit::line();
    if (locks) lock();
}

void Screen::draw_status(desk::Desk& desk) {
    kit::begin_pane("status", {0, kit::px(kit::kStatusHeight)}, kit::Ground::pane, {},
                    ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
    const float y = ImGui::GetCursorPosY() + (kit::px(kit::kStatusHeight) - ImGui::GetFontSize()) / 2;
    const auto status = desk.sync_status();
    const auto dot = [&](const std::string& words, kit::Tone tone, const std::string& why) {
        ImGui::SetCursorPosY(y);
        kit::status_dot(words, tone);
        if (!why.empty() && ImGui::IsItemHovered(ImGuiHoveredFlags_ForTooltip)) kit::tooltip(why);
        ImGui::SameLine(0, kit::px(18));
    };
    ImGui::SetCursorPosX(kit::px(16));
    if (desk.settings().portal.empty())
        dot(tr("没有设置门户"), kit::Tone::plain, "");
    else
        dot(tr("门户"),
            status.online            ? kit::Tone::green
            : status.trouble.empty() ? kit::Tone::plain
                                     : kit::Tone::red,
            status.trouble);
    const auto& trouble = overview().trouble;
    dot(tr("数据库"), trouble ? kit::Tone::red : kit::Tone::green, trouble ? trouble->message : "");
    dot(tr("KEY"), desk.key_trouble().empty() ? kit::Tone::green : kit::Tone::plain, desk.key_trouble());
    if (const size_t busy = desk.jobs().busy() + desk.writing().busy(); busy > 0) {
        ImGui::SetCursorPosY(y);
        kit::note(trf("后台任务 {}", busy));
        ImGui::SameLine(0, kit::px(18));
    }
    kit::begin_right("status.right", kit::px(14));
    if (const auto key = kit::frame().keymap.of(ids::keys, ImGuiMod_Shift | ImGuiKey_Slash)) {
        kit::key_cap(kit::key_name(key));
        ImGui::SameLine(0, kit::px(6));
    }
    ImGui::SetCursorPosY(y);
    {
        kit::FontScope font(kit::Size::note);
        if (kit::link(ids::keys, tr("快捷键"))) kit::frame().show_keys = true;
    }
    kit::end_right();
    kit::end_pane();
}

}  // namespace sealdesk::panels

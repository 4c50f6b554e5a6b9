#include "panels/batch_dialog.h"

#include <algorithm>

#include "base/translate.h"
#include "panels/ids.h"
#include "panels/kit/kit.h"
#include "panels/order_words.h"

namespace sealdesk::panels {

constexpr int kMost = 100;  // orders at once

bool BatchDialog::may(const staff::Actor& actor) {
    return staff::has(actor.roles, staff::Role::reviewer) && staff::has(actor.roles, staff::Role::supervisor);
}

void BatchDialog::open(desk::Desk& desk) {
    if (running_) return;
    open_ = true;
    lines_.clear();
    trouble_.reset();
    loading_.start(desk.jobs(),
                   [&database = desk.database(), actor = *desk.actor] { return checks::all_green(database, actor, kMost); });
}

void BatchDialog::take_list() {
    if (!loading_.arrived()) return;
    auto& answer = *loading_.ready();
    if (!answer) {
        trouble_ = answer.error();
        return;
    }
    for (auto& green : *answer) lines_.push_back({std::move(green), true, {}});
}

// The answer of the line that was running, and the next one. Closing the dialog stops it after the running line.
void BatchDialog::go_on(desk::Desk& desk) {
    if (!running_) return;
    if (approving_.running()) return;
    if (approving_.arrived()) lines_[at_].outcome = *approving_.ready();
    while (at_ < lines_.size() && (!lines_[at_].chosen || lines_[at_].outcome)) ++at_;
    if (at_ >= lines_.size() || !open_) {
        running_ = false;
        desk.touch();
        desk.nudge();
        return;
    }
    approving_.start(desk.jobs(),
                     [&database = desk.database(), actor = *desk.actor, rules = desk.review_rules(),
                      seen = lines_[at_].green.seen] { return checks::approve_green(database, actor, rules, seen); });
}

size_t BatchDialog::chosen() const {
    return static_cast<size_t>(std::count_if(lines_.begin(), lines_.end(), [](const Line& line) { return line.chosen; }));
}

size_t BatchDialog::done(bool well) const {
    return static_cast<size_t>(std::count_if(
        lines_.begin(), lines_.end(), [well](const Line& line) { return line.outcome && line.outcome->has_value() == well; }));
}

void BatchDialog::draw_line(Line& line, size_t index) {
    const checks::Green& green = line.green;
    const bool settled = line.outcome.has_value() || running_;
    ImGui::BeginDisabled(settled);
    kit::checkbox(ids::batch_row(green.seen.no).c_str(), green.subject_name, &line.chosen);
    ImGui::EndDisabled();
    ImGui::SameLine(kit::px(330));
    const kit::Chip kind = kind_chip(green.kind, orders::ReplacementCause::none);
    kit::chip(kind.words, kind.tone);
    ImGui::SameLine(0, kit::px(8));
    kit::text(short_yuan(green.amount));
    ImGui::SameLine(kit::px(480));
    std::string said = trf("{} 项相符", green.right);
    if (green.answered > 0) said += trf("，{} 项有说明", green.answered);
    if (green.unchecked > 0) said += trf("，{} 项不适用", green.unchecked);
    kit::note(said);
    ImGui::SameLine(kit::px(700));
    if (line.outcome)
        kit::chip(*line.outcome ? tr("已通过") : tr("没有通过"), *line.outcome ? kit::Tone::green : kit::Tone::red);
    else if (running_ && index == at_)
        kit::chip(tr("正在处理"), kit::Tone::blue);
    else
        kit::note(green.seen.no);
    if (line.outcome && !*line.outcome) {
        ImGui::PushTextWrapPos(0);
        kit::note(line.outcome->error().message, kit::colour::red);
        ImGui::PopTextWrapPos();
    }
}

void BatchDialog::draw(desk::Desk& desk) {
    take_list();
    go_on(desk);
    if (!kit::begin_dialog(ids::batch_dialog, tr("批量通过"), &open_, 860)) return;
    const size_t count = chosen(), well = done(true), badly = done(false);
    if (trouble_)
        kit::text(trouble_->message, kit::colour::red);
    else if (loading_.running())
        kit::text(tr("正在查找全部核对通过的订单…"), kit::colour::quiet);
    else if (lines_.empty())
        kit::text(tr("现在没有全部核对通过的订单"), kit::colour::quiet);
    else
        kit::note(tr("下面的订单全部核对通过，没有被退回过，也没有别人在审。每一单各有审核结论，可以单独撤销"));
    kit::gap(6);
    if (!lines_.empty()) {
        bool all = count == lines_.size();
        ImGui::BeginDisabled(running_ || well + badly > 0);
        if (kit::checkbox(ids::batch_all, tr("全选"), &all))
            for (Line& line : lines_) line.chosen = all;
        ImGui::EndDisabled();
        const float rows = static_cast<float>(std::min<size_t>(lines_.size() + badly, 12));
        kit::begin_pane("batch.rows", {0, rows * ImGui::GetFrameHeightWithSpacing() + kit::px(8)}, kit::Ground::pane,
                        kit::px(4, 4));
        for (size_t i = 0; i < lines_.size(); ++i) draw_line(lines_[i], i);
        kit::end_pane();
    }
    kit::gap(8);
    if (running_)
        kit::text(trf("正在处理第 {} 单，共 {} 单", well + badly + 1, count), kit::colour::blue);
    else if (well + badly > 0)
        kit::text(trf("通过 {} 单，没有通过 {} 单", well, badly), badly > 0 ? kit::colour::amber : kit::colour::green);
    kit::gap(12);
    const std::string go = trf("通过 {} 单", count);
    const bool finished = well + badly > 0 && !running_;
    kit::align_right(kit::button_width(tr("关闭")) + (finished ? 0 : kit::button_width(go, ImGuiKey_Enter) + kit::px(8)), 0);
    if (kit::button(ids::batch_close, running_ ? tr("停止") : tr("关闭"))) open_ = false;
    if (!finished) {
        ImGui::SameLine(0, kit::px(8));
        const char* off = running_ ? tr("正在处理") : count == 0 ? tr("没有选中的订单") : "";
        if (kit::button(ids::batch_go, go, {.tone = kit::Tone::green, .key = ImGuiKey_Enter, .disabled_because = off})) {
            running_ = true;
            at_ = 0;
            kit::wake_in(0);
        }
    }
    if (!open_) ImGui::CloseCurrentPopup();
    kit::end_dialog();
}

}  // namespace sealdesk::panels

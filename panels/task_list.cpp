#include "panels/task_list.h"

#include "base/text.h"
#include "base/translate.h"
#include "desk/refunds.h"
#include "keys/remaking.h"
#include "panels/back_office_ids.h"
#include "panels/kit/kit.h"

namespace sealdesk::panels {

std::string TaskList::draw(desk::Desk& desk, const std::vector<tasks::Task>& list) {
    if (doing_.arrived()) {
        if (const auto& result = *doing_.ready(); !result) {
            auto error = result.error();
            error.kind = ErrorKind::refused;  // a dialog stands here already
            trouble_.set(std::move(error));
        } else {
            trouble_.clear();
            kit::frame().toasts.show(*result, kit::Tone::green);
        }
    }
    const bool supervisor = desk.actor && staff::has(desk.actor->roles, staff::Role::supervisor);
    std::string open;
    for (const auto& task : list) {
        kit::bold(task.sentence);
        kit::note(date_time(task.created_at));
        std::string& note = notes_[task.id];
        const std::string number = std::to_string(task.id);
        kit::input(ids::with(ids::kTaskNote, number).c_str(), &note, {.hint = tr("先写怎样处理的"), .width = kit::px(380)});
        ImGui::SameLine(0, kit::px(8));
        const std::string off = !supervisor             ? tr("只有主管可以处理")
                                : doing_.running()      ? tr("正在办理")
                                : trimmed(note).empty() ? tr("请写明是怎样处理的")
                                                        : "";
        const bool refund = task.kind == "refund_after_writing", again = task.kind == "rewrite_after_issue";
        const auto end = [&](keys::KeysAre where) {
            doing_.start(
                desk.jobs(),
                [&desk, actor = *desk.actor, id = task.id, refund, order = task.order_no, note, where]() -> Result<std::string> {
                    if (refund) {  // closes the task as well
                        SEALDESK_LET(ended, desk::end_refund(desk.database(), actor, desk.bench(), order, where, note));
                        desk.nudge();
                        desk.touch();
                        return trf("订单 {} 的退款已结束：{} 个 KEY，吊销 {} 张证书", order, ended.keys.size(),
                                   ended.certificates.size());
                    }
                    SEALDESK_TRY(tasks::done(desk.database(), actor, id, note));
                    desk.touch();
                    return std::string(tr("已记下"));
                });
        };
        if (kit::button(ids::with(ids::kTaskDone, number).c_str(), refund ? tr("KEY 已收回，结束退款") : tr("已处理"),
                        {.tone = again ? kit::Tone::plain : kit::Tone::green, .disabled_because = off}))
            end(keys::KeysAre::here);
        if (refund) {
            ImGui::SameLine(0, kit::px(8));
            if (kit::button(ids::with(ids::kTaskGone, number).c_str(), tr("KEY 收不回，按遗失结束"), {.disabled_because = off}))
                end(keys::KeysAre::gone);
        }
        if (again) {
            ImGui::SameLine(0, kit::px(8));
            if (kit::button(ids::with(ids::kTaskAgain, number).c_str(), tr("重做"),
                            {.tone = kit::Tone::green, .disabled_because = off}))
                doing_.start(desk.jobs(), [&desk, actor = *desk.actor, order = task.order_no, note]() -> Result<std::string> {
                    SEALDESK_TRY(keys::make_again(desk.database(), actor, order, note));  // closes the task as well
                    desk.touch();
                    return trf("订单 {} 回到制证，等写新的 KEY", order);
                });
        }
        if (!task.order_no.empty()) {
            ImGui::SameLine(0, kit::px(8));
            ImGui::PushID(static_cast<int>(task.id));
            ImGui::SetCursorPosY(ImGui::GetCursorPosY() + (kit::px(38) - ImGui::GetFontSize()) / 2);
            if (kit::link("task.open", tr("打开订单"))) open = task.order_no;
            ImGui::PopID();
        }
        kit::gap(8);
    }
    trouble_.draw_beside();
    return open;
}

}  // namespace sealdesk::panels

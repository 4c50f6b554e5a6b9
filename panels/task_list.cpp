#include "panels/task_list.h"

#include "base/text.h"
#include "base/translate.h"
#include "invoices/reversals.h"
#include "keys/refunds.h"
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
        }
    }
    const bool supervisor = desk.actor && staff::has(desk.actor->roles, staff::Role::supervisor);
    std::string open;
    for (const auto& task : list) {
        kit::bold(task.sentence);
        kit::note(date_time(task.created_at));
        std::string& note = notes_[task.id];
        const std::string number = std::to_string(task.id);
        kit::input(ids::with(ids::kTaskNote, number).c_str(), &note, {.hint = tr("怎样处理的"), .width = kit::px(380)});
        ImGui::SameLine(0, kit::px(8));
        const std::string off = !supervisor             ? tr("只有主管可以处理")
                                : doing_.running()      ? tr("正在办理")
                                : trimmed(note).empty() ? tr("请写明是怎样处理的")
                                                        : "";
        const bool refund = task.kind == "refund_after_writing";
        const auto end = [&](keys::KeysAre where) {
            doing_.start(desk.jobs(),
                         [&desk, actor = *desk.actor, id = task.id, refund, order = task.order_no, note, where]() -> Result<> {
                             if (refund) {
                                 // A refund is over when its red letter is there and what was made is taken back.
                                 SEALDESK_TRY(invoices::refund_may_close(desk.database(), order));
                                 SEALDESK_TRY(keys::end_refund(desk.database(), actor, desk.bench(), order, where, note));
                                 desk.nudge();
                             }
                             auto done = tasks::done(desk.database(), actor, id, note);
                             desk.touch();
                             return done;
                         });
        };
        if (kit::button(ids::with(ids::kTaskDone, number).c_str(), refund ? tr("KEY 已收回，结束退款") : tr("已处理"),
                        {.tone = kit::Tone::green, .disabled_because = off}))
            end(keys::KeysAre::here);
        if (refund) {
            ImGui::SameLine(0, kit::px(8));
            if (kit::button(ids::with(ids::kTaskGone, number).c_str(), tr("KEY 收不回，按遗失结束"), {.disabled_because = off}))
                end(keys::KeysAre::gone);
        }
        if (task.kind == "rewrite_after_issue") {
            ImGui::SameLine(0, kit::px(8));
            if (kit::button(ids::with(ids::kTaskAgain, number).c_str(), tr("重做"), {.disabled_because = off}))
                doing_.start(desk.jobs(), [&desk, actor = *desk.actor, order = task.order_no, note]() -> Result<> {
                    SEALDESK_TRY(keys::make_again(desk.database(), actor, order, note));  // closes the task as well
                    desk.touch();
                    return {};
                });
        }
        if (!task.order_no.empty()) {
            ImGui::SameLine(0, kit::px(8));
            ImGui::PushID(static_cast<int>(task.id));
            if (kit::link("task.open", tr("打开订单"))) open = task.order_no;
            ImGui::PopID();
        }
        kit::gap(8);
    }
    trouble_.draw_beside();
    return open;
}

}  // namespace sealdesk::panels

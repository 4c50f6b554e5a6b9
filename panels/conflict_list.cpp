#include "panels/conflict_list.h"

#include "base/text.h"
#include "base/translate.h"
#include "panels/back_office_ids.h"
#include "panels/kit/kit.h"

namespace sealdesk::panels {

std::string ConflictList::draw(desk::Desk& desk, const std::vector<acts::Act>& list) {
    if (doing_.arrived()) {
        trouble_.clear();
        if (auto& result = *doing_.ready(); !result) {
            auto error = result.error();
            error.kind = ErrorKind::refused;  // a dialog stands here already
            trouble_.set(std::move(error));
        }
    }
    const bool supervisor = desk.actor && staff::has(desk.actor->roles, staff::Role::supervisor);
    std::string open;
    for (const auto& act : list) {
        kit::bold(trf("订单 {} 的通知没有被门户接受", act.order_no));
        kit::wrapped(act.last_error, kit::colour::quiet);
        std::string& reason = reasons_[act.uuid];
        kit::input(ids::with(ids::kConflictReason, act.uuid).c_str(), &reason,
                   {.hint = tr("为什么这样处理"), .width = kit::px(260)});
        const std::string off = !supervisor               ? tr("只有主管可以处理")
                                : doing_.running()        ? tr("正在办理")
                                : trimmed(reason).empty() ? tr("请写明是怎样处理的")
                                                          : "";
        const auto settle = [&](acts::Settlement settlement) {
            doing_.start(desk.jobs(), [&desk, actor = *desk.actor, uuid = act.uuid, reason, settlement]() -> Result<> {
                auto done = acts::settle(desk.database(), actor, uuid, settlement, reason);
                desk.touch();
                desk.nudge();
                return done;
            });
        };
        ImGui::SameLine(0, kit::px(8));
        if (kit::button(ids::with(ids::kConflictAgain, act.uuid).c_str(), tr("再发一次"), {.disabled_because = off}))
            settle(acts::Settlement::again);
        ImGui::SameLine(0, kit::px(8));
        if (kit::button(ids::with(ids::kConflictDrop, act.uuid).c_str(), tr("不再发送"),
                        {.tone = kit::Tone::red, .disabled_because = off}))
            settle(acts::Settlement::dropped);
        ImGui::SameLine(0, kit::px(8));
        ImGui::PushID(act.uuid.c_str());
        if (kit::link("troubles.open", tr("打开订单"))) open = act.order_no;
        ImGui::PopID();
        kit::gap(8);
    }
    trouble_.draw_beside();
    return open;
}

}  // namespace sealdesk::panels

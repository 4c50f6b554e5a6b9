// What somebody has to see to wherever they are: the list behind 需要处理, and what did not arrive where it must.
#include "base/translate.h"
#include "panels/ids.h"
#include "panels/screen.h"

namespace sealdesk::panels {

using staff::Role;

// A list or a revocation that did not arrive where it must: those who can do something about it see it until it has.
void Screen::draw_untold(desk::Desk& desk) {
    if (((Role::officer | Role::supervisor) & desk.actor->roles) == 0) return;
    auto sentences = desk.authority_worker().troubles();
    if (const auto status = desk.sync_status(); !status.list_trouble.empty())
        sentences.push_back(trf("吊销列表还没有发到门户：{}", status.list_trouble));
    for (const auto& sentence : sentences) kit::banner("authority.untold", sentence, "");
}

void Screen::draw_troubles(desk::Desk& desk) {
    if (settling_.arrived() && !*settling_.ready()) {
        error_ = settling_.ready()->error();
        show_error_ = true;
        show_troubles_ = false;
    }
    if (!kit::begin_dialog("troubles", tr("需要处理"), &show_troubles_, 720)) return;
    const auto& all = overview();
    if (const std::string wanted = tasks_.draw(desk, all.tasks); !wanted.empty()) {
        open_order(wanted);
        show_troubles_ = false;
    }
    if (const std::string wanted = conflicts_.draw(desk, all.conflicts); !wanted.empty()) {
        open_order(wanted);
        show_troubles_ = false;
    }
    for (const auto& fault : all.faults) {
        kit::bold(trf("门户的第 {} 条消息没有收下（{}）", fault.seq, date_time(fault.at)));
        kit::wrapped(fault.reason, kit::colour::quiet);
        const std::string id = "troubles.settle." + std::to_string(fault.seq);
        if (kit::link(id.c_str(), tr("已处理，不再提示")))
            settling_.start(desk.jobs(), [&desk, login = desk.actor->login, seq = fault.seq]() -> Result<> {
                SEALDESK_TRY(intake::settle(desk.database(), login, seq));
                desk.touch();
                return {};
            });
        kit::gap(8);
    }
    if (all.conflicts.empty() && all.faults.empty() && all.tasks.empty()) kit::text(tr("都处理完了"), kit::colour::quiet);
    kit::gap(12);
    kit::align_right(kit::button_width(tr("关闭"), ImGuiKey_Enter), 0);
    if (kit::button(ids::troubles_close, tr("关闭"), {.key = ImGuiKey_Enter})) show_troubles_ = false;
    if (!show_troubles_) ImGui::CloseCurrentPopup();
    kit::end_dialog();
}

}  // namespace sealdesk::panels

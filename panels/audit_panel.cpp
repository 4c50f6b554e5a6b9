#include "panels/audit_panel.h"

#include <algorithm>

#include "base/text.h"
#include "base/translate.h"
#include "panels/audit_words.h"
#include "panels/back_office_ids.h"
#include "panels/kit/kit.h"

namespace sealdesk::panels {

constexpr int kRows = 100;  // on a page

void AuditPanel::draw(desk::Desk& desk) {
    const std::string subject = std::string(trimmed(subject_));
    page_.refresh(desk, std::to_string(before_) + " " + subject,
                  [&database = desk.database(), subject, before = before_]() -> Result<Page> {
                      SEALDESK_LET(rows, audit::page(database, subject, before, kRows));
                      return Page{subject, before, std::move(rows)};
                  });
    const float right = std::min(kit::px(420), ImGui::GetContentRegionAvail().x * 0.32f);
    kit::begin_pane("audit.log", {-right - kit::px(1), 0});
    draw_head(desk);
    draw_rows();
    kit::end_pane();
    kit::edge_right();
    ImGui::SameLine(0, 0);
    kit::begin_pane("audit.entry", {0, 0});
    draw_row();
    kit::end_pane();
}

void AuditPanel::draw_head(desk::Desk& desk) {
    kit::begin_pane("audit.head", {0, kit::px(58)}, kit::Ground::foot, kit::px(14, 10));
    const auto event =
        kit::search_box(ids::kAuditFilter, &subject_, tr("订单号、KEY 序列号或登录名"), ImGuiMod_Ctrl | ImGuiKey_F, kit::px(380));
    if (event.changed) before_ = 0;
    ImGui::SameLine(0, kit::px(10));
    const Page* page = page_.get();
    const bool more = page && page->rows.size() == kRows;
    if (kit::button(ids::kAuditOlder, tr("更早"),
                    {.key = ImGuiKey_PageDown, .disabled_because = more ? "" : tr("没有更早的记录")}))
        before_ = page->rows.back().seq;
    ImGui::SameLine(0, kit::px(8));
    if (kit::button(ids::kAuditNewest, tr("最新"),
                    {.key = ImGuiKey_Home, .disabled_because = before_ == 0 ? tr("已经是最新") : ""}))
        before_ = 0;
    ImGui::SameLine();
    kit::begin_right("audit.verify.right");
    const bool running = verdict_.running();
    if (kit::button(ids::kAuditVerify, running ? tr("正在校验") : tr("校验审计链"),
                    {.tone = kit::Tone::blue, .key = ImGuiKey_V, .disabled_because = running ? tr("正在校验") : ""}))
        verdict_.start(desk.jobs(), [&database = desk.database()] { return audit::verify(database); });
    kit::end_right();
    kit::end_pane();
    kit::line();
    const auto* verdict = verdict_.ready();
    if (!verdict) return;
    const kit::Inset inset;
    kit::gap(10);
    if (!*verdict)
        kit::callout(verdict->error().message, "", kit::Tone::red, kit::inset_width());
    else if (const auto& answer = **verdict; answer.first_bad)
        kit::callout(trf("审计链被改动：第 {} 行起不可信", *answer.first_bad), answer.sentence, kit::Tone::red,
                     kit::inset_width());
    else
        kit::callout(trf("审计链完好，共 {} 行", answer.rows), trf("链头 {}", answer.head), kit::Tone::green, kit::inset_width());
    kit::gap(10);
}

void AuditPanel::draw_rows() {
    if (const Error* error = page_.error()) kit::banner("audit.retry", error->message, "");
    const Page* page = page_.get();
    if (!page) return;
    if (page->rows.empty())
        return kit::empty_text(page->subject.empty() ? tr("还没有审计记录")
                                                     : tr("没有这个对象的记录。请输入完整的订单号、KEY 序列号或登录名"));
    const kit::Column columns[] = {{tr("序号"), 80, kit::Align::right},
                                   {tr("时间"), 150},
                                   {tr("人员"), 100},
                                   {tr("动作"), 170},
                                   {tr("对象"), 200},
                                   {tr("详情")}};
    if (!kit::begin_table("audit.rows", columns)) return;
    for (const auto& row : page->rows) {
        const std::string number = std::to_string(row.seq);
        if (kit::table_row(ids::with(ids::kAuditRow, number).c_str(), row.seq == chosen_)) chosen_ = row.seq;
        kit::cell(number, kit::colour::quiet);
        kit::cell(date_time(row.at));
        kit::cell(row.by);
        kit::cell(audit_word(row.action));
        kit::cell(row.subject);
        kit::cell(row.details == "{}" ? "" : row.details, kit::colour::quiet);
    }
    kit::end_table();
}

void AuditPanel::draw_row() {
    const Page* page = page_.get();
    const audit::Row* row = nullptr;
    if (page)
        for (const auto& each : page->rows)
            if (each.seq == chosen_) row = &each;
    if (!row) {
        kit::title_strip(tr("记录"));
        return kit::empty_text(tr("点一行，这里会显示它的全部内容和散列值"), "V", tr("校验审计链"));
    }
    kit::title_strip(trf("第 {} 行", row->seq), row->action);
    kit::gap(6);
    const std::string when = date_time(row->at) + " (" + clock_time(row->at) + ")";
    kit::field_row({.label = tr("时间"), .value = when});
    const std::string who = row->by == row->actor ? row->actor : trf("{}（{}）", row->by, row->actor);
    kit::field_row({.label = tr("人员"), .value = who});
    const std::string word = audit_word(row->action);
    kit::field_row({.label = tr("动作"), .value = word});
    kit::field_row({.label = tr("对象"), .value = row->subject});
    kit::line();
    const kit::Inset inset;
    kit::gap(8);
    kit::section(tr("详情"));
    kit::wrapped(row->details);
    kit::gap(8);
    kit::section(tr("前一行的散列值"));
    kit::wrapped(row->previous_hash, kit::colour::quiet);
    kit::section(tr("本行的散列值"));
    kit::wrapped(row->hash, kit::colour::quiet);
    kit::gap(8);
    if (kit::link("audit.same_subject", trf("只看 {}", row->subject))) {
        subject_ = row->subject;
        before_ = 0;
    }
}

}  // namespace sealdesk::panels

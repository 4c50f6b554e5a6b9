#include "panels/daily_panel.h"

#include <fmt/format.h>

#include "base/translate.h"
#include "desk/shipping_worker.h"
#include "panels/back_office_ids.h"
#include "panels/kit/kit.h"
#include "panels/shipping_ids.h"

namespace sealdesk::panels {

using Kind = daily::Figure::Kind;

static Day previous(Day day) { return day_of(start_of(day) + -kHour); }

static std::string key_of(const daily::Figure& figure) {
    return fmt::format("{} {} {} {}", static_cast<int>(figure.kind), static_cast<int>(figure.state),
                       figure.channel ? static_cast<int>(*figure.channel) : -1, figure.code);
}

void DailyPanel::ask(desk::Desk& desk) {
    if (!day_) day_ = day_of(desk.clock().now());
    const staff::Actor actor = desk.actor.value_or(staff::Actor{});
    report_.refresh(desk, actor.login + text_of(*day_),
                    [&database = desk.database(), actor, day = *day_] { return daily::report(database, actor, day); });
    if (figure_)
        rows_.refresh(desk, actor.login + text_of(*day_) + key_of(*figure_),
                      [&database = desk.database(), actor, day = *day_, figure = *figure_, title = title_]() -> Result<Opened> {
                          SEALDESK_LET(rows, daily::rows(database, actor, day, figure));
                          return Opened{title, std::move(rows)};
                      });
    ask_week(desk);
}

void DailyPanel::ask_week(desk::Desk& desk) {
    if (week_answer_.arrived())
        if (auto& answer = *week_answer_.ready(); answer) week_.merge(*answer);
    // After the day itself, and once a day: the column of the shown day is taken from its own report.
    if (!report_.get() || week_asked_ == *day_ || week_answer_.running()) return;
    week_asked_ = *day_;
    std::vector<Day> missing;
    Day day = *day_;
    for (int i = 0; i < 6; ++i) {
        day = previous(day);
        if (!week_.contains(day)) missing.push_back(day);
    }
    if (missing.empty()) return;
    week_answer_.start(
        desk.jobs(),
        [&database = desk.database(), actor = desk.actor.value_or(staff::Actor{}), missing]() -> Result<std::map<Day, DayMark>> {
            std::map<Day, DayMark> marks;
            for (const Day each : missing) {
                SEALDESK_LET(report, daily::report(database, actor, each));
                if (!report.closed) continue;
                DayMark mark{report.keys_written, {}};
                for (const auto& takings : report.takings) mark.taken += takings.gross;
                marks.emplace(each, mark);
            }
            return marks;
        });
}

void DailyPanel::turn_to(desk::Desk& desk, Day day) {
    if (day > day_of(desk.clock().now())) return;
    day_ = day;
    print_job_ = 0;
    said_.clear();
    trouble_.clear();
}

void DailyPanel::open(const std::string& title, const daily::Figure& figure) {
    title_ = title;
    figure_ = figure;
}

void DailyPanel::export_as(desk::Desk& desk, desk::ReportFormat format) {
    said_.clear();
    trouble_.clear();
    exporting_.start(desk.jobs(), [&desk, report = *report_.get(), format] {
        return desk::write_daily_report(desk.documents(), desk::centre_of(desk.settings()), report, format);
    });
}

void DailyPanel::print(desk::Desk& desk) {
    said_.clear();
    trouble_.clear();
    print_job_ = 0;
    printing_.start(desk.jobs(), [&desk, actor = *desk.actor, report = *report_.get()]() -> Result<printing::PrintJob> {
        SEALDESK_LET(job, desk::print_daily_report(desk, actor, report));
        desk.shipping().nudge();
        return job;
    });
}

void DailyPanel::take_result(desk::Desk& desk) {
    if (printing_.arrived()) {
        if (const auto& job = *printing_.ready(); job)
            print_job_ = job->id;
        else
            trouble_.set(job.error());
        desk.touch();
    }
    if (!exporting_.arrived()) return;
    auto& file = *exporting_.ready();
    if (!file) return trouble_.set(file.error());
    said_ = trf("已导出 {}", file->string());
}

// How the sheet stands at its printer, until it is out.
void DailyPanel::draw_printed(desk::Desk& desk) {
    if (print_job_ == 0) return;
    followed_.refresh(desk, std::to_string(print_job_),
                      [&database = desk.database(), id = print_job_] { return printing::find(database, id); });
    const printing::PrintJob* job = followed_.get();
    if (!job || job->id != print_job_) return;
    using printing::State;
    const bool bad = job->state == State::stopped || job->state == State::failed || job->state == State::unsure;
    const kit::Tone tone = bad ? kit::Tone::red : job->state == State::done ? kit::Tone::green : kit::Tone::blue;
    kit::callout(trf("日报：{}", printing::word_of(job->state)), job->said, tone);
}

void DailyPanel::draw(desk::Desk& desk) {
    ask(desk);
    take_result(desk);
    const float right = std::min(kit::px(430), ImGui::GetContentRegionAvail().x * 0.32f);
    kit::begin_pane("daily.day", {-right - kit::px(1), 0});
    draw_head(desk);
    kit::begin_pane("daily.numbers", {0, 0}, kit::Ground::pane, kit::px(14, 12));
    if (!said_.empty()) kit::callout(said_, "", kit::Tone::green);
    draw_printed(desk);
    trouble_.draw_beside();
    if (const Error* error = report_.error())
        kit::callout(error->message, tr("日报由主管查看"), kit::Tone::amber);
    else if (const daily::Report* report = report_.get())
        draw_numbers(desk, *report);
    kit::end_pane();
    kit::end_pane();
    kit::edge_right();
    ImGui::SameLine(0, 0);
    kit::begin_pane("daily.rows", {0, 0});
    draw_rows();
    kit::end_pane();
    trouble_.draw_dialog("daily.trouble");
}

void DailyPanel::draw_head(desk::Desk& desk) {
    kit::begin_pane("daily.head", {0, kit::px(58)}, kit::Ground::foot, kit::px(14, 10));
    const Day today = day_of(desk.clock().now());
    if (kit::button(ids::kDailyBack, tr("前一天"), {.key = ImGuiKey_LeftArrow})) turn_to(desk, previous(*day_));
    ImGui::SameLine(0, kit::px(12));
    const float y = ImGui::GetCursorPosY();
    ImGui::SetCursorPosY(y + kit::px(6));
    kit::heading(text_of(*day_));
    ImGui::SameLine(0, kit::px(12));
    ImGui::SetCursorPosY(y);
    if (kit::button(ids::kDailyForward, tr("后一天"),
                    {.key = ImGuiKey_RightArrow, .disabled_because = *day_ == today ? tr("这就是今天") : ""}))
        turn_to(desk, next(*day_));
    if (const auto* report = report_.get(); report && report->day == *day_) {
        ImGui::SameLine(0, kit::px(12));
        ImGui::SetCursorPosY(y + kit::px(8));
        kit::chip(report->closed ? tr("已结束") : tr("进行中"), report->closed ? kit::Tone::green : kit::Tone::amber);
    }
    ImGui::SameLine();
    ImGui::SetCursorPosY(y);
    kit::begin_right("daily.export");
    const auto* report = report_.get();
    const std::string off = exporting_.running()                    ? tr("正在导出")
                            : !report || report_.error() != nullptr ? tr("还没有日报")
                            : report->day != *day_                  ? tr("日报正在计算")
                                                                    : "";
    const std::string no_print = !off.empty() ? off : !desk.actor ? tr("请先登录") : printing_.running() ? tr("正在打印") : "";
    if (kit::button(ids::kDailyPrint, tr("打印"), {.disabled_because = no_print})) print(desk);
    ImGui::SameLine(0, kit::px(8));
    if (kit::button(ids::kDailyPdf, tr("导出 PDF"), {.key = ImGuiKey_P, .disabled_because = off}))
        export_as(desk, desk::ReportFormat::pdf);
    ImGui::SameLine(0, kit::px(8));
    if (kit::button(ids::kDailyCsv, "CSV", {.disabled_because = off})) export_as(desk, desk::ReportFormat::csv);
    ImGui::SameLine(0, kit::px(8));
    if (kit::button(ids::kDailyXlsx, "XLSX", {.disabled_because = off})) export_as(desk, desk::ReportFormat::xlsx);
    kit::end_right();
    kit::end_pane();
    kit::line();
}

void DailyPanel::draw_rows() {
    const Opened* opened = figure_ ? rows_.get() : nullptr;
    if (!opened) {
        kit::title_strip(tr("明细"));
        return kit::empty_text(tr("点任意一个数字，它由哪些订单组成会显示在这里"));
    }
    Fen sum;
    for (const auto& row : opened->rows) sum += row.amount;
    const std::string count = trf("{} 行", opened->rows.size());
    kit::title_strip(opened->title, text_of(*day_),
                     sum == Fen{} ? count : trf("{} 行 · {}", opened->rows.size(), yuan_on_screen(sum)));
    if (const Error* error = rows_.error()) kit::banner("daily.rows.retry", error->message, "");
    if (opened->rows.empty()) return kit::empty_text(tr("这个数字没有明细"));
    kit::begin_pane("daily.rows.list", {0, 0});
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(opened->rows.size()), kit::px(kit::kListRow));
    while (clipper.Step())
        for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
            const auto& entry = opened->rows[static_cast<size_t>(i)];
            kit::ListRow row;
            row.title = entry.subject;
            row.title_right = entry.amount != Fen{}   ? yuan_on_screen(entry.amount)
                              : entry.duration_ms > 0 ? reports::span_of(entry.duration_ms)
                                                      : std::string();
            row.note = entry.detail.empty() ? entry.order_no : entry.order_no + " · " + entry.detail;
            row.note_right = {day_of(entry.at) == *day_ ? clock_time(entry.at) : date_time(entry.at), kit::Tone::plain};
            kit::list_row(("daily.row." + std::to_string(i + 1)).c_str(), row);
        }
    kit::end_pane();
}

}  // namespace sealdesk::panels

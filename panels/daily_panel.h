// DailyPanel 日报: the numbers of one day, each of which opens its rows at the right, and the day's documents. UI thread.
#pragma once

#include <map>

#include "desk/documents.h"
#include "desk/papers.h"
#include "panels/kept.h"
#include "panels/trouble.h"

namespace sealdesk::panels {

class DailyPanel {
public:
    void draw(desk::Desk& desk);

private:
    struct Opened {
        std::string title;
        std::vector<daily::Row> rows;
    };
    // KEYs written and money taken, for the columns over a week.
    struct DayMark {
        std::int64_t keys = 0;
        Fen taken;
    };

    void ask(desk::Desk& desk);
    void ask_week(desk::Desk& desk);
    void turn_to(desk::Desk& desk, Day day);
    void open(const std::string& title, const daily::Figure& figure);
    void export_as(desk::Desk& desk, desk::ReportFormat format);
    void print(desk::Desk& desk);
    void take_result(desk::Desk& desk);
    void draw_printed(desk::Desk& desk);
    bool is_open(const std::string& title) const { return figure_ && title_ == title; }

    void draw_head(desk::Desk& desk);
    void draw_numbers(desk::Desk& desk, const daily::Report& report);
    void draw_tiles(const daily::Report& report);
    void draw_flows(const daily::Report& report);
    void draw_takings(const daily::Report& report);
    void draw_review(const desk::Desk& desk, const daily::Report& report);
    void draw_week(desk::Desk& desk, const daily::Report& report);
    void draw_rows();

    std::optional<Day> day_;
    Kept<daily::Report> report_;
    std::string title_;  // of the opened number
    std::optional<daily::Figure> figure_;
    Kept<Opened> rows_;
    std::map<Day, DayMark> week_;  // days that are over do not change
    std::optional<Day> week_asked_;
    jobs::Async<Result<std::map<Day, DayMark>>> week_answer_;
    jobs::Async<Result<std::filesystem::path>> exporting_;
    jobs::Async<Result<printing::PrintJob>> printing_;
    std::int64_t print_job_ = 0;  // of the shown day's report, followed; 0: none was asked for here
    Kept<printing::PrintJob> followed_;
    std::string said_;
    Trouble trouble_;
};

}  // namespace sealdesk::panels

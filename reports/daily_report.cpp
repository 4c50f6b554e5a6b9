#include "reports/daily_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/translate.h"
#include "reports/csv.h"
#include "reports/layout.h"
#include "reports/pdf.h"

namespace sealdesk::reports {
namespace {

constexpr double kLeft = 15, kInner = 180;
constexpr double kReason = 84, kBars = kLeft + 112;  // the reasons' text and where their bars begin

std::string count(int number) { return std::to_string(number); }
// "1,234.50": in tables whose heading names the unit.
std::string grouped(Fen amount) {
    std::string text = yuan_on_screen(amount);
    if (const size_t sign = text.find("¥"); sign != std::string::npos) text.erase(sign, std::string_view("¥").size());
    return text;
}
std::string minutes(std::int64_t ms) { return fmt::format("{:.1f}", static_cast<double>(ms) / kMinute); }

class Sheet {
public:
    // `density`: 1 is roomy; what is less sets rows and gaps closer together.
    Sheet(const DailyReport& report, const Fonts& fonts, double density)
        : report_(report), layout_(fonts, tr("签章中心日报")), density_(density) {}

    Result<Paper> draw() {
        layout_.page(210, 297);
        head();
        figures();
        states();
        turnarounds();
        rejections();
        takings();
        close();
        foot();
        return layout_.finish();
    }

private:
    void head() {
        layout_.text({kLeft, 14, 120, 10}, tr("签章中心日报"), {.size = 20, .weight = Weight::bold, .lines = 1}, tr("标题"));
        layout_.text({kLeft, 24.5, 120, 6}, report_.centre, {.size = 10, .colour = kGrey, .lines = 1}, tr("中心名称"));
        layout_.text({135, 14, 60, 10}, text_of(report_.day), {.size = 16, .align = Align::right, .colour = kBlue, .lines = 1},
                     tr("日期"));
        layout_.text({115, 24.5, 80, 6}, trf("生成于 {}", date_time(report_.generated_at)),
                     {.size = 9, .align = Align::right, .colour = kGrey, .lines = 1}, tr("生成时间"));
        layout_.line(kLeft, 32, kLeft + kInner, 32, 0.5, kBlue);
        y_ = 36;
    }

    // The four figures that a supervisor looks for first.
    void figures() {
        const Takings total = total_of(report_.takings);
        int rejected = 0;
        for (const Rejections& r : report_.rejections) rejected += r.count;
        const std::pair<const char*, std::string> tiles[] = {{tr("写入 KEY"), count(report_.keys_written)},
                                                             {tr("退回原因次数"), count(rejected)},
                                                             {tr("实收"), yuan_on_screen(total.gross)},
                                                             {tr("退款"), yuan_on_screen(total.refunds)}};
        const double width = (kInner - 9) / 4;
        double x = kLeft;
        for (const auto& [name, value] : tiles) {
            layout_.fill({x, y_, width, 17}, kPale);
            layout_.fill({x, y_, 1, 17}, kBlue);
            layout_.text({x + 4, y_ + 2, width - 6, 5}, name, {.size = 8.5, .colour = kGrey, .lines = 1}, name);
            layout_.text({x + 4, y_ + 7, width - 6, 8.5}, value, {.size = 15, .smallest = 7, .lines = 1}, name);
            x += width + 3;
        }
        y_ += 17;
    }

    // A heading keeps at least its table's head and two rows on its page.
    void section(const char* title, double keep = 22) {
        y_ += 4.5 * density_;
        if (y_ + 8 + keep > style_.bottom) {
            layout_.page(210, 297);
            y_ = style_.top;
        }
        layout_.text({kLeft, y_, kInner, 7}, title, {.size = 11.5, .weight = Weight::bold, .lines = 1}, title);
        y_ += 8 * density_;
    }

    void table(const std::vector<Column>& columns, const std::vector<std::vector<std::string>>& rows, bool sums = false) {
        TableStyle style = style_;
        style.sums = sums;
        y_ = layout_.table(kLeft, y_, columns, rows, style);
    }

    void none(const char* sentence) {
        layout_.text({kLeft, y_, kInner, 6}, sentence, {.size = 9, .colour = kGrey, .lines = 1}, sentence);
        y_ += 6;
    }

    void states() {
        section(tr("订单进出"));
        if (report_.states.empty()) return none(tr("当日没有订单变动"));
        std::vector<std::vector<std::string>> rows;
        for (const StateFlow& s : report_.states) rows.push_back({s.state, count(s.entered), count(s.left), count(s.at_end)});
        table({{tr("状态"), 72},
               {tr("进入"), 36, Align::right},
               {tr("离开"), 36, Align::right},
               {tr("日终在库"), 36, Align::right}},
              rows);
    }

    void turnarounds() {
        section(tr("办理时长"));
        if (report_.turnarounds.empty()) return none(tr("当日没有办结的环节"));
        std::vector<std::vector<std::string>> rows;
        for (const Turnaround& t : report_.turnarounds)
            rows.push_back({t.stage, count(t.orders), span_of(t.median_ms), span_of(t.p90_ms)});
        table({{tr("环节"), 72},
               {tr("订单数"), 36, Align::right},
               {tr("中位数"), 36, Align::right},
               {tr("九成以内"), 36, Align::right}},
              rows);
    }

    void rejections() {
        section(tr("退回原因"));
        if (report_.rejections.empty()) return none(tr("当日没有退回"));
        int most = 1;
        for (const Rejections& r : report_.rejections) most = std::max(most, r.count);
        for (const Rejections& r : report_.rejections) {
            const TextStyle style{.size = 9, .smallest = 6};
            const double height = std::max(6.0 * density_, layout_.height_of(r.reason, kReason, style) + density_);
            if (y_ + height > style_.bottom) {
                layout_.page(210, 297);
                y_ = style_.top;
            }
            layout_.text({kLeft + 1.2, y_, 24, height}, r.code, {.size = 9, .smallest = 5, .colour = kGrey, .lines = 1},
                         tr("原因代码"));
            layout_.text({kLeft + 26, y_, kReason, height}, r.reason, style, tr("退回原因"));
            const double bar = 56.0 * r.count / most;
            layout_.fill({kBars, y_ + height / 2 - 1.6, bar, 3.2}, kBlue);
            layout_.text({kBars + bar + 1.5, y_, 10, height}, count(r.count), {.size = 9, .lines = 1}, tr("次数"));
            y_ += height;
        }
    }

    void takings() {
        section(tr("收款（元）"));
        if (report_.takings.empty()) return none(tr("当日没有收款和退款"));
        const auto row = [](const Takings& t) {
            return std::vector<std::string>{t.channel,          count(t.payments),  grouped(t.gross), grouped(t.fees),
                                            grouped(t.freight), grouped(t.refunds), grouped(t.rest())};
        };
        std::vector<std::vector<std::string>> rows;
        for (const Takings& t : report_.takings) rows.push_back(row(t));
        rows.push_back(row(total_of(report_.takings)));
        table({{tr("渠道"), 40},
               {tr("笔数"), 16, Align::right},
               {tr("实收"), 27, Align::right},
               {tr("其中手续费"), 24, Align::right},
               {tr("其中运费"), 24, Align::right},
               {tr("退款"), 22, Align::right},
               {tr("服务净收"), 27, Align::right}},
              rows, true);
        layout_.text({kLeft, y_ + 1, kInner, 5}, tr("服务净收 = 实收 - 手续费 - 运费 - 退款"),
                     {.size = 8, .colour = kGrey, .lines = 1}, tr("说明"));
        y_ += 6;
    }

    void close() {
        section(tr("KEY 与审计"), 2 * 5.5 + 6 + 7);  // figures and signature stay together
        const auto fact = [&](const char* name, const std::string& value) {
            layout_.text({kLeft + 1.2, y_, 30, 5.5}, name, {.size = 9, .colour = kGrey, .lines = 1}, name);
            layout_.text({kLeft + 32, y_, kInner - 33, 5.5}, value, {.size = 9, .smallest = 5, .lines = 1}, name);
            y_ += 5.5;
        };
        fact(tr("KEY"), trf("写入 {}，报废 {}", report_.keys_written, report_.keys_scrapped));
        fact(tr("审计链首"), report_.audit_head);
        y_ += 6;
        layout_.text({kLeft, y_, 30, 6}, tr("主管签字："), {.size = 10, .lines = 1}, tr("签字"));
        layout_.line(kLeft + 22, y_ + 5.5, kLeft + 75, y_ + 5.5, 0.2);
        layout_.text({kLeft + 95, y_, 20, 6}, tr("日期："), {.size = 10, .lines = 1}, tr("签字"));
        layout_.line(kLeft + 107, y_ + 5.5, kLeft + 160, y_ + 5.5, 0.2);
    }

    void foot() {
        const size_t pages = layout_.pages();
        for (size_t i = 0; i < pages; ++i) {
            layout_.back_to(i);
            layout_.text({kLeft, 284, 120, 5}, fmt::format("{}  {}", tr("签章中心日报"), text_of(report_.day)),
                         {.size = 8, .colour = kGrey, .lines = 1}, "");
            layout_.text({kLeft + 120, 284, 60, 5}, trf("第 {} 页 / 共 {} 页", i + 1, pages),
                         {.size = 8, .align = Align::right, .colour = kGrey, .lines = 1}, "");
        }
    }

    const DailyReport& report_;
    Layout layout_;
    const double density_;
    const TableStyle style_{
        .size = 9, .smallest = 5, .padding = 1.2 * density_, .row_height = 5.8 * density_, .top = 18, .bottom = 280};
    double y_ = 0;
};

}  // namespace

Takings total_of(const std::vector<Takings>& takings) {
    Takings total;
    total.channel = tr("合计");
    for (const Takings& t : takings) {
        total.payments += t.payments;
        total.gross += t.gross;
        total.fees += t.fees;
        total.freight += t.freight;
        total.refunds += t.refunds;
    }
    return total;
}

std::string span_of(std::int64_t ms) {
    const std::int64_t whole = ms / kMinute;
    if (ms <= 0) return {};
    if (whole == 0) return trf("{} 秒", std::max<std::int64_t>(1, ms / kSecond));
    if (whole < 60) return trf("{} 分钟", whole);
    if (whole < 24 * 60) return trf("{} 小时 {:02} 分", whole / 60, whole % 60);
    return trf("{} 天 {} 小时", whole / (24 * 60), whole / 60 % 24);
}

Result<Paper> layout_daily_report(const DailyReport& report, const Fonts& fonts) {
    // A day that nearly fits is set closer, so that no page has two lines; one that does not stays roomy.
    for (const double density : {1.0, 0.92, 0.84, 0.76}) {
        Sheet sheet(report, fonts, density);
        auto paper = sheet.draw();
        if (!paper || paper->pages.size() == 1) return paper;
    }
    return Sheet(report, fonts, 1).draw();
}

Result<std::string> daily_report_pdf(const DailyReport& report, const Fonts& fonts) {
    SEALDESK_LET(paper, layout_daily_report(report, fonts));
    return pdf_of(paper, fonts);
}

std::string daily_report_csv(const DailyReport& report) {
    const auto text = [](std::string_view cell) { return csv_text(cell); };
    const auto number = [](std::string_view cell) { return csv_number(cell); };
    std::vector<std::vector<std::string>> rows{{text(tr("签章中心日报")), text(report.centre)},
                                               {text(tr("日期")), text(text_of(report.day))},
                                               {text(tr("生成时间")), text(date_time(report.generated_at))},
                                               {}};
    rows.push_back({text(tr("状态")), text(tr("进入")), text(tr("离开")), text(tr("日终在库"))});
    for (const StateFlow& s : report.states)
        rows.push_back({text(s.state), number(count(s.entered)), number(count(s.left)), number(count(s.at_end))});
    rows.push_back({});
    rows.push_back({text(tr("环节")), text(tr("订单数")), text(tr("中位数（分钟）")), text(tr("九成以内（分钟）"))});
    for (const Turnaround& t : report.turnarounds)
        rows.push_back({text(t.stage), number(count(t.orders)), number(minutes(t.median_ms)), number(minutes(t.p90_ms))});
    rows.push_back({});
    rows.push_back({text(tr("原因代码")), text(tr("退回原因")), text(tr("次数"))});
    for (const Rejections& r : report.rejections) rows.push_back({text(r.code), text(r.reason), number(count(r.count))});
    rows.push_back({});
    rows.push_back({text(tr("渠道")), text(tr("笔数")), text(tr("实收")), text(tr("其中手续费")), text(tr("其中运费")),
                    text(tr("退款")), text(tr("服务净收"))});
    std::vector<Takings> takings = report.takings;
    takings.push_back(total_of(report.takings));
    for (const Takings& t : takings)
        rows.push_back({text(t.channel), number(count(t.payments)), number(yuan(t.gross)), number(yuan(t.fees)),
                        number(yuan(t.freight)), number(yuan(t.refunds)), number(yuan(t.rest()))});
    rows.push_back({});
    rows.push_back({text(tr("写入 KEY")), number(count(report.keys_written))});
    rows.push_back({text(tr("报废 KEY")), number(count(report.keys_scrapped))});
    rows.push_back({text(tr("审计链首")), text(report.audit_head)});
    return csv_of(rows);
}

}  // namespace sealdesk::reports

// The numbers of the daily report: tiles, flows of states, takings with refunds apart, review, a week in columns.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/translate.h"
#include "panels/back_office_ids.h"
#include "panels/daily_panel.h"
#include "panels/kit/kit.h"

namespace sealdesk::panels {

using Kind = daily::Figure::Kind;

static daily::Figure figure_of(Kind kind) {
    daily::Figure figure;
    figure.kind = kind;
    return figure;
}

void DailyPanel::draw_numbers(desk::Desk& desk, const daily::Report& report) {
    for (const auto& fault : report.faults) kit::callout(fault, tr("数字对不上：请管理员运行审计校验"), kit::Tone::red);
    draw_tiles(report);
    kit::gap(10);
    draw_flows(report);
    kit::gap(10);
    draw_takings(report);
    kit::gap(10);
    draw_review(desk, report);
    kit::gap(10);
    draw_week(desk, report);
    kit::gap(12);
    kit::note(trf("{} 生成 · 审计链头 {}", date_time(report.made_at), report.audit_head.substr(0, 16)));
}

void DailyPanel::draw_tiles(const daily::Report& report) {
    Fen gross, refunded;
    std::int64_t payments = 0, refunds = 0;
    for (const auto& each : report.takings) {
        gross += each.gross;
        refunded += each.refunded;
        payments += each.payments;
        refunds += each.refunds;
    }
    struct Tile {
        const char *id, *title;
        std::string number, note;
        daily::Figure figure;
        kit::Tone tone = kit::Tone::plain;
    };
    const Tile tiles[] = {
        {ids::kDailyTakings, tr("收款"), yuan_on_screen(gross), trf("{} 笔", payments), figure_of(Kind::payments)},
        {ids::kDailyRefunds, tr("退款"), yuan_on_screen(refunded), trf("{} 笔", refunds), figure_of(Kind::refunds),
         refunds > 0 ? kit::Tone::orange : kit::Tone::plain},
        {ids::kDailyKeys, tr("写好的 KEY"), std::to_string(report.keys_written), tr("个"), figure_of(Kind::keys_written)},
        {ids::kDailyRejected, tr("审核不通过"), std::to_string(report.rejected), tr("次"), figure_of(Kind::rejections),
         report.rejected > 0 ? kit::Tone::red : kit::Tone::plain},
        {ids::kDailyInvoices, tr("开出的发票"), std::to_string(report.invoices),
         trf("{} · 税 {}", yuan_on_screen(report.invoiced), yuan(report.invoiced_tax)), figure_of(Kind::invoices)},
        {ids::kDailyRevoked, tr("吊销的证书"), std::to_string(report.certificates_revoked), tr("张"),
         figure_of(Kind::certificates_revoked)}};
    // Where one row is too narrow for what they say, two or more of equal length.
    const float gap = kit::px(8), room = ImGui::GetContentRegionAvail().x;
    float needed = 0;
    for (const Tile& each : tiles) needed = std::max(needed, kit::tile_width(each.title, each.number, each.note));
    const auto width = [&](int across) { return (room - gap * static_cast<float>(across - 1)) / static_cast<float>(across); };
    int across = static_cast<int>(std::size(tiles));
    while (across > 1 && width(across) < needed) across = across > 3 ? 3 : across - 1;
    int drawn = 0;
    for (const Tile& each : tiles) {
        if (drawn++ % across != 0) ImGui::SameLine(0, gap);
        if (kit::tile(each.id, each.title, each.number, each.note, is_open(each.title), width(across), each.tone))
            open(each.title, each.figure);
    }
}

// A number of a table: blue when it has rows to show.
static bool number(const std::string& id, std::int64_t value) {
    if (value != 0) return kit::cell_link(id.c_str(), std::to_string(value));
    kit::cell("0", kit::colour::quiet);
    return false;
}
static bool amount(const std::string& id, Fen value) {
    if (value != Fen{}) return kit::cell_link(id.c_str(), yuan(value));
    kit::cell("0.00", kit::colour::quiet);
    return false;
}

static float table_height(size_t rows) { return kit::px(34) * static_cast<float>(rows) + kit::px(34); }

void DailyPanel::draw_flows(const daily::Report& report) {
    kit::section(tr("订单流转"), tr("期初 + 进 − 出 = 期末"));
    const kit::Column columns[] = {{tr("状态")},
                                   {tr("期初"), 100, kit::Align::right},
                                   {tr("进"), 100, kit::Align::right},
                                   {tr("出"), 100, kit::Align::right},
                                   {tr("期末"), 100, kit::Align::right}};
    if (!kit::begin_table("daily.flows", columns, table_height(report.flows.size()))) return;
    for (const auto& flow : report.flows) {
        const std::string state = orders::name_of(flow.state), word = orders::word_of(flow.state);
        kit::table_row(("daily.flow.row." + state).c_str());
        kit::cell(word);
        const auto cell = [&](const char* name, const char* title, std::int64_t value, Kind kind) {
            daily::Figure figure = figure_of(kind);
            figure.state = flow.state;
            if (number(fmt::format("{}{}.{}", ids::kDailyFlow, name, state), value)) open(word + " · " + title, figure);
        };
        cell("start", tr("期初"), flow.start, Kind::start);
        cell("in", tr("进"), flow.in, Kind::in);
        cell("out", tr("出"), flow.out, Kind::out);
        cell("end", tr("期末"), flow.end, Kind::end);
    }
    kit::end_table();
}

void DailyPanel::draw_takings(const daily::Report& report) {
    kit::section(tr("收款"), tr("按支付渠道；退款另列，不从收款里扣"));
    const kit::Column columns[] = {{tr("渠道")},
                                   {tr("笔数"), 44, kit::Align::right},
                                   {tr("收款"), 86, kit::Align::right},
                                   {tr("证书"), 80, kit::Align::right},
                                   {"KEY", 80, kit::Align::right},
                                   {tr("运费"), 66, kit::Align::right},
                                   {tr("手续费"), 78, kit::Align::right},
                                   {tr("退款笔数"), 62, kit::Align::right},
                                   {tr("退款"), 80, kit::Align::right}};
    if (!kit::begin_table("daily.takings.table", columns, table_height(report.takings.size()))) return;
    for (const auto& each : report.takings) {
        const std::string channel = orders::name_of(each.channel), word = orders::word_of(each.channel);
        kit::table_row(("daily.takings.row." + channel).c_str());
        kit::cell(word);
        const auto chosen = [&](Kind kind) {
            daily::Figure figure = figure_of(kind);
            figure.channel = each.channel;
            return figure;
        };
        if (number(ids::kDailyPayments + channel, each.payments)) open(word + " · " + tr("收款"), chosen(Kind::payments));
        const auto money = [&](const char* name, const char* title, Fen value, Kind kind) {
            if (amount("daily.takings." + channel + "." + name, value)) open(word + " · " + title, chosen(kind));
        };
        money("gross", tr("收款"), each.gross, Kind::payments);
        money("certificate", tr("证书"), each.certificate, Kind::certificate);
        money("key", "KEY", each.key, Kind::key);
        money("freight", tr("运费"), each.freight, Kind::freight);
        money("handling_fee", tr("手续费"), each.handling_fee, Kind::handling_fee);
        if (number("daily.refunds." + channel, each.refunds)) open(word + " · " + tr("退款"), chosen(Kind::refunds));
        money("refunded", tr("退款"), each.refunded, Kind::refunds);
    }
    kit::end_table();
}

void DailyPanel::draw_review(const desk::Desk& desk, const daily::Report& report) {
    const float half = (ImGui::GetContentRegionAvail().x - kit::px(24)) / 2;
    ImGui::BeginGroup();
    kit::section(tr("退回原因"), tr("一次审核可以有几个原因"));
    if (report.rejections.empty()) {
        kit::note(tr("这一天没有退回"));
        ImGui::Dummy({half, 0});
    } else {
        // The short title where the reason is still in the list, else the sentence that the applicant read.
        const auto words_of = [&](const auto& each) {
            for (const auto& reason : desk.reasons())
                if (reason.code == each.code) return reason.title;
            return each.text.empty() ? each.code : each.text;
        };
        std::vector<kit::Bar> bars;
        for (const auto& each : report.rejections)
            bars.push_back({words_of(each), static_cast<double>(each.count), std::to_string(each.count), kit::Tone::red});
        if (const int clicked = kit::bars("daily.rejections", bars, half); clicked >= 0) {
            const auto& chosen = report.rejections[static_cast<size_t>(clicked)];
            daily::Figure figure = figure_of(Kind::rejections);
            figure.code = chosen.code;
            open(tr("退回") + (" · " + chosen.text), figure);
        }
    }
    ImGui::EndGroup();
    ImGui::SameLine(0, kit::px(24));
    ImGui::BeginGroup();
    kit::section(tr("用时"), tr("从支付算起"));
    for (const auto& each : report.turnarounds) {
        const std::string state = orders::name_of(each.reached);
        const char* stage = each.reached == orders::State::approved ? tr("审核通过")
                            : each.reached == orders::State::issued ? tr("制证完成")
                                                                    : tr("发货完成");
        kit::text(stage);
        ImGui::SameLine(0, kit::px(12));
        if (each.orders == 0) {
            kit::note(tr("没有"));
            continue;
        }
        if (kit::link((ids::kDailyTurnaround + state).c_str(), trf("{} 单", each.orders))) {
            daily::Figure figure = figure_of(Kind::turnaround);
            figure.state = each.reached;
            open(trf("用时 · {}", stage), figure);
        }
        ImGui::SameLine(0, kit::px(12));
        kit::note(trf("一半在 {} 内，九成在 {} 内", reports::span_of(each.median_ms), reports::span_of(each.p90_ms)));
    }
    ImGui::EndGroup();
}

void DailyPanel::draw_week(desk::Desk& desk, const daily::Report& report) {
    kit::section(tr("七天里写好的 KEY"), tr("点一天看它的日报"));
    std::vector<kit::Bar> bars;
    std::vector<Day> days;
    for (int back = 6; back >= 0; --back) {
        // Noon keeps clear of both ends of the day.
        const Day day = day_of(start_of(report.day) + (kDay / 2 - back * kDay));
        DayMark mark{report.keys_written, {}};
        if (back > 0) {
            const auto known = week_.find(day);
            mark = known == week_.end() ? DayMark{} : known->second;
        }
        days.push_back(day);
        bars.push_back({fmt::format("{}-{}", day.month, day.day), static_cast<double>(mark.keys), std::to_string(mark.keys),
                        back == 0 ? kit::Tone::blue : kit::Tone::plain});
    }
    const float width = std::min(ImGui::GetContentRegionAvail().x, kit::px(640));
    if (const int clicked = kit::columns("daily.week", bars, {width, kit::px(116)}); clicked >= 0)
        turn_to(desk, days[static_cast<size_t>(clicked)]);
}

}  // namespace sealdesk::panels

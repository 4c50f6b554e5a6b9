#include "panels/invoices_panel.h"

#include <algorithm>
#include <utility>

#include "base/translate.h"
#include "desk/documents.h"
#include "desk/shipping_worker.h"
#include "panels/back_office_ids.h"
#include "panels/kit/kit.h"

namespace sealdesk::panels {

constexpr int kIssued = 100;

const invoices::Candidate* InvoicesPanel::candidate() const {
    const auto* list = candidates_.get();
    if (!list) return nullptr;
    const auto found = std::find_if(list->begin(), list->end(), [&](const auto& each) {
        return each.payment_no == payment_no_ && each.order_no == order_no_;
    });
    return found == list->end() ? nullptr : &*found;
}

const invoices::Request* InvoicesPanel::request() const {
    const Side* side = side_.get();
    if (!side || request_ == 0) return nullptr;
    const auto& list = side->requests;
    const auto found = std::find_if(list.begin(), list.end(), [&](const auto& each) { return each.id == request_; });
    return found == list.end() ? nullptr : &*found;
}

void InvoicesPanel::choose(const std::string& payment, const std::string& order, const std::string& number,
                           std::int64_t request) {
    into_view_ = payment != payment_no_ || order != order_no_;
    payment_no_ = payment;
    order_no_ = order;
    number_ = number;
    request_ = request;
    said_.clear();
    trouble_.clear();
    begin(Asking::nothing);
    red_orders_.clear();
}

void InvoicesPanel::ask(desk::Desk& desk) {
    storage::Database& database = desk.database();
    candidates_.refresh(desk, "candidates", [&database] { return invoices::candidates(database); });
    side_.refresh(desk, "side/" + search_, [&database, text = search_]() -> Result<Side> {
        SEALDESK_LET(refunds, invoices::refunds_due(database));
        SEALDESK_LET(requests, invoices::open_requests(database));
        SEALDESK_LET(issued, invoices::issued(database, kIssued, text));
        SEALDESK_LET(spoiled, invoices::spoiled_sheets(database, kIssued));
        return Side{std::move(refunds), std::move(requests), std::move(issued), std::move(spoiled)};
    });
    if (payment_no_.empty() && number_.empty()) return;
    shown_.refresh(desk, payment_no_ + "/" + order_no_ + "/" + number_,
                   [&desk, payment = payment_no_, order = order_no_, number = number_,
                    actor = desk.actor.value_or(staff::Actor{})]() -> Result<Shown> {
                       if (!number.empty()) {
                           SEALDESK_LET(invoice, invoices::find(desk.database(), number));
                           SEALDESK_LET(pair, invoices::pair_of(desk.database(), number));
                           return Shown{number, true, std::move(invoice), "", std::move(pair)};
                       }
                       SEALDESK_LET(taxes, desk::taxes_of(desk.settings(), desk.places()));
                       auto invoice = invoices::preview(desk.database(), actor, taxes, payment, order);
                       if (!invoice) return Shown{payment, false, {}, invoice.error().message, {}};
                       return Shown{payment, false, std::move(*invoice), "", {}};
                   });
}

void InvoicesPanel::search(const std::string& text) {
    search_ = text;
    if (!text.empty()) spoiled_shown_ = false;
}

void InvoicesPanel::settle() {
    const auto* list = candidates_.get();
    if (!list || working_.running()) return;
    if (!payment_no_.empty() && !candidate()) {
        // One for each order instead of one for the payment, or back: it stays the payment that somebody looks at.
        const auto same =
            std::find_if(list->begin(), list->end(), [&](const auto& each) { return each.payment_no == payment_no_; });
        order_no_ = same == list->end() ? "" : same->order_no;
        if (same == list->end()) payment_no_.clear();
        into_view_ = true;
    }
    if (request_ != 0 && side_.get() && !request()) request_ = 0;
    if (payment_no_.empty() && number_.empty() && request_ == 0 && !list->empty()) {
        payment_no_ = list->front().payment_no;
        order_no_ = list->front().order_no;
        into_view_ = true;
    }
}

std::string InvoicesPanel::why_not(const desk::Desk& desk) const {
    if (!desk.actor) return tr("请先登录");
    if (!staff::has(desk.actor->roles, staff::Role::clerk)) return tr("只有发货员可以开票");
    if (!number_.empty() || request_ != 0) return {};
    const auto* chosen = candidate();
    if (!chosen) return tr("没有选中的支付");
    return chosen->blocked;
}

void InvoicesPanel::draw(desk::Desk& desk) {
    desk.shipping();  // what a service was asked for goes on
    ask(desk);
    take_result(desk);
    settle();
    if (const auto& service = desk.shipping().invoice_service(); !service)
        kit::banner("invoices.accounts",
                    trf("开票服务的账号不能用：{}。改正账号文件以后，在“发货”的“打印机”里点“保存”", service.error().message), "");
    const float right = std::min(kit::px(340), ImGui::GetContentRegionAvail().x * 0.28f);
    kit::begin_pane("invoices.waiting", {kit::px(360), 0});
    draw_candidates(desk);
    kit::end_pane();
    kit::edge_right();
    ImGui::SameLine(0, 0);
    kit::begin_pane("invoices.paper", {-right - kit::px(1), 0});
    draw_invoice(desk);
    kit::end_pane();
    kit::edge_right();
    ImGui::SameLine(0, 0);
    kit::begin_pane("invoices.issued", {0, 0});
    draw_side(desk);
    kit::end_pane();
    trouble_.draw_dialog("invoices.trouble");
}

void InvoicesPanel::draw_candidates(desk::Desk& desk) {
    const auto* list = candidates_.get();
    kit::title_strip(list ? trf("待开票 {}", list->size()) : std::string(tr("待开票")), tr("一次支付一张，或每单一张"));
    if (const Error* error = candidates_.error()) kit::banner("invoices.retry", error->message, "");
    if (!list) return;
    if (list->empty()) return kit::empty_text(tr("没有等待开票的支付。制证完成后，支付会出现在这里"));
    const bool into_view = std::exchange(into_view_, false);
    kit::begin_pane("invoices.waiting.list", {0, 0});
    for (const auto& each : *list) {
        kit::ListRow row;
        row.title = each.title.name;
        row.title_right = yuan_on_screen(each.total);
        if (each.each) row.chips.push_back({tr("按订单"), kit::Tone::violet});
        if (!each.blocked.empty()) row.chips.push_back({tr("还不能开"), kit::Tone::amber});
        if (each.discount > Fen{}) row.chips.push_back({tr("有折扣"), kit::Tone::blue});
        if (each.refunded > 0) row.chips.push_back({trf("退款 {}", each.refunded), kit::Tone::orange});
        row.note = each.each                   ? each.order_no
                   : each.order_nos.size() > 1 ? trf("{} · 合并支付 {} 单", each.payment_no, each.order_nos.size())
                                               : each.payment_no;
        row.note_right = {how_long(desk.clock().now() - each.paid_at), kit::Tone::plain};
        row.selected = each.payment_no == payment_no_ && each.order_no == order_no_;
        row.into_view = row.selected && into_view;
        const std::string name = each.each ? each.payment_no + "." + each.order_no : each.payment_no;
        if (kit::list_row(ids::with(ids::kInvoicesPayment, name).c_str(), row) && !working_.running())
            choose(each.payment_no, each.order_no, "", 0);
    }
    kit::end_pane();
    const int step = kit::list_step(ids::kInvoicesDown, ids::kInvoicesUp);
    if (step == 0 || working_.running()) return;
    const auto* chosen = candidate();
    const auto at = chosen ? chosen - list->data() : step > 0 ? -1 : std::ssize(*list);
    const auto& next = (*list)[static_cast<size_t>(std::clamp<std::ptrdiff_t>(at + step, 0, std::ssize(*list) - 1))];
    choose(next.payment_no, next.order_no, "", 0);
}

void InvoicesPanel::draw_invoice(desk::Desk& desk) {
    if (const auto* row = request()) return draw_request(desk, *row);
    const Shown* shown = shown_.get();
    if ((payment_no_.empty() && number_.empty()) || !shown) {
        kit::title_strip(tr("发票"));
        draw_said();
        if (payment_no_.empty() && number_.empty())
            kit::empty_text(tr("选中一次支付，这里会显示将要开出的发票"), "Enter", tr("开票"));
        return;
    }
    const std::string number = shown->issued ? shown->of : std::string();
    const std::string of = order_no_.empty() ? shown->of : shown->of + " · " + order_no_;
    kit::title_strip(shown->issued ? trf("发票 {}", number) : std::string(tr("将要开出的发票")), shown->issued ? "" : of);
    kit::begin_pane("invoices.body", {0, -kit::px(kit::kFootHeight)});
    kit::gap(6);
    if (const Error* error = shown_.error()) {
        const kit::Inset inset;
        kit::callout(error->message, "", kit::Tone::red, kit::inset_width());
    } else if (shown->invoice) {
        draw_paper(*shown->invoice, shown->issued);
        draw_pair(shown->pair);
    } else {
        const kit::Inset inset;
        kit::callout(shown->blocked, tr("处理好以后，这里会显示将要开出的发票"), kit::Tone::amber, kit::inset_width());
    }
    kit::gap(10);
    draw_form(desk);
    draw_said();
    kit::end_pane();
    kit::line();
    draw_foot(desk);
}

void InvoicesPanel::draw_said() {
    const kit::Inset inset;
    if (!said_.empty()) kit::callout(said_, "", kit::Tone::green, kit::inset_width());
    trouble_.draw_beside();
    if (std::exchange(just_failed_, false)) ImGui::SetScrollHereY(1);  // it may begin out of sight
}

void InvoicesPanel::draw_paper(const invoices::Invoice& invoice, bool issued) const {
    const auto& title = invoice.title;
    const auto sound = invoices::check_title(title);
    kit::field_row({.label = tr("发票抬头"), .value = title.name, .verdict = {orders::word_of(title.kind), kit::Tone::plain}});
    if (title.kind == orders::SubjectKind::unit || !title.tax_number.empty())
        kit::field_row({.label = tr("纳税人号"),
                        .value = title.tax_number,
                        .verdict = {sound ? std::string(tr("格式正确")) : sound.error().message,
                                    sound ? kit::Tone::green : kit::Tone::red}});
    kit::field_row({.label = tr("销售方"), .value = invoice.seller.name});
    kit::field_row({.label = tr("备注"), .value = invoice.remark});
    if (issued && invoice.standing != invoices::Standing::live)
        kit::field_row(
            {.label = tr("状态"), .value = invoice.reason, .verdict = {invoices::word_of(invoice.standing), kit::Tone::red}});
    if (issued) {
        const std::string when = trf("{} · {}", date_time(invoice.issued_at), invoice.issued_by);
        kit::field_row({.label = tr("开票"), .value = when});
    }
    kit::gap(6);
    // On a narrow screen the items must still be told from each other.
    const kit::Column columns[] = {{tr("项目名称")},
                                   {tr("规格"), 44},
                                   {tr("数量"), 40, kit::Align::right},
                                   {tr("金额"), 78, kit::Align::right},
                                   {tr("税率"), 42, kit::Align::right},
                                   {tr("税额"), 70, kit::Align::right}};
    const float height = kit::px(34) * static_cast<float>(invoice.lines.size() + 1) + kit::px(8);
    if (kit::begin_table("invoices.lines", columns, height)) {
        int index = 0;
        for (const auto& line : invoice.lines) {
            kit::table_row(("invoices.line." + std::to_string(++index)).c_str());
            kit::cell(line.printed);
            kit::cell(line.discount ? tr("折扣") : line.spec);
            kit::cell(line.quantity == 0 ? "" : std::to_string(line.quantity));
            kit::cell(yuan(line.net));
            kit::cell(fmt::format("{}%", line.rate_per_mille / 10));
            kit::cell(yuan(line.tax));
        }
        kit::end_table();
    }
    kit::line();
    const std::string net = yuan_on_screen(invoice.net), tax = yuan_on_screen(invoice.tax), total = yuan_on_screen(invoice.total);
    kit::field_row({.label = tr("合计金额"), .value = net});
    kit::field_row({.label = tr("合计税额"), .value = tax});
    const bool ties = invoice.net + invoice.tax == invoice.total;
    kit::field_row({.label = tr("价税合计"),
                    .value = total,
                    .verdict = {ties ? tr("相符") : tr("不符"), ties ? kit::Tone::green : kit::Tone::red}});
    const std::string capital = capital_amount(invoice.total, "圆");
    kit::field_row({.label = tr("大写"), .value = capital});
}

void InvoicesPanel::draw_pair(const std::vector<invoices::Invoice>& pair) {
    if (pair.size() < 2) return;
    kit::gap(6);
    kit::title_strip(tr("蓝字和红字"), tr("成对保存"));
    for (const auto& each : pair) {
        kit::ListRow row;
        row.title = each.number;
        row.title_right = yuan_on_screen(each.total);
        row.chips = {{invoices::word_of(each.standing), each.total < Fen{} ? kit::Tone::red : kit::Tone::blue}};
        row.note = each.reason;
        row.note_right = {date_time(each.issued_at), kit::Tone::plain};
        row.selected = each.number == number_;
        if (kit::list_row(("invoices.pair." + each.number).c_str(), row) && !working_.running()) choose("", "", each.number, 0);
    }
}

}  // namespace sealdesk::panels

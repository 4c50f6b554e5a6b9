// The right side of the invoices: refunds that wait for a red letter, what a service was asked for, what was issued, and the
// sheets that were spoiled.
#include "base/translate.h"
#include "panels/back_office_ids.h"
#include "panels/invoices_panel.h"
#include "panels/kit/kit.h"

namespace sealdesk::panels {

void InvoicesPanel::draw_side(desk::Desk& desk) {
    const Side* side = side_.get();
    if (const Error* error = side_.error()) kit::banner("invoices.issued.retry", error->message, "");
    if (!side) return kit::title_strip(tr("已开出"), tr("最新在上"));
    if (!side->refunds.empty()) draw_refunds(desk, side->refunds);
    if (!side->requests.empty()) draw_requests(side->requests);
    if (spoiled_shown_)
        draw_spoiled(side->spoiled);
    else
        draw_issued(side->issued);
}

void InvoicesPanel::draw_refunds(desk::Desk& desk, const std::vector<invoices::RefundDue>& list) {
    kit::title_strip(trf("退款 {}", list.size()), tr("等红字发票"));
    for (const auto& each : list) {
        kit::ListRow row;
        row.title = each.subject_name;
        row.title_right = yuan_on_screen(each.amount);
        row.chips = {
            {each.invoice.empty() ? tr("可以办完") : tr("先红冲"), each.invoice.empty() ? kit::Tone::green : kit::Tone::red}};
        row.note = each.order_no;
        if (kit::list_row(ids::with(ids::kInvoicesRefund, each.order_no).c_str(), row) && !working_.running() &&
            !each.invoice.empty()) {
            choose("", "", each.invoice, 0);
            begin_red(invoices::RedReason::returned, {each.order_no});
        }
        const kit::Inset inset;
        if (!each.invoice.empty() && desk.actor && staff::has(desk.actor->roles, staff::Role::supervisor) &&
            kit::button(ids::with(ids::kInvoicesWithoutRed, each.order_no).c_str(), tr("不等红字发票"),
                        {.disabled_because = working_.running() ? tr("正在办理") : ""})) {
            choose("", "", each.invoice, 0);
            begin(Asking::without_red);
            red_orders_ = {each.order_no};
        }
        if (each.invoice.empty() &&
            kit::button(ids::with(ids::kInvoicesFinishRefund, each.order_no).c_str(), tr("退款办完"),
                        {.tone = kit::Tone::green, .disabled_because = working_.running() ? tr("正在办理") : ""}))
            start(desk, [&desk, actor = desk.actor.value_or(staff::Actor{}), no = each.order_no]() -> Done {
                const auto done = invoices::finish_refund(desk.database(), actor, no);
                if (!done) return {"", "", done.error()};
                return {trf("订单 {} 的退款已办完", no), "", {}};
            });
    }
}

void InvoicesPanel::draw_requests(const std::vector<invoices::Request>& list) {
    kit::title_strip(trf("开票服务 {}", list.size()));
    for (const auto& each : list) {
        using enum invoices::RequestState;
        const bool stands = each.state == failed || each.state == lapsed;
        kit::ListRow row;
        row.title = each.invoice.title.name;
        row.title_right = yuan_on_screen(each.invoice.total);
        row.chips = {{invoices::word_of(each.state), stands ? kit::Tone::red : kit::Tone::amber}};
        row.note = each.said.empty() ? each.payment_no : each.said;
        row.note_right = {date_time(each.asked_at), kit::Tone::plain};
        row.selected = each.id == request_;
        if (kit::list_row(ids::with(ids::kInvoicesRequest, std::to_string(each.id)).c_str(), row) && !working_.running())
            choose("", "", "", each.id);
    }
}

void InvoicesPanel::draw_issued(const std::vector<invoices::Issued>& list) {
    kit::title_strip(search_.empty() ? std::string(tr("已开出")) : trf("已开出，有“{}”的", search_), tr("最新在上"));
    {
        const kit::Inset inset;
        kit::gap(4);
        if (kit::link(ids::kInvoicesSpoiledList, tr("看废票"))) spoiled_shown_ = true;
    }
    if (list.empty())
        return kit::empty_text(search_.empty() ? tr("还没有开出发票。开出的发票会出现在这里，可以重新打印")
                                               : tr("没有这样的发票。可以按发票号码、抬头、税号、支付号或订单号查找"));
    kit::begin_pane("invoices.issued.list", {0, 0});
    for (const auto& each : list) {
        kit::ListRow row;
        row.title = each.title_name;
        row.title_right = yuan_on_screen(each.total);
        if (each.standing != invoices::Standing::live) row.chips = {{invoices::word_of(each.standing), kit::Tone::red}};
        row.note = each.number;
        row.note_right = {date_time(each.issued_at), kit::Tone::plain};
        row.selected = each.number == number_;
        if (kit::list_row(ids::with(ids::kInvoicesIssued, each.number).c_str(), row) && !working_.running())
            choose("", "", each.number, 0);
    }
    kit::end_pane();
}

void InvoicesPanel::draw_spoiled(const std::vector<invoices::SpoiledSheet>& list) {
    kit::title_strip(tr("废票"), tr("最新在上"));
    {
        const kit::Inset inset;
        kit::gap(4);
        if (kit::link(ids::kInvoicesIssuedList, tr("看已开出的发票"))) spoiled_shown_ = false;
    }
    if (list.empty()) return kit::empty_text(tr("没有登记过废票"));
    kit::begin_pane("invoices.spoiled.list", {0, 0});
    for (const auto& sheet : list) {
        kit::ListRow row;
        row.title = sheet.number;
        row.note = sheet.reason + " · " + sheet.noted_by;
        row.note_right = {date_time(sheet.noted_at), kit::Tone::plain};
        kit::list_row(("invoices.spoiled." + sheet.number).c_str(), row);
    }
    kit::end_pane();
}

}  // namespace sealdesk::panels

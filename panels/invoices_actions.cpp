// What can be done about the invoice in the middle: issue it, put its title right, void it, reverse it, print it again.
#include <algorithm>

#include "base/text.h"
#include "base/translate.h"
#include "desk/documents.h"
#include "desk/papers.h"
#include "desk/shipping_worker.h"
#include "panels/back_office_ids.h"
#include "panels/invoices_panel.h"
#include "panels/kit/kit.h"

namespace sealdesk::panels {

using invoices::RedReason;
using invoices::RequestState;

namespace {

constexpr RedReason kReasons[] = {RedReason::mistake, RedReason::returned, RedReason::ended, RedReason::allowance};

std::string told(const desk::Invoiced& done, const char* issued) {
    return done.invoice ? trf("{} {}", issued, done.invoice->number) : std::string(tr("已交给开票服务，开出以后会出现在右边"));
}

}  // namespace

void InvoicesPanel::start(desk::Desk& desk, std::function<Done()> job) {
    trouble_.clear();
    said_.clear();
    working_.start(desk.jobs(), std::move(job));
}

void InvoicesPanel::take_result(desk::Desk& desk) {
    if (!working_.arrived()) return;
    const Done done = *working_.ready();
    desk.touch();
    desk.nudge();
    if (done.work) desk.shipping().nudge();
    if (done.error) trouble_.set(*done.error);
    if (done.sentence.empty()) return;
    // The invoice stays in sight; the next payment is one click or key away.
    if (!done.number.empty()) choose("", "", done.number, 0);
    begin(Asking::nothing);
    said_ = done.sentence;
    if (!done.error) kit::frame().toasts.show(done.sentence, kit::Tone::green);
}

void InvoicesPanel::begin(Asking what) {
    asking_ = what;
    just_asked_ = what != Asking::nothing;
    reason_.clear();
    if (what != Asking::title) return;
    const Shown* shown = shown_.get();
    const auto* waiting = candidate();
    const orders::InvoiceTitle title = number_.empty() && waiting ? waiting->title
                                       : shown && shown->invoice  ? shown->invoice->title
                                                                  : orders::InvoiceTitle{};
    name_ = title.name;
    tax_number_ = title.tax_number;
}

void InvoicesPanel::issue(desk::Desk& desk) {
    start(desk, [&desk, actor = *desk.actor, payment = payment_no_, order = order_no_]() -> Done {
        const auto done = desk::issue_invoice(desk, actor, payment, order);
        if (!done) return {"", "", done.error()};
        if (!done->invoice) return {told(*done, ""), "", {}, true};
        const auto& number = done->invoice->number;
        const auto file = desk::invoice_file(desk.documents(), *done->invoice);
        if (!file)
            return {trf("发票 {} 已开出", number), number,
                    Error{file.error().kind, trf("发票 {} 已开出，但没有打印：{}", number, file.error().message),
                          file.error().detail}};
        return {trf("发票 {} 已开出，文件 {}", number, desk.document_name(*file)), number, {}};
    });
}

void InvoicesPanel::reprint(desk::Desk& desk) {
    start(desk, [&desk, actor = *desk.actor, number = number_]() -> Done {
        const auto papers = desk::print_invoice(desk, actor, number, tr("在发票页重新打印"));
        if (!papers) return {"", "", papers.error()};
        return {trf("发票 {}，文件 {}", number, desk.document_name(papers->files.back())), number, {}, papers->asked > 0};
    });
}

void InvoicesPanel::correct(desk::Desk& desk) {
    orders::InvoiceTitle title;
    title.name = trimmed(name_);
    title.tax_number = upper_ascii(trimmed(tax_number_));
    title.kind = title.tax_number.empty() ? orders::SubjectKind::person : orders::SubjectKind::unit;
    start(desk, [&desk, actor = *desk.actor, title, number = number_, payment = payment_no_, order = order_no_]() -> Done {
        if (number.empty()) {
            const auto set = invoices::set_title(desk.database(), actor, payment, order, title);
            if (!set) return {"", "", set.error()};
            return {tr("抬头已更正"), "", {}};
        }
        const auto done = desk::correct_invoice_title(desk, actor, number, title);
        if (!done) return {"", "", done.error()};
        if (!done->invoice) return {told(*done, ""), "", {}, true};
        const auto file = desk::invoice_file(desk.documents(), *done->invoice);
        return {trf("抬头已更正，新发票 {}", done->invoice->number), done->invoice->number,
                file ? std::nullopt : std::optional(file.error())};
    });
}

void InvoicesPanel::reverse(desk::Desk& desk) {
    start(desk, [&desk, actor = *desk.actor, number = number_, reason = red_reason_, list = red_orders_]() -> Done {
        const auto done = desk::reverse_invoice(desk, actor, number, reason, list);
        if (!done) return {"", "", done.error()};
        if (!done->invoice) return {told(*done, ""), "", {}, true};
        const auto file = desk::invoice_file(desk.documents(), *done->invoice);
        return {told(*done, tr("红字发票")), done->invoice->number, file ? std::nullopt : std::optional(file.error())};
    });
}

void InvoicesPanel::confirm(desk::Desk& desk) {
    switch (asking_) {
        case Asking::title: return correct(desk);
        case Asking::red: return reverse(desk);
        case Asking::void_it:
            return start(desk, [&desk, actor = *desk.actor, number = number_, reason = reason_]() -> Done {
                const auto done = invoices::void_invoice(desk.database(), actor, number, reason);
                if (!done) return {"", "", done.error()};
                return {trf("发票 {} 已作废", number), number, {}};
            });
        case Asking::spoiled:
            return start(desk, [&desk, actor = *desk.actor, reason = reason_]() -> Done {
                const auto number = invoices::spoil(desk.database(), actor, reason);
                if (!number) return {"", "", number.error()};
                return {trf("废票 {} 已登记", *number), "", {}};
            });
        case Asking::drop:
            return start(desk, [&desk, actor = *desk.actor, id = request_, reason = reason_]() -> Done {
                const auto done = invoices::drop_request(desk.database(), actor, id, reason);
                if (!done) return {"", "", done.error()};
                return {tr("这次申请已放弃"), "", {}};
            });
        case Asking::without_red:
            return start(desk, [&desk, actor = *desk.actor, no = red_orders_.front(), reason = reason_]() -> Done {
                const auto done = invoices::finish_refund(desk.database(), actor, no, reason);
                if (!done) return {"", "", done.error()};
                return {trf("订单 {} 的退款已办完，没有红字发票", no), "", {}};
            });
        case Asking::nothing: return;
    }
}

std::string InvoicesPanel::why_not_confirm() {
    if (working_.running()) return tr("正在办理");
    if (asking_ == Asking::title && trimmed(name_).empty()) return tr("发票抬头没有名称");
    const bool has_reason = asking_ == Asking::title || asking_ == Asking::red;
    if (!has_reason && trimmed(reason_).empty()) return tr("先写原因");
    return {};
}

void InvoicesPanel::draw_form(desk::Desk& desk) {
    if (asking_ == Asking::nothing) return;
    const kit::Inset inset;
    bool entered = false;
    const bool focus = just_asked_;
    just_asked_ = false;
    std::string words = tr("确定");
    switch (asking_) {
        case Asking::title:
            entered = kit::labelled_input(ids::kInvoicesName, tr("正确的抬头"), &name_, {.width = kit::px(420), .focus = focus})
                          .entered;
            entered |= kit::labelled_input(ids::kInvoicesTaxNumber, tr("纳税人识别号（个人不填）"), &tax_number_,
                                           {.width = kit::px(420)})
                           .entered;
            words = number_.empty() ? tr("改抬头") : tr("作废或红冲，并按正确的抬头重开");
            break;
        case Asking::red: {
            kit::note(red_orders_.empty() ? std::string(tr("红冲的原因；全部红冲"))
                                          : trf("红冲的原因；只红冲订单 {}", red_orders_.front()));
            int digit = 0;
            for (const RedReason each : kReasons) {
                const std::string label = std::string(invoices::code_of(each)) + " " + invoices::word_of(each);
                const auto key = static_cast<ImGuiKey>(ImGuiKey_1 + digit++);
                if (kit::button(ids::with(ids::kInvoicesRedReason, invoices::code_of(each)).c_str(), label,
                                {.tone = red_reason_ == each ? kit::Tone::blue : kit::Tone::plain, .key = key}))
                    red_reason_ = each;
                ImGui::SameLine(0, kit::px(8));
            }
            ImGui::NewLine();
            words = tr("开红字发票");
            break;
        }
        default:
            entered =
                kit::labelled_input(ids::kInvoicesReason, tr("原因"), &reason_, {.width = kit::px(420), .focus = focus}).entered;
            words = asking_ == Asking::void_it   ? std::string(tr("作废这张发票"))
                    : asking_ == Asking::spoiled ? tr("登记一张废票")
                    : asking_ == Asking::drop    ? std::string(tr("放弃这次申请"))
                                                 : trf("订单 {} 不等红字发票，退款办完", red_orders_.front());
            break;
    }
    kit::gap(6);
    const std::string off = why_not_confirm();
    if (kit::button(ids::kInvoicesConfirm, words, {.tone = kit::Tone::red, .key = ImGuiKey_Enter, .disabled_because = off}) ||
        (entered && off.empty()))
        confirm(desk);
    ImGui::SameLine(0, kit::px(10));
    if (kit::button("invoices.no", tr("不了"), {.key = ImGuiKey_Escape})) begin(Asking::nothing);
    kit::gap(8);
}

void InvoicesPanel::draw_foot(desk::Desk& desk) {
    kit::begin_pane("invoices.foot", {0, 0}, kit::Ground::foot, kit::px(14, 11));
    const Shown* shown = shown_.get();
    if (number_.empty())
        draw_foot_of_candidate(desk);
    else if (shown && shown->invoice && shown->of == number_)
        draw_foot_of_issued(desk, *shown->invoice);
    kit::end_pane();
}

void InvoicesPanel::draw_foot_of_candidate(desk::Desk& desk) {
    const bool running = working_.running();
    const std::string off = running ? tr("正在开票") : why_not(desk);
    const auto enter = asking_ == Asking::nothing ? ImGuiKey_Enter : ImGuiKey_None;
    if (kit::button(ids::kInvoicesIssue, running ? tr("正在开票") : tr("开票"),
                    {.tone = kit::Tone::green, .key = enter, .disabled_because = off}))
        issue(desk);
    const auto* chosen = candidate();
    const bool clerk = desk.actor && staff::has(desk.actor->roles, staff::Role::clerk);
    const std::string not_now = !clerk ? tr("只有发货员可以开票") : running ? tr("正在办理") : "";
    if (chosen) {
        ImGui::SameLine(0, kit::px(10));
        if (kit::button(ids::kInvoicesTitle, tr("改抬头"), {.key = ImGuiKey_T, .disabled_because = not_now}))
            begin(Asking::title);
    }
    if (chosen && chosen->may_split) {
        ImGui::SameLine(0, kit::px(10));
        if (kit::button(ids::kInvoicesEach, chosen->each ? tr("合开一张") : tr("每单一张"),
                        {.key = ImGuiKey_S, .disabled_because = not_now}))
            start(desk, [&desk, actor = *desk.actor, payment = payment_no_, each = !chosen->each]() -> Done {
                const auto done = invoices::invoice_each(desk.database(), actor, payment, each);
                if (!done) return {"", "", done.error()};
                return {each ? tr("这次支付按订单开票") : tr("这次支付合开一张发票"), "", {}};
            });
    }
    ImGui::SameLine(0, kit::px(10));
    if (kit::button(ids::kInvoicesSpoiled, tr("登记废票"), {.disabled_because = not_now})) begin(Asking::spoiled);
    if (!off.empty() && !running) {
        ImGui::SameLine(0, kit::px(14));
        kit::note(off, kit::colour::amber);
    }
}

void InvoicesPanel::draw_foot_of_issued(desk::Desk& desk, const invoices::Invoice& invoice) {
    const bool running = working_.running(), live = invoice.standing == invoices::Standing::live;
    std::string off = running ? tr("正在打印") : why_not(desk);
    if (kit::button(ids::kInvoicesReprint, tr("重新打印"), {.key = ImGuiKey_P, .disabled_because = off})) reprint(desk);
    ImGui::SameLine(0, kit::px(10));
    const auto* list = candidates_.get();
    if (kit::button("invoices.next", tr("下一张"),
                    {.key = ImGuiKey_N, .disabled_because = !list || list->empty() ? tr("没有等待开票的支付") : ""}))
        choose("", "", "", 0);
    if (off.empty() && !live) off = trf("发票 {} 现在是“{}”", invoice.number, invoices::word_of(invoice.standing));
    ImGui::SameLine(0, kit::px(10));
    if (kit::button(ids::kInvoicesTitle, tr("更正抬头"), {.key = ImGuiKey_T, .disabled_because = off})) begin(Asking::title);
    ImGui::SameLine(0, kit::px(10));
    if (kit::button(ids::kInvoicesRed, tr("红冲"), {.key = ImGuiKey_R, .disabled_because = off})) {
        begin(Asking::red);
        red_reason_ = RedReason::mistake;
        red_orders_.clear();
    }
    if (invoice.source == invoices::Source::service) return;
    ImGui::SameLine(0, kit::px(10));
    if (kit::button(ids::kInvoicesVoid, tr("作废"), {.key = ImGuiKey_V, .disabled_because = off})) begin(Asking::void_it);
}

void InvoicesPanel::draw_request(desk::Desk& desk, const invoices::Request& row) {
    kit::title_strip(row.reverses.empty() ? std::string(tr("交给开票服务的发票")) : trf("红冲发票 {}", row.reverses),
                     invoices::word_of(row.state));
    kit::begin_pane("invoices.body", {0, -kit::px(kit::kFootHeight)});
    kit::gap(6);
    {
        const kit::Inset inset;
        const bool stands = row.state == RequestState::failed || row.state == RequestState::lapsed;
        if (!row.said.empty())
            kit::callout(row.said, trf("问过 {} 次", row.attempts), stands ? kit::Tone::red : kit::Tone::amber,
                         kit::inset_width());
        if (row.state == RequestState::confirming)
            kit::callout(tr("等购买方在电子税务局确认，72 小时不确认就失效"), "", kit::Tone::amber, kit::inset_width());
    }
    draw_paper(row.invoice, false);
    kit::gap(10);
    draw_form(desk);
    draw_said();
    kit::end_pane();
    kit::line();
    kit::begin_pane("invoices.foot", {0, 0}, kit::Ground::foot, kit::px(14, 11));
    std::string off = working_.running() ? tr("正在办理") : why_not(desk);
    if (off.empty() && row.state != RequestState::failed && row.state != RequestState::lapsed)
        off = tr("开票服务正在办，不用再做什么");
    if (kit::button(ids::kInvoicesRetry, tr("重新提交"), {.tone = kit::Tone::green, .disabled_because = off}))
        start(desk, [&desk, actor = *desk.actor, id = row.id]() -> Done {
            const auto taxes = desk::taxes_of(desk.settings(), desk.places());
            if (!taxes) return {"", "", taxes.error()};
            const auto again = invoices::retry_request(desk.database(), actor, *taxes, id);
            if (!again) return {"", "", again.error()};
            return {tr("已重新提交"), "", {}, true};
        });
    ImGui::SameLine(0, kit::px(10));
    if (kit::button(ids::kInvoicesDrop, tr("放弃"), {.disabled_because = off})) begin(Asking::drop);
    kit::end_pane();
}

}  // namespace sealdesk::panels

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
    just_failed_ = done.error.has_value();
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
    ticks_ = {};
    if (what == Asking::discount && candidate()) discount_ = yuan(candidate()->discount);
    if (what != Asking::title) return;
    const Shown* shown = shown_.get();
    const auto* waiting = candidate();
    const auto* asked = request();
    const orders::InvoiceTitle title = asked                        ? asked->invoice.title
                                       : number_.empty() && waiting ? waiting->title
                                       : shown && shown->invoice    ? shown->invoice->title
                                                                    : orders::InvoiceTitle{};
    title_kind_ = title.kind;
    name_ = title.name;
    tax_number_ = title.tax_number;
}

void InvoicesPanel::issue(desk::Desk& desk) {
    start(desk, [&desk, actor = *desk.actor, payment = payment_no_, order = order_no_]() -> Done {
        const auto done = desk::issue_invoice(desk, actor, payment, order);
        if (!done) return {"", "", done.error()};
        if (!done->invoice) return {told(*done, ""), "", {}, true};
        const auto& number = done->invoice->number;
        const auto file = desk::invoice_file(desk, *done->invoice);
        if (!file)
            return {trf("发票 {} 已开出", number), number,
                    Error{file.error().kind, trf("发票 {} 已开出，但没有打印：{}", number, file.error().message),
                          file.error().detail},
                    true};
        return {trf("发票 {} 已开出，文件 {}", number, desk.document_name(*file)), number, {}, true};
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
    const orders::InvoiceTitle title = typed_title();
    if (const auto* asked = request())
        return start(
            desk,
            [&desk, actor = *desk.actor, title, id = asked->id, payment = asked->payment_no, order = asked->order_no]() -> Done {
                const auto set = invoices::set_title(desk.database(), actor, payment, order, title);
                if (!set) return {"", "", set.error()};
                return resubmitted(desk, actor, id);
            });
    start(desk,
          [&desk, actor = *desk.actor, title, ticks = ticks_, number = number_, payment = payment_no_,
           order = order_no_]() -> Done {
              if (number.empty()) {
                  const auto set = invoices::set_title(desk.database(), actor, payment, order, title);
                  if (!set) return {"", "", set.error()};
                  return {tr("抬头已更正"), "", {}};
              }
              const auto done = desk::correct_invoice_title(desk, actor, number, title, ticks);
              if (!done) return {"", "", done.error()};
              if (!done->invoice) return {told(*done, ""), "", {}, true};
              const auto file = desk::invoice_file(desk, *done->invoice);
              return {trf("抬头已更正，新发票 {}", done->invoice->number), done->invoice->number,
                      file ? std::nullopt : std::optional(file.error()), true};
          });
}

void InvoicesPanel::begin_red(RedReason reason, std::vector<std::string> orders) {
    begin(Asking::red);
    red_reason_ = reason;
    red_orders_ = std::move(orders);
    allowance_for_.clear();
}

void InvoicesPanel::reverse(desk::Desk& desk) {
    auto list = red_orders_;
    std::optional<Fen> amount;
    if (const std::string order = allowance_order(); !order.empty()) {
        list = {order};
        amount = parse_yuan(trimmed(allowance_)).value_or(Fen{});
    }
    start(desk, [&desk, actor = *desk.actor, number = number_, reason = red_reason_, list, amount]() -> Done {
        const auto done = desk::reverse_invoice(desk, actor, number, reason, list, amount);
        if (!done) return {"", "", done.error()};
        if (!done->invoice) return {told(*done, ""), "", {}, true};
        const auto file = desk::invoice_file(desk, *done->invoice);
        return {told(*done, tr("红字发票")), done->invoice->number, file ? std::nullopt : std::optional(file.error()), true};
    });
}

void InvoicesPanel::give_discount(desk::Desk& desk) {
    const Fen amount = parse_yuan(trimmed(discount_)).value_or(Fen{});
    start(desk, [&desk, actor = *desk.actor, payment = payment_no_, order = order_no_, amount, reason = reason_]() -> Done {
        const auto set = invoices::set_discount(desk.database(), actor, payment, order, amount, reason);
        if (!set) return {"", "", set.error()};
        return {amount > Fen{} ? trf("折扣 {} 元已记下", yuan(amount)) : std::string(tr("不打折")), "", {}};
    });
}

InvoicesPanel::Done InvoicesPanel::resubmitted(desk::Desk& desk, const staff::Actor& actor, std::int64_t id) {
    const auto again = desk::retry_invoice_request(desk, actor, id);
    if (!again) return {"", "", again.error()};
    return {again->id == id ? tr("开票服务已经受理上一次申请，没有再提交") : tr("已重新提交"), "", {}, true};
}

void InvoicesPanel::retry(desk::Desk& desk, std::int64_t id) {
    start(desk, [&desk, actor = *desk.actor, id]() -> Done { return resubmitted(desk, actor, id); });
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
    if (chosen) {
        const bool may = desk.actor && staff::has(desk.actor->roles, staff::Role::supervisor);
        ImGui::SameLine(0, kit::px(10));
        if (kit::button(ids::kInvoicesDiscount, tr("折扣"),
                        {.key = ImGuiKey_D,
                         .disabled_because = !may      ? tr("只有主管可以给折扣")
                                             : running ? tr("正在办理")
                                                       : ""}))
            begin(Asking::discount);
    }
    ImGui::SameLine(0, kit::px(10));
    if (kit::button(ids::kInvoicesSpoiled, tr("登记废票"), {.disabled_because = not_now})) begin(Asking::spoiled);
    if (off.empty() || running) return;
    ImGui::SameLine(0, kit::px(14));
    // Where there is no room for it, the pointer on the button tells.
    if (ImGui::GetContentRegionAvail().x > kit::px(90)) kit::note_beside(off, kit::px(38), kit::colour::amber);
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
    if (kit::button(ids::kInvoicesRed, tr("红冲"), {.key = ImGuiKey_R, .disabled_because = off}))
        begin_red(RedReason::mistake, {});
    if (invoices::is_fully_digital(invoice)) return;
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
            kit::callout(
                trf("等购买方在电子税务局确认，到 {} 不确认就失效", date_time(row.confirming_since + invoices::kConfirmWithin)),
                "", kit::Tone::amber, kit::inset_width());
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
        retry(desk, row.id);
    if (row.reverses.empty()) {
        ImGui::SameLine(0, kit::px(10));
        if (kit::button(ids::kInvoicesTitle, tr("改抬头"), {.key = ImGuiKey_T, .disabled_because = off})) begin(Asking::title);
    }
    ImGui::SameLine(0, kit::px(10));
    if (kit::button(ids::kInvoicesDrop, tr("放弃"), {.disabled_because = off})) begin(Asking::drop);
    kit::end_pane();
}

}  // namespace sealdesk::panels

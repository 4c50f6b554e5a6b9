// What is asked before something is done to the invoice in the middle: the right title, a discount, a reason.
#include "base/text.h"
#include "base/translate.h"
#include "desk/invoicing.h"
#include "panels/back_office_ids.h"
#include "panels/invoices_panel.h"
#include "panels/kit/kit.h"

namespace sealdesk::panels {

using invoices::RedReason;

constexpr RedReason kReasons[] = {RedReason::mistake, RedReason::returned, RedReason::ended, RedReason::allowance};

void InvoicesPanel::confirm(desk::Desk& desk) {
    switch (asking_) {
        case Asking::title: return correct(desk);
        case Asking::discount: return give_discount(desk);
        case Asking::red: return reverse(desk);
        case Asking::void_it:
            return start(desk, [&desk, actor = *desk.actor, number = number_, reason = reason_, ticks = ticks_]() -> Done {
                const auto done = invoices::void_invoice(desk.database(), actor, number, reason, ticks);
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
                const auto done = desk::drop_invoice_request(desk, actor, id, reason);
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

orders::InvoiceTitle InvoicesPanel::typed_title() const {
    const bool unit = title_kind_ == orders::SubjectKind::unit;
    return {title_kind_, trimmed(name_), unit ? upper_ascii(trimmed(tax_number_)) : std::string()};
}

std::string InvoicesPanel::why_not_confirm() {
    if (working_.running()) return tr("正在办理");
    if (asking_ == Asking::title) {
        const auto title = invoices::check_title(typed_title());
        if (!title) return title.error().message;
    }
    if (asking_ == Asking::discount) {
        const auto amount = parse_yuan(trimmed(discount_));
        if (!amount) return trf("“{}”不是金额", trimmed(discount_));
        if (*amount == Fen{}) return {};
    }
    const bool has_reason = asking_ == Asking::title || asking_ == Asking::red;
    if (!has_reason && trimmed(reason_).empty()) return tr("先写原因");
    if (asking_ == Asking::void_it && !ticks_.all()) return tr("先确认没有抄税、购买方没有认证；否则请红冲");
    return {};
}

bool InvoicesPanel::draw_title_form(bool focus) {
    bool entered =
        kit::labelled_input(ids::kInvoicesName, tr("正确的抬头"), &name_, {.width = kit::px(420), .focus = focus}).entered;
    kit::gap(4);
    const auto kind = [&](const char* id, orders::SubjectKind each) {
        if (kit::button(id, orders::word_of(each), {.tone = title_kind_ == each ? kit::Tone::blue : kit::Tone::plain}))
            title_kind_ = each;
    };
    kind(ids::kInvoicesUnit, orders::SubjectKind::unit);
    ImGui::SameLine(0, kit::px(8));
    kind(ids::kInvoicesPerson, orders::SubjectKind::person);
    kit::gap(4);
    if (title_kind_ == orders::SubjectKind::person) return entered;
    const auto sound = invoices::check_title(typed_title());
    entered |= kit::labelled_input(ids::kInvoicesTaxNumber, tr("纳税人识别号"), &tax_number_,
                                   {.refused = sound || trimmed(name_).empty() ? std::string_view() : sound.error().message,
                                    .width = kit::px(420)})
                   .entered;
    return entered;
}

void InvoicesPanel::draw_red_reasons() {
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
}

// The bureau's conditions that the desk cannot know.
void InvoicesPanel::draw_void_ticks() {
    kit::gap(4);
    kit::checkbox(ids::kInvoicesNotReported, tr("本单位还没有抄税，也没有记账"), &ticks_.not_reported);
    kit::checkbox(ids::kInvoicesNotCertified, tr("购买方没有认证，或者认证没有通过"), &ticks_.not_certified);
}

void InvoicesPanel::draw_form(desk::Desk& desk) {
    if (asking_ == Asking::nothing) return;
    const kit::Inset inset;
    const bool focus = just_asked_;
    just_asked_ = false;
    bool entered = false;
    std::string words = tr("开红字发票");
    const auto reason = [&](bool take_keyboard) {
        return kit::labelled_input(ids::kInvoicesReason, tr("原因"), &reason_, {.width = kit::px(420), .focus = take_keyboard})
            .entered;
    };
    switch (asking_) {
        case Asking::title:
            entered = draw_title_form(focus);
            if (const Shown* shown = shown_.get();
                !number_.empty() && shown && shown->invoice && shown->invoice->source == invoices::Source::range) {
                draw_void_ticks();
                kit::note(tr("两项都确认的作废重开，否则红冲重开"));
            }
            words = request_ != 0     ? tr("改抬头并重新提交")
                    : number_.empty() ? tr("改抬头")
                                      : tr("作废或红冲，并按正确的抬头重开");
            break;
        case Asking::discount:
            entered = kit::labelled_input(ids::kInvoicesDiscountYuan, tr("折扣，元（0 是不打折）"), &discount_,
                                          {.width = kit::px(200), .focus = focus})
                          .entered;
            entered |= reason(false);
            words = tr("记下折扣");
            break;
        case Asking::red: draw_red_reasons(); break;
        default:
            entered = reason(focus);
            if (asking_ == Asking::void_it) draw_void_ticks();
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
    if (focus) ImGui::SetScrollHereY(1);  // below a long invoice it would begin out of sight
}

}  // namespace sealdesk::panels

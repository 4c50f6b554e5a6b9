// What is asked before something is done to the invoice in the middle: the right title, a discount, a reason.
#include <utility>

#include "base/text.h"
#include "base/translate.h"
#include "desk/invoicing.h"
#include "invoices/allowances.h"
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
    if (asking_ == Asking::red) return why_not_red();
    if (asking_ != Asking::title && trimmed(reason_).empty()) return tr("先写原因");
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

std::vector<invoices::Line> InvoicesPanel::lines_left() const {
    const Shown* shown = shown_.get();
    if (!shown || shown->of != number_ || shown->pair.empty()) return {};
    return invoices::lines_left(shown->pair.front(), {shown->pair.begin() + 1, shown->pair.end()});
}

std::string InvoicesPanel::allowance_order() const {
    if (red_reason_ != RedReason::allowance) return {};
    if (!red_orders_.empty()) return red_orders_.front();
    const auto orders = invoices::orders_left(lines_left());
    return orders.size() == 1 ? orders.front() : "";
}

std::string InvoicesPanel::why_not_red() const {
    if (red_reason_ == RedReason::mistake && !red_orders_.empty()) return tr("开票有误只能全部红冲");
    const std::string order = allowance_order();
    if (order.empty()) return {};
    const auto amount = parse_yuan(trimmed(allowance_));
    if (!amount) return trf("“{}”不是金额", trimmed(allowance_));
    const auto may = invoices::check_allowance(lines_left(), order, *amount);
    return may ? std::string() : may.error().message;
}

// The next button stands beside the last one where there is room, else below.
static void beside(float width) {
    const float gap = kit::px(8), end = ImGui::GetCursorScreenPos().x + kit::inset_width();
    if (ImGui::GetItemRectMax().x + gap + width <= end) ImGui::SameLine(0, gap);
}

// Which of several orders; all of it stands in front.
void InvoicesPanel::draw_red_orders() {
    const auto orders = invoices::orders_left(lines_left());
    if (orders.size() < 2) return;
    bool first = true;
    const auto choice = [&](const std::string& name, const std::string& label, const std::vector<std::string>& list) {
        if (!std::exchange(first, false)) beside(kit::button_width(label));
        if (!kit::button(ids::with(ids::kInvoicesRedOrder, name).c_str(), label,
                         {.tone = red_orders_ == list ? kit::Tone::blue : kit::Tone::plain}))
            return;
        red_orders_ = list;
        just_asked_ = true;
    };
    kit::gap(4);
    choice("all", tr("整张发票"), {});
    for (const auto& no : orders) choice(no, no, {no});
}

// The reason, which order, and of an allowance its amount. True when Enter was pressed in that.
bool InvoicesPanel::draw_red_form(bool focus) {
    const std::string only = red_orders_.empty() ? allowance_order() : red_orders_.front();
    kit::note(only.empty() ? std::string(tr("红冲的原因；全部红冲")) : trf("红冲的原因；只红冲订单 {}", only));
    int digit = 0;
    for (const RedReason each : kReasons) {
        const std::string label = std::string(invoices::code_of(each)) + " " + invoices::word_of(each);
        const auto key = static_cast<ImGuiKey>(ImGuiKey_1 + digit++);
        if (each != kReasons[0]) beside(kit::button_width(label, key));
        if (kit::button(ids::with(ids::kInvoicesRedReason, invoices::code_of(each)).c_str(), label,
                        {.tone = red_reason_ == each ? kit::Tone::blue : kit::Tone::plain, .key = key})) {
            red_reason_ = each;
            just_asked_ = true;
        }
    }
    draw_red_orders();
    if (red_reason_ != RedReason::allowance) return false;
    kit::gap(4);
    const auto left = lines_left();
    const std::string order = allowance_order();
    if (order.empty()) kit::note(tr("选择一个订单，可以只折让一部分金额"));
    if (order.empty() || left.empty()) return false;
    const std::string most = yuan(invoices::left_of(left, order));
    if (std::exchange(allowance_for_, order) != order) allowance_ = most;
    const std::string off = why_not_red();
    return kit::labelled_input(ids::kInvoicesRedYuan, trf("从订单 {} 折让，元，含税；最多 {}", order, most), &allowance_,
                               {.refused = off, .width = kit::px(200), .focus = focus})
        .entered;
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
    // The invoice above may be read only now, and is longer than the one before.
    const bool moved = std::exchange(form_top_, ImGui::GetCursorPosY()) != ImGui::GetCursorPosY();
    bool entered = false;
    std::string words = tr("开红字发票");
    const auto reason = [&](bool take_keyboard) {
        return kit::labelled_input(ids::kInvoicesReason, tr("原因"), &reason_, {.width = kit::px(420), .focus = take_keyboard})
            .entered;
    };
    switch (asking_) {
        case Asking::title: {
            entered = draw_title_form(focus);
            const Shown* shown = shown_.get();
            const bool paper = !number_.empty() && shown && shown->invoice && !invoices::is_fully_digital(*shown->invoice);
            if (paper) {
                draw_void_ticks();
                kit::note(tr("两项都确认的作废重开，否则红冲重开"));
            }
            words = request_ != 0     ? tr("改抬头并重新提交")
                    : number_.empty() ? tr("改抬头")
                    : paper           ? tr("作废或红冲，并按正确的抬头重开")
                                      : tr("红冲，并按正确的抬头重开");
            break;
        }
        case Asking::discount: {
            const std::string label = order_no_.empty() ? trf("支付 {} 的折扣，元（0 是不打折）", payment_no_)
                                                        : trf("订单 {} 的折扣，元（0 是不打折）", order_no_);
            entered = kit::labelled_input(ids::kInvoicesDiscountYuan, label, &discount_, {.width = kit::px(200), .focus = focus})
                          .entered;
            // Enter goes on to what is missing.
            entered |= reason(entered && trimmed(reason_).empty() && parse_yuan(trimmed(discount_)).value_or(Fen{}) != Fen{});
            words = tr("记下折扣");
            break;
        }
        case Asking::red: entered = draw_red_form(focus); break;
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
    // Red is what takes an invoice back or gives something up.
    const bool mends = asking_ == Asking::discount || (asking_ == Asking::title && number_.empty());
    if (kit::button(ids::kInvoicesConfirm, words,
                    {.tone = mends ? kit::Tone::green : kit::Tone::red, .key = ImGuiKey_Enter, .disabled_because = off}) ||
        (entered && off.empty()))
        confirm(desk);
    ImGui::SameLine(0, kit::px(10));
    if (kit::button("invoices.no", tr("不了"), {.key = ImGuiKey_Escape})) begin(Asking::nothing);
    const bool told = asking_ == Asking::red || (asking_ == Asking::title && !trimmed(name_).empty());  // at its box
    if (!off.empty() && !told && asking_ != Asking::nothing) {
        ImGui::SameLine(0, kit::px(14));
        kit::note_beside(off, kit::px(38), kit::colour::amber);
    }
    kit::gap(8);
    if (focus || moved) ImGui::SetScrollHereY(1);  // below a long invoice it would be out of sight
}

}  // namespace sealdesk::panels

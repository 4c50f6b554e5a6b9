#include "panels/invoices_panel.h"

#include <algorithm>

#include "base/translate.h"
#include "panels/back_office_ids.h"
#include "panels/kit/kit.h"

namespace sealdesk::panels {

constexpr int kIssued = 100;

const invoices::Candidate* InvoicesPanel::candidate() const {
    const auto* list = candidates_.get();
    if (!list) return nullptr;
    const auto found = std::find_if(list->begin(), list->end(), [&](const auto& each) { return each.payment_no == payment_no_; });
    return found == list->end() ? nullptr : &*found;
}

void InvoicesPanel::ask(desk::Desk& desk) {
    storage::Database& database = desk.database();
    candidates_.refresh(desk, "candidates", [&database] { return invoices::candidates(database); });
    issued_.refresh(desk, "issued", [&database] { return invoices::issued(database, kIssued); });
    if (payment_no_.empty() && number_.empty()) return;
    shown_.refresh(
        desk, payment_no_ + "/" + number_,
        [&desk, payment = payment_no_, number = number_, actor = desk.actor.value_or(staff::Actor{})]() -> Result<Shown> {
            if (!number.empty()) {
                SEALDESK_LET(invoice, invoices::find(desk.database(), number));
                return Shown{number, true, std::move(invoice), ""};
            }
            SEALDESK_LET(taxes, desk::taxes_of(desk.settings(), desk.places()));
            auto invoice = invoices::preview(desk.database(), actor, taxes, payment);
            if (!invoice) return Shown{payment, false, {}, invoice.error().message};
            return Shown{payment, false, std::move(*invoice), ""};
        });
}

void InvoicesPanel::settle() {
    const auto* list = candidates_.get();
    if (!list || printing_.running()) return;
    if (!payment_no_.empty() && !candidate()) payment_no_.clear();
    if (payment_no_.empty() && number_.empty() && !list->empty()) payment_no_ = list->front().payment_no;
}

std::string InvoicesPanel::why_not(const desk::Desk& desk) const {
    if (!desk.actor) return tr("请先登录");
    if (!staff::has(desk.actor->roles, staff::Role::clerk)) return tr("只有发货员可以开票");
    const auto* chosen = candidate();
    if (!chosen) return tr("没有选中的支付");
    return chosen->blocked;
}

void InvoicesPanel::issue(desk::Desk& desk) {
    trouble_.clear();
    said_.clear();
    printing_.start(desk.jobs(), [&desk, actor = *desk.actor, payment = payment_no_]() -> Result<Printed> {
        SEALDESK_LET(taxes, desk::taxes_of(desk.settings(), desk.places()));
        SEALDESK_LET(invoice, invoices::issue(desk.database(), actor, taxes, payment));
        auto file = desk::write_invoice(desk.documents(), invoice);
        return Printed{std::move(invoice), std::move(file)};
    });
}

void InvoicesPanel::reprint(desk::Desk& desk) {
    trouble_.clear();
    said_.clear();
    printing_.start(desk.jobs(), [&desk, number = number_]() -> Result<Printed> {
        SEALDESK_LET(invoice, invoices::find(desk.database(), number));
        auto file = desk::write_invoice(desk.documents(), invoice);
        return Printed{std::move(invoice), std::move(file)};
    });
}

void InvoicesPanel::take_result(desk::Desk& desk) {
    if (!printing_.arrived()) return;
    auto& result = *printing_.ready();
    desk.touch();
    desk.nudge();
    if (!result) return trouble_.set(result.error());
    // The invoice stays in sight; the next payment is one click or key away.
    number_ = result->invoice.number;
    payment_no_.clear();
    if (result->file) {
        said_ = trf("发票 {} 已开出，文件 {}", number_, result->file->string());
        kit::frame().toasts.show(trf("发票 {} 已开出", number_), kit::Tone::green);
    } else {
        trouble_.set({result->file.error().kind, trf("发票 {} 已开出，但没有打印：{}", number_, result->file.error().message),
                      result->file.error().detail});
    }
}

void InvoicesPanel::draw(desk::Desk& desk) {
    ask(desk);
    take_result(desk);
    settle();
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
    draw_issued();
    kit::end_pane();
    trouble_.draw_dialog("invoices.trouble");
}

void InvoicesPanel::draw_candidates(desk::Desk& desk) {
    const auto* list = candidates_.get();
    kit::title_strip(list ? trf("待开票 {}", list->size()) : std::string(tr("待开票")), tr("一次支付一张发票"));
    if (const Error* error = candidates_.error()) kit::banner("invoices.retry", error->message, "");
    if (!list) return;
    if (list->empty()) return kit::empty_text(tr("没有等待开票的支付。制证完成后，支付会出现在这里"));
    kit::begin_pane("invoices.waiting.list", {0, 0});
    for (const auto& each : *list) {
        kit::ListRow row;
        row.title = each.title.name;
        row.title_right = yuan_on_screen(each.total);
        if (!each.blocked.empty()) row.chips.push_back({tr("还不能开"), kit::Tone::amber});
        if (each.refunded > 0) row.chips.push_back({trf("退款 {}", each.refunded), kit::Tone::orange});
        row.note =
            each.order_nos.size() > 1 ? trf("{} · 合并支付 {} 单", each.payment_no, each.order_nos.size()) : each.payment_no;
        row.note_right = {how_long(desk.clock().now() - each.paid_at), kit::Tone::plain};
        row.selected = each.payment_no == payment_no_;
        if (kit::list_row(ids::with(ids::kInvoicesPayment, each.payment_no).c_str(), row) && !printing_.running()) {
            payment_no_ = each.payment_no;
            number_.clear();
            said_.clear();
            trouble_.clear();
        }
    }
    kit::end_pane();
}

void InvoicesPanel::draw_invoice(desk::Desk& desk) {
    const Shown* shown = shown_.get();
    if ((payment_no_.empty() && number_.empty()) || !shown) {
        kit::title_strip(tr("发票"));
        if (payment_no_.empty() && number_.empty())
            kit::empty_text(tr("选中一次支付，这里会显示将要开出的发票"), "Enter", tr("开票"));
        return;
    }
    const std::string number = shown->issued ? shown->of : std::string();
    kit::title_strip(shown->issued ? trf("发票 {}", number) : std::string(tr("将要开出的发票")), shown->issued ? "" : shown->of);
    kit::begin_pane("invoices.body", {0, -kit::px(kit::kFootHeight)});
    kit::gap(6);
    if (const Error* error = shown_.error()) {
        const kit::Inset inset;
        kit::callout(error->message, "", kit::Tone::red, kit::inset_width());
    } else if (shown->invoice) {
        draw_paper(*shown->invoice, shown->issued);
    } else {
        const kit::Inset inset;
        kit::callout(shown->blocked, tr("处理好以后，这里会显示将要开出的发票"), kit::Tone::amber, kit::inset_width());
    }
    kit::gap(10);
    {
        const kit::Inset inset;
        if (!said_.empty()) kit::callout(said_, "", kit::Tone::green, kit::inset_width());
        trouble_.draw_beside();
    }
    kit::end_pane();
    kit::line();
    kit::begin_pane("invoices.foot", {0, 0}, kit::Ground::foot, kit::px(14, 11));
    const bool running = printing_.running();
    if (number_.empty()) {
        const std::string off = running ? tr("正在开票") : why_not(desk);
        if (kit::button(ids::kInvoicesIssue, running ? tr("正在开票") : tr("开票"),
                        {.tone = kit::Tone::green, .key = ImGuiKey_Enter, .disabled_because = off}))
            issue(desk);
        if (!off.empty() && !running) {
            ImGui::SameLine(0, kit::px(14));
            kit::note(off, kit::colour::amber);
        }
    } else {
        if (kit::button(ids::kInvoicesReprint, tr("重新打印"),
                        {.key = ImGuiKey_P, .disabled_because = running ? tr("正在打印") : ""}))
            reprint(desk);
        ImGui::SameLine(0, kit::px(10));
        const auto* list = candidates_.get();
        if (kit::button("invoices.next", tr("下一张"),
                        {.key = ImGuiKey_N, .disabled_because = !list || list->empty() ? tr("没有等待开票的支付") : ""})) {
            number_.clear();
            said_.clear();
        }
    }
    kit::end_pane();
}

void InvoicesPanel::draw_paper(const invoices::Invoice& invoice, bool issued) const {
    const auto& title = invoice.title;
    const auto sound = invoices::check_title(title);
    kit::field_row({.label = tr("发票抬头"), .value = title.name, .verdict = {orders::word_of(title.kind), kit::Tone::plain}});
    if (title.kind == orders::SubjectKind::unit)
        kit::field_row({.label = tr("纳税人号"),
                        .value = title.tax_number,
                        .verdict = {sound ? std::string(tr("格式正确")) : sound.error().message,
                                    sound ? kit::Tone::green : kit::Tone::red}});
    kit::field_row({.label = tr("销售方"), .value = invoice.seller.name});
    kit::field_row({.label = tr("备注"), .value = invoice.remark});
    if (issued) {
        const std::string when = trf("{} · {}", date_time(invoice.issued_at), invoice.issued_by);
        kit::field_row({.label = tr("开票"), .value = when});
    }
    kit::gap(6);
    const kit::Column columns[] = {{tr("项目名称")},
                                   {tr("规格"), 70},
                                   {tr("数量"), 56, kit::Align::right},
                                   {tr("金额"), 96, kit::Align::right},
                                   {tr("税率"), 64, kit::Align::right},
                                   {tr("税额"), 90, kit::Align::right}};
    const float height = kit::px(34) * static_cast<float>(invoice.lines.size() + 1) + kit::px(8);
    if (kit::begin_table("invoices.lines", columns, height)) {
        int index = 0;
        for (const auto& line : invoice.lines) {
            kit::table_row(("invoices.line." + std::to_string(++index)).c_str());
            kit::cell(line.printed);
            kit::cell(line.spec);
            kit::cell(std::to_string(line.quantity));
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

void InvoicesPanel::draw_issued() {
    const auto* list = issued_.get();
    kit::title_strip(tr("已开出"), tr("最新在上"));
    if (const Error* error = issued_.error()) kit::banner("invoices.issued.retry", error->message, "");
    if (!list) return;
    if (list->empty()) return kit::empty_text(tr("还没有开出发票。开出的发票会出现在这里，可以重新打印"));
    kit::begin_pane("invoices.issued.list", {0, 0});
    for (const auto& each : *list) {
        kit::ListRow row;
        row.title = each.title_name;
        row.title_right = yuan_on_screen(each.total);
        row.note = each.number;
        row.note_right = {date_time(each.issued_at), kit::Tone::plain};
        row.selected = each.number == number_;
        if (kit::list_row(ids::with(ids::kInvoicesIssued, each.number).c_str(), row) && !printing_.running()) {
            number_ = each.number;
            payment_no_.clear();
            said_.clear();
            trouble_.clear();
        }
    }
    kit::end_pane();
}

}  // namespace sealdesk::panels

#include "panels/review_form.h"

#include <algorithm>
#include <sstream>
#include <utility>

#include "base/text.h"
#include "base/translate.h"
#include "orders/numbers.h"
#include "panels/ids.h"
#include "panels/kit/kit.h"
#include "panels/order_words.h"
#include "panels/waiting.h"

namespace sealdesk::panels {

using orders::DocumentKind;
using orders::State;
using orders::SubjectKind;

namespace {

constexpr float kSide = 14;  // px at 96 dpi, the fields' left edge

kit::Chip verdict_of(const orders::NumberFinding& finding) {
    if (finding.ok) return {tr("校验相符"), kit::Tone::green};
    return finding.overridable ? kit::Chip{tr("校验不符"), kit::Tone::amber} : kit::Chip{tr("格式不对"), kit::Tone::red};
}

orders::NumberFinding check_document(const orders::Subject& subject, Day today) {
    switch (subject.document_kind) {
        case DocumentKind::uscc: return orders::check_uscc(subject.document_number);
        case DocumentKind::organisation_code: return orders::check_organisation_code(subject.document_number);
        case DocumentKind::identity_card: return orders::check_identity_number(subject.document_number, today);
        case DocumentKind::other: break;
    }
    return {};
}

// Something to say below a field, as wide as the fields.
void say_below(const std::string& sentence, kit::Tone tone) {
    ImGui::SetCursorPosX(ImGui::GetCursorPosX() + kit::px(kSide));
    kit::callout(sentence, "", tone, ImGui::GetContentRegionAvail().x - kit::px(kSide));
    kit::gap(6);
}

void section(const char* title, const char* hint = "") {
    kit::gap(8);
    kit::line();
    kit::gap(8);
    ImGui::SetCursorPosX(ImGui::GetCursorPosX() + kit::px(kSide));
    kit::section(title, hint);
    kit::gap(4);
}

kit::Chip verdict_on_amount(const OpenedOrder& opened) {
    const auto& payment = opened.desk.order.payment;
    if (opened.paid_together < payment.orders)
        return {trf("合并支付，已到 {}/{} 单", opened.paid_together, payment.orders), kit::Tone::amber};
    if (opened.together + payment.freight + payment.handling_fee == payment.total) return {tr("费用相符"), kit::Tone::green};
    return {tr("费用不符"), kit::Tone::red};
}

std::string submission_of(const orders::DeskOrder& order) { return fmt::format("{}#{}", order.order.no, order.revision); }

}  // namespace

Result<OpenedOrder> load_opened(storage::Database& database, const std::string& no) {
    OpenedOrder opened;
    SEALDESK_TRY(database.read([&](storage::Tx& tx) -> Result<> {
        SEALDESK_LET(desk, orders::load(tx, no));
        opened.desk = std::move(desk);
        opened.claimer = staff::person_of(tx, opened.desk.claimed_by);
        SEALDESK_LET(together, orders::of_payment(tx, opened.desk.order.payment.no));
        opened.paid_together = static_cast<int>(together.size());
        for (const auto& each : together) {
            SEALDESK_LET(other, orders::load(tx, each));
            opened.together += other.order.amounts.total();
        }
        return {};
    }));
    SEALDESK_LET(decisions, review::decisions(database, no));
    opened.decisions = std::move(decisions);
    SEALDESK_LET(earlier, review::earlier_rounds(database, {no}));
    opened.earlier = std::move(earlier[no]);
    SEALDESK_LET(keys, keys::standings(database, no));
    opened.keys = std::move(keys);
    return opened;
}

void ReviewForm::clear() {
    reasons_.clear();
    note_.clear();
    refused_.clear();
}

void ReviewForm::recall(const desk::Desk& desk, const desk::Memory& memory) {
    left_.submission = memory.get("review.draft");
    left_.note = memory.get("review.draft.note");
    std::istringstream codes(memory.get("review.draft.reasons"));
    for (std::string code; codes >> code;)
        for (size_t i = 0; i < desk.reasons().size(); ++i)
            if (desk.reasons()[i].code == code) left_.reasons.insert(i);
}

void ReviewForm::remember(const desk::Desk& desk, desk::Memory& memory, const orders::DeskOrder* order) const {
    const bool written = order != nullptr && (!note_.empty() || !reasons_.empty());
    std::string codes;
    if (written)
        for (const auto& reason : chosen(desk)) codes += reason.code + " ";
    memory.set("review.draft", written ? submission_of(*order) : "");
    memory.set("review.draft.note", written ? note_ : "");
    memory.set("review.draft.reasons", codes);
}

void ReviewForm::take_draft(const orders::DeskOrder& order) {
    if (left_.submission != submission_of(order)) return;
    note_ = std::move(left_.note);
    reasons_ = std::move(left_.reasons);
    left_ = {};
}

std::vector<review::Reason> ReviewForm::chosen(const desk::Desk& desk) const {
    std::vector<review::Reason> list;
    for (const size_t i : reasons_)
        if (i < desk.reasons().size()) list.push_back(desk.reasons()[i]);
    return list;
}

void ReviewForm::draw_fields(const desk::Desk& desk, const OpenedOrder& opened) {
    const auto& order = opened.desk.order;
    const auto& subject = order.subject;
    const bool unit = subject.kind == SubjectKind::unit;
    using namespace checks::field;
    // A click on such a value takes the viewer to where it stands on the scans.
    const auto placed = [&](std::string_view field, const std::string& value, kit::FieldRow row) {
        const std::string id = ids::review_value(std::string(field));
        row.id = id.c_str();
        if (kit::field_row(row)) wanted_place_ = value;
    };
    const auto [name_from, name_length] = findings_.marked(name);
    placed(name, subject.name,
           {.label = unit ? tr("单位名称") : tr("姓名"),
            .value = subject.name,
            .verdict = findings_.chip(name),
            .marked_from = name_from,
            .marked_length = name_length});
    const auto document = check_document(subject, day_of(desk.clock().now()));
    const auto [number_from, number_length] = findings_.marked(document_number);
    placed(document_number, subject.document_number,
           {.label = word_of(subject.document_kind),
            .value = subject.document_number,
            .verdict = findings_.chip(document_number,
                                      subject.document_kind == DocumentKind::other ? kit::Chip{} : verdict_of(document)),
            .marked_from = number_from,
            .marked_length = number_length});
    if (!document.ok && !findings_.ready())
        say_below(document.sentence, document.overridable ? kit::Tone::amber : kit::Tone::red);
    if (!unit) {
        kit::field_row({.label = tr("身份"), .value = word_of(subject.role)});
        if (!subject.enterprise.empty())
            placed(enterprise, subject.enterprise,
                   {.label = tr("所属单位"), .value = subject.enterprise, .verdict = findings_.chip(enterprise)});
    }
    const auto mobile = orders::check_mobile(subject.mobile);
    auto mobile_verdict = verdict_of(mobile);
    if (mobile.ok) mobile_verdict.words = tr("格式正确");
    const std::string contact = subject.handler + (subject.handler.empty() ? "" : "    ") + masked(subject.mobile, 3, 4);
    placed(unit ? handler : checks::field::mobile, unit && !subject.handler.empty() ? subject.handler : subject.mobile,
           {.label = unit ? tr("经办人") : tr("手机"),
            .value = contact,
            .verdict = findings_.chip(checks::field::mobile, mobile_verdict)});
    if (!mobile.ok && !findings_.ready()) say_below(mobile.sentence, kit::Tone::red);
    kit::field_row({.label = tr("年限 × 数量"),
                    .value = trf("{} 年 × {}", order.years, order.quantity) + "    " + short_yuan(order.amounts.total()),
                    .verdict = findings_.chip(term)});
    const auto& payment = order.payment;
    kit::field_row(
        {.label = tr("支付"),
         .value = trf("{} {}，运费 {}", word_of(payment.channel), short_yuan(payment.total), short_yuan(payment.freight)),
         .verdict = findings_.chip(checks::field::payment, verdict_on_amount(opened))});
    if (payment.orders > 1) say_below(trf("与另外 {} 单合并支付，支付单号 {}", payment.orders - 1, payment.no), kit::Tone::blue);
    const auto& title = order.invoice_title;
    const bool same = title.tax_number == subject.document_number;
    kit::field_row(
        {.label = tr("发票抬头"),
         .value = title.name,
         .verdict = findings_.chip(invoice_title, same ? kit::Chip{tr("税号同证件"), kit::Tone::green} : kit::Chip{})});
    if (!same && !title.tax_number.empty())
        placed(tax_number, title.tax_number,
               {.label = tr("税号"), .value = title.tax_number, .verdict = findings_.chip(tax_number)});
    const auto& delivery = order.delivery;
    kit::field_row({.label = word_of(delivery.method),
                    .value = delivery.method == orders::DeliveryMethod::pickup ? std::string_view(tr("到中心领取"))
                                                                               : std::string_view(delivery.address),
                    .verdict = findings_.chip(checks::field::delivery)});
    if (!order.replaced_certificate.empty()) kit::field_row({.label = tr("原证书"), .value = order.replaced_certificate});
    const auto& package = order.current();
    kit::field_row(
        {.label = tr("材料包"), .value = package.package_name, .verdict = {date_time(package.submitted_at), kit::Tone::plain}});
}

// What a company is told that calls and knows no serial.
void ReviewForm::draw_keys(const OpenedOrder& opened) {
    if (opened.keys.empty()) return;
    section(tr("KEY"), tr("点开看 KEY 卡"));
    for (const auto& each : opened.keys) {
        const kit::Tone tone = each.active ? kit::Tone::green : kit::Tone::amber;
        const std::string unit = trf("第 {} 个", each.key.unit_no), id = ids::review_key(each.key.serial);
        if (kit::field_row({.label = unit,
                            .value = each.key.serial,
                            .verdict = {each.active ? tr("已绑定并激活") : tr("没有激活"), tone},
                            .id = id.c_str()}))
            wanted_key_ = each.key.serial;
        say_below(each.reason, tone);
    }
}

void ReviewForm::draw_findings(desk::Desk& desk, const orders::DeskOrder& order, bool deciding) {
    const auto wish = findings_.draw(desk, order, deciding);
    if (wish.page > 0) wanted_page_ = wish.page;
    for (size_t i = 0; !wish.reason.empty() && i < desk.reasons().size(); ++i)
        if (desk.reasons()[i].code == wish.reason) reasons_.insert(i);
}

void ReviewForm::draw_decisions(const OpenedOrder& opened) {
    if (opened.decisions.empty()) return;
    section(tr("审核记录"));
    for (auto it = opened.decisions.rbegin(); it != opened.decisions.rend(); ++it) {
        const bool approved = it->verdict == "approved";
        ImGui::SetCursorPosX(ImGui::GetCursorPosX() + kit::px(kSide));
        kit::chip(it->undone ? tr("已撤销")
                  : approved ? tr("通过")
                             : tr("退回"),
                  it->undone ? kit::Tone::plain
                  : approved ? kit::Tone::green
                             : kit::Tone::red);
        ImGui::SameLine(0, kit::px(8));
        kit::note(trf("第 {} 次提交 · {} · {}", it->revision, it->by, date_time(it->at)));
        std::string said;
        for (const auto& reason : it->reasons) said += (said.empty() ? "" : "\n") + reason;
        if (!it->note.empty()) said += (said.empty() ? "" : "\n") + it->note;
        kit::gap(4);
        if (!said.empty()) say_below(said, it->undone ? kit::Tone::plain : kit::Tone::red);
    }
}

void ReviewForm::draw_reasons(const desk::Desk& desk) {
    kit::line();
    kit::gap(8);
    ImGui::SetCursorPosX(ImGui::GetCursorPosX() + kit::px(kSide));
    kit::section(tr("退回原因"), tr("按数字键选择，可多选"));
    kit::gap(4);
    const float right = ImGui::GetWindowPos().x + ImGui::GetWindowWidth() - kit::px(kSide);
    const auto& all = desk.reasons();
    ImGui::Indent(kit::px(kSide));
    int digit = 0;
    for (size_t i = 0; i < all.size() && digit < 9; ++i) {
        if (!all[i].blanks.empty()) continue;  // blanks are filled in at an item
        const auto key = static_cast<ImGuiKey>(ImGuiKey_1 + digit++);
        const float width = kit::text_size(all[i].title).x + kit::px(32);
        if (digit > 1 && ImGui::GetItemRectMax().x + kit::px(12) + width < right) ImGui::SameLine(0, kit::px(12));
        if (kit::choice(ids::review_reason(digit).c_str(), all[i].title, key, reasons_.contains(i))) {
            if (!reasons_.erase(i)) reasons_.insert(i);
            refused_.clear();
        }
    }
    for (const size_t i : reasons_) {
        kit::gap(4);
        kit::callout(all[i].sentence, tr("申请人将看到这段文字"), kit::Tone::red,
                     ImGui::GetContentRegionAvail().x - kit::px(kSide));
    }
    kit::gap(8);
    if (kit::input(ids::review_note, &note_,
                   {.hint = tr("补充说明（申请人会看到，最多 500 字）"), .refused = refused_, .width = -kit::px(kSide)})
            .changed)
        refused_.clear();
    ImGui::Unindent(kit::px(kSide));
    kit::gap(10);
}

ReviewForm::Wish ReviewForm::draw_foot(const desk::Desk& desk, const OpenedOrder& opened, const std::string& busy) {
    const auto& order = opened.desk;
    const Instant now = desk.clock().now();
    const bool held = !order.claimed_by.empty() && order.claimed_until > now;
    const bool mine = order.claimed_by == desk.actor->login;
    std::string off = busy;
    if (const auto allowed = staff::require(*desk.actor, staff::Role::reviewer); !allowed)
        off = allowed.error().message;
    else if (order.state != State::paid)
        off = trf("订单现在是“{}”，不在审核中", word_of(order.state));
    else if (held && !mine)
        off = trf("{} 正在审核这一单", opened.claimer);
    kit::begin_pane("review.form_foot", {0, kit::px(kit::kFootHeight)}, kit::Ground::foot, kit::px(kSide, 12),
                    ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
    Wish wish = Wish::none;
    if (!mine && order.state == State::paid) {
        if (kit::button(ids::review_claim, tr("领取这一单"),
                        {.tone = kit::Tone::blue, .key = ImGuiKey_Enter, .disabled_because = off}))
            wish = Wish::claim;
    } else if (order.state == State::paid) {
        // On a narrow screen they share the room.
        constexpr int kButtons = 4;
        const float gap = kit::px(8), share = (ImGui::GetContentRegionAvail().x - (kButtons - 1) * gap) / kButtons;
        bool first = true;
        const auto decide = [&](const char* id, std::string_view words, ImGuiKey key, kit::Tone tone) {
            if (!std::exchange(first, false)) ImGui::SameLine(0, gap);
            const float width = kit::button_width(words, kit::frame().keymap.of(id, key));
            return kit::button(id, words, {.tone = tone, .key = key, .disabled_because = off, .width = std::min(share, width)});
        };
        if (decide(ids::review_approve, tr("通过"), ImGuiKey_A, kit::Tone::green)) wish = Wish::approve;
        if (decide(ids::review_reject, tr("退回"), ImGuiKey_R, kit::Tone::red)) wish = Wish::reject;
        if (decide(ids::review_release, tr("放回"), ImGuiKey_H, kit::Tone::plain)) wish = Wish::release;
        if (decide(ids::review_preview, tr("预览"), ImGuiKey_P, kit::Tone::plain)) preview_.open();
    }
    if (!off.empty() && busy.empty()) {
        if (order.state == State::paid) ImGui::SameLine(0, kit::px(10));
        kit::note_beside(off, kit::px(38));
    }
    kit::end_pane();
    return wish;
}

ReviewForm::Wish ReviewForm::draw(desk::Desk& desk, const OpenedOrder& opened, const std::string& busy) {
    const auto& order = opened.desk.order;
    kit::begin_pane("review.form_head", {0, kit::px(kit::kBarHeight)}, kit::Ground::pane, {},
                    ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
    kit::centre(kit::px(kit::kBarHeight), ImGui::GetFontSize());
    ImGui::SetCursorPosX(kit::px(kSide));
    kit::bold(order.no);
    const auto chip = [](const kit::Chip& words) {
        ImGui::SameLine(0, kit::px(8));
        kit::chip(words.words, words.tone);
    };
    chip(kind_chip(order.kind, order.cause));
    if (opened.desk.revision > 1) chip({trf("重传 #{}", opened.desk.revision), kit::Tone::violet});
    chip(state_chip(opened.desk.state));
    if (const auto waiting = waiting_of(desk, opened.desk.state, opened.desk.waiting_since, opened.earlier);
        opened.desk.state == State::paid)
        chip(waiting_chip(desk, opened.desk.state, opened.desk.waiting_since, waiting));
    kit::end_pane();
    kit::line();
    const bool deciding = opened.desk.state == State::paid && opened.desk.claimed_by == desk.actor->login;
    // The reasons stay in sight however much there is to read above them.
    const float foot = kit::px(kit::kFootHeight + 1), room = ImGui::GetContentRegionAvail().y - foot;
    const float reasons = deciding ? std::min(reasons_high_ > 0 ? reasons_high_ : kit::px(180), room * 0.5f) : 0;
    kit::begin_pane("review.form", {0, -(foot + reasons)}, kit::Ground::pane);
    kit::gap(4);
    findings_.follow(desk, opened.desk);
    draw_fields(desk, opened);
    draw_keys(opened);
    items_.follow(desk, opened.desk, deciding);
    if (const int page = items_.draw(deciding); page > 0) wanted_page_ = page;
    draw_findings(desk, opened.desk, deciding);
    draw_decisions(opened);
    kit::end_pane();
    if (deciding) {
        kit::begin_pane("review.reasons", {0, reasons}, kit::Ground::pane);
        if (items_.chosen()) {
            refused_.clear();
            items_.draw_chosen(desk, opened.desk);
        } else
            draw_reasons(desk);
        // As high as what it holds, known from the frame before.
        if (const float high = ImGui::GetCursorPosY(); high != reasons_high_) {
            reasons_high_ = high;
            kit::wake_in(0);
        }
        kit::end_pane();
    }
    kit::line();
    const Wish wish = draw_foot(desk, opened, busy);
    preview_.draw(desk, opened.desk, items_.list(), chosen(desk), note_, items_.pictures());
    items_.draw_trouble();
    return wish;
}

}  // namespace sealdesk::panels

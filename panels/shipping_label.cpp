#include "panels/shipping_label.h"

#include "base/text.h"
#include "base/translate.h"
#include "desk/papers.h"
#include "desk/shipping_worker.h"
#include "panels/kit/kit.h"
#include "panels/shipping_ids.h"
#include "shipping/waybills.h"

namespace sealdesk::panels {

using shipping::Shipment;

template <class Job>
void LabelCard::start(desk::Desk& desk, Job job) {
    trouble_.clear();
    said_.clear();
    working_.start(desk.jobs(), std::move(job));
}

void LabelCard::take_result(desk::Desk& desk) {
    if (!working_.arrived()) return;
    const Done done = *working_.ready();
    desk.touch();
    desk.shipping().nudge();
    said_ = done.sentence;
    if (done.error) trouble_.set(*done.error);
    if (!done.sentence.empty()) open_ = Open::nothing;
}

void LabelCard::draw_place(desk::Desk& desk, const Shipment& parcel, const std::string& off) {
    kit::labelled_input(ids::kLabelRecipient, tr("收件人"), &place_.recipient, {.width = kit::px(260)});
    kit::labelled_input(ids::kLabelMobile, tr("手机"), &place_.mobile, {.width = kit::px(260)});
    kit::labelled_input(ids::kLabelAddress, tr("地址"), &place_.address);
    kit::gap(6);
    if (!kit::button(ids::kLabelPlaceSave, tr("改收件信息"), {.tone = kit::Tone::amber, .disabled_because = off})) return;
    start(desk, [&desk, actor = *desk.actor, id = parcel.id, place = place_]() -> Done {
        const auto corrected = shipping::correct_place(desk.database(), actor, id, place, desk::desk_name(desk));
        if (!corrected) return {"", corrected.error()};
        if (corrected->waybill.empty()) return {tr("收件信息已改，正在重新取号，取到以后自动打印"), {}};
        if (!corrected->stale.empty()) return {tr("收件信息已改，旧面单不能再用：请重印面单"), {}};
        if (corrected->papers_due) {
            const auto papers = desk::print_papers(desk, actor, id);
            if (!papers) return {tr("收件信息已改"), papers.error()};
            return {trf("收件信息已改，{} 张单据已做好", papers->files.size()), {}};
        }
        return {tr("收件信息已改"), {}};
    });
}

void LabelCard::draw_number(desk::Desk& desk, const Shipment& parcel, const std::string& off) {
    draw_number_sources(desk, ids::kLabelSource, from_);
    kit::labelled_input(ids::kLabelTyped, tr("新的快递单号（不填则按上面的来源取）"), &typed_,
                        {.hint = tr("扫描或输入"), .width = kit::px(320)});
    courier_.draw(ids::kLabelCourier, typed_);
    kit::labelled_input(ids::kLabelReason, tr("换单号的原因"), &reason_,
                        {.hint = tr("换快递、面单作废…"), .width = kit::px(320)});
    kit::gap(6);
    std::string why = off;
    if (why.empty()) why = courier_.why_not(typed_);
    if (why.empty() && trimmed(reason_).empty()) why = tr("先写原因");
    if (!kit::button(ids::kLabelNumberSave, tr("作废旧号，换新号"), {.tone = kit::Tone::amber, .disabled_because = why})) return;
    shipping::NumberFrom from = from_;
    if (!typed_.empty()) from = {shipping::Source::typed, courier_.courier(typed_), typed_};
    start(desk, [&desk, actor = *desk.actor, id = parcel.id, from, reason = reason_]() -> Done {
        const auto changed = shipping::change_waybill(desk.database(), actor, id, from, reason, desk::desk_name(desk));
        if (!changed) return {"", changed.error()};
        if (changed->waybill.empty()) return {tr("旧单号已作废，正在取新单号，取到以后自动打印"), {}};
        const std::string said = trf("旧单号已作废，新单号 {}", changed->waybill);
        const auto papers = desk::print_papers(desk, actor, id);
        return {said, papers ? std::nullopt : std::optional(papers.error())};
    });
}

void LabelCard::draw(desk::Desk& desk, const Shipment& parcel, const std::string& off) {
    take_result(desk);
    if (parcel.state == shipping::ShipmentState::handed_over || parcel.delivery.method == orders::DeliveryMethod::pickup) return;
    if (of_ != parcel.id) {
        of_ = parcel.id;
        open_ = Open::nothing;
        said_.clear();
        trouble_.clear();
    }
    const kit::Inset inset;
    kit::gap(8);
    const auto opener = [this](const char* id, const char* words, Open which) {
        if (!kit::button(id, words, {.tone = open_ == which ? kit::Tone::blue : kit::Tone::plain})) return false;
        open_ = open_ == which ? Open::nothing : which;
        return open_ == which;
    };
    bool opened = false;
    if (opener(ids::kLabelPlace, tr("改地址"), Open::place)) {
        opened = true;
        place_ = parcel.delivery;
    }
    ImGui::SameLine(0, kit::px(8));
    if (opener(ids::kLabelNumber, tr("取消或换单号"), Open::number)) {
        opened = true;
        from_ = {};
        typed_.clear();
        reason_.clear();
    }
    kit::gap(6);
    const std::string why = working_.running() ? tr("正在处理") : off;
    if (open_ == Open::place) draw_place(desk, parcel, why);
    if (open_ == Open::number) draw_number(desk, parcel, why);
    // It may begin below what is in sight, and a typed number asks for its courier as well.
    const bool asks = open_ == Open::number && !typed_.empty();
    if (opened || (asks && !asked_courier_)) ImGui::SetScrollHereY(1);
    asked_courier_ = asks;
    if (!said_.empty()) kit::callout(said_, "", kit::Tone::green, kit::inset_width());
    trouble_.draw_beside();
    trouble_.draw_dialog("shipping.label.trouble");
}

}  // namespace sealdesk::panels

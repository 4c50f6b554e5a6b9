#include "panels/shipping_panel.h"

#include <algorithm>

#include "base/translate.h"
#include "panels/back_office_ids.h"
#include "panels/kit/kit.h"
#include "shipping/waybill.h"

namespace sealdesk::panels {

using shipping::Proposal;
using shipping::Shipment;

static std::string first_order(const Proposal& proposal) {
    return proposal.contents.empty() ? std::string() : proposal.contents.front().order_no;
}

const Proposal* ShippingPanel::proposal() const {
    const Parcels* all = parcels_.get();
    if (!all || chosen_.empty()) return nullptr;
    const auto& list = all->proposals;
    const auto found = std::find_if(list.begin(), list.end(), [&](const auto& each) { return first_order(each) == chosen_; });
    return found == list.end() ? nullptr : &*found;
}

const Shipment* ShippingPanel::shipment() const {
    const Parcels* all = parcels_.get();
    if (!all || packed_ == 0) return nullptr;
    for (const auto* list : {&all->packed, &all->out})
        for (const auto& each : *list)
            if (each.id == packed_) return &each;
    return nullptr;
}

void ShippingPanel::ask(desk::Desk& desk) {
    const Day today = day_of(desk.clock().now());
    parcels_.refresh(desk, text_of(today), [&database = desk.database(), today]() -> Result<Parcels> {
        SEALDESK_LET(proposals, shipping::proposals(database));
        SEALDESK_LET(packed, shipping::waiting(database));
        SEALDESK_LET(out, shipping::handed_over_on(database, today));
        return Parcels{std::move(proposals), std::move(packed), std::move(out)};
    });
}

void ShippingPanel::settle() {
    const Parcels* all = parcels_.get();
    if (!all || working_.running()) return;
    if (!chosen_.empty() && !proposal()) chosen_.clear();
    if (chosen_.empty() && packed_ == 0 && !all->proposals.empty()) {
        chosen_ = first_order(all->proposals.front());
        waybill_.clear();
    }
}

std::string ShippingPanel::why_not(const desk::Desk& desk) const {
    if (!desk.actor) return tr("请先登录");
    if (!staff::has(desk.actor->roles, staff::Role::clerk)) return tr("只有发货员可以打包和交寄");
    return {};
}

void ShippingPanel::pack(desk::Desk& desk, const Proposal& proposal) {
    trouble_.clear();
    said_.clear();
    std::vector<std::string> numbers;
    for (const auto& content : proposal.contents) numbers.push_back(content.order_no);
    working_.start(desk.jobs(), [&desk, actor = *desk.actor, numbers, typed = waybill_]() -> Done {
        const auto parcel = shipping::pack(desk.database(), actor, numbers, typed);
        if (!parcel) return {"", parcel.error(), 0};
        if (parcel->waybill.empty()) return {tr("已打包，等申请人自取"), {}, parcel->id};
        const std::string packed = trf("已打包，快递单号 {}", parcel->waybill);
        const auto file =
            desk::write_label(desk.documents(), desk::centre_of(desk.settings()), *parcel, desk.database().now(), 0);
        if (!file)
            return {packed, Error{file.error().kind, trf("面单没有打印：{}", file.error().message), file.error().detail},
                    parcel->id};
        const auto counted = shipping::printed(desk.database(), actor, parcel->id);
        if (!counted) return {packed, counted.error(), parcel->id};
        return {trf("{}，面单 {}", packed, file->string()), {}, parcel->id};
    });
}

void ShippingPanel::reprint(desk::Desk& desk, std::int64_t id) {
    trouble_.clear();
    said_.clear();
    working_.start(desk.jobs(), [&desk, actor = *desk.actor, id]() -> Done {
        const auto parcel = shipping::find(desk.database(), id);
        if (!parcel) return {"", parcel.error(), id};
        // Counted first: a label that may have been printed is marked as a reprint.
        const auto counted = shipping::printed(desk.database(), actor, id);
        if (!counted) return {"", counted.error(), id};
        const auto file =
            desk::write_label(desk.documents(), desk::centre_of(desk.settings()), *parcel, desk.database().now(), *counted - 1);
        if (!file) return {"", file.error(), id};
        return {trf("第 {} 次打印，面单 {}", *counted, file->string()), {}, id};
    });
}

void ShippingPanel::hand_over(desk::Desk& desk, const std::vector<std::int64_t>& numbers) {
    trouble_.clear();
    said_.clear();
    working_.start(desk.jobs(), [&desk, actor = *desk.actor, numbers]() -> Done {
        int done = 0;
        for (const auto id : numbers) {
            const auto out = shipping::hand_over(desk.database(), actor, id);
            if (!out) return {done > 0 ? trf("已交寄 {} 个包裹", done) : std::string(), out.error(), id};
            ++done;
        }
        return {trf("已交寄 {} 个包裹", done), {}, numbers.size() == 1 ? numbers.front() : 0};
    });
}

void ShippingPanel::take_result(desk::Desk& desk) {
    if (!working_.arrived()) return;
    const Done done = *working_.ready();
    desk.touch();
    desk.nudge();
    said_ = done.sentence;
    if (done.error) trouble_.set(*done.error);
    if (done.error && done.sentence.empty()) return;
    packed_ = done.shipment;
    if (packed_ != 0) chosen_.clear();
    waybill_.clear();
}

void ShippingPanel::draw(desk::Desk& desk) {
    ask(desk);
    take_result(desk);
    settle();
    const float right = std::min(kit::px(400), ImGui::GetContentRegionAvail().x * 0.3f);
    kit::begin_pane("shipping.proposals", {kit::px(360), 0});
    draw_proposals(desk);
    kit::end_pane();
    kit::edge_right();
    ImGui::SameLine(0, 0);
    kit::begin_pane("shipping.chosen", {-right - kit::px(1), 0});
    draw_parcel(desk);
    kit::end_pane();
    kit::edge_right();
    ImGui::SameLine(0, 0);
    kit::begin_pane("shipping.out", {0, 0});
    draw_out(desk);
    kit::end_pane();
    trouble_.draw_dialog("shipping.trouble");
}

void ShippingPanel::draw_proposals(desk::Desk& desk) {
    const Parcels* all = parcels_.get();
    kit::title_strip(all ? trf("待打包 {}", all->proposals.size()) : std::string(tr("待打包")), tr("同一支付、同一地址一个包裹"));
    if (const Error* error = parcels_.error()) kit::banner("shipping.retry", error->message, "");
    if (!all) return;
    if (all->proposals.empty()) return kit::empty_text(tr("没有可以打包的订单。制证完成的订单会出现在这里"));
    kit::begin_pane("shipping.proposals.list", {0, 0});
    int index = 0;
    for (const auto& each : all->proposals) {
        kit::ListRow row;
        row.title = each.delivery.recipient;
        int keys = 0;
        for (const auto& content : each.contents) keys += content.quantity;
        row.title_right = trf("{} KEY", keys);
        if (each.delivery.method == orders::DeliveryMethod::pickup) row.chips.push_back({tr("自取"), kit::Tone::violet});
        if (!each.differs.empty()) row.chips.push_back({trf("地址不同 {}", each.parcels), kit::Tone::orange});
        if (!each.waits.empty()) row.chips.push_back({trf("等 {} 单", each.not_ready.size()), kit::Tone::amber});
        if (!each.invoiced) row.chips.push_back({tr("未开票"), kit::Tone::plain});
        row.note =
            each.contents.size() > 1 ? trf("{} 单 · {}", each.contents.size(), each.delivery.address) : each.delivery.address;
        row.note_right = {how_long(desk.clock().now() - each.waiting_since), kit::Tone::plain};
        row.selected = first_order(each) == chosen_;
        if (kit::list_row(ids::with(ids::kShippingProposal, std::to_string(++index)).c_str(), row) && !working_.running()) {
            chosen_ = first_order(each);
            packed_ = 0;
            waybill_.clear();
            said_.clear();
            trouble_.clear();
        }
    }
    kit::end_pane();
}

void ShippingPanel::draw_out(desk::Desk& desk) {
    const Parcels* all = parcels_.get();
    kit::title_strip(all ? trf("待交寄 {}", all->packed.size()) : std::string(tr("待交寄")));
    if (!all) return;
    const auto rows = [&](const std::vector<Shipment>& list) {
        for (const auto& each : list) {
            const bool out = each.state == shipping::ShipmentState::handed_over;
            kit::ListRow row;
            row.title = each.delivery.recipient;
            row.title_right = trf("{} 单", each.contents.size());
            row.chips.push_back({shipping::word_of(each.state), out ? kit::Tone::green : kit::Tone::amber});
            row.note = each.waybill.empty() ? std::string(tr("自取")) : each.waybill;
            row.note_right = {date_time(out ? each.handed_over_at : each.packed_at), kit::Tone::plain};
            row.selected = each.id == packed_;
            if (kit::list_row(ids::with(ids::kShippingPacked, std::to_string(each.id)).c_str(), row) && !working_.running()) {
                packed_ = each.id;
                chosen_.clear();
                said_.clear();
                trouble_.clear();
            }
        }
    };
    kit::begin_pane("shipping.out.list", {0, -kit::px(kit::kFootHeight)});
    rows(all->packed);
    if (all->packed.empty()) {
        const kit::Inset inset;
        kit::gap(10);
        kit::note(tr("打好包的包裹会出现在这里，等快递员来取"));
        kit::gap(10);
    }
    kit::title_strip(trf("今天已交寄 {}", all->out.size()));
    rows(all->out);
    kit::end_pane();
    kit::line();
    kit::begin_pane("shipping.out.foot", {0, 0}, kit::Ground::foot, kit::px(14, 11));
    std::string off = why_not(desk);
    if (off.empty() && all->packed.empty()) off = tr("没有待交寄的包裹");
    if (working_.running()) off = tr("正在处理");
    if (kit::button(ids::kShippingHandOverAll, tr("全部交寄"),
                    {.key = ImGuiMod_Ctrl | ImGuiKey_H, .disabled_because = off, .width = -1})) {
        std::vector<std::int64_t> numbers;
        for (const auto& each : all->packed) numbers.push_back(each.id);
        hand_over(desk, numbers);
    }
    kit::end_pane();
}

}  // namespace sealdesk::panels

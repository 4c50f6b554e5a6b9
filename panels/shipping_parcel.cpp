// The middle of the shipping panel: what is in the parcel, where it goes, and what can be done with it.
#include "base/translate.h"
#include "panels/back_office_ids.h"
#include "panels/kit/kit.h"
#include "panels/shipping_panel.h"
#include "shipping/waybill.h"

namespace sealdesk::panels {

using shipping::Content;
using shipping::Proposal;
using shipping::Shipment;

static void draw_delivery(const orders::Delivery& delivery) {
    const bool pickup = delivery.method == orders::DeliveryMethod::pickup;
    kit::field_row({.label = tr("收件人"),
                    .value = delivery.recipient,
                    .verdict = {orders::word_of(delivery.method), pickup ? kit::Tone::violet : kit::Tone::blue}});
    kit::field_row({.label = tr("手机"), .value = delivery.mobile});
    kit::field_row({.label = tr("地址"), .value = delivery.address});
}

static void draw_contents(const std::vector<Content>& contents) {
    const kit::Column columns[] = {{tr("订单"), 190}, {tr("主体")}, {"KEY"}, {tr("数量"), 70, kit::Align::right}};
    const float height = kit::px(34) * static_cast<float>(contents.size() + 1) + kit::px(8);
    if (!kit::begin_table("shipping.contents", columns, height)) return;
    for (const auto& each : contents) {
        kit::table_row(("shipping.content." + each.order_no).c_str());
        kit::cell(each.order_no);
        kit::cell(each.subject_name);
        std::string serials;
        for (const auto& serial : each.key_serials) serials += (serials.empty() ? "" : " ") + serial;
        kit::cell(each.replaced > 0 && serials.empty() ? tr("已由补办的 KEY 替换") : serials);
        const bool complete = static_cast<int>(each.key_serials.size()) == each.quantity;
        kit::cell(fmt::format("{} / {}", each.key_serials.size(), each.quantity),
                  complete ? kit::colour::green : kit::colour::amber);
    }
    kit::end_table();
}

void ShippingPanel::draw_said() {
    const kit::Inset inset;
    kit::gap(8);
    if (!said_.empty()) kit::callout(said_, "", kit::Tone::green, kit::inset_width());
    trouble_.draw_beside(tr("检查打印机后可以重印面单；包裹不会打两次"));
}

void ShippingPanel::draw_parcel(desk::Desk& desk) {
    if (const Shipment* packed = shipment()) return draw_shipment(desk, *packed);
    if (const Proposal* next = proposal()) return draw_proposal(desk, *next);
    kit::title_strip(tr("包裹"));
    draw_said();
    kit::empty_text(tr("选中一个包裹，这里会显示里面的 KEY 和收件地址"), "Enter", tr("打包并打印面单"));
}

void ShippingPanel::draw_proposal(desk::Desk& desk, const Proposal& next) {
    kit::title_strip(trf("支付 {}", next.payment_no), trf("{} 单", next.contents.size()));
    kit::begin_pane("shipping.body", {0, -kit::px(kit::kFootHeight)});
    kit::gap(6);
    draw_delivery(next.delivery);
    kit::field_row(
        {.label = tr("发票"),
         .value = next.invoiced ? tr("已开出") : tr("还没有"),
         .verdict = {next.invoiced ? tr("放入包裹") : tr("先开票"), next.invoiced ? kit::Tone::green : kit::Tone::amber}});
    kit::gap(4);
    {
        const kit::Inset inset;
        if (!next.differs.empty())
            kit::callout(next.differs, trf("这次支付要分 {} 个包裹", next.parcels), kit::Tone::amber, kit::inset_width());
        if (!next.waits.empty()) {
            std::string numbers;
            for (const auto& no : next.not_ready) numbers += (numbers.empty() ? "" : tr("、")) + no;
            kit::callout(next.waits, numbers, kit::Tone::amber, kit::inset_width());
        }
    }
    kit::gap(6);
    draw_contents(next.contents);
    bool entered = false;
    if (next.delivery.method == orders::DeliveryMethod::courier) {
        const kit::Inset inset;
        kit::gap(8);
        entered = kit::labelled_input(ids::kShippingWaybill, tr("快递单号（不填则从号段取下一个）"), &waybill_,
                                      {.hint = tr("扫描或输入"), .width = kit::px(320)})
                      .entered;
    }
    draw_said();
    kit::end_pane();
    kit::line();
    kit::begin_pane("shipping.foot", {0, 0}, kit::Ground::foot, kit::px(14, 11));
    const std::string off = working_.running() ? tr("正在处理") : why_not(desk);
    const bool courier = next.delivery.method == orders::DeliveryMethod::courier;
    if (kit::button(ids::kShippingPack, courier ? tr("打包并打印面单") : tr("打包"),
                    {.tone = kit::Tone::green, .key = ImGuiKey_Enter, .disabled_because = off}) ||
        (entered && off.empty()))
        pack(desk, next);
    if (!off.empty() && !working_.running()) {
        ImGui::SameLine(0, kit::px(14));
        kit::note(off, kit::colour::amber);
    }
    kit::end_pane();
}

void ShippingPanel::draw_shipment(desk::Desk& desk, const Shipment& packed) {
    const bool out = packed.state == shipping::ShipmentState::handed_over, courier = !packed.waybill.empty();
    kit::title_strip(courier ? packed.waybill : std::string(tr("自取包裹")), shipping::courier_word(packed.courier),
                     shipping::word_of(packed.state));
    kit::begin_pane("shipping.body", {0, -kit::px(kit::kFootHeight)});
    kit::gap(6);
    draw_delivery(packed.delivery);
    const std::string when = trf("{} · {}", date_time(packed.packed_at), packed.packed_by);
    kit::field_row({.label = tr("打包"), .value = when});
    const std::string handed = out ? date_time(packed.handed_over_at) : std::string(tr("还没有"));
    kit::field_row({.label = tr("交寄"),
                    .value = handed,
                    .verdict = {shipping::word_of(packed.state), out ? kit::Tone::green : kit::Tone::amber}});
    if (courier) {
        const std::string prints = trf("打印过 {} 次", packed.prints);
        kit::field_row({.label = tr("面单"), .value = prints});
    }
    kit::gap(4);
    if (!packed.notes.empty()) {
        const kit::Inset inset;
        kit::callout(packed.notes, "", kit::Tone::amber, kit::inset_width());
    }
    kit::gap(6);
    draw_contents(packed.contents);
    draw_said();
    kit::end_pane();
    kit::line();
    kit::begin_pane("shipping.foot", {0, 0}, kit::Ground::foot, kit::px(14, 11));
    std::string off = working_.running() ? tr("正在处理") : why_not(desk);
    if (!out) {
        if (kit::button(ids::kShippingHandOver, courier ? tr("交寄") : tr("交给申请人"),
                        {.tone = kit::Tone::green, .key = ImGuiKey_H, .disabled_because = off}))
            hand_over(desk, {packed.id});
        ImGui::SameLine(0, kit::px(10));
    }
    if (courier) {
        if (kit::button(ids::kShippingReprint, tr("重印面单"), {.key = ImGuiKey_P, .disabled_because = off}))
            reprint(desk, packed.id);
        ImGui::SameLine(0, kit::px(10));
    }
    if (kit::button("shipping.next", tr("下一个包裹"), {.key = ImGuiKey_N})) {
        packed_ = 0;
        said_.clear();
    }
    kit::end_pane();
}

}  // namespace sealdesk::panels

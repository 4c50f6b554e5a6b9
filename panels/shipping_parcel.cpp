// The middle of the shipping panel: what is in the parcel, where it goes, and what can be done with it.
#include <algorithm>

#include "base/translate.h"
#include "panels/back_office_ids.h"
#include "panels/kit/kit.h"
#include "panels/shipping_ids.h"
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

void ShippingPanel::draw_contents(const std::vector<Content>& contents, bool checking) const {
    // Wide enough for a whole serial, also on a narrow screen.
    const kit::Column columns[] = {{tr("订单"), 136}, {tr("主体")}, {"KEY", 150}, {tr("数量"), 46, kit::Align::right}};
    size_t rows = 1;
    for (const auto& each : contents) rows += std::max<size_t>(1, each.key_serials.size());
    const float height = kit::px(34) * static_cast<float>(rows) + kit::px(8);
    if (!kit::begin_table("shipping.contents", columns, height)) return;
    for (const auto& each : contents) {
        const bool complete = static_cast<int>(each.key_serials.size()) == each.quantity;
        const size_t lines = std::max<size_t>(1, each.key_serials.size());
        // One line for each KEY: what was seen is green.
        for (size_t line = 0; line < lines; ++line) {
            const std::string serial = line < each.key_serials.size() ? each.key_serials[line] : "";
            const bool seen = checking && check_.seen(serial);
            kit::table_row(("shipping.content." + each.order_no + "." + std::to_string(line)).c_str(), seen);
            kit::cell(line == 0 ? each.order_no : "");
            kit::cell(line == 0 ? each.subject_name : "");
            if (serial.empty() && each.replaced > 0)
                kit::cell(tr("已由补办的 KEY 替换"));
            else if (serial.empty())
                kit::cell_chip(tr("没有 KEY"), kit::Tone::red);
            else if (!checking)
                kit::cell(serial);
            else
                kit::cell_chip(seen ? "✓ " + serial : serial, seen ? kit::Tone::green : kit::Tone::plain);
            kit::cell(line > 0 ? std::string() : fmt::format("{} / {}", each.key_serials.size(), each.quantity),
                      complete ? kit::colour::green : kit::colour::amber);
        }
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

// Nothing is split or merged before somebody said how.
void ShippingPanel::draw_places(const Proposal& next) {
    const std::string said = places_ == Places::together ? trf("这次支付的 {} 处收件信息合在一起，都寄到上面的地址", next.parcels)
                             : places_ == Places::apart ? trf("这次支付分成 {} 个包裹，各寄各的", next.parcels)
                                                        : next.differs;
    kit::callout(said, trf("这次支付有 {} 处收件信息", next.parcels), kit::Tone::amber, kit::inset_width());
    const auto choice = [this](const char* id, const char* words, Places which) {
        if (kit::button(id, words, {.tone = places_ == which ? kit::Tone::blue : kit::Tone::plain})) places_ = which;
    };
    choice(ids::kShippingApart, tr("分开寄"), Places::apart);
    ImGui::SameLine(0, kit::px(6));
    choice(ids::kShippingTogether, tr("合在一起寄到这个地址"), Places::together);
    kit::gap(6);
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
        if (!next.incomplete.empty()) kit::callout(next.incomplete, "", kit::Tone::red, kit::inset_width());
        if (!next.stays.empty()) kit::callout(next.stays, "", kit::Tone::red, kit::inset_width());
        if (std::all_of(next.contents.begin(), next.contents.end(), [](const Content& each) { return each.quantity == 0; }))
            kit::callout(tr("这个包裹里只有单据"), tr("KEY 都已补办，新的 KEY 随补办的订单寄出"), kit::Tone::amber,
                         kit::inset_width());
        if (!next.differs.empty()) {
            draw_places(next);
        }
        if (!waits(next).empty()) {
            std::string numbers;
            for (const auto& no : places_ == Places::together ? next.not_ready_together : next.not_ready)
                numbers += (numbers.empty() ? "" : tr("、")) + no;
            kit::callout(waits(next), numbers, kit::Tone::amber, kit::inset_width());
        }
    }
    kit::gap(6);
    draw_contents(contents(next), true);
    bool entered = false;
    if (next.delivery.method == orders::DeliveryMethod::courier) {
        const kit::Inset inset;
        kit::gap(8);
        draw_number_sources(desk, ids::kShippingSource, number_);
        entered = kit::labelled_input(ids::kShippingWaybill, tr("快递单号（不填则从号段取下一个）"), &waybill_,
                                      {.hint = tr("扫描或输入"), .width = kit::px(320)})
                      .entered;
        courier_.draw(ids::kShippingCourier, waybill_);
    }
    draw_said();
    kit::end_pane();
    kit::line();
    kit::begin_pane("shipping.foot", {0, 0}, kit::Ground::foot, kit::px(14, 11));
    const std::string off = why_not_pack(desk, next);
    const bool courier = next.delivery.method == orders::DeliveryMethod::courier;
    const char* words = !waits(next).empty() ? tr("先发这些并打印") : courier ? tr("打包并打印面单") : tr("打包");
    if (kit::button(ids::kShippingPack, words, {.tone = kit::Tone::green, .key = key(ImGuiKey_Enter), .disabled_because = off}) ||
        (entered && off.empty() && !scanner_.quiet())) {
        scanner_.forget();  // that was about the parcel before
        pack(desk, next);
    }
    if (!waits(next).empty() && !next.waiting_wanted) {
        ImGui::SameLine(0, kit::px(10));
        const std::string busy = working_.running() ? tr("正在处理") : why_not(desk);
        if (kit::button(ids::kShippingWait, tr("等齐再发"), {.disabled_because = busy})) wait_for_the_rest(desk, next);
    }
    if (desk.bench().tokens != nullptr) {
        ImGui::SameLine(0, kit::px(10));
        if (kit::button(ids::kShippingReadKeys, tr("读取 KEY"),
                        {.key = key(ImGuiMod_Ctrl | ImGuiKey_R), .disabled_because = reading_.running() ? tr("正在读取") : ""}))
            read_keys(desk);
    }
    if (!off.empty() && !working_.running()) {
        ImGui::SameLine(0, kit::px(14));
        kit::note_beside(off, kit::px(38), kit::colour::amber);
    }
    kit::end_pane();
}

void ShippingPanel::draw_shipment(desk::Desk& desk, const Shipment& packed) {
    const bool out = packed.state == shipping::ShipmentState::handed_over,
               courier = packed.delivery.method == orders::DeliveryMethod::courier;
    const std::string number = packed.waybill.empty() ? tr("正在取号") : packed.waybill;
    kit::title_strip(courier ? number : std::string(tr("自取包裹")), shipping::courier_word(packed.courier),
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
    if (!packed.blocked.empty()) {
        const kit::Inset inset;
        kit::callout(packed.blocked, tr("要取出 KEY，先拆开包裹"), kit::Tone::red, kit::inset_width());
    }
    if (!packed.stale.empty()) {
        const kit::Inset inset;
        kit::callout(packed.stale, "", kit::Tone::red, kit::inset_width());
    }
    if (const std::string why = shipping::why_unprinted(packed); !why.empty()) {
        const kit::Inset inset;
        const auto tone = packed.papers_trouble.empty() ? kit::Tone::amber : kit::Tone::red;
        kit::callout(why, tr("单据没有打印"), tone, kit::inset_width());
    }
    if (!packed.notes.empty()) {
        const kit::Inset inset;
        kit::callout(packed.notes, "", kit::Tone::amber, kit::inset_width());
    }
    kit::gap(6);
    draw_contents(packed.contents, false);
    if (!out && (courier ? packed.prints > 0 : !packed.papers_due)) {
        const kit::Inset inset;
        kit::gap(8);
        kit::labelled_input(ids::kShippingReason, tr("重印原因"), &reason_, {.hint = tr("弄脏、改地址…"), .width = kit::px(320)});
    }
    std::string off = working_.running() ? tr("正在处理") : why_not(desk);
    label_.draw(desk, packed, off);
    draw_said();
    kit::end_pane();
    kit::line();
    kit::begin_pane("shipping.foot", {0, 0}, kit::Ground::foot, kit::px(14, 11));
    if (!out && !packed.blocked.empty()) {
        if (kit::button(ids::kShippingUnpack, tr("拆开包裹"), {.tone = kit::Tone::red, .disabled_because = off}))
            unpack(desk, packed);
        ImGui::SameLine(0, kit::px(10));
    } else if (!out) {
        if (kit::button(ids::kShippingHandOver, courier ? tr("交寄") : tr("交给申请人"),
                        {.tone = kit::Tone::green, .key = key(ImGuiMod_Ctrl | ImGuiKey_D), .disabled_because = off}))
            hand_over(desk, packed.id);
        ImGui::SameLine(0, kit::px(10));
    }
    if (packed.papers_due) {
        std::string why = off;
        if (why.empty() && courier && packed.waybill.empty()) why = tr("快递公司还没有给出单号，单号到了会自动打印");
        if (kit::button(ids::kShippingPrintDue, tr("打印单据"),
                        {.key = key(ImGuiMod_Ctrl | ImGuiKey_P), .disabled_because = why}))
            print_due(desk, packed.id);
        ImGui::SameLine(0, kit::px(10));
    } else if (!out) {
        if (kit::button(ids::kShippingReprint, courier ? tr("重印面单") : tr("重印签收单"),
                        {.key = key(ImGuiMod_Ctrl | ImGuiKey_P), .disabled_because = off}))
            reprint(desk, packed);
        ImGui::SameLine(0, kit::px(10));
    }
    if (kit::button(ids::kShippingNext, tr("下一个包裹"), {.key = key(ImGuiMod_Ctrl | ImGuiKey_N)})) {
        packed_ = 0;
        said_.clear();
        scanner_.forget();
    }
    kit::end_pane();
}

}  // namespace sealdesk::panels

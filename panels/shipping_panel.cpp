#include "panels/shipping_panel.h"

#include <algorithm>
#include <utility>

#include "base/translate.h"
#include "panels/back_office_ids.h"
#include "panels/kit/kit.h"
#include "panels/shipping_ids.h"
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
    parcels_.refresh(
        desk, text_of(today), [&database = desk.database(), today, home = desk.settings().home]() -> Result<Parcels> {
            SEALDESK_LET(proposals, shipping::proposals(database));
            SEALDESK_LET(refunded, shipping::refunded(database));
            SEALDESK_LET(packed, shipping::waiting(database));
            SEALDESK_LET(out, shipping::handed_over_on(database, today));
            SEALDESK_LET(settings, desk::load_shipping_settings(home));
            return Parcels{std::move(proposals), std::move(refunded), std::move(packed), std::move(out), std::move(settings)};
        });
}

void ShippingPanel::settle() {
    const Parcels* all = parcels_.get();
    if (!all || working_.running()) return;
    if (!chosen_.empty() && !proposal()) chosen_.clear();
    if (chosen_.empty() && packed_ == 0 && !all->proposals.empty()) {
        // What somebody decided to wait for is not brought up by itself.
        const auto& list = all->proposals;
        const auto next = std::find_if(list.begin(), list.end(), [](const auto& each) { return !each.waiting_wanted; });
        if (next != list.end()) chosen_ = first_order(*next);
        into_view_ = true;
        waybill_.clear();
        places_ = Places::open;
    }
    if (const Proposal* next = proposal()) {
        const auto inside = contents(*next);
        std::string of = chosen_;
        for (const auto& content : inside)
            for (const auto& serial : content.key_serials) of += " " + serial;
        if (of != check_of_) {
            check_ = shipping::Check(inside);
            check_of_ = of;
        }
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
    shipping::PackOrder what;
    for (const auto& content : contents(proposal)) what.order_nos.push_back(content.order_no);
    what.desk = desk::desk_name(desk);
    what.number = number_;
    if (!waybill_.empty()) what.number = {shipping::Source::typed, courier_.courier(waybill_), waybill_};
    what.seen = check_.seen_keys();
    what.all_seen = parcels_.get()->settings.scan_to_pack;
    what.without_the_rest = !waits(proposal).empty();  // the button said so
    what.apart = places_ == Places::apart;
    if (places_ == Places::together) what.together_at = first_order(proposal);
    working_.start(desk.jobs(), [&desk, actor = *desk.actor, what]() -> Done {
        auto parcel = shipping::pack(desk.database(), actor, what);
        if (!parcel) return {"", parcel.error(), 0};
        const bool pickup = parcel->delivery.method == orders::DeliveryMethod::pickup;
        if (!pickup && parcel->waybill.empty()) {
            desk.shipping().nudge();
            return {tr("已打包，正在向快递公司取单号，取到以后自动打印"), {}, parcel->id};
        }
        const auto papers = desk::print_papers(desk, actor, parcel->id);
        desk.shipping().nudge();
        const std::string packed = pickup ? std::string(tr("已打包，等申请人自取")) : trf("已打包，快递单号 {}", parcel->waybill);
        if (!papers)
            return {packed, Error{papers.error().kind, trf("面单没有打印：{}", papers.error().message), papers.error().detail},
                    parcel->id};
        if (papers->asked > 0) return {trf("{}，{} 张单据已送打印", packed, papers->asked), {}, parcel->id};
        return {papers->files.empty() ? packed : trf("{}，面单 {}", packed, desk.document_name(papers->files.back())),
                {},
                parcel->id};
    });
}

void ShippingPanel::wait_for_the_rest(desk::Desk& desk, const Proposal& proposal) {
    trouble_.clear();
    const auto rest = places_ == Places::together ? shipping::Rest::of_payment : shipping::Rest::of_place;
    working_.start(desk.jobs(), [&desk, actor = *desk.actor, no = first_order(proposal), rest]() -> Done {
        const auto waits = shipping::wait_for_the_rest(desk.database(), actor, no, rest);
        if (!waits) return {"", waits.error(), 0};
        return {tr("等其余订单制证以后再发"), {}, 0};
    });
    chosen_.clear();
}

void ShippingPanel::reprint(desk::Desk& desk, const Shipment& packed) {
    trouble_.clear();
    said_.clear();
    const bool pickup = packed.delivery.method == orders::DeliveryMethod::pickup;
    working_.start(desk.jobs(), [&desk, actor = *desk.actor, id = packed.id, pickup, reason = reason_]() -> Done {
        const auto papers = desk::reprint_label(desk, actor, id, reason);
        if (!papers) return {"", papers.error(), id};
        desk.shipping().nudge();
        const std::string file = desk.document_name(papers->files.back());
        return {
            pickup ? trf("第 {} 次打印，签收单 {}", papers->prints, file) : trf("第 {} 次打印，面单 {}", papers->prints, file),
            {},
            id};
    });
}

void ShippingPanel::print_due(desk::Desk& desk, std::int64_t id) {
    trouble_.clear();
    said_.clear();
    working_.start(desk.jobs(), [&desk, actor = *desk.actor, id]() -> Done {
        const auto papers = desk::print_papers(desk, actor, id);
        if (!papers) return {"", papers.error(), id};
        desk.shipping().nudge();
        return {trf("{} 张单据已做好", papers->files.size()), {}, id};
    });
}

void ShippingPanel::hand_over(desk::Desk& desk, std::int64_t id) {
    trouble_.clear();
    said_.clear();
    scanner_.forget();
    working_.start(desk.jobs(), [&desk, actor = *desk.actor, id]() -> Done {
        const auto out = shipping::hand_over(desk.database(), actor, id);
        if (!out) return {"", out.error(), id};
        return {trf("已交寄 {} 个包裹", 1), {}, id};
    });
}

void ShippingPanel::hand_over_all(desk::Desk& desk) {
    trouble_.clear();
    said_.clear();
    scanner_.forget();
    working_.start(desk.jobs(), [&desk, actor = *desk.actor]() -> Done {
        const auto sent = shipping::hand_over_all(desk.database(), actor);
        if (!sent) return {"", sent.error(), 0};
        const std::string done = sent->count > 0 ? trf("已交寄 {} 个包裹", sent->count) : std::string();
        if (sent->stayed.empty()) return {done, {}, 0};
        std::string all = trf("{} 个包裹没有交寄：", sent->stayed.size());
        for (const auto& sentence : sent->stayed) all += "\n" + sentence;
        return {done, Error{ErrorKind::refused, all, {}}, 0};
    });
}

void ShippingPanel::unpack(desk::Desk& desk, const Shipment& packed) {
    trouble_.clear();
    said_.clear();
    working_.start(desk.jobs(), [&desk, actor = *desk.actor, id = packed.id, reason = packed.blocked]() -> Done {
        const auto apart = shipping::unpack(desk.database(), actor, id, reason);
        if (!apart) return {"", apart.error(), id};
        desk.shipping().nudge();
        return {tr("包裹已拆开，原来的快递单号已作废；其余的订单可以重新打包"), {}, 0};
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
    reason_.clear();
}

void ShippingPanel::draw_tabs(desk::Desk& desk) {
    kit::begin_pane("shipping.tabs", {0, kit::px(kit::kBarHeight)}, kit::Ground::foot);
    kit::centre(kit::px(kit::kBarHeight), kit::px(28));
    ImGui::SetCursorPosX(kit::px(8));
    const Parcels* all = parcels_.get();
    const auto tab = [this](const char* id, const char* words, int count, Tab which, ImGuiKey digit) {
        if (kit::tab(id, words, count, tab_ == which, key(ImGuiMod_Ctrl | digit)) && tab_ != which) {
            tab_ = which;
            scanner_.forget();  // that was about the other one
        }
        ImGui::SameLine(0, kit::px(6));
    };
    tab(ids::kShippingTabPack, tr("打包"), all ? static_cast<int>(all->proposals.size()) : -1, Tab::pack, ImGuiKey_1);
    tab(ids::kShippingTabOut, tr("交接"), all ? static_cast<int>(all->packed.size()) : -1, Tab::hand_over, ImGuiKey_2);
    tab(ids::kShippingTabTroubles, tr("待处理"), troubles_.count(desk), Tab::troubles, ImGuiKey_3);
    tab(ids::kShippingTabPrinters, tr("打印机"), -1, Tab::printers, ImGuiKey_4);
    kit::end_pane();
    kit::line();
}

void ShippingPanel::draw(desk::Desk& desk) {
    desk.shipping();  // what was left open the last time goes on
    scanner_.listen(ids::kTroubleTyped);
    ask(desk);
    take_result(desk);
    settle();
    draw_tabs(desk);
    if (tab_ == Tab::hand_over) return hand_over_.draw(desk, scanner_, why_not(desk));
    if (tab_ == Tab::troubles || tab_ == Tab::printers) {
        scanner_.codes().clear();
        return tab_ == Tab::troubles ? troubles_.draw(desk, why_not(desk)) : printers_.draw(desk);
    }
    take_scans(desk);
    take_read_keys(desk);
    const float right = std::min(kit::px(400), ImGui::GetContentRegionAvail().x * 0.3f);
    kit::begin_pane("shipping.proposals", {kit::px(360), 0});
    draw_proposals(desk);
    kit::end_pane();
    kit::edge_right();
    ImGui::SameLine(0, 0);
    kit::begin_pane("shipping.chosen", {-right - kit::px(1), 0});
    scanner_.draw();
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
    if (all->proposals.empty() && all->refunded.empty())
        return kit::empty_text(tr("没有可以打包的订单。制证完成的订单会出现在这里"));
    const bool into_view = std::exchange(into_view_, false);
    kit::begin_pane("shipping.proposals.list", {0, 0});
    int index = 0;
    for (const auto& each : all->proposals) {
        kit::ListRow row;
        row.title = each.delivery.recipient;
        int keys = 0;
        for (const auto& content : each.contents) keys += content.quantity;
        row.title_right = keys > 0 ? trf("{} KEY", keys) : std::string(tr("只有单据"));
        if (each.delivery.method == orders::DeliveryMethod::pickup) row.chips.push_back({tr("自取"), kit::Tone::violet});
        if (!each.differs.empty()) row.chips.push_back({trf("地址不同 {}", each.parcels), kit::Tone::orange});
        if (each.waiting_wanted)
            row.chips.push_back({tr("等齐再发"), kit::Tone::blue});
        else if (!each.waits.empty())
            row.chips.push_back({trf("等 {} 单", each.not_ready.size()), kit::Tone::amber});
        if (!each.incomplete.empty()) row.chips.push_back({tr("KEY 不齐"), kit::Tone::red});
        if (!each.stays.empty()) row.chips.push_back({tr("不能发出"), kit::Tone::red});
        if (!each.invoiced) row.chips.push_back({tr("未开票"), kit::Tone::plain});
        row.note =
            each.contents.size() > 1 ? trf("{} 单 · {}", each.contents.size(), each.delivery.address) : each.delivery.address;
        row.note_right = {how_long(desk.clock().now() - each.waiting_since), kit::Tone::plain};
        row.selected = first_order(each) == chosen_;
        row.into_view = row.selected && into_view;
        if (kit::list_row(ids::with(ids::kShippingProposal, std::to_string(++index)).c_str(), row) && !working_.running())
            choose(each);
    }
    if (!all->refunded.empty()) draw_refunded(all->refunded);
    kit::end_pane();
    const int step = kit::list_step(ids::kShippingDown, ids::kShippingUp);
    const auto& list = all->proposals;
    if (step == 0 || list.empty() || working_.running()) return;
    const auto* chosen = proposal();
    const auto at = chosen ? chosen - list.data() : step > 0 ? -1 : std::ssize(list);
    choose(list[static_cast<size_t>(std::clamp<std::ptrdiff_t>(at + step, 0, std::ssize(list) - 1))]);
}

void ShippingPanel::choose(const Proposal& proposal) {
    into_view_ = true;
    chosen_ = first_order(proposal);
    packed_ = 0;
    places_ = Places::open;
    scanner_.forget();
    waybill_.clear();
    said_.clear();
    trouble_.clear();
}

// Apart from what can be packed: these lie here and must not leave.
void ShippingPanel::draw_refunded(const std::vector<shipping::Refunded>& list) {
    kit::title_strip(trf("已退款，不要发货 {}", list.size()));
    for (const auto& each : list) {
        kit::ListRow row;
        row.title = each.content.subject_name;
        row.title_right = each.content.order_no;
        row.chips.push_back({tr("已退款"), kit::Tone::red});
        if (each.shipment != 0) row.chips.push_back({tr("已经装包"), kit::Tone::amber});
        row.note = each.shipment != 0
                       ? std::string(tr("拆开包裹，取出 KEY 交主管办完退款"))
                       : trf("取出 KEY {} 交主管办完退款", fmt::format("{}", fmt::join(each.content.key_serials, " ")));
        row.note_right = {date_time(each.at), kit::Tone::plain};
        row.selected = each.shipment != 0 && each.shipment == packed_;
        if (!kit::list_row(ids::with(ids::kShippingRefunded, each.content.order_no).c_str(), row) || working_.running()) continue;
        said_.clear();
        trouble_.clear();
        if (each.shipment != 0) {
            packed_ = each.shipment;
            chosen_.clear();
        } else {
            trouble_.set(Error{ErrorKind::refused, each.sentence, {}});
        }
    }
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
            const bool pickup = each.delivery.method == orders::DeliveryMethod::pickup;
            if (!each.stale.empty()) row.chips.push_back({tr("面单过期"), kit::Tone::red});
            if (!each.blocked.empty()) row.chips.push_back({tr("不能发出"), kit::Tone::red});
            if (!out && each.manifest != 0) row.chips.push_back({tr("在交接清单里"), kit::Tone::blue});
            if (!pickup && each.papers_due) row.chips.push_back({tr("面单没有打印"), kit::Tone::amber});
            row.note = pickup ? std::string(tr("自取")) : each.waybill.empty() ? std::string(tr("正在取号")) : each.waybill;
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
    const bool none = std::none_of(all->packed.begin(), all->packed.end(),
                                   [](const Shipment& each) { return each.delivery.method == orders::DeliveryMethod::courier; });
    if (off.empty() && none) off = tr("没有等快递员来取的包裹");
    if (working_.running()) off = tr("正在处理");
    if (kit::button(ids::kShippingHandOverAll, tr("全部交寄"),
                    {.key = key(ImGuiMod_Ctrl | ImGuiKey_H), .disabled_because = off, .width = -1}))
        hand_over_all(desk);
    kit::end_pane();
}

}  // namespace sealdesk::panels

#include "panels/keys_panel.h"

#include <algorithm>

#include "base/translate.h"
#include "panels/back_office_ids.h"
#include "panels/kit/kit.h"

namespace sealdesk::panels {

constexpr double kLookEvery = 2;  // seconds between two looks at the ports

KeysPanel::KeysPanel() { pin_.reserve(64); }

void KeysPanel::open(const std::string& order_no) {
    order_no_ = order_no;
    key_by_hand_ = false;
}

const OrderToWrite* KeysPanel::chosen() const {
    const auto* list = orders_.get();
    if (!list) return nullptr;
    const auto found =
        std::find_if(list->begin(), list->end(), [&](const auto& each) { return each.order.order.no == order_no_; });
    return found == list->end() ? nullptr : &*found;
}

void KeysPanel::ask(desk::Desk& desk) {
    storage::Database& database = desk.database();
    orders_.refresh(desk, "orders", [&database] { return orders_to_write(database); });
    register_.refresh(desk, "register", [&database] { return certificate_register(database); });
    if (look_.arrived()) {
        auto& answer = *look_.ready();
        look_error_.reset();
        if (answer)
            plugged_ = *answer;
        else
            look_error_ = answer.error();
        next_look_ = ImGui::GetTime() + kLookEvery;
    }
    keys::Tokens* tokens = desk.bench().tokens;
    // A KEY that is being written is left alone.
    if (tokens && !look_.running() && !writing_.running()) {
        if (ImGui::GetTime() >= next_look_)
            look_.start(desk.jobs(), [&database, tokens] { return plugged_keys(database, *tokens); });
        else
            kit::wake_in(next_look_ - ImGui::GetTime());
    }
}

void KeysPanel::settle() {
    const auto* list = orders_.get();
    if (!list || writing_.running()) return;
    if (!chosen() && !list->empty()) {
        // A begun KEY first; else the first that nobody can take back any more.
        const auto free =
            std::find_if(list->begin(), list->end(), [](const auto& each) { return each.open() || !each.undo_until; });
        open(free == list->end() ? list->front().order.order.no : free->order.order.no);
    }
    const auto here =
        std::any_of(plugged_.begin(), plugged_.end(), [&](const auto& each) { return each.token.serial == key_serial_; });
    if (!here) key_by_hand_ = false;
    if (const auto* order = chosen(); order && !key_by_hand_) key_serial_ = key_for(*order, plugged_);
}

std::string KeysPanel::why_not(const desk::Desk& desk) const {
    if (!desk.actor) return tr("请先登录");
    if (!desk.key_trouble().empty()) return desk.key_trouble();
    const auto* order = chosen();
    if (!order) return tr("没有选中的订单");
    if (auto reason = why_not_to_write(*order, *desk.actor, desk.bench().rules, desk.clock().now()); !reason.empty())
        return reason;
    if (key_serial_.empty()) {
        if (const keys::Job* begun = order->open())
            return trf("第 {} 个 KEY 写到一半，请插上 KEY {}", begun->unit_no, begun->key_serial);
        return tr("请插上一个空白 KEY");
    }
    return {};
}

void KeysPanel::write(desk::Desk& desk) {
    if (pin_.empty()) {
        pin_refused_ = tr("请输入 KEY 的 PIN");
        focus_pin_ = true;  // Enter, PIN, Enter
        return;
    }
    pin_refused_.clear();
    trouble_.clear();
    written_.reset();
    failed_at_.reset();
    progress_ = std::make_shared<WriteProgress>();
    // The pool keeps jobs that can be copied; the secret itself stays in one place.
    auto pin = std::make_shared<crypto::Secret>(std::move(pin_));
    pin_.reserve(64);
    kit::forget_typed();
    writing_.start(desk.jobs(), [&desk, actor = *desk.actor, order = order_no_, serial = key_serial_, pin, progress = progress_] {
        auto job = keys::write(desk.database(), actor, desk.bench(), order, serial, *pin,
                               [&](const keys::Job&, keys::Step step) { progress->begins(step); });
        pin->wipe();
        return job;
    });
}

void KeysPanel::take_result(desk::Desk& desk) {
    if (writing_.running()) kit::wake_in(0.1);
    if (!writing_.arrived()) return;
    auto& result = *writing_.ready();
    next_look_ = 0;
    if (result) {
        written_ = *result;
        // The next blank one is chosen as soon as the ports have been read again.
        for (auto& each : plugged_)
            if (each.token.serial == written_->key_serial)
                each.key.state = keys::KeyState::bound, each.key.order_no = written_->order_no;
        key_by_hand_ = false;
        kit::frame().toasts.show(trf("KEY {} 已写好并绑定", written_->key_serial), kit::Tone::green);
    } else {
        failed_at_ = progress_->step();
        // Nothing was done with a wrong PIN: the sentence stands at the field.
        if (!failed_at_ && result.error().kind == ErrorKind::device)
            pin_refused_ = result.error().message;
        else
            trouble_.set(result.error());
    }
    progress_.reset();
    // Also after an error: some steps may be done.
    desk.touch();
    desk.nudge();
}

void KeysPanel::draw(desk::Desk& desk) {
    ask(desk);
    take_result(desk);
    settle();
    const ImVec2 room = ImGui::GetContentRegionAvail();
    const float left = kit::px(332), right = std::min(kit::px(430), room.x * 0.3f);
    kit::begin_pane("keys.orders", {left, 0});
    draw_orders(desk);
    kit::end_pane();
    kit::edge_right();
    ImGui::SameLine(0, 0);
    kit::begin_pane("keys.bench", {-right - kit::px(1), 0});
    draw_bench(desk);
    kit::end_pane();
    kit::edge_right();
    ImGui::SameLine(0, 0);
    kit::begin_pane("keys.register", {0, 0});
    draw_register();
    kit::end_pane();
    trouble_.draw_dialog("keys.trouble");
}

void KeysPanel::draw_orders(desk::Desk& desk) {
    const auto* list = orders_.get();
    kit::title_strip(list ? trf("待制证 {}", list->size()) : std::string(tr("待制证")), {});
    if (const Error* error = orders_.error()) kit::banner("keys.retry", error->message, "");
    if (!list) return;
    if (list->empty()) return kit::empty_text(tr("没有等待制证的订单。审核通过的订单会出现在这里"));
    const Instant now = desk.clock().now();
    kit::begin_pane("keys.orders.list", {0, 0});
    for (const auto& each : *list) {
        const orders::Order& order = each.order.order;
        kit::ListRow row;
        row.title = order.subject.name;
        row.title_right = trf("{} / {}", each.next_unit(), order.quantity);
        if (each.open()) row.chips.push_back({tr("继续"), kit::Tone::amber});
        row.chips.push_back(
            {orders::word_of(order.kind), order.kind == orders::OrderKind::replacement ? kit::Tone::orange : kit::Tone::blue});
        row.note = trf("{} · {} 年 × {}", orders::word_of(order.subject.kind), order.years, order.quantity);
        if (desk.actor && desk.bench().rules.maker_is_not_checker && each.order.approved_by == desk.actor->login)
            row.note_right = {tr("本人审核"), kit::Tone::red};
        else if (each.undo_until > now)
            row.note_right = {trf("可撤销 {} 秒", (each.undo_until - now + kSecond - 1) / kSecond), kit::Tone::amber};
        else
            row.note_right = {how_long(now - each.order.waiting_since), kit::Tone::plain};
        if (each.undo_until > now) kit::wake_in(1);
        row.selected = order.no == order_no_;
        if (kit::list_row(ids::with(ids::kKeysOrder, order.no).c_str(), row) && !writing_.running()) {
            open(order.no);
            trouble_.clear();
            failed_at_.reset();
        }
    }
    kit::end_pane();
}

}  // namespace sealdesk::panels

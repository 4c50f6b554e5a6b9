#include "panels/keys_panel.h"

#include <algorithm>
#include <utility>

#include "base/translate.h"
#include "desk/pin_letters.h"
#include "panels/back_office_ids.h"
#include "panels/kit/kit.h"

namespace sealdesk::panels {

constexpr double kLookEvery = 2;  // seconds between two looks at the ports

KeysPanel::KeysPanel() {
    card_.offer_replacement([this](const certificates::Entry& certificate) { return replacement_for(certificate); });
    pin_.reserve(64);
    passphrase_.reserve(256);
}

KeysPanel::~KeysPanel() {
    for (std::string* field : {&pin_, &passphrase_}) crypto::wipe(*field);
}

void KeysPanel::open(const std::string& order_no) {
    if (order_no != order_no_) {
        proof_open_ = name_again_ = false;
        if (!plugged(card_serial_)) card_serial_.clear();  // a KEY that the order before missed
    }
    into_view_ = order_no != order_no_;
    order_no_ = order_no;
    key_by_hand_ = false;
    // Further down than the list goes: it is asked for by name.
    if (chosen() == nullptr) {
        wanted_ = order_no;
        wanted_seen_ = false;
    }
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
    orders_.refresh(desk, "orders " + wanted_,
                    [&database, bench = desk.bench(), wanted = wanted_] { return orders_to_write(database, bench, wanted); });
    register_.refresh(desk, "register", [&database] { return certificate_register(database); });
    ledger_.refresh(desk, "ledger", [&database] { return keys::ledger(database); });
    if (look_.arrived()) {
        auto& answer = *look_.ready();
        look_error_.reset();
        if (answer)
            take_plugged(std::move(*answer));
        else
            look_error_ = answer.error();
        next_look_ = ImGui::GetTime() + kLookEvery;
    }
    keys::Tokens* tokens = desk.bench().tokens;
    if (tokens && !look_.running()) {
        if (ImGui::GetTime() >= next_look_)
            look_.start(desk.jobs(),
                        [&database, tokens, busy = writers_.running_keys()] { return plugged_keys(database, *tokens, busy); });
        else
            kit::wake_in(next_look_ - ImGui::GetTime());
    }
}

const PluggedKey* KeysPanel::plugged(const std::string& serial) const {
    const auto found =
        std::find_if(plugged_.begin(), plugged_.end(), [&](const auto& each) { return each.token.serial == serial; });
    return found == plugged_.end() ? nullptr : &*found;
}

static bool is_written(const PluggedKey& each) { return each.foreign == 0 && each.key.state >= keys::KeyState::bound; }

// What was typed and agreed to was for the KEY before.
void KeysPanel::choose_key(const std::string& serial) {
    if (serial == key_serial_) return;
    key_serial_ = serial;
    last_try_ = false;
    if (pin_.empty()) return;
    crypto::wipe(pin_);
    if (!ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopup)) kit::forget_typed();  // the box of a dialog is not this one
    focus_pin_ = true;
}

// A written KEY that comes in opens its card; several at once, or one that stays where it was written, open nothing. A card
// goes with its KEY, unless it was opened because the KEY is not here.
void KeysPanel::take_plugged(std::vector<PluggedKey> now) {
    std::vector<std::string> came;
    for (const auto& each : now)
        if (is_written(each) && plugged(each.token.serial) == nullptr) came.push_back(each.token.serial);
    const bool was_here = plugged(card_serial_) != nullptr;
    plugged_ = std::move(now);
    if (came.size() == 1)
        card_serial_ = came.front();
    else if (const PluggedKey* open = plugged(card_serial_); open != nullptr ? !open->has_card() : was_here)
        card_serial_.clear();
}

// The replacement that waits for whom this certificate was made.
std::string KeysPanel::replacement_for(const certificates::Entry& certificate) const {
    const auto* list = orders_.get();
    if (!list) return {};
    for (const auto& each : *list) {
        const orders::Order& order = each.order.order;
        if (order.kind == orders::OrderKind::replacement && !each.refunded &&
            order.subject.document_number == certificate.document_number)
            return order.no;
    }
    return {};
}

// What somebody chose on the card of a written KEY.
void KeysPanel::take_card(desk::Desk& desk) {
    const auto certificate = card_.replaces();
    if (!certificate) return;
    const std::string no = replacement_for(*certificate);
    if (no.empty()) return;
    open(no);
    card_serial_.clear();
    // This KEY lies here: it is the one that is meant.
    const auto* order = chosen();
    if (order == nullptr || !order->to_name.asked() || naming_.running() || !desk.actor) return;
    naming_.start(desk.jobs(), [&database = desk.database(), actor = *desk.actor, no, serial = certificate->serial] {
        return keys::name_replaced(database, actor, no, serial);
    });
}

void KeysPanel::settle() {
    const auto* list = orders_.get();
    if (!list) return;
    if (!chosen() && !wanted_.empty() && wanted_ == order_no_) {
        if (orders_.running()) return;  // not another one meanwhile
        if (!wanted_seen_) kit::frame().toasts.show(trf("订单 {} 没有等待制证", wanted_), kit::Tone::amber);
        wanted_.clear();
    }
    wanted_seen_ = wanted_seen_ || chosen() != nullptr;
    if (!chosen() && !list->empty() && !writers_.running()) {
        // A begun KEY first; else the first that nobody can take back any more.
        const auto free = std::find_if(list->begin(), list->end(),
                                       [](const auto& each) { return !each.refunded && (each.open() || !each.undo_until); });
        open(free == list->end() ? list->front().order.order.no : free->order.order.no);
    }
    const PluggedKey* key = chosen_key();
    if (!key) key_by_hand_ = false;
    // A PIN that is half typed goes to no other KEY.
    const bool typing = key && !pin_.empty() && pin_for_ == order_no_ && !key->token.pin_locked &&
                        (key->blank() || key->key.order_no == order_no_);
    if (const auto* order = chosen(); order && !key_by_hand_ && !typing && !writers_.running(key_serial_))
        choose_key(key_for(*order, plugged_));
}

std::string KeysPanel::why_not(const desk::Desk& desk) const {
    if (!desk.actor) return tr("请先登录");
    if (!desk.key_trouble().empty()) return desk.key_trouble();
    const auto* order = chosen();
    if (!order) return tr("没有选中的订单");
    if (auto reason = why_not_to_write(*order, *desk.actor, desk.bench().rules, desk.clock().now()); !reason.empty())
        return reason;
    if (const PluggedKey* key = chosen_key()) {
        const bool own = key->key.order_no == order->order.order.no && key->key.state < keys::KeyState::bound;
        if (auto why = keys::why_not_taken_in(*key); !why.empty()) return why;
        if (!key->blank() && !own) return trf("KEY {} 是“{}”，请换一个空白 KEY", key_serial_, word_of(key->key.state));
        if (key->token.pin_locked && key->blank())
            return trf("空白 KEY {} 的 PIN 已锁定。请点开它，清除后再用，或者报废", key_serial_);
        if (key->token.pin_locked) return tr("KEY 的 PIN 已锁定。请先核对申请人身份，再用“解锁”设置新 PIN");
    }
    if (key_serial_.empty()) {
        if (const keys::Job* begun = order->open())
            return trf("第 {} 个 KEY 写到一半，请插上 KEY {}", begun->unit_no, begun->key_serial);
        return tr("请插上一个空白 KEY");
    }
    return {};
}

// The picture of the seal is all that is missing.
bool KeysPanel::needs_proof(const desk::Desk& desk) const {
    const auto* order = chosen();
    if (!order || !desk.actor || order->not_ready.empty() || !desk.key_trouble().empty()) return false;
    return why_not_to_write(*order, *desk.actor, desk.bench().rules, desk.clock().now()) == order->not_ready;
}

std::vector<Assignment> KeysPanel::to_write_now(const desk::Desk& desk) {
    const auto* list = orders_.get();
    if (!list || !desk.actor || !desk.key_trouble().empty()) return {};
    auto all = assign(*list, plugged_, *desk.actor, desk.bench().rules, desk.clock().now(), order_no_, key_serial_);
    std::erase_if(all, [&](const Assignment& each) { return writers_.running(each.key_serial); });
    return all;
}

void KeysPanel::write(desk::Desk& desk, const std::vector<Assignment>& list) {
    if (pin_.empty()) {
        pin_refused_ = tr("请输入 KEY 的 PIN");
        focus_pin_ = true;  // Enter, PIN, Enter
        return;
    }
    pin_refused_.clear();
    trouble_.clear();
    written_.reset();
    // The pool keeps jobs that can be copied; the secret itself stays in one place and goes with the last of them.
    const auto pin = std::make_shared<crypto::Secret>(std::move(pin_));
    pin_.reserve(64);
    kit::forget_typed();
    const bool last = std::exchange(last_try_, false);
    std::set<std::string> beside = writers_.running_keys();
    for (const auto& each : list) beside.insert(each.key_serial);
    if (beside.contains(card_serial_)) card_serial_.clear();  // a KEY has one session
    for (const auto& each : list)
        writers_.start(
            desk, each.order_no, each.key_serial, pin, beside,
            random_pin_.value_or(desk.settings().random_pin) || desk::pin_shown(desk.settings()) == desk::PinShown::paper,
            last && each.key_serial == key_serial_ ? keys::LastTry::use : keys::LastTry::spare);
}

void KeysPanel::take_results(desk::Desk& desk) {
    if (writers_.running()) kit::wake_in(0.1);
    const auto ended = writers_.ended();
    for (const auto& end : ended) take_result(end);
    if (naming_.arrived()) {
        if (const auto& named = *naming_.ready(); !named) trouble_.set(named.error());
        name_again_ = false;
        desk.touch();
    }
    if (unlocking_.arrived()) {
        const auto& unlocked = *unlocking_.ready();
        passphrase_refused_ = unlocked ? "" : unlocked.error().message;
        desk.touch();
    }
    if (renewing_.arrived()) {
        if (const auto& list = *renewing_.ready())
            kit::frame().toasts.show(trf("已签发第 {} 号吊销列表", list->number), kit::Tone::green);
        else
            trouble_.set(list.error());
        desk.touch();
    }
    if (ended.empty()) return;
    next_look_ = 0;
    // Also after an error: some steps may be done.
    desk.touch();
    desk.nudge();
}

void KeysPanel::take_result(const WriteEnd& end) {
    if (end.no_pin)
        trouble_.add({end.no_pin->kind, trf("KEY {} 已写好，但没有设置随机 PIN：{}", end.key_serial, end.no_pin->message),
                      end.no_pin->detail});
    if (end.job || end.pin_was_wrong) focus_pin_ = true;  // for the next PIN, or the right one
    if (end.job) {
        written_ = *end.job;
        // The next blank one is chosen as soon as the ports have been read again.
        for (auto& each : plugged_)
            if (each.token.serial == written_->key_serial)
                each.key.state = keys::KeyState::bound, each.key.order_no = written_->order_no;
        if (written_->key_serial == key_serial_) key_by_hand_ = false;
        kit::frame().toasts.show(trf("KEY {} 已写好并绑定", written_->key_serial), kit::Tone::green);
        return;
    }
    auto error = end.job.error();
    if (end.pin_was_wrong || plugged_.size() > 1) error.message = trf("KEY {}：{}", end.key_serial, error.message);
    // Nothing was done with a wrong PIN: the sentence stands at the field.
    if (end.pin_was_wrong)
        pin_refused_ += (pin_refused_.empty() ? "" : tr("；")) + error.message;
    else
        trouble_.add(std::move(error));
}

void KeysPanel::draw(desk::Desk& desk) {
    ask(desk);
    take_results(desk);
    settle();
    const ImVec2 room = ImGui::GetContentRegionAvail();
    const float left = kit::px(332), right = std::min(kit::px(430), room.x * 0.3f);
    kit::begin_pane("keys.orders", {left, 0});
    draw_orders(desk);
    kit::end_pane();
    kit::edge_right();
    ImGui::SameLine(0, 0);
    const auto* order = chosen();
    const bool proof = order && (proof_open_ || needs_proof(desk)) && !writers_.running();
    // Whoever brings a written KEY is served first; it opens itself.
    card_.show(card_serial_);
    if (proof && card_.serial().empty()) {
        kit::begin_pane("keys.proof", {0, 0});
        draw_proof(desk, *order);
        kit::end_pane();
        card_.draw_dialogs(desk);
        return trouble_.draw_dialog("keys.trouble");
    }
    kit::begin_pane("keys.bench", {-right - kit::px(1), 0});
    draw_bench(desk);
    kit::end_pane();
    kit::edge_right();
    ImGui::SameLine(0, 0);
    kit::begin_pane("keys.register", {0, 0});
    if (!card_.serial().empty())
        draw_card(desk, proof);
    else
        draw_register(desk);
    kit::end_pane();
    card_.draw_dialogs(desk);
    take_card(desk);
    trouble_.draw_dialog("keys.trouble");
}

void KeysPanel::draw_card(desk::Desk& desk, bool over_proof) {
    {
        const kit::Inset inset;
        kit::gap(8);
        if (kit::link(ids::kKeysCardBack, over_proof ? tr("← 回到印章校样") : tr("← 回到证书登记"))) card_serial_.clear();
        kit::gap(6);
    }
    card_.draw(desk);
}

// Somebody chose it: with a proof to look at, that is what they want to see.
void KeysPanel::choose_order(const desk::Desk& desk, const std::string& order_no) {
    open(order_no);
    trouble_.clear();
    if (needs_proof(desk)) card_serial_.clear();
}

void KeysPanel::draw_orders(desk::Desk& desk) {
    const auto* list = orders_.get();
    kit::title_strip(list ? trf("待制证 {}", list->size()) : std::string(tr("待制证")), {});
    if (const Error* error = orders_.error()) kit::banner("keys.retry", error->message, "");
    if (!list) return;
    if (list->empty()) return kit::empty_text(tr("没有等待制证的订单。审核通过的订单会出现在这里"));
    const Instant now = desk.clock().now();
    const bool into_view = std::exchange(into_view_, false);
    kit::begin_pane("keys.orders.list", {0, 0});
    for (const auto& each : *list) {
        const orders::Order& order = each.order.order;
        kit::ListRow row;
        row.title = order.subject.name;
        row.title_right = trf("{} / {}", each.next_unit(), order.quantity);
        if (each.refunded)
            row.chips.push_back({tr("已退款"), kit::Tone::red});
        else if (each.open())
            row.chips.push_back({tr("继续"), kit::Tone::amber});
        if (!each.not_ready.empty() && each.seal.empty()) row.chips.push_back({tr("印章待确认"), kit::Tone::amber});
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
        row.into_view = row.selected && into_view;
        if (kit::list_row(ids::with(ids::kKeysOrder, order.no).c_str(), row)) choose_order(desk, order.no);
    }
    kit::end_pane();
    const int step = kit::list_step(ids::kKeysDown, ids::kKeysUp);
    if (step == 0) return;
    const auto at = std::find_if(list->begin(), list->end(), [&](const auto& each) { return each.order.order.no == order_no_; }) -
                    list->begin();
    choose_order(desk,
                 (*list)[static_cast<size_t>(std::clamp<std::ptrdiff_t>(at + step, 0, std::ssize(*list) - 1))].order.order.no);
}

}  // namespace sealdesk::panels

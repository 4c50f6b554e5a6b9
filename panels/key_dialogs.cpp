// The questions of the KEY card: what an incident will do, PINs, identity; and the verbs behind them.
#include <utility>

#include "base/translate.h"
#include "panels/back_office_ids.h"
#include "panels/key_card.h"

namespace sealdesk::panels {

namespace {

// The pool keeps jobs that can be copied; the secret itself stays in one place.
std::shared_ptr<crypto::Secret> taken(std::string& field) {
    auto secret = std::make_shared<crypto::Secret>(std::move(field));
    field.reserve(64);
    return secret;
}

}  // namespace

void KeyCard::open(Asking what) {
    close();
    asking_ = what;
    open_ = focus_ = true;
}

// What is typed does not outlive the person who typed it.
KeyCard::~KeyCard() {
    for (std::string* field : {&pin_, &new_pin_, &again_}) crypto::wipe(*field);
}

void KeyCard::close() {
    for (std::string* field : {&pin_, &new_pin_, &again_}) {
        crypto::wipe(*field);
        field->reserve(64);
    }
    if (asking_ != Asking::nothing) kit::forget_typed();  // else somebody types in another box
    note_.clear();
    refused_.clear();
    seen_ = {};
    last_try_ = waiting_ = false;
    open_ = false;
    asking_ = Asking::nothing;
}

// The new PIN, typed twice; the second one is wiped.
bool KeyCard::same_twice() {
    if (new_pin_ != again_) {
        refused_ = tr("两次输入的新 PIN 不一样");
        return false;
    }
    crypto::wipe(again_);
    return true;
}

void KeyCard::run(desk::Desk& desk) {
    refused_.clear();
    waiting_ = reading_.running();
    if (waiting_) return;  // begins when the KEY's session is free
    const auto last = last_try_ ? keys::LastTry::use : keys::LastTry::spare;
    const auto actor = *desk.actor;
    const auto& serial = serial_;
    // The desk keeps it for this person, whatever becomes of the window meanwhile.
    const auto letter = [&desk, login = actor.login](Result<keys::PinLetter> made) -> Result<Done> {
        if (!made) return tl::unexpected(std::move(made).error());
        Done done{trf("KEY {} 有了新的 PIN", made->key_serial)};
        desk.letters().put(login, std::move(*made));
        return done;
    };
    // What changes the KEY itself runs where the window waits for it before it closes: a new PIN may come out of it.
    switch (asking_) {
        case Asking::nothing: return;
        case Asking::incident:
            return doing_.start(desk.jobs(), [&desk, actor, serial, which = incident_, note = note_]() -> Result<Done> {
                SEALDESK_LET(outcome, keys::report(desk.database(), actor, desk.bench(), which, serial, note));
                return Done{outcome.crl_number > 0
                                ? trf("KEY {} 已登记“{}”，吊销列表第 {} 号", serial, word_of(which), outcome.crl_number)
                                : trf("KEY {} 已登记“{}”", serial, word_of(which))};
            });
        case Asking::scrap:
            return doing_.start(desk.jobs(), [&desk, actor, serial, note = note_]() -> Result<Done> {
                SEALDESK_TRY(keys::scrap(desk.database(), actor, serial, note));
                return Done{trf("KEY {} 已报废", serial)};
            });
        case Asking::initial_pin:
            return doing_.start(desk.writing(), [&desk, actor, serial, last, letter, seen = seen_, pin = taken(pin_)] {
                return letter(keys::set_initial_pin(desk.database(), actor, desk.bench(), serial, *pin, seen, last));
            });
        case Asking::unlock:
            return doing_.start(desk.writing(), [&desk, actor, serial, last, letter, seen = seen_, pin = taken(pin_)] {
                return letter(keys::unlock(desk.database(), actor, desk.bench(), serial, *pin, seen, last));
            });
        case Asking::change_pin: {
            if (!same_twice()) return;
            return doing_.start(
                desk.writing(),
                [&desk, actor, serial, last, seen = seen_, pin = taken(pin_), fresh = taken(new_pin_)]() -> Result<Done> {
                    SEALDESK_TRY(keys::change_pin(desk.database(), actor, desk.bench(), serial, *pin, *fresh, seen, last));
                    return Done{trf("KEY {} 的 PIN 已修改", serial)};
                });
        }
        case Asking::erase:
            if (!same_twice()) return;
            return doing_.start(desk.writing(),
                                [&desk, actor, serial, last, pin = taken(pin_), fresh = taken(new_pin_)]() -> Result<Done> {
                                    SEALDESK_TRY(keys::erase(desk.database(), actor, desk.bench(), serial, *pin, *fresh, last));
                                    return Done{trf("KEY {} 已清除，重新入库", serial)};
                                });
    }
}

void KeyCard::draw_dialogs(desk::Desk& desk) {
    take_result(desk);
    if (waiting_ && !reading_.running()) run(desk);
    if (asking_ == Asking::incident || asking_ == Asking::scrap)
        draw_incident(desk);
    else if (asking_ != Asking::nothing)
        draw_pin(desk);
    letter_.draw(desk);
    trouble_.draw_dialog("card.trouble");
    working_ = doing_.running();
    if (turn()) kit::wake_in(0);
}

void KeyCard::draw_incident(desk::Desk& desk) {
    const bool scrap = asking_ == Asking::scrap;
    const std::string title = scrap ? trf("报废 KEY {}", serial_) : trf("KEY {}：{}", serial_, word_of(incident_));
    if (!kit::begin_dialog("card.incident", title, &open_, 560)) return;
    std::string off = doing_.running() ? tr("正在办理") : "";
    if (scrap) {
        kit::wrapped(tr("这只空白 KEY 会从库存中报废，不能撤回"));
    } else if (const auto* plan = plan_.ready(); plan == nullptr || plan_.running()) {
        kit::note(tr("正在查看"));
        off = tr("正在查看");
    } else if (!*plan) {
        kit::wrapped(plan->error().message, kit::colour::red);
        off = plan->error().message;
    } else if ((*plan)->steps.empty()) {
        kit::wrapped(tr("这些都已经办过了，不会再做一次"));
        off = tr("已经办过");
    } else {
        if (!(*plan)->subject_name.empty()) kit::bold((*plan)->subject_name);
        kit::note(tr("会一次办完："));
        int number = 0;
        for (const auto& step : (*plan)->steps) kit::wrapped(trf("{}. {}", ++number, step));
    }
    kit::gap(10);
    bool entered = kit::labelled_input(ids::kCardNote, scrap ? tr("报废的原因") : tr("情况（谁、什么时候、怎样告知）"), &note_,
                                       {.refused = refused_, .focus = std::exchange(focus_, false)})
                       .entered;
    if (note_.empty() && off.empty()) off = tr("请写明情况");
    kit::gap(14);
    const char* words = scrap ? tr("报废") : word_of(incident_);
    const auto tone = incident_ == keys::Incident::resumed && !scrap ? kit::Tone::green : kit::Tone::red;
    kit::align_right(kit::button_width(words, ImGuiKey_Enter) + kit::button_width(tr("取消")) + kit::px(8), 0);
    if (kit::button(ids::kCardCancel, tr("取消"))) open_ = false;
    ImGui::SameLine(0, kit::px(8));
    if (kit::button(ids::kCardDo, words, {.tone = tone, .key = ImGuiKey_Enter, .disabled_because = off})) entered = true;
    if (entered && off.empty()) run(desk);
    if (!open_) {
        ImGui::CloseCurrentPopup();
        close();
    }
    kit::end_dialog();
}

void KeyCard::draw_tries(const Facts& facts) {
    if (!facts.token) return;
    const auto& token = *facts.token;
    const bool so = by_administrator();
    const bool final_try = so ? token.so_pin_final : token.pin_final, low = so ? token.so_pin_low : token.pin_low;
    const bool locked = so ? token.so_pin_locked : token.pin_locked;
    if (locked)
        kit::callout(so ? tr("管理员 PIN 已锁定，这只 KEY 不能再解锁") : tr("PIN 已锁定"), "", kit::Tone::red);
    else if (final_try)
        kit::callout(tr("只剩最后一次机会"), tr("再输错就会锁定。请先核实，再勾选下面一项"), kit::Tone::red);
    else if (low)
        kit::callout(tr("最近输错过，次数已不是满的"), "", kit::Tone::amber);
    else
        kit::note(tr("没有输错过，次数是满的"));
    if (final_try && !locked) kit::checkbox(ids::kCardLastTry, tr("已核实，使用最后一次机会"), &last_try_);
    kit::gap(6);
}

bool KeyCard::asks_who_it_is() const {
    if (asking_ == Asking::unlock || asking_ == Asking::change_pin) return true;
    const Facts* facts = facts_.get();
    return asking_ == Asking::initial_pin && (!facts || facts->needs_identity);
}

void KeyCard::draw_identity() {
    if (const Facts* facts = facts_.get(); facts && !facts->subject.name.empty()) {
        const orders::Subject& subject = facts->subject;
        kit::bold(subject.name);
        kit::field_row({.label = orders::word_of(subject.document_kind), .value = subject.document_number});
        if (!subject.handler.empty()) kit::field_row({.label = tr("经办人"), .value = subject.handler});
        kit::field_row({.label = tr("手机"), .value = subject.mobile});
        kit::gap(6);
    }
    kit::section(tr("已当面核对"), tr("逐项勾选"));
    kit::checkbox(ids::kCardSeenDocument, tr("证件原件与订单一致"), &seen_.document);
    kit::checkbox(ids::kCardSeenPerson, tr("来人是本人或经办人"), &seen_.person);
    kit::checkbox(ids::kCardSeenLetter, tr("盖章的授权书或本人申请"), &seen_.authorisation);
    kit::gap(6);
}

void KeyCard::draw_pin(desk::Desk& desk) {
    const char* title = asking_ == Asking::initial_pin  ? tr("设置随机初始 PIN")
                        : asking_ == Asking::change_pin ? tr("修改 PIN")
                        : asking_ == Asking::unlock     ? tr("解锁")
                                                        : tr("清除 KEY，重新入库");
    if (!kit::begin_dialog("card.pin", trf("{} · {}", title, serial_), &open_, 480)) return;
    if (const Facts* facts = facts_.get()) draw_tries(*facts);
    std::string off = doing_.running() ? tr("正在办理") : "";
    if (asks_who_it_is()) {
        draw_identity();
        if (off.empty() && !seen_.complete()) off = tr("请逐项核对身份");
    }
    if (asking_ == Asking::erase) kit::wrapped(tr("KEY 上的密钥、证书和印章会被清除，不能恢复"));
    bool entered = kit::labelled_input(ids::kCardPin, by_administrator() ? tr("KEY 的管理员 PIN") : tr("KEY 现在的 PIN"), &pin_,
                                       {.refused = refused_, .password = true, .focus = std::exchange(focus_, false)})
                       .entered;
    if (asking_ == Asking::change_pin || asking_ == Asking::erase) {
        kit::labelled_input(ids::kCardNewPin, tr("新 PIN"), &new_pin_, {.password = true});
        entered = kit::labelled_input(ids::kCardNewPinAgain, tr("再输一次"), &again_, {.password = true}).entered || entered;
        if (off.empty() && new_pin_.empty()) off = tr("请输入新 PIN");
    }
    if (off.empty() && pin_.empty()) off = tr("请输入 PIN");
    if (const Facts* facts = facts_.get(); off.empty() && facts && facts->token && !last_try_ &&
                                           (by_administrator() ? facts->token->so_pin_final : facts->token->pin_final))
        off = tr("只剩最后一次机会，请先核实并勾选");
    kit::gap(14);
    const char* words = asking_ == Asking::erase ? tr("清除") : asking_ == Asking::unlock ? tr("解锁") : tr("设置");
    kit::align_right(kit::button_width(words, ImGuiKey_Enter) + kit::button_width(tr("取消")) + kit::px(8), 0);
    if (kit::button(ids::kCardCancel, tr("取消"))) open_ = false;
    ImGui::SameLine(0, kit::px(8));
    const auto tone = asking_ == Asking::erase ? kit::Tone::red : kit::Tone::green;
    if (kit::button(ids::kCardDo, words, {.tone = tone, .key = ImGuiKey_Enter, .disabled_because = off})) entered = true;
    if (entered && off.empty()) run(desk);
    if (!open_) {
        ImGui::CloseCurrentPopup();
        close();
    }
    kit::end_dialog();
}

}  // namespace sealdesk::panels

#include "panels/key_card.h"

#include <fmt/format.h>

#include <utility>

#include "base/translate.h"
#include "certificates/standing.h"
#include "desk/seal_verdicts.h"
#include "panels/back_office_ids.h"

namespace sealdesk::panels {

constexpr double kLookEvery = 2;  // seconds between two looks at its port

kit::Chip pin_chip(const keys::TokenInfo& token) {
    if (token.pin_locked) return {tr("PIN 已锁定"), kit::Tone::red};
    if (token.pin_final) return {tr("PIN 只剩一次"), kit::Tone::red};
    if (token.pin_low) return {tr("PIN 输错过"), kit::Tone::amber};
    return {};
}

void KeyCard::show(const std::string& serial) {
    wanted_ = serial;
    turn();
}

// A KEY that is pulled, or another one that comes in, takes no question away from who answers it.
bool KeyCard::turn() {
    if (wanted_ == serial_ || held()) return false;
    serial_ = wanted_;
    look_.clear();
    next_look_ = 0;
    read_for_.clear();
    on_key_.reset();
    reading_.clear();
    trouble_.clear();
    close();
    return true;
}

// It may be plugged in or pulled while its card is open.
void KeyCard::look(desk::Desk& desk) {
    const Facts* facts = facts_.get();
    if (facts == nullptr || facts->standing.key.serial != serial_) return;
    if (look_.arrived()) {
        next_look_ = ImGui::GetTime() + kLookEvery;
        if (*look_.ready() != facts->token) ++changes_;
    }
    keys::Tokens* tokens = desk.bench().tokens;
    if (tokens == nullptr || look_.running() || doing_.running()) return;
    if (ImGui::GetTime() < next_look_) return kit::wake_in(next_look_ - ImGui::GetTime());
    look_.start(desk.jobs(), [tokens, serial = serial_] {
        auto token = tokens->find(serial);
        return token ? std::optional(std::move(*token)) : std::nullopt;
    });
}

void KeyCard::ask(desk::Desk& desk) {
    read_seal(desk);
    look(desk);
    const std::string der = on_key_ && *on_key_ ? (*on_key_)->value_or("") : "";
    const bool arrived =
        facts_.refresh(desk, fmt::format("{}\n{}\n{}\n{}", serial_, changes_, read_for_, der.empty() ? "" : "seal"),
                       [&database = desk.database(), tokens = desk.bench().tokens, settings = desk.settings(), serial = serial_,
                        der]() -> Result<Facts> {
                           SEALDESK_LET(standing, keys::standing(database, serial));
                           Facts facts{std::move(standing), std::nullopt, {}, true, std::nullopt};
                           SEALDESK_LET(asks, keys::needs_identity(database, facts.standing.key));
                           facts.needs_identity = asks;
                           if (const std::string& no = facts.standing.key.order_no; !no.empty()) {
                               SEALDESK_LET(order, orders::load(database, no));
                               facts.subject = std::move(order.order.subject);
                           }
                           if (tokens != nullptr)
                               if (auto token = tokens->find(facts.standing.key.serial))
                                   facts.token = std::move(*token);  // not plugged in: nothing to tell
                           if (!facts.token || der.empty()) return facts;
                           std::string certificate;
                           if (facts.standing.certificate)
                               if (auto own = crypto::from_pem("CERTIFICATE", facts.standing.certificate->pem))
                                   certificate = std::move(*own);
                           facts.seal = desk::judge_seal(database, settings, der, certificate);
                           return facts;
                       });
    // What was typed in other letters is the KEY that was found.
    if (const Facts* facts = facts_.get(); arrived && facts != nullptr)
        if (const auto& found = facts->standing.key.serial; keys::folded_serial(found) == keys::folded_serial(serial_)) {
            if (wanted_ == serial_) wanted_ = found;
            serial_ = found;
        }
}

// What lies on the KEY does not change while it is plugged in and nothing is written: a KEY is slow and has one session.
void KeyCard::read_seal(desk::Desk& desk) {
    if (reading_.arrived()) on_key_ = *reading_.ready();
    const Facts* facts = facts_.get();
    if (facts == nullptr || facts->standing.key.serial != serial_ || reading_.running() || doing_.running()) return;
    std::string wanted;
    const auto state = facts->standing.key.state;
    if (facts->token && state >= keys::KeyState::bound && state != keys::KeyState::scrapped)
        wanted = fmt::format("{} {} {}", facts->token->slot, name_of(state),
                             facts->standing.certificate ? facts->standing.certificate->serial : "");
    if (wanted == read_for_) return;
    read_for_ = wanted;
    on_key_.reset();
    if (wanted.empty()) return;
    reading_.start(desk.jobs(), [tokens = desk.bench().tokens, serial = serial_]() -> Result<std::optional<std::string>> {
        SEALDESK_LET(session, tokens->open(serial));
        return session->find_data(keys::kSealLabel);
    });
}

std::string KeyCard::why_not(const desk::Desk& desk) const {
    if (!desk.actor) return tr("请先登录");
    if (!staff::has(desk.actor->roles, staff::Role::officer)) return tr("只有制证员可以办理");
    return {};
}

void KeyCard::take_result(desk::Desk& desk) {
    if (!doing_.arrived()) return;
    auto& result = *doing_.ready();
    desk.touch();
    desk.nudge();
    if (!result) {
        auto error = result.error();
        if (asking_ == Asking::nothing) {  // cancelled while it ran: the field is gone
            error.message = trf("KEY {}：{}", serial_, error.message);
            return trouble_.raise(std::move(error));
        }
        // A refusal stands at the field; a wrong PIN too: nothing was done.
        if (error.kind == ErrorKind::conflict || error.kind == ErrorKind::internal) {
            close();
            trouble_.set(std::move(error));
        } else {
            refused_ = error.message;
        }
        return;
    }
    close();
    kit::frame().toasts.show(result->said, kit::Tone::green);
}

void KeyCard::draw(desk::Desk& desk) {
    if (serial_.empty()) return;
    ask(desk);
    kit::title_strip(trf("KEY {}", serial_));
    const Facts* facts = facts_.get();
    const bool here = facts != nullptr && facts->standing.key.serial == serial_;
    if (const Error* error = facts_.error(); error != nullptr && !here && !facts_.running())
        return kit::empty_text(error->message);
    if (!here) return;
    kit::begin_pane("card.body", {0, 0});
    draw_facts(*facts);
    draw_seal(*facts);
    draw_actions(desk, *facts);
    file_check_.draw(desk);
    draw_history(*facts);
    kit::end_pane();
}

void KeyCard::draw_facts(const Facts& facts) {
    const keys::Standing& all = facts.standing;
    kit::gap(8);
    {
        const kit::Inset inset;
        kit::callout(all.active ? tr("已绑定并激活") : tr("没有激活"), all.reason,
                     all.active ? kit::Tone::green : kit::Tone::amber, kit::inset_width());
    }
    kit::gap(4);
    const auto tone = all.key.state == keys::KeyState::scrapped ? kit::Tone::red
                      : all.active                              ? kit::Tone::green
                                                                : kit::Tone::amber;
    const std::string model = all.key.model.empty() ? all.key.label : all.key.model;
    kit::field_row({.label = tr("型号"), .value = model, .verdict = {word_of(all.key.state), tone}});
    const kit::Chip tries = facts.token ? pin_chip(*facts.token) : kit::Chip{};
    kit::field_row({.label = tr("PIN"),
                    .value = !facts.token          ? tr("没有插着")
                             : tries.words.empty() ? tr("没有输错过")
                                                   : tr("插着"),
                    .verdict = tries});
    draw_order(facts);
    if (all.certificate) {
        const bool valid = all.certificate->state == "valid", held = certificates::is_suspended(*all.certificate);
        const std::string until = trf("至 {}", text_of(day_of(all.certificate->not_after)));
        kit::field_row({.label = tr("证书"), .value = all.certificate->serial});
        kit::field_row({.label = tr("有效期"),
                        .value = until,
                        .verdict = {valid  ? tr("有效")
                                    : held ? tr("已停用")
                                           : tr("已吊销"),
                                    valid  ? kit::Tone::green
                                    : held ? kit::Tone::amber
                                           : kit::Tone::red}});
    }
    if (all.told_at) {
        const std::string told = date_time(all.told_at), sure = all.confirmed_at ? date_time(all.confirmed_at) : std::string();
        kit::field_row({.label = tr("绑定"), .value = told});
        if (!sure.empty()) kit::field_row({.label = tr("平台确认"), .value = sure});
    }
}

void KeyCard::draw_seal(const Facts& facts) {
    if (!facts.token || read_for_.empty()) return;
    if (!on_key_) return (void)kit::field_row({.label = tr("印章"), .value = tr("正在读取…")});
    if (!*on_key_)
        return (void)kit::field_row(
            {.label = tr("印章"), .value = on_key_->error().message, .verdict = {tr("读不出来"), kit::Tone::amber}});
    if (!**on_key_) return (void)kit::field_row({.label = tr("印章"), .value = tr("KEY 里没有印章")});
    if (!facts.seal) return;
    if (*facts.seal) return draw_seal_verdict(**facts.seal);
    kit::field_row({.label = tr("印章"), .value = facts.seal->error().message, .verdict = {tr("无效"), kit::Tone::red}});
}

void KeyCard::draw_order(const Facts& facts) {
    const keys::Standing& all = facts.standing;
    if (all.key.order_no.empty()) return;
    const std::string whose = trf("{} · 第 {} 个", all.key.order_no, all.key.unit_no);
    if (kit::field_row({.label = tr("订单"), .value = whose, .id = ids::kCardOrder})) wanted_order_ = all.key.order_no;
    kit::field_row({.label = tr("主体"), .value = all.subject_name});
}

void KeyCard::draw_actions(desk::Desk& desk, const Facts& facts) {
    using enum keys::KeyState;
    const std::string off = doing_.running() ? std::string(tr("正在办理")) : why_not(desk);
    const auto state = facts.standing.key.state;
    const auto& certificate = facts.standing.certificate;
    const bool held = certificate && certificates::is_suspended(*certificate);
    kit::gap(8);
    const kit::Inset inset;
    const auto incident = [&](keys::Incident which, kit::Tone tone) {
        const std::string id = ids::with(ids::kCardIncident, name_of(which));
        if (kit::button(id.c_str(), word_of(which), {.tone = tone, .disabled_because = off})) {
            incident_ = which;
            open(Asking::incident);
            plan_.start(desk.jobs(),
                        [&database = desk.database(), which, serial = serial_] { return keys::plan(database, which, serial); });
        }
        ImGui::SameLine(0, kit::px(8));
    };
    if (state == blank) {
        if (kit::button(ids::kStockScrap, tr("报废"), {.disabled_because = off})) open(Asking::scrap);
    } else if (state != scrapped) {
        incident(keys::Incident::lost, kit::Tone::red);
        incident(keys::Incident::damaged, kit::Tone::plain);
        if (state != returned) incident(keys::Incident::returned, kit::Tone::plain);
        if (certificate && certificate->state == "valid") incident(keys::Incident::suspended, kit::Tone::plain);
        if (held) incident(keys::Incident::resumed, kit::Tone::green);
        ImGui::NewLine();
        if (replacement_ && certificate) {
            kit::gap(4);
            const bool waits = !replacement_(*certificate).empty();
            const std::string none = waits ? off : std::string(tr("这个主体没有等待制证的补办订单，要先在门户申请"));
            if (kit::button(ids::kCardReplace, tr("补办"), {.disabled_because = none})) replaces_ = *certificate;
        }
    }
    if (facts.token && state == blank && facts.token->pin_locked) {
        kit::gap(4);
        if (kit::button(ids::kCardErase, tr("清除"), {.disabled_because = off})) open(Asking::erase);
    }
    if (facts.token && state != blank && state != scrapped) {
        kit::gap(4);
        const auto pin = [&](const char* id, const char* words, Asking what, const std::string& because) {
            if (kit::button(id, words, {.disabled_because = because})) open(what);
            ImGui::SameLine(0, kit::px(8));
        };
        const std::string locked = off.empty() && facts.token->pin_locked ? std::string(tr("PIN 已锁定，请解锁")) : off;
        if (state == returned) {
            pin(ids::kCardErase, tr("清除"), Asking::erase, off);
        } else {
            pin(ids::kCardInitialPin, tr("初始 PIN"), Asking::initial_pin, locked);
            pin(ids::kCardChangePin, tr("修改 PIN"), Asking::change_pin, locked);
            pin(ids::kCardUnlock, tr("解锁"), Asking::unlock, off);
        }
        ImGui::NewLine();
    }
    kit::gap(4);
    trouble_.draw_beside(tr("请插回同一个 KEY 再试"));
}

void KeyCard::draw_history(const Facts& facts) {
    kit::gap(8);
    kit::line();
    kit::gap(8);
    {
        const kit::Inset inset;
        kit::section(tr("经过"));
    }
    const auto& list = facts.standing.movements;
    for (size_t i = list.size(); i-- > 0;) {
        const auto& each = list[i];
        kit::ListRow row;
        row.title = each.from ? trf("{} → {}", word_of(*each.from), word_of(each.to)) : std::string(tr("入库"));
        row.title_right = date_time(each.at);
        row.note = each.reason.empty() ? each.order_no : each.reason;
        row.note_right = {each.by, kit::Tone::plain};
        kit::list_row(("card.movement." + std::to_string(each.id)).c_str(), row);
    }
}

}  // namespace sealdesk::panels

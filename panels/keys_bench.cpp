// The middle and the right of the KEY bench: facts, plugged KEYs, PIN, steps; certificates and revocation list.
#include <algorithm>
#include <utility>

#include "base/translate.h"
#include "certificates/standing.h"
#include "desk/authority.h"
#include "desk/pin_letters.h"
#include "panels/back_office_ids.h"
#include "panels/keys_panel.h"
#include "panels/kit/kit.h"

namespace sealdesk::panels {

static kit::Chip chip_of(const PluggedKey& plugged, const std::string& order_no) {
    const keys::Key& key = plugged.key;
    using enum keys::KeyState;
    if (key.state == blank) return {word_of(blank), kit::Tone::green};
    if (key.state < bound && key.order_no == order_no) return {tr("写到一半"), kit::Tone::amber};
    return {word_of(key.state), kit::Tone::red};
}

void KeysPanel::draw_facts(const OrderToWrite& order) {
    const orders::Order& form = order.order.order;
    kit::field_row(
        {.label = form.subject.kind == orders::SubjectKind::unit ? tr("单位名称") : tr("姓名"), .value = form.subject.name});
    kit::field_row({.label = orders::word_of(form.subject.document_kind), .value = form.subject.document_number});
    if (!form.subject.enterprise.empty()) kit::field_row({.label = tr("所属单位"), .value = form.subject.enterprise});
    const std::string term = trf("{} 年 × {}", form.years, form.quantity);
    const bool replaces = form.kind == orders::OrderKind::replacement;
    const std::string kind = replaces && form.cause != orders::ReplacementCause::none
                                 ? trf("{} · {}", orders::word_of(form.kind), orders::word_of(form.cause))
                                 : std::string(orders::word_of(form.kind));
    kit::field_row(
        {.label = tr("年限 × 数量"), .value = term, .verdict = {kind, replaces ? kit::Tone::orange : kit::Tone::blue}});
    draw_replaced_fact(order);
    kit::field_row({.label = tr("审核人"), .value = order.approver});
    if (order.seal.empty() && order.not_ready.empty()) return;
    const kit::Chip state =
        order.seal.empty() ? kit::Chip{tr("待确认"), kit::Tone::amber} : kit::Chip{tr("已确认"), kit::Tone::green};
    if (kit::field_row({.label = tr("印章"),
                        .value = order.seal.empty() ? std::string_view(tr("看校样")) : std::string_view(order.seal),
                        .verdict = state,
                        .id = ids::kKeysSeal})) {
        proof_open_ = true;
        card_serial_.clear();
    }
}

// Until a KEY is begun, a wrong click in the list below is put right here.
void KeysPanel::draw_replaced_fact(const OrderToWrite& order) {
    const std::string& ordered = order.order.order.replaced_certificate;
    const std::string& name = ordered.empty() ? order.to_name.chosen : ordered;
    if (name.empty()) return;
    kit::FieldRow row;
    row.label = tr("补办的证书");
    row.value = name == keys::kNoneOfThem ? std::string_view(tr("不是本中心签发的")) : std::string_view(name);
    if (!order.to_name.chosen.empty() && !order.to_name.list.empty()) {
        row.verdict = {tr("改选"), kit::Tone::blue};
        row.id = ids::kKeysNameAgain;
    }
    if (kit::field_row(row)) name_again_ = !name_again_;
}

void KeysPanel::draw_proof(desk::Desk& desk, const OrderToWrite& order) {
    const orders::Order& form = order.order.order;
    kit::title_strip(form.no, trf("印章校样 · {}", form.subject.name));
    const kit::Inset inset;
    kit::gap(8);
    // The KEY before: its certificate stays readable while the next order's seal is looked at.
    if (written_) {
        draw_written();
        kit::gap(6);
    }
    if (!order.seal.empty() || proof_open_) {
        if (kit::link(ids::kKeysProofBack, tr("← 回到写 KEY"))) proof_open_ = false;
    } else {
        kit::note(tr("写 KEY 以前先确认印章：它会写进这一单的每个 KEY"));
    }
    if (!plugged_.empty()) kit::note(trf("插着 {} 个 KEY", plugged_.size()));
    kit::gap(6);
    proof_.open(form);
    if (!proof_.draw(desk)) return;
    proof_open_ = false;
    focus_pin_ = true;  // what comes next
}

// Instead of a file that holds it. What is typed goes into the job and is wiped with it.
void KeysPanel::draw_passphrase(desk::Desk& desk) {
    const bool may = desk.actor && staff::has(desk.actor->roles, staff::Role::officer);
    if (!desk.key_bench().wants_passphrase() || !may) return;
    const char* off = unlocking_.running() ? tr("正在打开") : "";
    const bool entered =
        kit::labelled_input(
            ids::kKeysPassphrase, desk.key_bench().wants_pin() ? tr("CA 的 KEY 的 PIN") : tr("CA 密钥的口令"), &passphrase_,
            {.hint = tr("退出登录时忘掉，不会保存"), .refused = passphrase_refused_, .width = kit::px(260), .password = true})
            .entered;
    const bool pressed = kit::button(ids::kKeysUnlock, tr("打开 CA 密钥"), {.disabled_because = off});
    kit::gap(8);
    if ((!pressed && !entered) || unlocking_.running() || passphrase_.empty()) return;
    const auto secret = std::make_shared<crypto::Secret>(std::move(passphrase_));
    passphrase_.reserve(256);
    passphrase_refused_.clear();
    kit::forget_typed();
    unlocking_.start(desk.jobs(),
                     [&bench = desk.key_bench(), actor = *desk.actor, secret] { return bench.unlock(actor, *secret); });
}

void KeysPanel::draw_replaced(desk::Desk& desk, const OrderToWrite& order) {
    if (!order.to_name.asked() && (!name_again_ || order.to_name.list.empty())) return;
    {
        const kit::Inset inset;
        kit::section(tr("补办的是哪一张"), tr("点选后吊销的就是它，不会动别的"));
    }
    const auto name = [&](const std::string& serial) {
        if (naming_.running() || !desk.actor) return;
        naming_.start(desk.jobs(), [&database = desk.database(), actor = *desk.actor, no = order_no_, serial] {
            return keys::name_replaced(database, actor, no, serial);
        });
    };
    for (const auto& entry : order.to_name.list) {
        kit::ListRow row;
        row.title = entry.serial;
        row.note = trf("KEY {} · {}", entry.key_serial, entry.order_no);
        row.note_right = {trf("至 {}", text_of(day_of(entry.not_after))), kit::Tone::plain};
        if (certificates::is_suspended(entry))
            row.chips.push_back({tr("已停用"), kit::Tone::amber});
        else if (entry.state == "revoked")
            row.chips.push_back({trf("已吊销，原因代码 {}", entry.revocation_reason), kit::Tone::red});
        row.selected = entry.serial == order.to_name.chosen;
        if (kit::list_row(ids::with(ids::kKeysReplaces, entry.serial).c_str(), row)) name(entry.serial);
    }
    kit::ListRow none;
    none.title = tr("都不是：原来的证书不是本中心签发的");
    none.note = tr("这里没有可以吊销的证书");
    none.selected = order.to_name.chosen == keys::kNoneOfThem;
    if (kit::list_row(ids::with(ids::kKeysReplaces, keys::kNoneOfThem).c_str(), none)) name(keys::kNoneOfThem);
    kit::gap(8);
}

void KeysPanel::draw_bench(desk::Desk& desk) {
    const auto* order = chosen();
    if (!order) {
        kit::title_strip(tr("写 KEY"));
        // The last one was written a moment ago: its certificate stays readable.
        if (written_) {
            const kit::Inset inset;
            kit::gap(12);
            draw_steps(desk);
        }
        kit::gap(10);
        {
            const kit::Inset inset;
            draw_passphrase(desk);
        }
        draw_keys(desk);
        kit::empty_text(tr("选中的订单和插着的 KEY 会显示在这里"), "Enter", tr("写入 KEY"));
        return;
    }
    const orders::Order& form = order->order.order;
    kit::title_strip(form.no, form.subject.name, trf("第 {} 个，共 {} 个", order->next_unit(), form.quantity));
    kit::begin_pane("keys.bench.body", {0, -kit::px(kit::kFootHeight)});
    kit::gap(6);
    draw_facts(*order);
    kit::gap(8);
    kit::line();
    kit::gap(10);
    draw_replaced(desk, *order);
    draw_keys(desk);
    kit::gap(10);
    kit::line();
    kit::gap(10);
    const std::string reason = why_not(desk);
    bool entered = false;
    {
        const kit::Inset inset;
        draw_passphrase(desk);
        // The KEY before this one.
        if (written_ && !writers_.running(key_serial_)) {
            draw_written();
            kit::gap(6);
        }
        draw_pin(desk, reason, &entered);
        draw_missing_key();
        kit::gap(8);
        draw_steps(desk);
        trouble_.draw_beside(tr("请插回同一个 KEY 再按“继续写入”：写好的步骤不会重做"));
    }
    kit::end_pane();
    kit::line();
    kit::begin_pane("keys.bench.foot", {0, 0}, kit::Ground::foot, kit::px(14, 11));
    const bool running = writers_.running(key_serial_);
    const keys::Job* begun = order->open();
    const auto words = running                                                    ? tr("正在写入")
                       : begun != nullptr && !writers_.running(begun->key_serial) ? tr("继续写入 KEY")
                                                                                  : tr("写入 KEY");
    const PluggedKey* key = chosen_key();
    const bool last_try = key != nullptr && key->token.pin_final && !last_try_;
    const std::string off = running                      ? std::string(tr("KEY 正在写入，请不要拔出"))
                            : reason.empty() && last_try ? std::string(tr("只剩最后一次机会，请先核实并勾选"))
                                                         : reason;
    entered = entered && off.empty();
    const bool all_of_them = ImGui::GetIO().KeyCtrl;  // Ctrl+Enter in the PIN field is Enter to the field
    if (kit::button(ids::kKeysWrite, words, {.tone = kit::Tone::green, .key = ImGuiKey_Enter, .disabled_because = off}) ||
        (entered && !all_of_them))
        write(desk, {{key_serial_, order_no_, false}});
    // Several KEYs are plugged in: one press starts each with its own order.
    if (const auto all = to_write_now(desk); all.size() > 1) {
        ImGui::SameLine(0, kit::px(8));
        if (kit::button(ids::kKeysWriteAll, trf("全部写入 {} 个", all.size()), {.key = ImGuiMod_Ctrl | ImGuiKey_Enter}) ||
            (entered && all_of_them))
            write(desk, all);
    }
    if (const auto busy = writers_.running_keys(); !busy.empty()) {
        ImGui::SameLine(0, kit::px(14));
        kit::note_beside(
            busy.size() == 1 ? std::string(tr("KEY 正在写入，请不要拔出")) : trf("{} 个 KEY 正在写入，请不要拔出", busy.size()),
            kit::px(38), kit::colour::amber);
    }
    kit::end_pane();
}

void KeysPanel::draw_keys(desk::Desk& desk) {
    {
        const kit::Inset inset;
        kit::section(tr("插着的 KEY"), plugged_.empty() ? tr("没有") : trf("{} 个", plugged_.size()));
        if (look_error_)
            kit::callout(look_error_->message, tr("拔下 KEY 重新插入；每两秒会再读一次"), kit::Tone::red, kit::inset_width());
        if (desk.bench().tokens == nullptr)
            kit::note(desk.key_trouble(), kit::colour::amber);
        else if (plugged_.empty() && !look_error_)
            kit::note(tr("插上一个空白 KEY，它会出现在这里并被选中"));
        if (const auto* book = ledger_.get(); book && book->of(keys::KeyState::blank) <= desk.settings().low_key_stock)
            kit::note(trf("空白 KEY 只剩 {} 个", book->of(keys::KeyState::blank)), kit::colour::amber);
    }
    // A hub full of KEYs scrolls by itself, so that the PIN field below stays in sight.
    const float row_height = kit::px(kit::kListRow), most = std::max(3 * row_height, ImGui::GetContentRegionAvail().y * 0.38f);
    const float height = std::min(row_height * static_cast<float>(plugged_.size()), most);
    if (height <= 0) return;
    const auto assigned = to_write_now(desk);
    kit::begin_pane("keys.plugged", {0, height});
    for (const auto& each : plugged_) {
        const keys::TokenInfo& token = each.token;
        const auto next =
            std::find_if(assigned.begin(), assigned.end(), [&](const Assignment& one) { return one.key_serial == token.serial; });
        kit::ListRow row;
        row.title = token.serial;
        row.note = token.model.empty() ? token.label : trf("{} · {}", token.model, token.label);
        if (!each.key.order_no.empty())
            row.note = trf("{} · 订单 {}", row.note, each.key.order_no);
        else if (next != assigned.end() && !next->goes_on)
            row.note = trf("{} · 给 {}", row.note, next->subject_name);
        if (writers_.running(token.serial)) {
            row.chips.push_back({tr("正在写入"), kit::Tone::amber});
            if (const auto step = writers_.step(token.serial))
                row.note_right = {trf("{} / {} {}", static_cast<int>(*step) + 1, keys::kSteps, keys::title_of(*step)),
                                  kit::Tone::amber};
        } else if (each.foreign > 0) {
            row.chips.push_back({tr("不是空白"), kit::Tone::red});
            row.note = trf("上面有 {} 张不是本中心的证书", each.foreign);
        } else if (each.unread) {
            row.chips.push_back({tr("没有读到"), kit::Tone::red});
            row.note = tr("没有读到上面的内容，请拔下重新插入");
        } else {
            row.chips.push_back(chip_of(each, order_no_));
            if (writers_.failed(token.serial)) row.chips.push_back({tr("没有写完"), kit::Tone::red});
            if (next != assigned.end() && !next->goes_on) row.note_right = {trf("下一单 {}", next->order_no), kit::Tone::plain};
        }
        if (auto tries = pin_chip(token); !tries.words.empty()) row.chips.push_back(std::move(tries));
        row.selected = token.serial == key_serial_;
        row.into_view = row.selected && key_serial_ != seen_key_;
        if (kit::list_row(ids::with(ids::kKeysKey, token.serial).c_str(), row)) {
            choose_key(token.serial);
            // A begun KEY opens its order, and its card only when it does not go on.
            const bool begun = next != assigned.end() && next->goes_on;
            const bool goes_on = writers_.running(token.serial) || (begun && !token.pin_locked && !writers_.failed(token.serial));
            card_serial_ = each.has_card() && !goes_on ? token.serial : "";
            if (begun) open(next->order_no);
            key_by_hand_ = true;
        }
    }
    seen_key_ = key_serial_;
    kit::end_pane();
}

void KeysPanel::draw_pin(desk::Desk& desk, const std::string& reason, bool* entered) {
    if (!reason.empty()) {
        kit::callout(reason, "", kit::Tone::amber, kit::inset_width());
        if (const auto* order = chosen(); order && order->undo_until > desk.clock().now()) kit::wake_in(1);
        return;
    }
    if (writers_.running(key_serial_)) return;
    if (const PluggedKey* key = chosen_key(); key != nullptr && key->token.pin_final) {
        kit::callout(tr("只剩最后一次机会"), tr("再输错就会锁定。请先核实，再勾选下面一项"), kit::Tone::red, kit::inset_width());
        kit::checkbox(ids::kKeysLastTry, tr("已核实，使用最后一次机会"), &last_try_);
    }
    // It takes the keyboard from no other box, and waits for a dialog that is open.
    const bool take = focus_pin_ && !ImGui::GetIO().WantTextInput && !ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopup);
    if (take) focus_pin_ = false;
    const auto event = kit::labelled_input(
        ids::kKeysPin, tr("KEY 的 PIN"), &pin_,
        {.hint = tr("输入后按 Enter"), .refused = pin_refused_, .width = kit::px(260), .password = true, .focus = take});
    if (desk::pin_shown(desk.settings()) == desk::PinShown::paper)
        kit::note(tr("写好后换成随机 PIN，打印成密码信封"));
    else {
        bool random = random_pin_.value_or(desk.settings().random_pin);
        if (kit::checkbox(ids::kKeysRandomPin, tr("写好后换成随机 PIN，只显示一次"), &random)) random_pin_ = random;
    }
    if (event.changed) {
        pin_refused_.clear();
        pin_for_ = order_no_;
    }
    *entered = event.entered;
}

// The KEY of a begun unit may never come back: what can be done then stands on its card.
void KeysPanel::draw_missing_key() {
    const keys::Job* begun = chosen() ? chosen()->open() : nullptr;
    if (begun == nullptr || plugged(begun->key_serial) != nullptr) return;
    kit::gap(4);
    if (kit::link(ids::kKeysMissing, trf("KEY {} 坏了或丢了", begun->key_serial))) card_serial_ = begun->key_serial;
}

void KeysPanel::draw_steps(const desk::Desk& desk) {
    const bool now_running = writers_.running(key_serial_);
    const std::optional<keys::Step> current = writers_.step(key_serial_);
    const bool failed_here = writers_.failed(key_serial_) && current;
    const keys::Job* begun = chosen() ? chosen()->open() : nullptr;
    // Before it goes on, a begun KEY shows how far it came.
    const int journalled = begun ? static_cast<int>(begun->done) + 1 : 0;
    // Without an order, how the last one ended.
    const bool all_done = written_ && !chosen() && !now_running && !failed_here;
    const int at = all_done ? keys::kSteps : current ? static_cast<int>(*current) : now_running ? 0 : journalled;
    // Two columns: all steps are in sight without scrolling.
    constexpr int kRows = (keys::kSteps + 1) / 2;
    const ImVec2 from = ImGui::GetCursorPos();
    const float half = ImGui::GetContentRegionAvail().x / 2;
    float below = from.y;
    for (int i = 0; i < keys::kSteps; ++i) {
        if (i % kRows == 0) ImGui::SetCursorPos({from.x + half * static_cast<float>(i / kRows), from.y});
        ImGui::SetCursorPosX(from.x + half * static_cast<float>(i / kRows));
        const auto step = static_cast<keys::Step>(i);
        const bool failed = failed_here && i == at, without = step == keys::Step::write_seal && !desk.bench().seal;
        const auto check = i < at && !without ? kit::Check::right : failed ? kit::Check::wrong : kit::Check::open;
        const char* right = i == at && now_running ? tr("正在进行")
                            : failed               ? tr("停在这里")
                            : without              ? tr("没有设置")
                            : i < at               ? tr("完成")
                                                   : "";
        kit::check_row(("keys.step." + std::to_string(i + 1)).c_str(), trf("{} {}", i + 1, keys::title_of(step)), check, right,
                       i == at && now_running, half);
        below = std::max(below, ImGui::GetCursorPosY());
    }
    ImGui::SetCursorPos({from.x, below});
    ImGui::Dummy({0, 0});
    if (all_done) {
        kit::gap(4);
        draw_written();
    }
}

void KeysPanel::draw_written() {
    kit::callout(trf("证书 {} 已写入 KEY {}，已绑定", written_->certificate_serial, written_->key_serial),
                 trf("{} · 第 {} 个 · 可以拔出 KEY，插上下一个", written_->subject_name, written_->unit_no), kit::Tone::green,
                 kit::inset_width());
}

void KeysPanel::draw_list(desk::Desk& desk, const std::optional<certificates::StoredCrl>& list) {
    kit::field_row({.label = tr("吊销列表"), .value = list ? trf("第 {} 号", list->number) : std::string(tr("还没有"))});
    if (!list && !desk.key_bench().issuer()) return;
    const std::string soon = desk::list_warning(list, desk.clock().now());
    if (list)
        kit::field_row({.label = tr("下次更新"),
                        .value = date_time(list->next_update),
                        .verdict = {soon.empty() ? "" : tr("该更新了"), kit::Tone::amber}});
    const kit::Inset inset;
    const auto authority = desk.bench().authority;
    const std::string locked = desk.key_trouble().empty() ? tr("签发 CA 的密钥没有打开") : desk.key_trouble();
    const std::string off = renewing_.running()                                                 ? tr("正在签发")
                            : !authority                                                        ? locked
                            : desk.actor && staff::has(desk.actor->roles, staff::Role::officer) ? std::string()
                                                                                                : tr("只有制证员可以办理");
    if (kit::button(ids::kKeysRenewList, tr("签发新的吊销列表"),
                    {.tone = soon.empty() ? kit::Tone::plain : kit::Tone::green, .disabled_because = off}))
        renewing_.start(desk.jobs(), [&database = desk.database(), actor = *desk.actor, authority] {
            return certificates::renew_list(database, actor, *authority);
        });
    kit::gap(6);
}

void KeysPanel::draw_register(desk::Desk& desk) {
    const Register* known = register_.get();
    kit::title_strip(tr("证书登记"), tr("最新在上"));
    if (const Error* error = register_.error()) kit::banner("keys.register.retry", error->message, "");
    if (!known) return;
    draw_list(desk, known->crl);
    kit::line();
    if (known->newest.empty()) return kit::empty_text(tr("还没有签发证书。写好第一个 KEY，它的证书会出现在这里"));
    kit::begin_pane("keys.register.list", {0, 0});
    // The chosen order's own stand on top.
    for (const bool own : {true, false})
        for (const auto& entry : known->newest) {
            if ((entry.order_no == order_no_) != own) continue;
            kit::ListRow row;
            row.title = entry.subject_name;
            const bool revoked = entry.state == "revoked", valid = entry.state == "valid";
            const bool unused = entry.state == "void";
            row.chips.push_back({revoked  ? tr("已吊销")
                                 : valid  ? tr("有效")
                                 : unused ? tr("作废")
                                          : tr("未签发"),
                                 revoked  ? kit::Tone::red
                                 : valid  ? kit::Tone::green
                                 : unused ? kit::Tone::plain
                                          : kit::Tone::amber});
            row.note = entry.serial;
            row.note_right = {trf("至 {}", text_of(day_of(entry.not_after))), kit::Tone::plain};
            row.selected = own;
            kit::list_row(("keys.certificate." + entry.serial).c_str(), row);
        }
    kit::end_pane();
}

}  // namespace sealdesk::panels

#include "panels/screen.h"

#include <imgui_internal.h>

#include <algorithm>
#include <utility>

#include "base/translate.h"
#include "desk/authority.h"
#include "desk/seal_maker.h"
#include "panels/audit_panel.h"
#include "panels/daily_panel.h"
#include "panels/ids.h"
#include "panels/invoices_panel.h"
#include "panels/keys_panel.h"
#include "panels/review_panel.h"
#include "panels/settings_panel.h"
#include "panels/shipping_panel.h"
#include "panels/stock_panel.h"

namespace sealdesk::panels {

using orders::State;
using staff::Role;

namespace {

// Makes the panel and joins what it has: draw(Desk&), and search(text) and open(order no) where it has them.
template <class P>
Panel panel(const char* id, const char* word, ImGuiKeyChord key, staff::Roles roles,
            std::function<std::int64_t(const orders::Counts&)> count = {}) {
    auto made = std::make_shared<P>();
    Panel entry{id, word, key, roles, std::move(count), [made](desk::Desk& desk) { made->draw(desk); }, {}, {}, {}, {}, {}};
    if constexpr (requires { made->search(std::string()); })
        entry.search = [made](const std::string& text) { made->search(text); };
    if constexpr (requires { made->open(std::string()); }) entry.open = [made](const std::string& no) { made->open(no); };
    if constexpr (requires(desk::Desk & desk, desk::Memory memory) { made->remember(desk, memory); }) {
        entry.recall = [made](desk::Desk& desk, const desk::Memory& memory) { made->recall(desk, memory); };
        entry.remember = [made](const desk::Desk& desk, desk::Memory& memory) { made->remember(desk, memory); };
    }
    if constexpr (requires { made->wanted_order(); }) entry.wanted = [made] { return made->wanted_order(); };
    return entry;
}

auto waiting(State state) {
    return [state](const orders::Counts& counts) { return counts[static_cast<size_t>(state)]; };
}
constexpr staff::Roles only(Role role) { return static_cast<staff::Roles>(role); }

// The registration list: one line a panel, in the order of the rail.
std::vector<Panel> all_panels() {
    std::vector<Panel> list;
    list.push_back(panel<ReviewPanel>(ids::rail_review, tr("审核"), ImGuiKey_F1, only(Role::reviewer), waiting(State::paid)));
    list.push_back(panel<KeysPanel>(ids::rail_keys, tr("制证"), ImGuiKey_F2, only(Role::officer), waiting(State::approved)));
    list.push_back(panel<StockPanel>(ids::rail_stock, tr("库存"), ImGuiKey_F8, only(Role::officer), {}));
    list.push_back(panel<ShippingPanel>(ids::rail_shipping, tr("发货"), ImGuiKey_F3, only(Role::clerk), waiting(State::issued)));
    list.push_back(panel<InvoicesPanel>(ids::rail_invoices, tr("发票"), ImGuiKey_F4, only(Role::clerk), {}));
    list.push_back(panel<DailyPanel>(ids::rail_daily, tr("日报"), ImGuiKey_F5, only(Role::supervisor), {}));
    list.push_back(panel<AuditPanel>(ids::rail_audit, tr("审计"), ImGuiKey_F6, Role::supervisor | Role::administrator, {}));
    list.push_back(panel<SettingsPanel>(ids::rail_settings, tr("设置"), ImGuiKey_F7, only(Role::administrator), {}));
    return list;
}

void keep(std::optional<Error>& trouble, const Error& error) {
    if (!trouble) trouble = error;
}

// "" as well where no seals are made: then the bench says what is missing.
std::string maker_warning(const desk::Settings& settings, const staff::Actor& actor, Instant now) {
    if (!settings.write_seals || settings.authority.empty() || ((Role::officer | Role::supervisor) & actor.roles) == 0) return {};
    const auto maker = desk::seal_maker_of(settings);
    return maker ? desk::seal_maker_warning(*maker, now) : std::string();
}

}  // namespace

Screen::Screen() : sign_in_(std::make_unique<SignIn>()) {}
Screen::~Screen() = default;

Screen::Overview Screen::ask(storage::Database& database, const staff::Actor& actor,
                             const std::optional<certificates::CertificateFacts>& issuer) {
    Overview now;
    const auto take = [&now](auto answer, auto& into) {
        if (answer)
            into = std::move(*answer);
        else
            keep(now.trouble, answer.error());
    };
    take(orders::counts(database), now.counts);
    take(review::undoable(database, actor), now.undoable);
    take(acts::backlog(database), now.backlog);
    take(acts::conflicts(database), now.conflicts);
    take(intake::faults(database), now.faults);
    take(tasks::open(database), now.tasks);
    intake::Position position;
    take(intake::position(database), position);
    now.heard_at = position.heard_at;
    if (!issuer || ((Role::officer | Role::supervisor) & actor.roles) == 0) return now;
    std::optional<certificates::StoredCrl> list;
    take(certificates::newest_crl(database), list);
    for (auto& sentence : {desk::authority_warning(*issuer, database.now()), desk::list_warning(list, database.now())})
        if (!sentence.empty()) now.authority.push_back(sentence);
    return now;
}

void Screen::enter(desk::Desk& desk, staff::Actor actor, desk::Memory memory) {
    last_input_ = desk.clock().now();
    sign_in_ = std::make_unique<SignIn>();
    if (locked_ && desk.actor && desk.actor->login == actor.login) {
        desk.actor = std::move(actor);  // the roles may have changed meanwhile
        locked_ = false;
        return;
    }
    locked_ = false;
    desk.shipping();  // what was left open the last time goes on
    panels_ = all_panels();
    const auto first = std::find_if(panels_.begin(), panels_.end(), [&](const Panel& p) { return (p.roles & actor.roles) != 0; });
    shown_ = first == panels_.end() ? 0 : static_cast<size_t>(first - panels_.begin());
    desk.actor = std::move(actor);
    memory_ = std::move(memory);
    for (size_t i = 0; i < panels_.size(); ++i) {
        if (panels_[i].recall) panels_[i].recall(desk, memory_);
        if (panels_[i].id == memory_.get("screen.panel")) shown_ = i;
    }
    // A PIN that this person has not written down yet comes before everything else.
    if (desk.letters().first(desk.actor->login))
        for (size_t i = 0; i < panels_.size(); ++i)
            if (panels_[i].id == std::string_view(ids::rail_keys)) shown_ = i;
    search_ = memory_.get("screen.search");
    if (!search_.empty() && panels_[shown_].search) panels_[shown_].search(search_);
    asked_generation_ = 0;
}

// In the panel where this person goes on with it; the review bench shows every order.
void Screen::open_found(desk::Desk& desk, const Finder::Outcome& found) {
    // A KEY's serial asks after the KEY: is it bound and active?
    if (!found.key.empty()) {
        const auto stock = std::find_if(panels_.begin(), panels_.end(),
                                        [](const Panel& p) { return p.id == std::string_view(ids::rail_stock); });
        if (stock != panels_.end()) {
            shown_ = static_cast<size_t>(stock - panels_.begin());
            return stock->open(found.key);
        }
    }
    const auto to_write = std::find_if(panels_.begin(), panels_.end(), [&](const Panel& p) {
        return p.id == std::string_view(ids::rail_keys) && p.open && (p.roles & desk.actor->roles) != 0;
    });
    if (found.state != name_of(State::approved) || to_write == panels_.end()) return open_order(found.open);
    shown_ = static_cast<size_t>(to_write - panels_.begin());
    to_write->open(found.open);
}

// A moment after the last change, not with every key.
void Screen::keep_memory(desk::Desk& desk, bool now) {
    constexpr double kPause = 1;  // seconds
    memory_.set("screen.panel", panels_[shown_].id);
    memory_.set("screen.search", search_);
    if (panels_[shown_].remember) panels_[shown_].remember(desk, memory_);
    if (!memory_.changed()) return;
    if (!now && (remembering_.running() || ImGui::GetTime() < remember_at_)) return kit::wake_in(kPause);
    remember_at_ = ImGui::GetTime() + kPause;
    remembering_.start(desk.jobs(), [memory = memory_, home = desk.settings().home] { return memory.save(home); });
    memory_.kept();
}

void Screen::leave(desk::Desk& desk) {
    keep_memory(desk, true);
    desk.key_bench().lock();
    leaving_.start(desk.jobs(), [&desk, actor = *desk.actor]() -> Result<> {
        SEALDESK_TRY(review::release_all(desk.database(), actor));
        SEALDESK_TRY(staff::signed_out(desk.database(), actor));
        desk.touch();
        return {};
    });
    kit::frame().toasts.clear();  // what one person was told is not for the next
    kit::frame().keymap.restore_all();
    desk.actor.reset();
    locked_ = false;
    panels_.clear();  // what one person had open is not the next one's
    overview_.clear();
    undoing_.clear();
    sign_in_ = std::make_unique<SignIn>();
}

void Screen::lock() {
    locked_ = true;
    sign_in_ = std::make_unique<SignIn>();
    kit::frame().toasts = {};  // they name orders
    // A dialog that is open comes back with its panel; until then it must not lie over the lock screen.
    if (ImGui::GetCurrentContext()->OpenPopupStack.Size > 0) ImGui::ClosePopupToLevel(0, false);
}

void Screen::watch_idleness(desk::Desk& desk) {
    const Instant now = desk.clock().now();
    if (!ImGui::GetCurrentContext()->InputEventsTrail.empty()) last_input_ = now;
    const std::int64_t left = desk.settings().lock_after_ms - (now - last_input_);
    if (left <= 0 || kit::frame().shortcuts.pressed(ids::lock, ImGuiMod_Ctrl | ImGuiKey_L, tr("锁定"))) {
        lock();
    } else {
        kit::wake_in(static_cast<double>(left) / 1000.0 + 0.01);
    }
}

void Screen::refresh(desk::Desk& desk) {
    if (asked_generation_ == desk.generation() || overview_.running()) return;
    asked_generation_ = desk.generation();
    overview_.start(desk.jobs(), [&database = desk.database(), actor = *desk.actor, issuer = desk.key_bench().issuer(),
                                  settings = desk.settings()] {
        auto now = ask(database, actor, issuer);
        if (auto warning = maker_warning(settings, actor, database.now()); !warning.empty())
            now.authority.push_back(std::move(warning));
        return now;
    });
}

void Screen::open_order(const std::string& no) {
    for (size_t i = 0; i < panels_.size(); ++i) {
        if (!panels_[i].open) continue;
        shown_ = i;
        panels_[i].open(no);
        return;
    }
}

void Screen::draw(desk::Desk& desk) {
    if (leaving_.arrived() && !*leaving_.ready()) {
        error_ = leaving_.ready()->error();
        show_error_ = true;
    }
    if (desk.actor && panels_.empty()) enter(desk, staff::Actor(*desk.actor), {});  // signed in from the start
    if (desk.actor && !locked_) watch_idleness(desk);
    if (!desk.actor || locked_) {
        const auto outcome = sign_in_->draw(desk, desk.actor ? &*desk.actor : nullptr);
        if (outcome.leave)
            leave(desk);
        else if (outcome.actor)
            enter(desk, *outcome.actor, outcome.memory);
        if (error_) kit::tell("screen.error", &show_error_, *error_);
        return;
    }
    refresh(desk);
    draw_top(desk);
    if (const auto status = desk.sync_status(); !status.online && !status.trouble.empty())
        if (kit::banner(ids::portal_retry, trf("门户连不上：{}。已保存的结论会在恢复后自动发送", status.trouble), tr("立即重试")))
            desk.nudge();
    if (const auto& trouble = overview().trouble)
        if (kit::banner(ids::database_retry, trouble->message, tr("立即重试"))) desk.touch();
    for (const auto& sentence : overview().authority) kit::banner("authority.notice", sentence, "");
    draw_untold(desk);
    const float status_height = kit::px(kit::kStatusHeight) + std::max(1.0f, kit::px(1));
    kit::begin_pane("rail", {kit::px(72), -status_height}, kit::Ground::rail);
    draw_rail(desk);
    kit::end_pane();
    ImGui::SameLine(0, 0);
    kit::begin_pane("panel", {0, -status_height}, kit::Ground::none);
    if (shown_ < panels_.size()) {
        panels_[shown_].draw(desk);
        if (panels_[shown_].wanted)
            if (const std::string wanted = panels_[shown_].wanted(); !wanted.empty()) open_order(wanted);
    }
    kit::end_pane();
    kit::line();
    draw_status(desk);
    draw_troubles(desk);
    keep_memory(desk);
    if (error_) kit::tell("screen.error", &show_error_, *error_);
    if (std::exchange(out_, false)) leave(desk);
}

// A list or a revocation that did not arrive where it must: those who can do something about it see it until it has.
void Screen::draw_untold(desk::Desk& desk) {
    if (((Role::officer | Role::supervisor) & desk.actor->roles) == 0) return;
    auto sentences = desk.authority_worker().troubles();
    if (const auto status = desk.sync_status(); !status.list_trouble.empty())
        sentences.push_back(trf("吊销列表还没有发到门户：{}", status.list_trouble));
    for (const auto& sentence : sentences) kit::banner("authority.untold", sentence, "");
}

void Screen::draw_rail(desk::Desk& desk) {
    for (size_t i = 0; i < panels_.size(); ++i) {
        const Panel& entry = panels_[i];
        const auto count = entry.count ? entry.count(overview().counts) : 0;
        if (kit::rail_item(entry.id, entry.word, static_cast<int>(count), i == shown_, entry.key)) shown_ = i;
        if ((entry.roles & desk.actor->roles) == 0 && ImGui::IsItemHovered(ImGuiHoveredFlags_ForTooltip))
            ImGui::SetTooltip("%s", tr("您可以查看，办理需要另外的权限"));
    }
}

void Screen::draw_undo(desk::Desk& desk) {
    if (undoing_.arrived()) {
        const auto& answer = *undoing_.ready();
        if (answer) {
            kit::frame().toasts.show(trf("已撤销，订单 {} 回到审核", *answer), kit::Tone::green);
            open_order(*answer);
        } else {
            error_ = answer.error();
            show_error_ = true;
        }
        desk.touch();
        desk.nudge();
    }
    const auto& undoable = overview().undoable;
    const std::int64_t left = undoable ? undoable->until - desk.clock().now() : 0;
    if (left <= 0) return;
    kit::wake_in(1);
    const std::string words = trf("撤销剩 {} 秒", (left + kSecond - 1) / kSecond);
    const char* off = undoing_.running() ? tr("正在撤销") : "";
    if (kit::button(ids::undo, words, {.tone = kit::Tone::amber, .key = ImGuiKey_Z, .disabled_because = off}))
        undoing_.start(desk.jobs(),
                       [&database = desk.database(), actor = *desk.actor, rules = desk.review_rules(),
                        no = undoable->no]() -> Result<std::string> {
                           SEALDESK_TRY(review::undo(database, actor, rules, no));
                           return no;
                       });
    if (ImGui::IsItemHovered(ImGuiHoveredFlags_ForTooltip))
        ImGui::SetTooltip("%s %s", undoable->no.c_str(), undoable->subject_name.c_str());
    ImGui::SameLine(0, kit::px(14));
}

void Screen::draw_top(desk::Desk& desk) {
    constexpr float kTop = 47;
    kit::begin_pane("top", {0, kit::px(kTop)}, kit::Ground::pane, {},
                    ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
    const float top = ImGui::GetCursorPosY();
    const auto at_height = [&](float height) { ImGui::SetCursorPosY(top + (kit::px(kTop) - height) / 2); };
    const float line = ImGui::GetFontSize();
    ImGui::SetCursorPosX(kit::px(16));
    at_height(line);
    kit::bold(tr("签章"), kit::colour::red);
    ImGui::SameLine(0, 0);
    kit::bold(tr("工作台"));
    ImGui::SameLine(kit::px(118));
    at_height(line + kit::px(12));
    const auto found = finder_.draw(desk, &search_, kit::px(520));
    if (!found.open.empty()) open_found(desk, found);
    if (found.changed) {
        if (!panels_[shown_].search)
            for (size_t i = panels_.size(); i-- > 0;)
                if (panels_[i].search) shown_ = i;
        if (panels_[shown_].search) panels_[shown_].search(search_);
    }
    // Not on the line of the search box, whose text stands lower. Who sits here and the way out keep their place, whatever
    // comes and goes before them.
    const auto text_line = [&] { ImGui::SetCursorPosY(top + (kit::px(kTop) - line) / 2); };
    const auto beside = [&](float space) {
        ImGui::SameLine(0, kit::px(space));
        text_line();
    };
    const float left = kit::px(650);
    ImGui::SetCursorPosX(left);
    kit::begin_right("top.person", kit::px(14));
    text_line();
    kit::bold(desk.actor->name);
    beside(6);
    kit::chip(staff::words_of(desk.actor->roles), kit::Tone::blue);
    beside(14);
    const bool locks = kit::link(ids::lock, tr("锁定"));
    beside(10);
    out_ = kit::link(ids::sign_out, tr("退出")) || out_;
    const float person = kit::end_right();
    ImGui::SetCursorPos({left, top});
    at_height(kit::px(38));
    kit::begin_right("top.news", person + kit::px(14 + 16));
    const auto& all = overview();
    const Instant now = desk.clock().now();
    if (const auto troubles = all.conflicts.size() + all.faults.size() + all.tasks.size(); troubles > 0) {
        if (kit::button(ids::troubles, trf("需要处理 {}", troubles), {.tone = kit::Tone::red})) show_troubles_ = true;
        ImGui::SameLine(0, kit::px(14));
    }
    draw_undo(desk);
    text_line();
    const auto status = desk.sync_status();
    const Instant heard = std::max(all.heard_at, status.heard_at);
    if (heard) {
        kit::text(tr("同步"), kit::colour::quiet);
        beside(6);
        // In steps: an idle desk does not draw every second for this.
        const std::int64_t step = now - heard < kMinute ? 10 * kSecond : kMinute, ago = (now - heard) / step * step;
        kit::bold(ago < step ? std::string(tr("刚刚")) : trf("{}前", how_long(ago)),
                  status.online ? kit::colour::green : kit::colour::amber);
        kit::wake_in(static_cast<double>(ago + step - (now - heard)) / 1000 + 0.05);
    } else {
        kit::text(tr("尚未同步"), kit::colour::quiet);
    }
    beside(16);
    kit::text(tr("待发送"), kit::colour::quiet);
    beside(6);
    kit::bold(std::to_string(all.backlog.waiting), all.backlog.waiting > 0 ? kit::colour::amber : kit::colour::text);
    kit::end_right();
    kit::end_pane();
    kit::line();
    if (locks) lock();
}

void Screen::draw_status(desk::Desk& desk) {
    kit::begin_pane("status", {0, kit::px(kit::kStatusHeight)}, kit::Ground::pane, {},
                    ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
    const float y = ImGui::GetCursorPosY() + (kit::px(kit::kStatusHeight) - ImGui::GetFontSize()) / 2;
    const auto status = desk.sync_status();
    const auto dot = [&](const std::string& words, kit::Tone tone, const std::string& why) {
        ImGui::SetCursorPosY(y);
        kit::status_dot(words, tone);
        if (!why.empty() && ImGui::IsItemHovered(ImGuiHoveredFlags_ForTooltip)) ImGui::SetTooltip("%s", why.c_str());
        ImGui::SameLine(0, kit::px(18));
    };
    ImGui::SetCursorPosX(kit::px(16));
    if (desk.settings().portal.empty())
        dot(tr("没有设置门户"), kit::Tone::plain, "");
    else
        dot(tr("门户"),
            status.online            ? kit::Tone::green
            : status.trouble.empty() ? kit::Tone::plain
                                     : kit::Tone::red,
            status.trouble);
    const auto& trouble = overview().trouble;
    dot(tr("数据库"), trouble ? kit::Tone::red : kit::Tone::green, trouble ? trouble->message : "");
    dot(tr("KEY"), desk.key_trouble().empty() ? kit::Tone::green : kit::Tone::plain, desk.key_trouble());
    if (const size_t busy = desk.jobs().busy() + desk.writing().busy(); busy > 0) {
        ImGui::SetCursorPosY(y);
        kit::note(trf("后台任务 {}", busy));
        ImGui::SameLine(0, kit::px(18));
    }
    kit::begin_right("status.right", kit::px(14));
    if (const auto key = kit::frame().keymap.of(ids::keys, ImGuiMod_Shift | ImGuiKey_Slash)) {
        kit::key_cap(kit::key_name(key));
        ImGui::SameLine(0, kit::px(6));
    }
    ImGui::SetCursorPosY(y);
    {
        kit::FontScope font(kit::Size::note);
        if (kit::link(ids::keys, tr("快捷键"))) kit::frame().show_keys = true;
    }
    kit::end_right();
    kit::end_pane();
}

void Screen::draw_troubles(desk::Desk& desk) {
    if (settling_.arrived() && !*settling_.ready()) {
        error_ = settling_.ready()->error();
        show_error_ = true;
        show_troubles_ = false;
    }
    if (!kit::begin_dialog("troubles", tr("需要处理"), &show_troubles_, 720)) return;
    const auto& all = overview();
    if (const std::string wanted = tasks_.draw(desk, all.tasks); !wanted.empty()) {
        open_order(wanted);
        show_troubles_ = false;
    }
    if (const std::string wanted = conflicts_.draw(desk, all.conflicts); !wanted.empty()) {
        open_order(wanted);
        show_troubles_ = false;
    }
    for (const auto& fault : all.faults) {
        kit::bold(trf("门户的第 {} 条消息没有收下（{}）", fault.seq, date_time(fault.at)));
        kit::wrapped(fault.reason, kit::colour::quiet);
        const std::string id = "troubles.settle." + std::to_string(fault.seq);
        if (kit::link(id.c_str(), tr("已处理，不再提示")))
            settling_.start(desk.jobs(), [&desk, login = desk.actor->login, seq = fault.seq]() -> Result<> {
                SEALDESK_TRY(intake::settle(desk.database(), login, seq));
                desk.touch();
                return {};
            });
        kit::gap(8);
    }
    if (all.conflicts.empty() && all.faults.empty() && all.tasks.empty()) kit::text(tr("都处理完了"), kit::colour::quiet);
    kit::gap(12);
    kit::align_right(kit::button_width(tr("关闭"), ImGuiKey_Enter), 0);
    if (kit::button(ids::troubles_close, tr("关闭"), {.key = ImGuiKey_Enter})) show_troubles_ = false;
    if (!show_troubles_) ImGui::CloseCurrentPopup();
    kit::end_dialog();
}

}  // namespace sealdesk::panels

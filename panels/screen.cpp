#include "panels/screen.h"

#include <imgui_internal.h>

#include <algorithm>
#include <utility>

#include "base/translate.h"
#include "desk/authority.h"
#include "desk/seal_maker.h"
#include "panels/audit_panel.h"
#include "panels/closing.h"
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
            std::function<std::int64_t(const RailCounts&)> count = {}) {
    auto made = std::make_shared<P>();
    Panel entry{id, word, key, roles, std::move(count), [made](desk::Desk& desk) { made->draw(desk); }, {}, {}, {}, {}, {}, {}};
    if constexpr (requires { made->search(std::string()); })
        entry.search = [made](const std::string& text) { made->search(text); };
    if constexpr (requires { made->open(std::string()); }) entry.open = [made](const std::string& no) { made->open(no); };
    if constexpr (requires(desk::Desk & desk, desk::Memory memory) { made->remember(desk, memory); }) {
        entry.recall = [made](desk::Desk& desk, const desk::Memory& memory) { made->recall(desk, memory); };
        entry.remember = [made](const desk::Desk& desk, desk::Memory& memory) { made->remember(desk, memory); };
    }
    if constexpr (requires { made->wanted_order(); }) entry.wanted = [made] { return made->wanted_order(); };
    if constexpr (requires { made->wanted_key(); }) entry.wanted_key = [made] { return made->wanted_key(); };
    return entry;
}

auto waiting(State state) {
    return [state](const RailCounts& all) { return all.orders[static_cast<size_t>(state)]; };
}
constexpr staff::Roles only(Role role) { return static_cast<staff::Roles>(role); }

// The registration list: one line a panel, in the order of the rail.
std::vector<Panel> all_panels() {
    std::vector<Panel> list;
    list.push_back(panel<ReviewPanel>(ids::rail_review, tr("审核"), ImGuiKey_F1, only(Role::reviewer), waiting(State::paid)));
    list.push_back(panel<KeysPanel>(ids::rail_keys, tr("制证"), ImGuiKey_F2, only(Role::officer), waiting(State::approved)));
    list.push_back(panel<StockPanel>(ids::rail_stock, tr("库存"), ImGuiKey_F8, only(Role::officer), {}));
    list.push_back(panel<ShippingPanel>(ids::rail_shipping, tr("发货"), ImGuiKey_F3, only(Role::clerk), waiting(State::issued)));
    list.push_back(panel<InvoicesPanel>(ids::rail_invoices, tr("发票"), ImGuiKey_F4, only(Role::clerk),
                                        [](const RailCounts& all) { return all.invoices; }));
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
    take(orders::counts(database), now.waiting.orders);
    take(invoices::waiting(database), now.waiting.invoices);
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
    // Its serial, or its certificate's, asks after the KEY: is it bound and active?
    if (!found.key.empty() && open_key(found.key)) return;
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
    kit::forget_typed();
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

bool Screen::open_key(const std::string& serial) {
    const auto stock =
        std::find_if(panels_.begin(), panels_.end(), [](const Panel& p) { return p.id == std::string_view(ids::rail_stock); });
    if (stock == panels_.end()) return false;
    shown_ = static_cast<size_t>(stock - panels_.begin());
    stock->open(serial);
    return true;
}

void Screen::draw(desk::Desk& desk) {
    draw_closing(desk);
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
    // A banner moves the panel and never the rail: a click that comes at the same time hits what it was aimed at.
    const float status_height = kit::px(kit::kStatusHeight) + std::max(1.0f, kit::px(1));
    kit::begin_pane("rail", {kit::px(72), -status_height}, kit::Ground::rail);
    draw_rail(desk);
    kit::end_pane();
    ImGui::SameLine(0, 0);
    ImGui::BeginGroup();
    draw_banners(desk);
    kit::begin_pane("panel", {0, -status_height}, kit::Ground::none);
    if (shown_ < panels_.size()) {
        const Panel& shown = panels_[shown_];
        shown.draw(desk);
        if (shown.wanted)
            if (const std::string wanted = shown.wanted(); !wanted.empty()) open_order(wanted);
        if (shown.wanted_key)
            if (const std::string wanted = shown.wanted_key(); !wanted.empty()) open_key(wanted);
    }
    kit::end_pane();
    ImGui::EndGroup();
    kit::line();
    draw_status(desk);
    draw_troubles(desk);
    keep_memory(desk);
    if (error_) kit::tell("screen.error", &show_error_, *error_);
    if (std::exchange(out_, false)) leave(desk);
}

void Screen::draw_banners(desk::Desk& desk) {
    if (const auto status = desk.sync_status(); !status.online && !status.trouble.empty())
        if (kit::banner(ids::portal_retry, trf("门户连不上：{}。已保存的结论会在恢复后自动发送", status.trouble), tr("立即重试")))
            desk.nudge();
    if (const auto& trouble = overview().trouble)
        if (kit::banner(ids::database_retry, trouble->message, tr("立即重试"))) desk.touch();
    for (const auto& sentence : overview().authority) kit::banner("authority.notice", sentence, "");
    draw_untold(desk);
}

void Screen::draw_rail(desk::Desk& desk) {
    for (size_t i = 0; i < panels_.size(); ++i) {
        const Panel& entry = panels_[i];
        const auto count = entry.count ? entry.count(overview().waiting) : 0;
        if (kit::rail_item(entry.id, entry.word, static_cast<int>(count), i == shown_, entry.key)) shown_ = i;
        if ((entry.roles & desk.actor->roles) == 0 && ImGui::IsItemHovered(ImGuiHoveredFlags_ForTooltip))
            kit::tooltip(tr("您可以查看，办理需要另外的权限"));
    }
}

}  // namespace sealdesk::panels

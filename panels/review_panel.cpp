#include "panels/review_panel.h"

#include <algorithm>
#include <utility>

#include "base/translate.h"
#include "panels/ids.h"
#include "panels/kit/kit.h"

namespace sealdesk::panels {

namespace {

// The order that is still in the reviewer's hands after a restart: the one that was shown last, else the one that was
// claimed last; with empty hands what was shown last, "" when there is nothing.
Result<std::optional<OpenedOrder>> held_or_last(storage::Database& database, const staff::Actor& actor, const std::string& last) {
    orders::Filter filter;
    filter.state = orders::State::paid;
    filter.claimed_by = actor.login;
    SEALDESK_LET(held, orders::page(database, filter, std::nullopt, 200));
    std::string no = last;
    Instant until{-1};
    for (const auto& row : held) {
        if (row.no == last) {
            no = last;
            break;
        }
        if (row.claimed_until > until) no = row.no, until = row.claimed_until;
    }
    if (no.empty()) return std::optional<OpenedOrder>();
    SEALDESK_LET(opened, load_opened(database, no));
    return std::optional(std::move(opened));
}

}  // namespace

ReviewPanel::Outcome ReviewPanel::run(storage::Database& database, const staff::Actor& actor, const review::Rules& rules,
                                      const Request& request) {
    Outcome outcome;
    outcome.verb = request.verb;
    outcome.no = request.seen.no;
    std::string next = request.seen.no;
    const auto verb = [&]() -> Result<> {
        if (!request.edits.empty()) SEALDESK_TRY(save_items(database, actor, request.seen, request.wanted, request.edits));
        switch (request.verb) {
            case Verb::open: return {};
            case Verb::next: next.clear(); return {};
            case Verb::claim: return review::claim(database, actor, rules, request.seen.no).map([](const auto&) {});
            case Verb::approve: next.clear(); return review::approve(database, actor, rules, request.seen);
            case Verb::reject:
                next.clear();
                return review::reject(database, actor, rules, request.seen, request.reasons, request.note);
            case Verb::release: return review::release(database, actor, request.seen.no);
        }
        return {};
    }();
    if (!verb) {
        outcome.error = verb.error();
        // The new facts stand beside the sentence.
        if (outcome.error->kind == ErrorKind::conflict)
            if (auto fresh = load_opened(database, request.seen.no)) outcome.order = std::move(*fresh);
        return outcome;
    }
    outcome.done = true;
    if (next.empty()) {
        const auto claimed = review::claim_next(database, actor, rules);
        if (!claimed) {
            outcome.error = claimed.error();
            return outcome;
        }
        if (!*claimed) return outcome;
        next = **claimed;
    }
    auto opened = load_opened(database, next);
    if (opened)
        outcome.order = std::move(*opened);
    else
        outcome.error = opened.error();
    return outcome;
}

void ReviewPanel::start(desk::Desk& desk, Request request) {
    resuming_.clear();
    refreshing_.clear();  // what was asked before the verb is older than its outcome
    renewing_.clear();
    verb_.start(desk.jobs(), [&database = desk.database(), actor = *desk.actor, rules = desk.review_rules(),
                              request = std::move(request)] { return run(database, actor, rules, request); });
}

void ReviewPanel::show(std::optional<OpenedOrder> order) {
    if (!order || !order_ || order->desk.order.no != order_->desk.order.no || order->desk.row_version != order_->desk.row_version)
        form_.clear();
    order_ = std::move(order);
    if (order_) form_.take_draft(order_->desk);
}

void ReviewPanel::recall(desk::Desk& desk, const desk::Memory& memory) {
    resuming_.start(desk.jobs(), [&database = desk.database(), actor = *desk.actor, last = memory.get("review.order")] {
        return held_or_last(database, actor, last);
    });
    queue_.recall(memory);
    form_.recall(desk, memory);
    viewer_.recall(memory);
}

void ReviewPanel::remember(const desk::Desk& desk, desk::Memory& memory) {
    if (resuming_.running() || verb_.running()) return;  // what was left is not on the bench yet
    memory.set("review.order", order_ ? order_->desk.order.no : "");
    queue_.remember(memory);
    form_.remember(desk, memory, order_ ? &order_->desk : nullptr);
    viewer_.remember(memory);
}

void ReviewPanel::take_resumed() {
    if (!resuming_.arrived() || order_) return;
    // An order that cannot be read is told when somebody opens it.
    if (auto& answer = *resuming_.ready(); answer && *answer) show(std::move(*answer));
}

void ReviewPanel::tell(Error error) {
    told_ = std::move(error);
    telling_ = true;
}

void ReviewPanel::take_outcome(desk::Desk& desk) {
    if (!verb_.arrived()) return;
    Outcome& outcome = *verb_.ready();
    const bool decided = outcome.verb == Verb::approve || outcome.verb == Verb::reject;
    if (outcome.verb != Verb::open) {
        desk.touch();
        desk.nudge();
    }
    shown_generation_ = desk.generation();
    if (!outcome.done) {
        form_.items().reload();
        if (outcome.error->kind == ErrorKind::refused && (outcome.verb == Verb::reject || outcome.verb == Verb::approve))
            form_.refuse(outcome.error->message);
        else
            tell(*outcome.error);
        if (outcome.order) show(std::move(outcome.order));
        return;
    }
    auto& toasts = kit::frame().toasts;
    const auto undo = desk.settings().undo_ms / kSecond;
    const auto key = kit::frame().keymap.of(ids::undo, ImGuiKey_Z);
    const std::string cap = kit::key_name(key);
    if (outcome.verb == Verb::approve)
        toasts.show(key ? trf("已通过 {}，{} 秒内可按 {} 撤销", outcome.no, undo, cap)
                        : trf("已通过 {}，{} 秒内可以撤销", outcome.no, undo),
                    kit::Tone::green);
    if (outcome.verb == Verb::reject)
        toasts.show(key ? trf("已退回 {}，{} 秒内可按 {} 撤销", outcome.no, undo, cap)
                        : trf("已退回 {}，{} 秒内可以撤销", outcome.no, undo),
                    kit::Tone::red);
    if (outcome.verb == Verb::release) toasts.show(trf("已放回 {}", outcome.no));
    if (outcome.error) tell(*outcome.error);
    if ((outcome.verb == Verb::next || decided) && !outcome.order && !outcome.error) toasts.show(tr("没有等待审核的订单了"));
    // With nothing to claim, N leaves what is on the bench; a decided order makes room.
    if (outcome.order || decided) show(std::move(outcome.order));
}

// The order on the bench follows the data; what the reviewer is deciding on does not change unnoticed.
void ReviewPanel::keep_current(desk::Desk& desk) {
    if (!order_ || verb_.running()) return;
    if (refreshing_.arrived()) {
        auto& answer = *refreshing_.ready();
        const auto& old = order_->desk;
        if (!answer) {
            tell(answer.error());
        } else if (answer->desk.order.no == old.order.no && answer->desk.row_version >= old.row_version) {
            const bool deciding = old.claimed_by == desk.actor->login && old.state == orders::State::paid;
            if (deciding && answer->desk.row_version != old.row_version)
                tell({ErrorKind::conflict,
                      trf("订单 {} 刚有变化，现在是“{}”，第 {} 次提交。请看最新内容后再决定", old.order.no,
                          word_of(answer->desk.state), answer->desk.revision),
                      ""});
            show(std::move(*answer));
        }
    }
    if (shown_generation_ == desk.generation() || refreshing_.running()) return;
    shown_generation_ = desk.generation();
    refreshing_.start(desk.jobs(),
                      [&database = desk.database(), no = order_->desk.order.no] { return load_opened(database, no); });
}

// A claim ends by itself when nobody works on it; while the order is on the bench it is renewed at half its time.
void ReviewPanel::keep_claim(desk::Desk& desk) {
    if (!order_ || verb_.running()) return;
    auto& held = order_->desk;
    if (renewing_.arrived()) {
        const auto& answer = *renewing_.ready();
        if (!answer) {
            tell(answer.error());
            held.claimed_by.clear();
            shown_generation_ = 0;
        } else if (answer->order.no == held.order.no) {
            held.claimed_until = answer->claimed_until;
            if (answer->row_version != held.row_version) shown_generation_ = 0;
        }
    }
    if (held.claimed_by != desk.actor->login || held.state != orders::State::paid || renewing_.running()) return;
    const std::int64_t until = held.claimed_until - desk.clock().now() - desk.settings().lease_ms / 2;
    if (until > 0) return kit::wake_in(static_cast<double>(until) / 1000.0 + 0.01);
    renewing_.start(desk.jobs(), [&database = desk.database(), actor = *desk.actor, rules = desk.review_rules(),
                                  no = held.order.no] { return review::claim(database, actor, rules, no); });
}

std::string ReviewPanel::busy(const desk::Desk& desk) {
    if (verb_.running()) return tr("正在保存…");
    if (const auto allowed = staff::require(*desk.actor, staff::Role::reviewer); !allowed) return allowed.error().message;
    return {};
}

void ReviewPanel::mark_faults() {
    std::vector<PageMark> marks;
    const auto box = [](const review::Area& area) { return PageBox{area.x, area.y, area.width, area.height}; };
    for (const auto& item : form_.items().list())
        if (const auto& crop = item.fault.crop; crop.page > 0)
            marks.push_back({crop.page, crop.file_sha256, crop.page_in_file, box(crop.area), box(crop.ellipse)});
    viewer_.show_marks(std::move(marks));
}

void ReviewPanel::take_crop(desk::Desk& desk) {
    if (form_.items().wants_crop(viewer_.cropping())) viewer_.begin_crop();
    const auto made = viewer_.take_crop();
    if (!made) return;
    const auto area = [](const PageBox& box) { return review::Area{box.x, box.y, box.width, box.height}; };
    const review::Crop crop{made->page, made->file_sha256, made->page_in_file, area(made->area), area(made->ellipse)};
    form_.items().cut(desk, order_->desk, crop, viewer_.package());
}

void ReviewPanel::draw(desk::Desk& desk) {
    take_outcome(desk);
    take_resumed();
    keep_current(desk);
    keep_claim(desk);
    const float room = ImGui::GetContentRegionAvail().x;
    const float left = std::clamp(room * 0.217f, kit::px(280), kit::px(420)),
                middle = std::clamp(room * 0.262f, kit::px(360), kit::px(520));
    Request request;
    bool wish = false;
    const auto want = [&](Verb verb) {
        request.verb = verb;
        wish = true;
    };

    kit::begin_pane("review.queue", {left, 0}, kit::Ground::pane, {},
                    ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
    const auto from_queue = queue_.draw(desk, order_ ? order_->desk.order.no : std::string(), busy(desk));
    kit::end_pane();
    if (!from_queue.open.empty()) wanted_ = from_queue.open;
    if (from_queue.next) want(Verb::next);
    if (from_queue.batch) batch_.open(desk);
    kit::edge_right();

    ImGui::SameLine(0, 0);
    kit::begin_pane("review.order", {middle, 0}, kit::Ground::pane, {},
                    ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
    if (order_) {
        const auto& shown = order_->desk;
        request.seen = {shown.order.no, shown.revision, shown.row_version};
        switch (form_.draw(desk, *order_, verb_.running() ? tr("正在保存…") : "")) {
            case ReviewForm::Wish::none: break;
            case ReviewForm::Wish::claim: want(Verb::claim); break;
            case ReviewForm::Wish::approve: want(Verb::approve); break;
            case ReviewForm::Wish::reject:
                want(Verb::reject);
                request.reasons = form_.chosen(desk);
                request.note = form_.note();
                break;
            case ReviewForm::Wish::release: want(Verb::release); break;
        }
    } else {
        kit::empty_text(tr("这里显示订单填写的内容和核对结果"),
                        kit::key_name(kit::frame().keymap.of(ids::review_next, ImGuiKey_N)), tr("领取下一单"));
    }
    kit::end_pane();
    kit::edge_right();

    ImGui::SameLine(0, 0);
    kit::begin_pane("review.scans", {0, 0}, kit::Ground::viewer, {},
                    ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
    std::optional<PageViewer::Subject> subject, previous;
    if (order_) {
        const auto& submissions = order_->desk.order.submissions;
        const auto& current = submissions.back();
        subject = {order_->desk.order.no, order_->desk.revision, current.package_sha256, current.package_name};
        if (submissions.size() > 1) {
            const auto& before = submissions[submissions.size() - 2];
            previous = {order_->desk.order.no, before.revision, before.package_sha256, before.package_name};
        }
    }
    viewer_.compare(previous);
    if (const int page = form_.wanted_page(); page > 0) viewer_.show_page(page);
    if (const std::string value = form_.wanted_place(); !value.empty()) viewer_.show_value(desk, value);
    if (order_) mark_faults();
    viewer_.draw(desk, subject);
    if (order_) take_crop(desk);
    kit::end_pane();

    if (!verb_.running()) {
        if (!wish && !wanted_.empty()) {
            want(Verb::open);
            request.seen.no = std::exchange(wanted_, {});
        }
        if (wish) waiting_ = std::move(request);
        // What is still being saved about items was said before the decision.
        const bool decides = waiting_ && (waiting_->verb == Verb::approve || waiting_->verb == Verb::reject);
        if (waiting_ && !form_.items().saving() && (decides || form_.items().unsaved().empty())) {
            auto next = *std::exchange(waiting_, std::nullopt);
            next.edits = form_.items().unsaved();
            next.wanted = form_.items().wanted();
            start(desk, std::move(next));
        }
    }
    batch_.draw(desk);
    kit::tell(ids::review_conflict, &telling_, told_);
}

}  // namespace sealdesk::panels

#include "panels/review_queue.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "base/translate.h"
#include "panels/batch_dialog.h"
#include "panels/ids.h"
#include "panels/kit/kit.h"
#include "panels/order_words.h"
#include "panels/waiting.h"

namespace sealdesk::panels {

using orders::State;

namespace {

constexpr int kPage = 200;

std::int64_t of(const orders::Counts& counts, State state) { return counts[static_cast<size_t>(state)]; }

std::string name_of(ReviewQueue::Tab tab) {
    switch (tab) {
        case ReviewQueue::Tab::waiting: return "waiting";
        case ReviewQueue::Tab::mine: return "mine";
        case ReviewQueue::Tab::rejected: return "rejected";
        case ReviewQueue::Tab::all: return "all";
    }
    return "";
}

constexpr const char* kNewest = "newest";

std::string name_of(ReviewQueue::Only only) {
    switch (only) {
        case ReviewQueue::Only::all: return "";
        case ReviewQueue::Only::resubmitted: return "resubmitted";
        case ReviewQueue::Only::overdue: return "overdue";
    }
    return "";
}

}  // namespace

orders::Filter ReviewQueue::filter(const desk::Desk& desk) const {
    orders::Filter wanted;
    wanted.text = text_;
    if (tab_ == Tab::waiting || tab_ == Tab::mine) wanted.state = State::paid;
    if (tab_ == Tab::rejected) wanted.state = State::rejected;
    if (tab_ == Tab::mine) wanted.claimed_by = desk.actor->login;
    wanted.kind = kind_;
    wanted.resubmitted = only_ == Only::resubmitted;
    if (only_ == Only::overdue && wanted.state == State::paid)
        wanted.waiting_before = desk.working_time().before(desk.clock().now(), desk.settings().overdue_ms);
    wanted.newest_first = newest_first_;
    return wanted;
}

void ReviewQueue::ask(desk::Desk& desk, bool append) {
    const orders::Filter wanted = filter(desk);
    std::optional<orders::Key> after;
    int limit = kPage;
    if (append)
        after = orders::Key{rows_.back().waiting_since, rows_.back().no};
    else if (!to_top_)
        limit = std::max(kPage, static_cast<int>(rows_.size()));  // what is scrolled to stays in reach
    asked_generation_ = desk.generation();
    stale_ = false;
    asking_.start(desk.jobs(), [&database = desk.database(), wanted, after, limit, append, actor = *desk.actor] {
        Answer answer;
        answer.appended = append;
        const auto keep = [&answer](const Error& error) { answer.error = error; };
        if (auto rows = orders::page(database, wanted, after, limit))
            answer.rows = std::move(*rows);
        else
            keep(rows.error());
        answer.more = answer.rows.size() == static_cast<size_t>(limit);
        std::vector<std::string> numbers;
        for (const auto& row : answer.rows)
            if (row.state == State::paid) numbers.push_back(row.no);
        if (auto findings = checks::open_findings(database, numbers))
            answer.findings = std::move(*findings);
        else
            keep(findings.error());
        std::vector<std::string> came_again;
        for (const auto& row : answer.rows)
            if (row.state == State::paid && row.revision > 1) came_again.push_back(row.no);
        if (auto earlier = review::earlier_rounds(database, came_again))
            answer.earlier = std::move(*earlier);
        else
            keep(earlier.error());
        if (auto counts = orders::counts(database))
            answer.counts = *counts;
        else
            keep(counts.error());
        orders::Filter held;
        held.state = State::paid;
        held.claimed_by = actor.login;
        if (auto mine = orders::page(database, held, std::nullopt, kPage))
            answer.mine = static_cast<std::int64_t>(mine->size());
        else
            keep(mine.error());
        return answer;
    });
}

void ReviewQueue::take() {
    if (!asking_.arrived()) return;
    Answer& answer = *asking_.ready();
    error_ = answer.error;
    if (error_) return;
    mine_ = answer.mine;
    counts_ = answer.counts;
    more_ = answer.more;
    if (!answer.appended) findings_.clear(), earlier_.clear();
    findings_.merge(answer.findings);
    earlier_.merge(answer.earlier);
    if (answer.appended)
        rows_.insert(rows_.end(), std::make_move_iterator(answer.rows.begin()), std::make_move_iterator(answer.rows.end()));
    else
        rows_ = std::move(answer.rows);
    loaded_ = true;
}

// Apart from the rows: what was taken here is told, also when the rows are asked for again meanwhile.
void ReviewQueue::tell_lost(desk::Desk& desk) {
    if (losing_.running()) return;
    if (losing_.arrived())
        if (const auto& answer = *losing_.ready(); answer)
            for (const auto& lost : *answer)
                kit::frame().toasts.show(trf("您领取的 {} 已到期，由 {} 接手", lost.no, lost.taken_by), kit::Tone::amber, 15);
    if (lost_generation_ == desk.generation()) return;
    lost_generation_ = desk.generation();
    losing_.start(desk.jobs(),
                  [&database = desk.database(), actor = *desk.actor] { return review::take_lost_claims(database, actor); });
}

void ReviewQueue::search(const std::string& text) {
    text_ = text;
    stale_ = to_top_ = true;
}

void ReviewQueue::recall(const desk::Memory& memory) {
    for (const Tab tab : {Tab::waiting, Tab::mine, Tab::rejected, Tab::all})
        if (name_of(tab) == memory.get("review.tab")) tab_ = tab;
    for (const Only only : {Only::all, Only::resubmitted, Only::overdue})
        if (name_of(only) == memory.get("review.only")) only_ = only;
    kind_ = orders::from_name<orders::OrderKind>(memory.get("review.kind"));
    newest_first_ = memory.get("review.sort") == kNewest;
}

void ReviewQueue::remember(desk::Memory& memory) const {
    memory.set("review.tab", name_of(tab_));
    memory.set("review.only", name_of(only_));
    memory.set("review.kind", kind_ ? orders::name_of(*kind_) : "");
    memory.set("review.sort", newest_first_ ? kNewest : "");
}

void ReviewQueue::draw_filters() {
    kit::begin_pane("review.filters", {0, kit::px(kit::kBarHeight)}, kit::Ground::foot, {},
                    ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
    kit::centre(kit::px(kit::kBarHeight), ImGui::GetFontSize() + kit::px(12));
    ImGui::SetCursorPosX(kit::px(8));
    const float width = (ImGui::GetContentRegionAvail().x - kit::px(20)) / 3;
    constexpr std::array kKinds{orders::OrderKind::create, orders::OrderKind::replacement, orders::OrderKind::renewal,
                                orders::OrderKind::change};
    std::vector<std::string> kinds{tr("全部种类")};
    int kind = 0;
    for (const auto each : kKinds) {
        kinds.emplace_back(word_of(each));
        if (kind_ == each) kind = static_cast<int>(kinds.size()) - 1;
    }
    const std::vector<std::string> onlys{tr("全部订单"), tr("重新提交"), tr("已超时")}, sorts{tr("最早在前"), tr("最新在前")};
    int only = static_cast<int>(only_), sort = newest_first_ ? 1 : 0;
    bool changed = kit::select(ids::review_sort, sorts, &sort, width);
    ImGui::SameLine(0, kit::px(4));
    changed |= kit::select(ids::review_only, onlys, &only, width);
    ImGui::SameLine(0, kit::px(4));
    changed |= kit::select(ids::review_kind, kinds, &kind, width);
    if (changed) {
        newest_first_ = sort == 1;
        only_ = static_cast<Only>(only);
        kind_ = kind == 0 ? std::nullopt : std::optional(kKinds[static_cast<size_t>(kind - 1)]);
        stale_ = to_top_ = true;
    }
    kit::end_pane();
    kit::line();
}

void ReviewQueue::draw_tabs() {
    kit::begin_pane("review.tabs", {0, kit::px(kit::kBarHeight)}, kit::Ground::pane, {},
                    ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
    kit::centre(kit::px(kit::kBarHeight), kit::px(28));
    ImGui::SetCursorPosX(kit::px(8));
    const auto tab = [this](const char* id, const char* words, std::int64_t count, Tab which) {
        if (kit::tab(id, words, static_cast<int>(count), tab_ == which) && tab_ != which) {
            tab_ = which;
            stale_ = to_top_ = true;
        }
        ImGui::SameLine(0, kit::px(2));
    };
    tab(ids::tab_waiting, tr("待审核"), of(counts_, State::paid), Tab::waiting);
    tab(ids::tab_mine, tr("我的"), mine_, Tab::mine);
    tab(ids::tab_rejected, tr("已退回"), of(counts_, State::rejected), Tab::rejected);
    tab(ids::tab_all, tr("全部"), -1, Tab::all);
    kit::end_pane();
    kit::line();
}

std::ptrdiff_t ReviewQueue::index_of(const std::string& no) const {
    const auto found = std::find_if(rows_.begin(), rows_.end(), [&](const orders::Row& row) { return row.no == no; });
    return found == rows_.end() ? -1 : found - rows_.begin();
}

void ReviewQueue::draw_row(const desk::Desk& desk, const orders::Row& row, const std::string& shown, bool into_view, Wish& wish) {
    const Instant now = desk.clock().now();
    kit::ListRow line;
    line.title = row.subject_name;
    line.title_right = short_yuan(row.amount);
    const auto earlier = earlier_.find(row.no);
    const Waiting waiting = waiting_of(desk, row.state, row.waiting_since,
                                       earlier == earlier_.end() ? std::vector<review::Round>() : earlier->second);
    const auto found = findings_.find(row.no);
    line.chips = why_here(waiting, row.revision, row.kind, row.cause, found == findings_.end() ? checks::Open() : found->second);
    if (tab_ == Tab::all) line.chips.push_back(state_chip(row.state));
    line.note = trf("{} · {} 年 × {}", word_of(row.subject_kind), row.years, row.quantity);
    if (row.paid_together > 1) line.note = trf("{} · 合并支付 {}", word_of(row.subject_kind), row.paid_together);
    const bool held = !row.claimed_by.empty() && row.claimed_until > now;
    if (held && row.claimed_by != desk.actor->login)
        line.note_right = {trf("{} 在审", row.claimer), kit::Tone::amber};
    else if (held)
        line.note_right = {tr("我在审"), kit::Tone::blue};
    else
        line.note_right = waiting_chip(desk, row.state, row.waiting_since, waiting);
    line.selected = row.no == shown;
    line.into_view = line.selected && into_view;
    if (kit::list_row(ids::review_row(row.no).c_str(), line)) wish.open = row.no;
}

ReviewQueue::Wish ReviewQueue::draw(desk::Desk& desk, const std::string& shown, const std::string& busy) {
    Wish wish;
    take();
    tell_lost(desk);
    if (stale_ || (asked_generation_ != desk.generation() && !asking_.running())) ask(desk, false);
    draw_tabs();
    draw_filters();
    const bool to_top = to_top_ && !asking_.running();
    kit::begin_pane(ids::review_rows, {0, -kit::px(kit::kFootHeight + 1)}, kit::Ground::pane);
    if (to_top) {
        ImGui::SetScrollY(0);
        to_top_ = false;
    }
    if (error_)
        kit::empty_text(error_->message);
    else if (loaded_ && rows_.empty() && !text_.empty())
        kit::empty_text(trf("没有找到“{}”", text_));
    else if (loaded_ && rows_.empty())
        kit::empty_text(tab_ == Tab::mine ? tr("您没有领取的订单") : tr("这里会列出已支付、等待审核的订单，现在没有"),
                        kit::key_name(kit::frame().keymap.of(ids::review_next, ImGuiKey_N)), tr("领取下一单"));
    // What comes onto the bench, by ↓ ↑ or as the next one, is seen in the list; afterwards it scrolls freely.
    const bool into_view = loaded_ && !to_top && std::exchange(seen_, shown) != shown;
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(rows_.size()), kit::px(kit::kListRow));
    if (into_view)
        if (const auto at = index_of(shown); at >= 0) clipper.IncludeItemByIndex(static_cast<int>(at));
    int last = 0;
    while (clipper.Step())
        for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
            draw_row(desk, rows_[static_cast<size_t>(i)], shown, into_view, wish);
            last = i;
        }
    if (more_ && !asking_.running() && last + kPage / 4 > static_cast<int>(rows_.size())) ask(desk, true);
    kit::end_pane();

    int step = 0;
    if (kit::frame().shortcuts.pressed(ids::review_down, ImGuiKey_DownArrow, tr("看下一行"))) step = 1;
    if (kit::frame().shortcuts.pressed(ids::review_up, ImGuiKey_UpArrow, tr("看上一行"))) step = -1;
    if (step != 0 && !rows_.empty()) {
        const auto found = index_of(shown), at = found >= 0 ? found : step > 0 ? -1 : 1;
        wish.open = rows_[static_cast<size_t>(std::clamp<std::ptrdiff_t>(at + step, 0, std::ssize(rows_) - 1))].no;
    }
    kit::line();
    kit::begin_pane("review.queue_foot", {0, kit::px(kit::kFootHeight)}, kit::Ground::foot, kit::px(14, 12),
                    ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
    const bool batch = BatchDialog::may(*desk.actor);
    const float next_width = batch ? ImGui::GetContentRegionAvail().x - kit::button_width(tr("批量通过")) - kit::px(8) : -1;
    wish.next =
        kit::button(ids::review_next, tr("领取下一单"), {.key = ImGuiKey_N, .disabled_because = busy, .width = next_width});
    if (batch) {
        ImGui::SameLine(0, kit::px(8));
        wish.batch = kit::button(ids::review_batch, tr("批量通过"), {.disabled_because = busy, .width = -1});
        if (busy.empty() && kit::frame().shortcuts.pressed(ids::review_batch, ImGuiMod_Ctrl | ImGuiKey_B, tr("批量通过")))
            wish.batch = true;
    }
    kit::end_pane();
    return wish;
}

}  // namespace sealdesk::panels

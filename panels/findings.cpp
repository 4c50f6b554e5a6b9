#include "panels/findings.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "base/translate.h"
#include "checks/text_diff.h"
#include "panels/ids.h"
#include "panels/kit/kit.h"

namespace sealdesk::panels {

using checks::Finding;
using checks::Kept;
using checks::Verdict;

namespace {

constexpr float kSide = 14;  // px at 96 dpi, as the fields
constexpr ImGuiKey kNext = ImGuiKey_V, kAnswer = ImGuiKey_E;

// The key that a person chose for it, when it has one.
void cap_of(const char* action, ImGuiKey usual) {
    if (const auto key = kit::frame().keymap.of(action, usual)) kit::key_cap(kit::key_name(key));
}

kit::Tone tone_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::ok: return kit::Tone::green;
        case Verdict::unchecked: return kit::Tone::plain;
        case Verdict::warning: return kit::Tone::amber;
        case Verdict::fault: return kit::Tone::red;
    }
    return kit::Tone::plain;
}

kit::Chip chip_of(const Kept& kept) {
    if (kept.overridden) return {tr("已说明"), kit::Tone::blue};
    return {kept.finding.word, tone_of(kept.finding.verdict)};
}

// What stands above the rest: open faults, open warnings, what could not be checked, what was answered.
int weight(const Kept& kept) {
    if (kept.overridden) return 1;
    switch (kept.finding.verdict) {
        case Verdict::ok: return 0;
        case Verdict::unchecked: return 2;
        case Verdict::warning: return 3;
        case Verdict::fault: return 4;
    }
    return 0;
}

// A check that could not be made at a field or for a paper needs a look; elsewhere it only does not apply.
bool worth_a_look(const Kept& kept) {
    const auto& finding = kept.finding;
    if (finding.verdict != Verdict::unchecked) return finding.verdict != Verdict::ok;
    return !finding.field.empty() || !finding.item.empty() || finding.rule.starts_with("papers.");
}

std::vector<const Kept*> by_weight(const checks::Report& report) {
    std::vector<const Kept*> list;
    for (const auto& kept : report.findings)
        if (worth_a_look(kept)) list.push_back(&kept);
    std::stable_sort(list.begin(), list.end(), [](const Kept* a, const Kept* b) { return weight(*a) > weight(*b); });
    return list;
}

void to_side() { ImGui::SetCursorPosX(ImGui::GetCursorPosX() + kit::px(kSide)); }

}  // namespace

void Findings::follow(desk::Desk& desk, const orders::DeskOrder& order) {
    const std::string key = fmt::format("{}#{}", order.order.no, order.revision);
    if (key != key_) {
        key_ = key;
        stop_reading();
        asking_.clear();
        report_.reset();
        failed_.clear();
        chosen_ = {};
        show_all_ = answering_ = looked_ = false;
        asked_generation_ = 0;
        trouble_.clear();
    }
    take(desk);
    read(desk, order);
    if (asking_.running() || asked_generation_ == desk.generation()) return;
    asked_generation_ = desk.generation();
    // Examining opens the package: only when nothing is known yet, or what is known is not the newest.
    asking_.start(desk.jobs(),
                  [&database = desk.database(), &standards = desk.standards(), pages = desk.pages(), no = order.order.no,
                   package = order.order.current().package_sha256]() -> Result<checks::Report> {
                      auto known = checks::report(database, no);
                      if (!known || (known->revision != 0 && !known->stale && !(known->waiting && pages.packages->has(package))))
                          return known;
                      return checks::examine(database, standards, pages, no);
                  });
}

// The reader is slow: it is asked for the order that the reviewer holds, and stops when another one is on the bench.
void Findings::read(desk::Desk& desk, const orders::DeskOrder& order) {
    if (reading_.arrived()) {
        const auto& pages = *reading_.ready();
        if (pages && *pages > 0) desk.touch();
    }
    const bool held = order.state == orders::State::paid && order.claimed_by == desk.actor->login;
    if (!held || !report_ || !report_->papers || read_ == key_ || !desk.reader().there()) return;
    stop_reading();
    read_ = key_;
    stop_ = std::make_shared<std::atomic<bool>>(false);
    reading_.start(desk.reading(),
                   [&database = desk.database(), &standards = desk.standards(), &reader = desk.reader(), pages = desk.pages(),
                    no = order.order.no, stop = stop_]() -> Result<int> {
                       if (*stop) return 0;
                       return checks::read_papers(database, standards, pages, reader, no, *stop);
                   });
}

void Findings::stop_reading() {
    if (stop_) *stop_ = true;
    stop_.reset();
    read_.clear();
}

void Findings::take(desk::Desk& desk) {
    if (asking_.arrived()) {
        auto& answer = *asking_.ready();
        failed_ = answer ? std::string() : answer.error().message;
        if (answer) report_ = std::move(*answer);
        scroll_ = answered_;
        answered_ = false;
        // The first of them is what the keys are about.
        if (report_ && find(chosen_) == nullptr)
            if (const auto list = by_weight(*report_); !list.empty()) chosen_ = {list[0]->finding.rule, list[0]->finding.item};
    }
    if (!saving_.arrived()) return;
    if (const auto& saved = *saving_.ready(); saved) {
        answering_ = false;
        answered_ = true;
        reason_.clear();
        refused_.clear();
    } else if (saved.error().kind == ErrorKind::refused && answering_) {
        refused_ = saved.error().message;
    } else {
        answering_ = false;
        trouble_.set(saved.error());
    }
    desk.touch();
}

const Kept* Findings::find(const Which& which) const {
    if (!report_ || which.first.empty()) return nullptr;
    for (const auto& kept : report_->findings)
        if (kept.finding.rule == which.first && kept.finding.item == which.second) return &kept;
    return nullptr;
}

kit::Chip Findings::chip(std::string_view field, kit::Chip otherwise) const {
    const Kept* best = nullptr;
    if (report_)
        for (const auto& kept : report_->findings)
            if (kept.finding.field == field && (best == nullptr || weight(kept) > weight(*best))) best = &kept;
    return best == nullptr ? std::move(otherwise) : chip_of(*best);
}

std::pair<size_t, size_t> Findings::marked(std::string_view field) const {
    if (!report_) return {0, 0};
    for (const auto& kept : report_->findings) {
        const auto& finding = kept.finding;
        if (finding.field != field || finding.seen.empty() || finding.verdict == Verdict::ok || kept.overridden) continue;
        size_t at = 0;
        for (const auto& run : checks::diff(finding.stated, finding.seen)) {
            if (run.kind != checks::Stretch::Kind::equal && !run.stated.empty()) return {at, run.stated.size()};
            at += run.stated.size();
        }
    }
    return {0, 0};
}

void Findings::choose_next(Wish& wish) {
    const auto list = by_weight(*report_);
    if (list.empty()) return;
    auto at = std::find_if(list.begin(), list.end(),
                           [&](const Kept* each) { return Which(each->finding.rule, each->finding.item) == chosen_; });
    // The first V shows the first one, which is chosen already.
    if (at == list.end() || !looked_)
        at = list.begin();
    else
        at = at + 1 == list.end() ? list.begin() : at + 1;
    looked_ = true;
    chosen_ = {(*at)->finding.rule, (*at)->finding.item};
    wish.page = (*at)->finding.page;
    scroll_ = true;
}

// One finding: its chip and its evidence; what can be done about it stands below the chosen one.
bool Findings::draw_finding(desk::Desk& desk, const orders::DeskOrder& order, const Kept& kept, bool deciding, Wish& wish) {
    const auto& finding = kept.finding;
    const Which which{finding.rule, finding.item};
    const bool selected = which == chosen_;
    const kit::Chip chip = chip_of(kept);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x, chip_width = kit::chip_size(chip.words).x;
    const float x = at.x + kit::px(kSide) + chip_width + kit::px(8), room = at.x + width - kit::px(kSide) - x;
    std::string evidence = finding.evidence;
    if (!finding.seen.empty())
        if (const auto words = checks::in_words(checks::diff(finding.stated, finding.seen)); !words.empty())
            evidence += "\n" + words;
    if (kept.overridden)
        evidence += "\n" + trf("{}（{}，{}）", kept.overridden->reason, kept.overridden->by, date_time(kept.overridden->at));
    kit::FontScope font(kit::Size::note);
    const float high = std::max(kit::px(27), kit::wrapped_height(evidence, room) + kit::px(9));
    const bool pressed =
        ImGui::InvisibleButton((finding.word + "###" + ids::review_finding(finding.rule, finding.item)).c_str(), {width, high});
    ImDrawList* draw = ImGui::GetWindowDrawList();
    const ImVec2 end(at.x + width, at.y + high);
    if (selected || ImGui::IsItemHovered()) draw->AddRectFilled(at, end, selected ? kit::colour::blue_ground : kit::colour::foot);
    if (selected) draw->AddRectFilled(at, {at.x + kit::px(3), end.y}, kit::colour::blue);
    if (selected && scroll_) ImGui::SetScrollHereY(0.4f);
    kit::draw_chip(draw, {at.x + kit::px(kSide), at.y + kit::px(3)}, chip.words, chip.tone);
    kit::draw_text_wrapped(draw, {x, at.y + kit::px(4)}, room, kept.overridden ? kit::colour::quiet : kit::colour::text,
                           evidence);
    if (pressed) {
        chosen_ = which;
        wish.page = finding.page;
    }
    if (!selected || !deciding || saving_.running()) return false;
    bool open_answer = false;
    kit::gap(3);
    ImGui::SetCursorPosX(ImGui::GetCursorPosX() + kit::px(kSide) + chip_width + kit::px(8));
    if (kept.overridden) {
        if (kit::link(ids::review_withdraw(finding.rule, finding.item).c_str(), tr("收回说明")))
            answer(desk, order, finding, std::nullopt);
    } else {
        open_answer = kit::link(ids::review_answer(finding.rule, finding.item).c_str(), tr("说明后可通过"));
        ImGui::SameLine(0, kit::px(6));
        cap_of(ids::review_findings_answer, kAnswer);
        if (!finding.reason.empty()) {
            ImGui::SameLine(0, kit::px(16));
            if (kit::link(ids::review_as_reason(finding.rule, finding.item).c_str(), tr("作为退回原因")))
                wish.reason = finding.reason;
        }
    }
    kit::gap(5);
    return open_answer;
}

// The papers that are there, one line each, and on demand everything that was found right.
void Findings::draw_quiet(Wish& wish) {
    const auto sealed = [&](const std::string& item) {
        return std::any_of(report_->findings.begin(), report_->findings.end(), [&](const Kept& kept) {
            return kept.finding.rule == checks::rules::stamp.name && kept.finding.item == item &&
                   kept.finding.verdict == Verdict::ok;
        });
    };
    int right = 0;
    for (const auto& kept : report_->findings) {
        const auto& finding = kept.finding;
        if (worth_a_look(kept)) continue;
        ++right;
        const bool paper = finding.rule == checks::rules::material.name && finding.page > 0;
        if (!paper && !show_all_) continue;
        std::string words = finding.evidence;
        if (paper && sealed(finding.item)) words += trf(" · {}", tr("已盖章"));
        if (kit::check_row(ids::review_finding(finding.rule, finding.item).c_str(), words,
                           finding.verdict == Verdict::ok ? kit::Check::right : kit::Check::open, ""))
            wish.page = finding.page;
    }
    kit::gap(3);
    to_side();
    if (kit::link(ids::review_findings_all, show_all_ ? std::string(tr("收起相符的项目")) : trf("全部 {} 项相符的核对", right)))
        show_all_ = !show_all_;
    kit::gap(6);
}

void Findings::answer(desk::Desk& desk, const orders::DeskOrder& order, const Finding& finding,
                      std::optional<std::string> reason) {
    trouble_.clear();
    const review::Seen seen{order.order.no, order.revision, order.row_version};
    const checks::Chosen chosen{finding.rule, finding.item, finding.basis};
    saving_.start(desk.jobs(), [&database = desk.database(), actor = *desk.actor, seen, chosen, reason = std::move(reason)] {
        return reason ? checks::override_finding(database, actor, seen, chosen, *reason)
                      : checks::withdraw_override(database, actor, seen, chosen);
    });
}

void Findings::draw_answer(desk::Desk& desk, const orders::DeskOrder& order) {
    const Kept* kept = find(chosen_);
    if (!answering_ || kept == nullptr) {
        answering_ = false;
        return;
    }
    if (!kit::begin_dialog(ids::review_answer_dialog, tr("说明后可通过"), &answering_)) return;
    kit::wrapped(trf("{}：{}", checks::title_of(kept->finding.rule), kept->finding.evidence));
    kit::gap(12);
    kit::note(tr("为什么可以通过？会记入审计"));
    const auto typed = kit::input(ids::review_answer_reason, &reason_,
                                  {.hint = tr("例如：试点时期的代码，已在公示系统核实"), .refused = refused_, .focus = focus_});
    focus_ = false;
    if (typed.changed) refused_.clear();
    kit::gap(16);
    const std::string_view save = tr("保存说明"), cancel = tr("取消");
    const std::string busy = saving_.running() ? tr("正在保存…") : "";
    kit::align_right(kit::button_width(save, ImGuiKey_Enter) + kit::button_width(cancel) + kit::px(8), 0);
    if (kit::button(ids::review_answer_cancel, cancel)) answering_ = false;
    ImGui::SameLine(0, kit::px(8));
    if ((kit::button(ids::review_answer_save, save,
                     {.tone = kit::Tone::green, .key = ImGuiKey_Enter, .disabled_because = busy}) ||
         typed.entered) &&
        busy.empty() && answering_)
        answer(desk, order, kept->finding, reason_);
    if (!answering_) ImGui::CloseCurrentPopup();
    kit::end_dialog();
}

Findings::Wish Findings::draw(desk::Desk& desk, const orders::DeskOrder& order, bool deciding) {
    Wish wish;
    kit::gap(8);
    kit::line();
    kit::gap(8);
    to_side();
    const auto list = report_ ? by_weight(*report_) : std::vector<const Kept*>{};
    const auto open = std::count_if(list.begin(), list.end(), [](const Kept* each) { return each->open(); });
    std::string hint = tr("正在核对…");
    if (report_ && report_->revision != 0)
        hint = reading_.running() && stop_ ? std::string(tr("正在识别文字…"))
               : open > 0                  ? trf("{} 项要看", open)
                                           : std::string(tr("没有疑问"));
    kit::section(tr("核对结果"), hint);
    if (!list.empty()) {
        ImGui::SameLine(0, kit::px(12));
        kit::FontScope font(kit::Size::note);
        const bool clicked = kit::link(ids::review_findings_next, tr("看下一项"));
        ImGui::SameLine(0, kit::px(6));
        cap_of(ids::review_findings_next, kNext);
        if (kit::frame().shortcuts.pressed(ids::review_findings_next, kNext, tr("看下一项")) || clicked) choose_next(wish);
    }
    kit::gap(4);
    if (!failed_.empty()) {
        to_side();
        kit::callout(failed_, tr("核对没有完成，请自行逐项核对"), kit::Tone::amber,
                     ImGui::GetContentRegionAvail().x - kit::px(kSide));
        kit::gap(6);
    }
    bool open_answer = false;
    for (const Kept* kept : list)
        if (draw_finding(desk, order, *kept, deciding, wish)) {
            chosen_ = {kept->finding.rule, kept->finding.item};
            open_answer = true;
        }
    scroll_ = false;
    if (report_ && report_->revision != 0) draw_quiet(wish);
    const Kept* chosen = find(chosen_);
    const bool may = deciding && chosen != nullptr && worth_a_look(*chosen) && !chosen->overridden;
    if (kit::frame().shortcuts.pressed(ids::review_findings_answer, kAnswer, tr("说明这一项"), may)) open_answer = true;
    if (open_answer) {
        answering_ = focus_ = true;
        reason_.clear();
        refused_.clear();
    }
    trouble_.draw_beside();
    draw_answer(desk, order);
    trouble_.draw_dialog(ids::review_answer_trouble);
    return wish;
}

}  // namespace sealdesk::panels

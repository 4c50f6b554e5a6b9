#include "panels/page_viewer.h"

#include <algorithm>
#include <utility>

#include "base/translate.h"
#include "panels/ids.h"
#include "panels/kit/kit.h"
#include "panels/page_strip.h"
#include "panels/page_watermark.h"

namespace sealdesk::panels {

namespace {

constexpr ImGuiWindowFlags kStill = ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse;
constexpr float kBetween = 6;  // px at 96 dpi between two pages

ImVec2 paper_of(const scans::Page& page) {
    return {static_cast<float>(std::max(1, page.width)), static_cast<float>(std::max(1, page.height))};
}

void say(const std::string& sentence) {
    const ImVec2 at = ImGui::GetCursorScreenPos(), room = ImGui::GetContentRegionAvail();
    kit::FontScope font(kit::Size::text);
    const float wrap = std::max(1.0f, room.x - kit::px(80));
    const ImVec2 size = ImGui::CalcTextSize(sentence.c_str(), nullptr, false, wrap);
    ImGui::SetCursorScreenPos({at.x + (room.x - size.x) / 2, at.y + room.y * 0.4f});
    ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + wrap);
    kit::text(sentence, kit::colour::viewer_text);
    ImGui::PopTextWrapPos();
}

}  // namespace

void PageViewer::follow(desk::Desk& desk, const std::optional<Subject>& subject) {
    if (subject != current_.subject()) {
        if (current_.count() > 0) kinds_[kind_of(page_)] = view_.state;
        current_.show(desk, subject, PagePackage::Seen::now, subject ? ahead_.take(subject->sha256) : std::nullopt);
        turns_.clear();
        page_ = 0;
        view_.state = {0, fit_width_, {0, 0}};
        password_.forget();
        crop_.cancel();
        found_.clear();
        save_.clear();
    }
    const bool came = current_.poll(desk);
    compare_.follow(desk, current_);
    save_.poll(desk);
    detail_.poll();
    if (const auto place = found_.poll()) {
        turn_to(static_cast<size_t>(place->page) - 1);
        view_.look_at(around(*place));
    }
    if (!came || current_.count() == 0) return;
    if (left_.sha256 == current_.subject()->sha256 && left_.page < current_.count()) {
        page_ = left_.page;
        view_.state = left_.state;
        turns_ = std::move(left_.turns);
        left_ = {};
    } else if (const auto known = kinds_.find(kind_of(page_)); known != kinds_.end()) {
        view_.state = known->second;
    }
}

// Papers of one kind look alike: a licence is read at the zoom at which the last one was.
std::string PageViewer::kind_of(size_t page) const {
    const auto& materials = current_.materials();
    if (page < materials.size() && !materials[page].empty()) return materials[page];
    return std::to_string(std::min<size_t>(page + 1, 9));
}

void PageViewer::turn_to(size_t page) {
    if (page == page_) return;
    kinds_[kind_of(page_)] = view_.state;
    page_ = page;
    const auto known = kinds_.find(kind_of(page));
    view_.state = known != kinds_.end() ? known->second : PageView::State{0, fit_width_, {0, 0}};
}

int PageViewer::turns_of(size_t page) const {
    const auto found = turns_.find(page);
    return found == turns_.end() ? 0 : found->second;
}

std::vector<PageViewer::Pane> PageViewer::panes(desk::Desk& desk, const Room& room) {
    const float half = (room.size.x - kit::px(kBetween)) / 2;
    const Room left{room.from, {half, room.size.y}},
        right{{room.from.x + half + kit::px(kBetween), room.from.y}, {half, room.size.y}};
    const auto current = [&](size_t page, const Room& where) -> Pane {
        return {&current_, page, where, turns_of(page), {}, false};
    };
    const bool comparing = compare_.there() && (compare_.mode() != PageCompare::Mode::off || compare_.earlier_now());
    if (comparing && compare_.reveal(desk)) {
        const auto pair = compare_.pair_of(page_);
        Pane now = current(page_, room);
        now.label = PageCompare::label_of(*current_.subject());
        now.unchanged = pair.unchanged;
        Pane before{&compare_.previous(), pair.earlier, room, now.turns, PageCompare::label_of(*compare_.previous().subject()),
                    pair.unchanged};
        if (compare_.earlier_now()) return {before};
        if (compare_.mode() != PageCompare::Mode::side_by_side) return {now};
        before.room = left;
        now.room = right;
        return {before, now};
    }
    if (!double_ || page_ + 1 >= current_.count()) return {current(page_, room)};
    return {current(page_, left), current(page_ + 1, right)};
}

void PageViewer::draw_pane(desk::Desk& desk, const Pane& pane) {
    ImDrawList* draw = ImGui::GetWindowDrawList();
    const ImVec2 end(pane.room.from.x + pane.room.size.x, pane.room.from.y + pane.room.size.y);
    const auto in_the_middle = [&](const std::string& words, ImU32 ink) {
        kit::FontScope font(kit::Size::text);
        const float width = std::min(kit::text_size(words).x, pane.room.size.x - kit::px(24));
        const ImVec2 middle = pane.room.middle();
        kit::draw_text_fitted(draw, {middle.x - width / 2, middle.y - ImGui::GetFontSize() / 2}, width + 1, ink, words);
    };
    draw->PushClipRect(pane.room.from, end, true);
    if (!pane.page) {
        in_the_middle(trf("{}里没有这一页", pane.label), kit::colour::viewer_text);
    } else {
        const scans::Page& page = pane.package->package()->pages[*pane.page];
        const PagePlace place = view_.place(pane.room, paper_of(page), pane.turns);
        const ImTextureID texture = pane.package->pictures().best(desk, *pane.page);
        const std::string* trouble = pane.package->pictures().trouble(*pane.page);
        if (texture == ImTextureID_Invalid) {
            draw->AddRectFilled(place.from, place.to, trouble ? kit::colour::red_ground : kit::rgb(0xFFFFFF, 40), kit::px(2));
            in_the_middle(trouble ? trf("这一页打不开：{}", *trouble) : std::string(tr("正在打开这一页…")),
                          trouble ? kit::colour::red : kit::colour::white);
        } else {
            draw_turned(draw, texture, place);
            detail_.draw(desk, draw, *pane.package, *pane.page, place, pane.room,
                         full_shrink(page, kit::frame().pictures->largest_side()));
            if (inverted_) kit::frame().pictures->alter(*draw, kit::Look::inverted, place.from, place.to);
            if (contrast_) kit::frame().pictures->alter(*draw, kit::Look::contrast, place.from, place.to);
            draw_watermark(desk, draw, place.from, place.to, inverted_);
        }
        if (pane.package == &current_) {
            for (const PageMark& mark : marks_)
                if (mark.page == static_cast<int>(*pane.page) + 1) draw_mark(draw, place, mark.area, mark.ellipse);
            crop_.draw(draw, place, *pane.page);
            found_.draw(draw, place, *pane.page);
        }
    }
    if (!pane.label.empty()) {
        const ImVec2 at(pane.room.from.x + kit::px(10), pane.room.from.y + kit::px(10));
        const bool before = pane.package != &current_;
        kit::draw_chip(draw, at, pane.label, before ? kit::Tone::amber : kit::Tone::blue);
        if (pane.unchanged)
            kit::draw_chip(draw, {at.x + kit::chip_size(pane.label).x + kit::px(6), at.y}, tr("未改动"), kit::Tone::plain);
    }
    draw->PopClipRect();
}

void PageViewer::draw_pages(desk::Desk& desk) {
    const Room room{ImGui::GetCursorScreenPos(), ImGui::GetContentRegionAvail()};
    const auto& pages = current_.package()->pages;
    ImGui::SetNextItemAllowOverlap();  // the crop's buttons stand on it
    ImGui::InvisibleButton((pages[page_].title + "###" + ids::viewer_page).c_str(),
                           {std::max(1.0f, room.size.x), std::max(1.0f, room.size.y)});
    ImGui::SetItemKeyOwner(ImGuiKey_MouseWheelY);
    const std::vector<Pane> shown = panes(desk, room);
    // Zoom and pan follow the page under the pointer; a page that is not there moves nothing.
    const Pane* moved = nullptr;
    for (const Pane& pane : shown)
        if (pane.page && (moved == nullptr || pane.room.holds(ImGui::GetIO().MousePos))) moved = &pane;
    if (moved != nullptr)
        view_.move(moved->room, paper_of(moved->package->package()->pages[*moved->page]), moved->turns, !crop_.active());
    for (const Pane& pane : shown)
        if (crop_.active() && pane.page && pane.package == &current_)
            crop_.move(view_.place(pane.room, paper_of(pages[*pane.page]), pane.turns), *pane.page);
    for (const Pane& pane : shown) draw_pane(desk, pane);
    crop_.draw_buttons(room);
    // While the person looks at these pages, the ones beside them are made ready.
    const size_t last = double_ ? page_ + 1 : page_;
    if (last + 1 < pages.size()) current_.pictures().best(desk, last + 1);
    if (page_ > 0) current_.pictures().best(desk, page_ - 1);
    if (const auto pair = compare_.pair_of(page_); pair.earlier && !pair.unchanged && !current_.pictures().busy())
        compare_.previous().pictures().best(desk, *pair.earlier);
}

void PageViewer::draw_canvas(desk::Desk& desk) {
    const auto& package = current_.package();
    if (current_.count() > 0) {
        draw_pages(desk);
    } else if (current_.subject() && !may_see_scans(*desk.actor)) {
        say(tr("材料里有身份证件，只有审核员和主管可以查看"));
    } else if (current_.error()) {
        say(current_.error()->message);
        kit::gap(10);
        ImGui::SetCursorPosX((ImGui::GetContentRegionAvail().x - kit::button_width(tr("重新打开"))) / 2);
        if (kit::button(ids::viewer_retry, tr("重新打开"), {.disabled_because = current_.opening() ? tr("正在打开") : ""}))
            current_.open(desk);
    } else if (current_.missing()) {
        say(tr("材料包正在下载，到了会自动打开"));
    } else if (package && !package->refusals.empty()) {
        say(package->refusals.front().sentence);
        if (current_.locked()) password_.draw(desk, current_);
    } else if (package) {
        say(tr("材料包里没有可以显示的页"));
    } else if (current_.subject()) {
        say(tr("正在打开材料包…"));
    } else {
        say(tr("领取一单后，这里显示申请人上传的材料"));
    }
}

std::optional<PageMark> PageViewer::take_crop() {
    const auto made = crop_.take();
    if (!made || made->page >= current_.count()) return std::nullopt;
    const scans::Page& page = current_.package()->pages[made->page];
    PageMark mark{static_cast<int>(made->page) + 1, "", page.number, made->area, made->ellipse};
    for (const auto& entry : current_.package()->entries)
        if (entry.index == page.entry) mark.file_sha256 = entry.sha256;
    return mark;
}

void PageViewer::draw_contents(desk::Desk& desk) {
    draw_bar();
    const auto& package = current_.package();
    const float strip = package && (current_.count() > 0 || !package->refusals.empty()) ? kit::px(kStripWidth) : 0;
    kit::begin_pane("viewer.canvas", {strip > 0 ? -strip : 0, 0}, kit::Ground::viewer, {}, kStill);
    draw_canvas(desk);
    kit::end_pane();
    if (strip > 0) {
        ImGui::SameLine(0, 0);
        kit::begin_pane("viewer.strip", {0, 0}, kit::Ground::viewer_bar);
        const auto clicked = draw_strip(desk, current_, {page_, &turns_, compare_.unchanged()},
                                        [&](const scans::Refusal& refusal) { save_.draw(desk, current_, refusal); });
        if (clicked) turn_to(*clicked);
        kit::end_pane();
    }
}

// What stands here while the pages are in their own window.
void PageViewer::draw_away() {
    kit::begin_pane("viewer.away", {0, 0}, kit::Ground::viewer, {}, kStill);
    say(tr("材料显示在第二个窗口里，键盘在两个窗口里都有效"));
    kit::gap(10);
    ImGui::SetCursorPosX((ImGui::GetContentRegionAvail().x - kit::button_width(tr("收回到这里"), ImGuiKey_W)) / 2);
    if (kit::button(ids::viewer_return, tr("收回到这里"), {.key = ImGuiKey_W})) detached_ = false;
    kit::end_pane();
}

void PageViewer::draw(desk::Desk& desk, const std::optional<Subject>& subject) {
    follow(desk, subject);
    kit::Beside& beside = kit::frame().beside;
    if (std::exchange(beside.closed, false)) detached_ = false;
    if (detached_) {
        if (beside.place[2] > 0)
            window_ = beside.place;
        else
            beside.place = window_;
        beside.wanted = true;
        beside.title = tr("材料 - 签章工作台");
        beside.draw = [this, &desk] { draw_contents(desk); };
        draw_away();
    } else {
        draw_contents(desk);
    }
    if (current_.package() && !current_.pictures().busy() && !detail_.busy()) ahead_.look(desk, current_.subject()->order_no);
}

}  // namespace sealdesk::panels

#include "panels/page_viewer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <sstream>
#include <utility>

#include "base/translate.h"
#include "panels/ids.h"
#include "panels/kit/kit.h"

namespace sealdesk::panels {

namespace {

constexpr float kStrip = 128, kCard = 126;  // width of the strip and height of one card, px at 96 dpi
constexpr ImGuiWindowFlags kStill = ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse;

bool may_see_scans(const staff::Actor& actor) {
    return staff::has(actor.roles, staff::Role::reviewer) || staff::has(actor.roles, staff::Role::supervisor);
}

void draw_turned(ImDrawList* draw, ImTextureID texture, ImVec2 from, ImVec2 to, int turns) {
    const std::array<ImVec2, 4> uv{ImVec2{0, 0}, ImVec2{1, 0}, ImVec2{1, 1}, ImVec2{0, 1}};
    const auto corner = [&](size_t i) { return uv[(i + 3 * static_cast<size_t>(turns)) % 4]; };
    draw->AddImageQuad(texture, from, {to.x, from.y}, to, {from.x, to.y}, corner(0), corner(1), corner(2), corner(3));
}

}  // namespace

void PageViewer::open(desk::Desk& desk) {
    asked_at_ = ImGui::GetTime();
    const std::string key = subject_->order_no + "#" + std::to_string(subject_->revision);
    opening_.start(
        desk.jobs(),
        [&database = desk.database(), &box = desk.scanbox(), &store = desk.packages(), subject = *subject_, actor = *desk.actor,
         log = !logged_.contains(key), password = password_, decoded = decoded_ ? decoded_->package : nullptr]() -> Opened {
            if (!store.has(subject.sha256)) return {};
            const auto path = store.path_of(subject.sha256);
            if (!path) return {nullptr, path.error()};
            // First the log, then the papers: what cannot be logged is not shown.
            if (log)
                if (const auto logged = review::opened_scans(database, actor, subject.order_no, subject.revision); !logged)
                    return {nullptr, logged.error()};
            if (decoded) return {decoded, std::nullopt};
            auto package = box.open(*path, password);
            if (!package) return {nullptr, package.error()};
            return {std::make_shared<const scans::Package>(std::move(*package)), std::nullopt};
        });
}

void PageViewer::follow(desk::Desk& desk, const std::optional<Subject>& subject) {
    if (subject != subject_) {
        subject_ = subject;
        opening_.clear();
        package_.reset();
        error_.reset();
        missing_ = false;
        pictures_.clear();
        turns_.clear();
        turn_to(0);
        password_.clear();
        decoded_ = subject_ ? ahead_.take(subject_->sha256) : std::nullopt;
        if (subject_ && may_see_scans(*desk.actor)) open(desk);
    }
    if (opening_.arrived()) {
        const Opened& opened = *opening_.ready();
        package_ = opened.package;
        error_ = opened.error;
        missing_ = !package_ && !error_;
        if (package_) {
            logged_.insert(subject_->order_no + "#" + std::to_string(subject_->revision));
            pictures_.use(subject_->sha256, package_);
            if (decoded_) pictures_.give(0, decoded_->shrink, decoded_->first);
            decoded_.reset();
            if (left_.sha256 == subject_->sha256 && left_.page < package_->pages.size()) {
                page_ = left_.page;
                zoom_ = left_.zoom;
                pan_ = left_.pan;
                turns_ = std::move(left_.turns);
                left_ = {};
            }
        }
    }
    if (missing_ && !opening_.running()) {
        constexpr double kAgain = 2;  // seconds
        if (ImGui::GetTime() - asked_at_ >= kAgain) open(desk);
        kit::wake_in(kAgain);
    }
    pictures_.poll();
}

void PageViewer::recall(const desk::Memory& memory) {
    fit_width_ = memory.get("viewer.fit") == "width";
    std::istringstream view(memory.get("viewer.view")), turns(memory.get("viewer.turns"));
    if (!(view >> left_.sha256 >> left_.page >> left_.zoom >> left_.pan.x >> left_.pan.y)) left_ = {};
    left_.zoom = std::clamp(left_.zoom, 0.0f, 100.0f);
    for (size_t page = 0, quarters = 0; turns >> page >> quarters;) left_.turns[page] = static_cast<int>(quarters % 4);
}

void PageViewer::remember(desk::Memory& memory) const {
    memory.set("viewer.fit", fit_width_ ? "width" : "");
    if (!package_) return;
    memory.set("viewer.view", fmt::format("{} {} {} {} {}", subject_->sha256, page_, zoom_, pan_.x, pan_.y));
    std::string turns;
    for (const auto& [page, quarters] : turns_)
        if (quarters != 0) turns += fmt::format("{} {} ", page, quarters);
    memory.set("viewer.turns", turns);
}

void PageViewer::turn_to(size_t page) {
    page_ = page;
    zoom_ = 0;
    pan_ = {0, 0};
    pressed_zoom_ = 1;
}

ImTextureID PageViewer::best(desk::Desk& desk, size_t page) {
    const int full = full_shrink(package_->pages[page]);
    // The quarter first, it is there at once; the full page takes its place.
    const ImTextureID rough = pictures_.want(desk, page, rough_shrink(package_->pages[page]));
    const ImTextureID fine = rough == ImTextureID_Invalid ? rough : pictures_.want(desk, page, full);
    return fine != ImTextureID_Invalid ? fine : rough;
}

void PageViewer::draw_bar(desk::Desk&) {
    kit::begin_pane("viewer.bar", {0, kit::px(kit::kBarHeight)}, kit::Ground::viewer_bar, {}, kStill);
    const float line = (kit::px(kit::kBarHeight) - ImGui::GetFontSize()) / 2, caps = (kit::px(kit::kBarHeight) - kit::px(22)) / 2;
    ImGui::SetCursorPos({kit::px(14), line});
    const size_t count = package_ ? package_->pages.size() : 0;
    if (count > 0) {
        const scans::Page& page = package_->pages[page_];
        kit::bold(trf("{} / {}", page_ + 1, count), kit::colour::white);
        ImGui::SameLine(0, kit::px(14));
        kit::bold(page.title, kit::colour::white);
        ImGui::SameLine(0, kit::px(14));
        kit::text(trf("{} × {}", page.width, page.height), kit::colour::viewer_text);
    } else if (subject_) {
        kit::text(subject_->package_name, kit::colour::viewer_text);
    }
    if (package_ && !package_->refusals.empty()) {
        ImGui::SameLine(0, kit::px(14));
        kit::chip(trf("{} 个文件打不开", package_->refusals.size()), kit::Tone::red);
    }
    ImGui::SameLine(0, 0);
    kit::begin_right("viewer.keys", kit::px(14));
    const bool on = count > 0;
    const auto caption = [&](const char* words) {
        ImGui::SetCursorPosY(line);
        kit::text(words, kit::colour::viewer_text);
        ImGui::SameLine(0, kit::px(6));
        ImGui::SetCursorPosY(caps);
    };
    const auto next = [&](float gap) {
        ImGui::SameLine(0, kit::px(gap));
        ImGui::SetCursorPosY(caps);
    };
    caption(tr("翻页"));
    const bool back = kit::bar_key(ids::viewer_previous, ImGuiKey_LeftArrow, tr("上一页"), on) ||
                      kit::frame().shortcuts.pressed(ImGuiKey_PageUp, tr("上一页"), on);
    next(4);
    const bool ahead = kit::bar_key(ids::viewer_next, ImGuiKey_RightArrow, tr("下一页"), on) ||
                       kit::frame().shortcuts.pressed(ImGuiKey_PageDown, tr("下一页"), on);
    next(14);
    caption(tr("缩放"));
    if (kit::bar_key(ids::viewer_zoom_in, ImGuiKey_Equal, tr("放大"), on)) pressed_zoom_ *= 1.25f;
    next(4);
    if (kit::bar_key(ids::viewer_zoom_out, ImGuiKey_Minus, tr("缩小"), on)) pressed_zoom_ /= 1.25f;
    next(14);
    caption(tr("旋转"));
    if (kit::bar_key(ids::viewer_turn_left, ImGuiKey_LeftBracket, tr("向左转"), on)) turns_[page_] = (turns_[page_] + 3) % 4;
    next(4);
    if (kit::bar_key(ids::viewer_turn_right, ImGuiKey_RightBracket, tr("向右转"), on)) turns_[page_] = (turns_[page_] + 1) % 4;
    next(14);
    caption(tr("适合"));
    if (kit::bar_key(ids::viewer_fit, ImGuiKey_F, tr("适合宽度 / 整页"), on)) {
        fit_width_ = !fit_width_;
        zoom_ = 0;
        pan_ = {0, 0};
    }
    kit::end_right();
    kit::end_pane();
    if (back && page_ > 0) turn_to(page_ - 1);
    if (ahead && page_ + 1 < count) turn_to(page_ + 1);
}

void PageViewer::move_view(ImVec2 centre, float fit) {
    const ImGuiIO& io = ImGui::GetIO();
    float factor = std::exchange(pressed_zoom_, 1.0f);
    ImVec2 still = centre;  // the point that stays where it is
    if (ImGui::IsItemHovered() && io.MouseWheel != 0) {
        factor *= std::pow(1.15f, io.MouseWheel);
        still = io.MousePos;
    }
    const float before = zoom_ > 0 ? zoom_ : fit;
    if (factor != 1.0f) {
        zoom_ = std::clamp(before * factor, fit * 0.2f, std::max(8.0f, fit * 2));
        const float grown = zoom_ / before;
        pan_.x = still.x - centre.x - (still.x - centre.x - pan_.x) * grown;
        pan_.y = still.y - centre.y - (still.y - centre.y - pan_.y) * grown;
    }
    if (ImGui::IsItemActive() && ImGui::IsMouseDragging(ImGuiMouseButton_Left, 2)) {
        pan_.x += io.MouseDelta.x;
        pan_.y += io.MouseDelta.y;
        ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeAll);
    }
}

void PageViewer::draw_watermark(const desk::Desk& desk, ImDrawList* draw, ImVec2 from, ImVec2 to) const {
    const std::string words = trf("{} {} {}", desk.actor->name, desk.actor->login, date_time(desk.clock().now()));
    kit::FontScope font(kit::Size::heading);
    const ImVec2 size = kit::text_size(words);
    constexpr float kSine = -0.42f, kCosine = 0.9075f;  // 25 degrees upwards
    draw->PushClipRect(from, to, true);
    for (float y = from.y + kit::px(60); y < to.y; y += kit::px(170))
        for (float x = from.x + kit::px(30); x < to.x; x += size.x + kit::px(120)) {
            const int first = draw->VtxBuffer.Size;
            kit::draw_text(draw, {x, y}, kit::rgb(0x1F2933, 26), words);
            const ImVec2 middle(x + size.x / 2, y + size.y / 2);
            for (int i = first; i < draw->VtxBuffer.Size; ++i) {
                ImVec2& at = draw->VtxBuffer[i].pos;
                const ImVec2 off(at.x - middle.x, at.y - middle.y);
                at = {middle.x + off.x * kCosine - off.y * kSine, middle.y + off.x * kSine + off.y * kCosine};
            }
        }
    draw->PopClipRect();
}

void PageViewer::draw_page(desk::Desk& desk) {
    const scans::Page& page = package_->pages[page_];
    const ImVec2 at = ImGui::GetCursorScreenPos(), room = ImGui::GetContentRegionAvail();
    ImGui::InvisibleButton((page.title + "###" + ids::viewer_page).c_str(), {std::max(1.0f, room.x), std::max(1.0f, room.y)});
    ImGui::SetItemKeyOwner(ImGuiKey_MouseWheelY);
    const int turns = turns_[page_];
    ImVec2 paper(static_cast<float>(std::max(1, page.width)), static_cast<float>(std::max(1, page.height)));
    if (turns % 2 != 0) std::swap(paper.x, paper.y);
    const float wide = (room.x - kit::px(32)) / paper.x, high = (room.y - kit::px(32)) / paper.y;
    const float fit = std::max(0.01f, fit_width_ ? wide : std::min(wide, high));
    const ImVec2 centre(at.x + room.x / 2, at.y + room.y / 2);
    move_view(centre, fit);
    const float scale = zoom_ > 0 ? zoom_ : fit;
    ImVec2 half(paper.x * scale / 2, paper.y * scale / 2);
    // Fitted to the width, reading begins at the top.
    const float top = zoom_ == 0 && fit_width_ ? std::max(0.0f, half.y - room.y / 2 + kit::px(16)) : 0;
    const ImVec2 middle(centre.x + pan_.x, centre.y + pan_.y + top);
    const ImVec2 from(std::round(middle.x - half.x), std::round(middle.y - half.y)),
        to(std::round(middle.x + half.x), std::round(middle.y + half.y));
    ImDrawList* draw = ImGui::GetWindowDrawList();
    const ImTextureID texture = best(desk, page_);
    const std::string* trouble = pictures_.trouble(page_);
    if (texture == ImTextureID_Invalid) {
        draw->AddRectFilled(from, to, trouble ? kit::colour::red_ground : kit::rgb(0xFFFFFF, 40), kit::px(2));
        kit::FontScope font(kit::Size::text);
        const std::string words = trouble ? trf("这一页打不开：{}", *trouble) : std::string(tr("正在打开这一页…"));
        const float width = std::min(kit::text_size(words).x, room.x - kit::px(24));
        kit::draw_text_fitted(draw, {centre.x - width / 2, centre.y - ImGui::GetFontSize() / 2}, width + 1,
                              trouble ? kit::colour::red : kit::colour::white, words);
        return;
    }
    draw->PushClipRect(at, {at.x + room.x, at.y + room.y}, true);
    draw_turned(draw, texture, from, to, turns);
    draw_watermark(desk, draw, from, to);
    draw->PopClipRect();
}

void PageViewer::draw_strip(desk::Desk& desk) {
    const float width = ImGui::GetContentRegionAvail().x, margin = kit::px(8);
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(package_->pages.size()), kit::px(kCard));
    while (clipper.Step())
        for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
            const auto index = static_cast<size_t>(i);
            const scans::Page& page = package_->pages[index];
            const std::string label = page.title + "###" + ids::viewer_thumb(i + 1);
            if (ImGui::InvisibleButton(label.c_str(), {width, kit::px(kCard)})) turn_to(index);
            const ImVec2 corner = ImGui::GetItemRectMin();
            const ImVec2 from(corner.x + margin, corner.y + margin), to(corner.x + width - margin, from.y + kit::px(88));
            ImDrawList* draw = ImGui::GetWindowDrawList();
            const ImTextureID texture = pictures_.want(desk, index, kThumbShrink);
            const std::string* trouble = pictures_.trouble(index);
            draw->AddRectFilled(from, to, trouble ? kit::colour::red_ground : kit::rgb(0xF4F1EA), kit::px(3));
            if (texture != ImTextureID_Invalid) {
                const auto found = turns_.find(index);
                const int turns = found == turns_.end() ? 0 : found->second;
                ImVec2 paper(static_cast<float>(std::max(1, page.width)), static_cast<float>(std::max(1, page.height)));
                if (turns % 2 != 0) std::swap(paper.x, paper.y);
                const float scale = std::min((to.x - from.x) / paper.x, (to.y - from.y) / paper.y);
                const ImVec2 half(paper.x * scale / 2, paper.y * scale / 2), centre((from.x + to.x) / 2, (from.y + to.y) / 2);
                draw_turned(draw, texture, {centre.x - half.x, centre.y - half.y}, {centre.x + half.x, centre.y + half.y}, turns);
            }
            if (index == page_)
                draw->AddRect({from.x - 1, from.y - 1}, {to.x + 1, to.y + 1}, kit::colour::rail_edge, kit::px(4), 0, kit::px(3));
            kit::FontScope font(kit::Size::note);
            kit::draw_text_fitted(draw, {from.x, to.y + kit::px(4)}, to.x - from.x,
                                  trouble ? kit::rgb(0xFFB4AB) : kit::colour::viewer_text, trf("{} {}", i + 1, page.title));
        }
    int number = 0;
    for (const scans::Refusal& refusal : package_->refusals) {
        const std::string name = refusal.entry < 0 ? std::string(tr("材料包")) : refusal.name;
        const ImVec2 at = ImGui::GetCursorScreenPos();
        ImGui::SetCursorPosX(ImGui::GetCursorPosX() + margin);
        ImGui::BeginGroup();
        const ImVec2 start = ImGui::GetCursorScreenPos();
        kit::FontScope font(kit::Size::note);
        const float wrap = width - 2 * margin - kit::px(16);
        const std::string words = name + "\n" + refusal.sentence;
        const ImVec2 text = ImGui::CalcTextSize(words.c_str(), nullptr, false, wrap);
        const ImVec2 end(start.x + width - 2 * margin, start.y + text.y + kit::px(14));
        ImGui::GetWindowDrawList()->AddRectFilled(start, end, kit::colour::red_ground, kit::px(4));
        ImGui::SetCursorScreenPos({start.x + kit::px(8), start.y + kit::px(7)});
        ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + wrap);
        ImGui::PushStyleColor(ImGuiCol_Text, kit::colour::red);
        ImGui::TextUnformatted(words.c_str());
        ImGui::PopStyleColor();
        ImGui::PopTextWrapPos();
        ImGui::EndGroup();
        ImGui::SetCursorScreenPos(at);
        ImGui::InvisibleButton((name + "###" + ids::viewer_refusal(++number)).c_str(), {width, end.y - start.y + margin});
    }
}

bool PageViewer::wants_password() const {
    return package_ && std::any_of(package_->refusals.begin(), package_->refusals.end(), [](const scans::Refusal& refusal) {
               return refusal.code == "encrypted" || refusal.code == "wrong_password";
           });
}

// The applicant may have told the password by telephone or in the note.
void PageViewer::draw_password(desk::Desk& desk) {
    kit::gap(14);
    const float width = kit::px(260), button = kit::button_width(tr("打开"));
    const float left = (ImGui::GetContentRegionAvail().x - width - button - kit::px(8)) / 2;
    ImGui::SetCursorPosX(std::max(0.0f, left));
    const auto typed =
        kit::input(ids::viewer_password, &password_,
                   {.hint = tr("申请人告知的压缩包密码"), .width = width, .password = true, .focus = focus_password_});
    focus_password_ = false;
    ImGui::SameLine(0, kit::px(8));
    const char* off = opening_.running() ? tr("正在打开") : password_.empty() ? tr("请输入密码") : "";
    const bool pressed = kit::button(ids::viewer_unlock, tr("打开"), {.disabled_because = off});
    if ((pressed || typed.entered) && *off == '\0') {
        open(desk);
        focus_password_ = true;
    }
}

void PageViewer::draw(desk::Desk& desk, const std::optional<Subject>& subject) {
    follow(desk, subject);
    draw_bar(desk);
    const bool pages = package_ && !package_->pages.empty();
    const float strip = package_ && (pages || !package_->refusals.empty()) ? kit::px(kStrip) : 0;
    kit::begin_pane("viewer.canvas", {strip > 0 ? -strip : 0, 0}, kit::Ground::viewer, {}, kStill);
    const auto say = [](const std::string& sentence) {
        const ImVec2 at = ImGui::GetCursorScreenPos(), room = ImGui::GetContentRegionAvail();
        kit::FontScope font(kit::Size::text);
        const float wrap = std::max(1.0f, room.x - kit::px(80));
        const ImVec2 size = ImGui::CalcTextSize(sentence.c_str(), nullptr, false, wrap);
        ImGui::SetCursorScreenPos({at.x + (room.x - size.x) / 2, at.y + room.y * 0.4f});
        ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + wrap);
        kit::text(sentence, kit::colour::viewer_text);
        ImGui::PopTextWrapPos();
    };
    if (pages) {
        draw_page(desk);
    } else if (subject_ && !may_see_scans(*desk.actor)) {
        say(tr("材料里有身份证件，只有审核员和主管可以查看"));
    } else if (error_) {
        say(error_->message);
        kit::gap(10);
        ImGui::SetCursorPosX((ImGui::GetContentRegionAvail().x - kit::button_width(tr("重新打开"))) / 2);
        if (kit::button(ids::viewer_retry, tr("重新打开"), {.disabled_because = opening_.running() ? tr("正在打开") : ""}))
            open(desk);
    } else if (missing_) {
        say(tr("材料包正在下载，到了会自动打开"));
    } else if (package_ && !package_->refusals.empty()) {
        say(package_->refusals.front().sentence);
        if (wants_password()) draw_password(desk);
    } else if (package_) {
        say(tr("材料包里没有可以显示的页"));
    } else if (subject_) {
        say(tr("正在打开材料包…"));
    } else {
        say(tr("领取一单后，这里显示申请人上传的材料"));
    }
    kit::end_pane();
    if (strip > 0) {
        ImGui::SameLine(0, 0);
        kit::begin_pane("viewer.strip", {0, 0}, kit::Ground::viewer_bar);
        draw_strip(desk);
        kit::end_pane();
    }
    // While the person looks at this page, the ones beside it are made ready.
    if (pages) {
        if (page_ + 1 < package_->pages.size()) best(desk, page_ + 1);
        if (page_ > 0) best(desk, page_ - 1);
    }
    if (package_ && !pictures_.busy()) ahead_.look(desk, subject_->order_no);
}

}  // namespace sealdesk::panels

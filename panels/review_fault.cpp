#include "panels/review_fault.h"

#include <algorithm>

#include "base/translate.h"
#include "panels/ids.h"
#include "panels/kit/kit.h"

namespace sealdesk::panels {

using review::ItemVerdict;

namespace {

constexpr float kSide = 14;  // px at 96 dpi, as in ReviewForm

}  // namespace

std::string sentence_so_far(const review::Cited& cited) {
    std::string sentence = cited.reason.sentence;
    for (const auto& [blank, words] : cited.blanks) {
        const std::string what = "{" + blank + "}";
        for (size_t at = 0; !words.empty() && (at = sentence.find(what, at)) != std::string::npos; at += words.size())
            sentence.replace(at, what.size(), words);
    }
    return sentence;
}

bool ReviewFault::draw_reasons(const std::vector<review::Reason>& reasons, review::Item& item) {
    const float right = ImGui::GetWindowPos().x + ImGui::GetWindowWidth() - kit::px(kSide);
    bool changed = false;
    for (size_t i = 0; i < reasons.size(); ++i) {
        auto& cited = item.fault.reasons;
        const auto is_it = [&](const review::Cited& each) { return each.reason.code == reasons[i].code; };
        const bool chosen = item.verdict == ItemVerdict::faulted && std::any_of(cited.begin(), cited.end(), is_it);
        const auto key = static_cast<ImGuiKey>(ImGuiKey_1 + static_cast<int>(i));
        const float width = kit::text_size(reasons[i].title).x + kit::px(32);
        if (i > 0 && ImGui::GetItemRectMax().x + kit::px(12) + width < right) ImGui::SameLine(0, kit::px(12));
        if (!kit::choice(ids::review_item_reason(static_cast<int>(i) + 1).c_str(), reasons[i].title, key, chosen)) continue;
        changed = true;
        if (item.verdict != ItemVerdict::faulted) item.fault = {};
        item.verdict = ItemVerdict::faulted;
        if (chosen) {
            std::erase_if(cited, is_it);
        } else {
            cited.push_back({reasons[i], {}});
            // Where a page is asked for, the page of this item is the likely answer.
            for (const auto& blank : reasons[i].blanks)
                if (blank == "页码" && !item.pages.empty()) cited.back().blanks[blank] = std::to_string(item.pages.front());
            for (const auto& blank : reasons[i].blanks)
                if (focus_.empty() && cited.back().blanks[blank].empty()) focus_ = ids::review_blank(reasons[i].code, blank);
        }
    }
    return changed;
}

bool ReviewFault::draw_blanks(review::Item& item) {
    bool changed = false;
    for (auto& cited : item.fault.reasons) {
        kit::gap(4);
        kit::callout(sentence_so_far(cited), tr("申请人将看到这段文字"), kit::Tone::red,
                     ImGui::GetContentRegionAvail().x - kit::px(kSide));
        for (const auto& blank : cited.reason.blanks) {
            const std::string id = ids::review_blank(cited.reason.code, blank);
            if (&blank != &cited.reason.blanks.front()) ImGui::SameLine(0, kit::px(10));
            ImGui::AlignTextToFramePadding();
            kit::note(blank);
            ImGui::SameLine(0, kit::px(6));
            const bool short_one = blank == "页码";
            const auto typed =
                kit::input(id.c_str(), &cited.blanks[blank], {.width = kit::px(short_one ? 56 : 140), .focus = id == focus_});
            if (id == focus_) focus_.clear();
            changed = changed || typed.changed;
            // Enter goes on to the next blank that is empty.
            if (typed.entered)
                for (const auto& other : cited.reason.blanks)
                    if (focus_.empty() && cited.blanks[other].empty()) focus_ = ids::review_blank(cited.reason.code, other);
        }
    }
    return changed;
}

bool ReviewFault::draw_crop(desk::Desk& desk, const orders::DeskOrder& order, review::Item& item, CropPictures& pictures,
                            Wish& wish) {
    auto& fault = item.fault;
    if (kit::button(ids::review_item_crop, fault.crop.page == 0 ? tr("截图圈出") : tr("重新截图"), {.key = ImGuiKey_G}))
        wish.crop = true;
    if (fault.crop.page == 0) return false;
    ImGui::SameLine(0, kit::px(10));
    if (const auto shown = pictures.show(desk, order.order.current().package_sha256, fault)) {
        const float scale = std::min(kit::px(120) / shown->width, kit::px(72) / shown->height);
        ImGui::Image(shown->texture, {shown->width * scale, shown->height * scale});
        ImGui::SameLine(0, kit::px(10));
    }
    ImGui::AlignTextToFramePadding();
    kit::note(trf("第 {} 页", fault.crop.page));
    ImGui::SameLine(0, kit::px(10));
    ImGui::AlignTextToFramePadding();
    if (!kit::link(ids::review_item_no_crop, tr("去掉截图"))) return false;
    fault.crop = {};
    fault.picture.clear();
    return true;
}

ReviewFault::Wish ReviewFault::draw(desk::Desk& desk, const orders::DeskOrder& order, review::Item& item,
                                    const std::string& refused, CropPictures& pictures) {
    Wish wish;
    ImGui::PushID(item.wanted.code.c_str());
    kit::line();
    kit::gap(8);
    ImGui::Indent(kit::px(kSide));
    kit::section(item.wanted.title);
    ImGui::SameLine(0, kit::px(12));
    {
        kit::FontScope font(kit::Size::note);
        const bool clicked = kit::link(ids::review_item_leave, tr("回到整单"));
        ImGui::SameLine(0, kit::px(6));
        kit::key_cap(kit::key_name(ImGuiKey_Escape));
        wish.leave = kit::frame().shortcuts.pressed(ImGuiKey_Escape, tr("回到整单")) || clicked;
    }
    kit::gap(4);
    wish.changed = draw_reasons(review::fitting(desk.reasons(), item.wanted.code), item);
    if (item.verdict == ItemVerdict::faulted) {
        if (draw_blanks(item)) wish.changed = true;
        kit::gap(8);
        if (kit::input(ids::review_item_note, &item.fault.note,
                       {.hint = tr("这一项的说明（申请人会看到，最多 200 字）"), .refused = refused, .width = -kit::px(kSide)})
                .changed)
            wish.changed = true;
        kit::gap(6);
        if (draw_crop(desk, order, item, pictures, wish)) wish.changed = true;
    }
    ImGui::Unindent(kit::px(kSide));
    kit::gap(10);
    ImGui::PopID();
    return wish;
}

}  // namespace sealdesk::panels

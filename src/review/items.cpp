#include "review/items.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "base/translate.h"
#include "review/item_rules.h"

namespace sealdesk::review {

namespace {

constexpr size_t kLongestNote = 200, kMostPictureBytes = size_t{256} << 10, kMostPictures = 8, kMostLines = 60;
constexpr std::string_view kPng = "\x89PNG\r\n\x1a\n";

bool inside(const Area& area) {
    constexpr double kSlack = 1e-6;
    const auto share = [](double value) { return std::isfinite(value) && value >= -kSlack && value <= 1 + kSlack; };
    return share(area.x) && share(area.y) && share(area.x + area.width) && share(area.y + area.height) && area.width >= 0 &&
           area.height >= 0;
}

Result<> tell_item(const Item& item, std::vector<Told>& told) {
    const std::string& title = item.wanted.title;
    std::vector<Told> lines;
    for (const auto& cited : item.fault.reasons) {
        const auto sentence = filled_sentence(cited);
        if (!sentence) return refused(trf("{}：{}", title, sentence.error().message));
        lines.push_back({item.wanted.code, title, cited.reason.code, *sentence, {}});
    }
    if (const auto note = trimmed(item.fault.note); !note.empty()) lines.push_back({item.wanted.code, title, "note", note, {}});
    if (lines.empty()) return refused(trf("“{}”标为有问题，请选择原因或写明原因", title));
    lines.front().picture = item.fault.picture;
    told.insert(told.end(), lines.begin(), lines.end());
    return {};
}

}  // namespace

const char* name_of(ItemVerdict verdict) {
    switch (verdict) {
        case ItemVerdict::open: return "open";
        case ItemVerdict::accepted: return "accepted";
        case ItemVerdict::faulted: return "faulted";
    }
    return "open";
}

int Items::settled() const {
    return static_cast<int>(
        std::count_if(list.begin(), list.end(), [](const Item& each) { return each.verdict != ItemVerdict::open; }));
}

Result<> check_fault(const std::string& item, const Fault& fault) {
    if (code_points(fault.note).size() > kLongestNote) return refused(trf("一项的说明最多 {} 个字", kLongestNote));
    for (size_t i = 0; i < fault.reasons.size(); ++i) {
        const auto& reason = fault.reasons[i].reason;
        for (size_t j = 0; j < i; ++j)
            if (fault.reasons[j].reason.code == reason.code) return refused(trf("退回原因“{}”选了两次", reason.title));
        if (!reason.items.empty() && std::find(reason.items.begin(), reason.items.end(), item) == reason.items.end())
            return refused(trf("退回原因“{}”不适用于这一项", reason.title));
    }
    const Crop& crop = fault.crop;
    if (crop.page == 0) return fault.picture.empty() ? Result<>{} : refused(tr("截图没有说明取自哪一页"));
    if (crop.page < 0 || crop.page_in_file < 0 || !inside(crop.area) || crop.area.empty() || !inside(crop.ellipse))
        return refused(tr("截图的范围不在页面内"));
    if (!fault.picture.starts_with(kPng)) return refused(tr("截图不是 PNG 图片"));
    if (fault.picture.size() > kMostPictureBytes) return refused(trf("截图最大 {} KB，请截小一些", kMostPictureBytes >> 10));
    return {};
}

Result<> check_approval(const Items& items) {
    if (!items.begun) return {};
    for (const auto& item : items.list)
        if (item.verdict == ItemVerdict::faulted)
            return refused(trf("“{}”标为有问题，不能通过；请退回，或先改为合格", item.wanted.title));
    for (const auto& item : items.list)
        if (item.wanted.required && item.verdict == ItemVerdict::open)
            return refused(trf("“{}”还没有核对，不能通过", item.wanted.title));
    return {};
}

Result<std::vector<Told>> compose(const std::vector<Item>& items, const std::vector<Reason>& reasons, const std::string& note) {
    std::vector<Told> told;
    for (const auto& item : items)
        if (item.verdict == ItemVerdict::faulted) SEALDESK_TRY(tell_item(item, told));
    for (const auto& reason : reasons) {
        SEALDESK_LET(sentence, filled_sentence({reason, {}}));
        told.push_back({{}, {}, reason.code, sentence, {}});
    }
    const std::string said = trimmed(note);
    if (!said.empty()) told.push_back({{}, {}, "note", said, {}});
    if (told.empty()) return refused(tr("请至少选择一个退回原因，或写明原因"));
    if (told.size() > kMostLines) return refused(trf("退回的内容太多：最多 {} 条", kMostLines));
    if (std::count_if(told.begin(), told.end(), [](const Told& line) { return !line.picture.empty(); }) >
        static_cast<std::ptrdiff_t>(kMostPictures))
        return refused(trf("截图太多：最多 {} 张", kMostPictures));
    return told;
}

std::vector<Told> said_about(const Item& item) {
    std::vector<Told> told;
    if (!tell_item(item, told)) return {};
    return told;
}

}  // namespace sealdesk::review

#include "panels/review_items.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "base/translate.h"
#include "checks/items.h"
#include "desk/crops.h"
#include "panels/ids.h"
#include "panels/kit/kit.h"

namespace sealdesk::panels {

using review::Item;
using review::ItemVerdict;

namespace {

constexpr float kSide = 14;  // px at 96 dpi, as in ReviewForm
constexpr ImGuiKey kNext = ImGuiKey_J, kPrevious = ImGuiKey_K, kAccept = ImGuiKey_Y, kFault = ImGuiKey_T;

kit::Check mark_of(ItemVerdict verdict) {
    return verdict == ItemVerdict::accepted  ? kit::Check::right
           : verdict == ItemVerdict::faulted ? kit::Check::wrong
                                             : kit::Check::open;
}

std::string words_of(const Item& item) {
    std::string words = item.wanted.title;
    if (!item.wanted.required) words += trf("（{}）", tr("选交"));
    if (item.carried != 0) words += trf(" · 第 {} 次提交时已合格", item.carried);
    if (item.changed) words += std::string(" · ") + tr("上次合格，内容有变化");
    if (!item.said.empty() && item.verdict == ItemVerdict::open) words += std::string(" · ") + tr("上次退回");
    return words;
}

std::string pages_of(const Item& item) {
    if (item.pages.empty()) return {};
    std::string numbers;
    for (const int page : item.pages) numbers += (numbers.empty() ? "" : "、") + std::to_string(page);
    return trf("第 {} 页", numbers);
}

}  // namespace

Result<review::Items> save_items(storage::Database& database, const staff::Actor& actor, const review::Seen& seen,
                                 const std::vector<review::ItemWanted>& wanted, const std::vector<ItemEdit>& edits) {
    Result<review::Items> last = refused(tr("没有要保存的核对项"));
    for (const auto& edit : edits) {
        last = review::judge(database, actor, seen, wanted, edit.item, edit.verdict, edit.fault);
        if (!last) return last;
    }
    return last;
}

Item* ReviewItems::find(const std::string& code) {
    const auto found = std::find_if(items_.list.begin(), items_.list.end(), [&](const Item& i) { return i.wanted.code == code; });
    return found == items_.list.end() ? nullptr : &*found;
}

bool ReviewItems::chosen() const {
    return std::any_of(items_.list.begin(), items_.list.end(), [&](const Item& each) { return each.wanted.code == chosen_; });
}

void ReviewItems::follow(desk::Desk& desk, const orders::DeskOrder& order, bool deciding) {
    const std::string key = fmt::format("{}#{}", order.order.no, order.revision);
    if (key != key_) {
        key_ = key;
        wanted_ = checks::items_to_judge(desk.standards().checklists, order.order);
        items_ = {};
        loaded_ = wants_crop_ = show_all_ = false;
        asked_generation_ = 0;
        asking_.clear();
        saving_.clear();
        cutting_.clear();
        unsaved_.clear();
        on_its_way_.clear();
        chosen_.clear();
        refused_.clear();
        trouble_.clear();
    }
    take(desk, order);
    if (!deciding) unsaved_.clear();
    if (deciding) save(desk, order);
    if (asking_.running() || saving_.running() || !unsaved_.empty() || asked_generation_ == desk.generation()) return;
    asked_generation_ = desk.generation();
    asking_.start(desk.jobs(), [&database = desk.database(), no = order.order.no, wanted = wanted_] {
        return review::items(database, no, wanted);
    });
}

void ReviewItems::take(desk::Desk& desk, const orders::DeskOrder& order) {
    if (asking_.arrived() && unsaved_.empty() && !saving_.running()) {
        auto& answer = *asking_.ready();
        if (answer)
            items_ = std::move(*answer);
        else
            trouble_.set(answer.error());
        loaded_ = loaded_ || answer.has_value();
    }
    if (saving_.arrived()) {
        auto& answer = *saving_.ready();
        if (answer) {
            refused_.clear();
            if (unsaved_.empty()) items_ = std::move(*answer);
        } else if (answer.error().kind == ErrorKind::refused) {
            refused_ = answer.error().message;  // what was typed stays, to be put right
        } else {
            trouble_.set(answer.error());
            reload();
        }
        on_its_way_.clear();
    }
    if (cutting_.arrived()) {
        auto& made = *cutting_.ready();
        Item* item = find(made.item);
        if (!made.picture) {
            trouble_.set(made.picture.error());
        } else if (item != nullptr) {
            item->verdict = ItemVerdict::faulted;
            item->fault.crop = made.crop;
            item->fault.picture = made.picture->png;
            pictures_.put(order.order.current().package_sha256, made.crop, made.picture->pixels);
            say(*item);
        }
    }
    (void)desk;
}

// While somebody types there is more to come.
void ReviewItems::save(desk::Desk& desk, const orders::DeskOrder& order) {
    if (unsaved_.empty() || saving_.running() || ImGui::GetIO().WantTextInput) return;
    asking_.clear();
    on_its_way_ = std::exchange(unsaved_, {});
    saving_.start(desk.jobs(), [&database = desk.database(), actor = *desk.actor, wanted = wanted_, edits = on_its_way_,
                                seen = review::Seen{order.order.no, order.revision, order.row_version}] {
        return save_items(database, actor, seen, wanted, edits);
    });
}

void ReviewItems::say(const Item& item) {
    std::erase_if(unsaved_, [&](const ItemEdit& edit) { return edit.item == item.wanted.code; });
    unsaved_.push_back({item.wanted.code, item.verdict, item.fault});
    kit::wake_in(0);
}

void ReviewItems::set(Item& item, ItemVerdict verdict) {
    item.verdict = verdict;
    item.carried = 0;
    item.changed = false;
    if (verdict != ItemVerdict::faulted) item.fault = {};
    refused_.clear();
    say(item);
}

int ReviewItems::choose(int step) {
    const auto& list = items_.list;
    if (list.empty()) return 0;
    const auto at = std::find_if(list.begin(), list.end(), [&](const Item& item) { return item.wanted.code == chosen_; });
    const auto count = static_cast<std::ptrdiff_t>(list.size());
    std::ptrdiff_t index = 0;
    if (at == list.end())
        index = step > 0 ? 0 : count - 1;
    else
        index = (at - list.begin() + step + count) % count;
    const Item& item = list[static_cast<size_t>(index)];
    chosen_ = item.wanted.code;
    refused_.clear();
    scroll_ = true;
    return item.pages.empty() ? 0 : item.pages.front();
}

// After an item was accepted: the next one that is open, from there on; none when all are settled.
void ReviewItems::choose_next_open() {
    const auto& list = items_.list;
    const auto at = std::find_if(list.begin(), list.end(), [&](const Item& item) { return item.wanted.code == chosen_; });
    const auto start = static_cast<size_t>(at - list.begin());
    chosen_.clear();
    for (size_t i = 1; i < list.size() && chosen_.empty(); ++i) {
        const Item& item = list[(start + i) % list.size()];
        if (item.verdict == ItemVerdict::open && item.wanted.required) chosen_ = item.wanted.code;
    }
    scroll_ = true;
}

void ReviewItems::draw_keys(bool deciding, int& page) {
    auto& keys = kit::frame().shortcuts;
    if (keys.pressed(ids::review_items_next, kNext, tr("下一个核对项"), deciding)) page = choose(1);
    if (keys.pressed(ids::review_items_previous, kPrevious, tr("上一个核对项"), deciding)) page = choose(-1);
    Item* item = find(chosen_);
    const bool may = deciding && item != nullptr;
    if (keys.pressed(ids::review_items_accept, kAccept, tr("这一项合格"), may)) {
        set(*item, ItemVerdict::accepted);
        choose_next_open();
        if (const Item* next = find(chosen_); next != nullptr && !next->pages.empty()) page = next->pages.front();
        item = find(chosen_);
    } else if (keys.pressed(ids::review_items_fault, kFault, tr("这一项有问题"), may)) {
        set(*item, item->verdict == ItemVerdict::faulted ? ItemVerdict::open : ItemVerdict::faulted);
    }
}

// What the applicant was told about it last time.
void ReviewItems::draw_said(const Item& item) {
    std::string said;
    for (const auto& line : item.said) said += (said.empty() ? "" : "\n") + line.text;
    ImGui::Indent(kit::px(kSide + 24));
    kit::callout(said,
                 item.said_page > 0 ? trf("上次这样告诉申请人，截图在上次的第 {} 页", item.said_page)
                                    : std::string(tr("上次这样告诉申请人")),
                 kit::Tone::amber, ImGui::GetContentRegionAvail().x - kit::px(kSide));
    ImGui::Unindent(kit::px(kSide + 24));
    kit::gap(4);
}

// An order that is decided as a whole needs no list.
bool ReviewItems::in_use() const {
    return show_all_ || items_.begun || chosen() || std::any_of(items_.list.begin(), items_.list.end(), [](const Item& each) {
               return each.verdict != ItemVerdict::open;
           });
}

void ReviewItems::draw_head(bool deciding, bool shown) {
    kit::gap(8);
    kit::line();
    kit::gap(8);
    ImGui::SetCursorPosX(ImGui::GetCursorPosX() + kit::px(kSide));
    kit::section(tr("逐项核对"), fmt::format("{}/{}", items_.settled(), items_.list.size()));
    kit::FontScope font(kit::Size::note);
    const auto cap = [](const char* action, ImGuiKey usual, const char* words) {
        const auto key = kit::frame().keymap.of(action, usual);
        if (key == 0) return;  // turned off
        ImGui::SameLine(0, kit::px(12));
        kit::key_cap(kit::key_name(key));
        ImGui::SameLine(0, kit::px(4));
        kit::note(words);
    };
    if (deciding) cap(ids::review_items_next, kNext, tr("选项"));
    if (deciding && shown) {
        cap(ids::review_items_accept, kAccept, tr("合格"));
        cap(ids::review_items_fault, kFault, tr("有问题"));
    }
    if (!shown) {
        ImGui::SameLine(0, kit::px(12));
        if (kit::link(ids::review_items_all, tr("展开"))) show_all_ = true;
    }
    kit::gap(4);
}

void ReviewItems::draw_fault(const Item& item) {
    std::string words;
    for (const auto& cited : item.fault.reasons) words += (words.empty() ? "" : "\n") + sentence_so_far(cited);
    if (const auto note = trimmed(item.fault.note); !note.empty()) words += (words.empty() ? "" : "\n") + note;
    if (words.empty()) words = tr("还没有写明问题");
    ImGui::Indent(kit::px(kSide + 24));
    kit::callout(words, item.fault.crop.page == 0 ? "" : trf("截图：第 {} 页", item.fault.crop.page), kit::Tone::red,
                 ImGui::GetContentRegionAvail().x - kit::px(kSide));
    ImGui::Unindent(kit::px(kSide + 24));
    kit::gap(4);
}

int ReviewItems::draw(bool deciding) {
    int page = 0;
    if (!loaded_ || items_.list.empty()) return 0;
    draw_keys(deciding, page);
    const bool shown = in_use();
    draw_head(deciding, shown);
    for (auto& item : items_.list) {
        if (!shown) break;
        const bool selected = item.wanted.code == chosen_;
        if (kit::check_row(ids::review_item(item.wanted.code).c_str(), words_of(item), mark_of(item.verdict), pages_of(item),
                           selected)) {
            if (deciding) chosen_ = item.wanted.code;
            if (!item.pages.empty()) page = item.pages.front();
        }
        if (selected && scroll_) ImGui::SetScrollHereY(0.5f);
        if (!item.said.empty() && item.verdict == ItemVerdict::open) draw_said(item);
        if (item.verdict == ItemVerdict::faulted) draw_fault(item);
    }
    scroll_ = false;
    return page;
}

void ReviewItems::draw_chosen(desk::Desk& desk, const orders::DeskOrder& order) {
    Item* item = find(chosen_);
    if (item == nullptr) return;
    const auto wish = fault_.draw(desk, order, *item, refused_, pictures_);
    if (wish.changed) {
        item->carried = 0;
        item->changed = false;
        refused_.clear();
        say(*item);
    }
    if (wish.crop) wants_crop_ = true;
    // Esc leaves the crop tool first.
    if (wish.leave && !cropping_) chosen_.clear();
}

void ReviewItems::draw_trouble() {
    trouble_.draw_beside();
    trouble_.draw_dialog(ids::review_item_trouble);
}

bool ReviewItems::wants_crop(bool cropping) {
    cropping_ = cropping;
    if (!std::exchange(wants_crop_, false)) return false;
    crop_for_ = chosen_;
    return true;
}

void ReviewItems::cut(desk::Desk& desk, const orders::DeskOrder& order, const review::Crop& crop,
                      std::shared_ptr<const scans::Package> package) {
    if (find(crop_for_) == nullptr) return;
    cutting_.start(
        desk.jobs(),
        [&scanbox = desk.scanbox(), packages = desk.packages(), package = std::move(package), crop,
         sha256 = order.order.current().package_sha256, item = crop_for_]() -> Cut {
            return {item, crop,
                    package ? desk::picture_of(scanbox, *package, crop) : desk::picture_of(scanbox, packages, sha256, crop)};
        });
}

}  // namespace sealdesk::panels

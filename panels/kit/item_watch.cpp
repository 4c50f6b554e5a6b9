#include "panels/kit/item_watch.h"

#include <imgui_internal.h>

#include <algorithm>

namespace sealdesk::kit {

ItemWatch::ItemWatch(ImGuiContext& context) : context_(context) {
    context_.TestEngine = this;
    context_.TestEngineHookItems = true;
}

ItemWatch::~ItemWatch() {
    context_.TestEngineHookItems = false;
    context_.TestEngine = nullptr;
}

const ItemWatch::Item* ItemWatch::find(std::string_view name) const {
    const Item* found = nullptr;
    for (const Item& item : items_) {
        if (item.name != name) continue;
        if (item.visible) return &item;
        if (!found) found = &item;
    }
    return found;
}

ItemWatch::Item* ItemWatch::by_id(ImGuiID id) {
    // The label follows its item at once, so the search from the end is short.
    auto it = std::find_if(items_.rbegin(), items_.rend(), [id](const Item& item) { return item.id == id; });
    return it == items_.rend() ? nullptr : &*it;
}

void ItemWatch::added(ImGuiContext& context, ImGuiID id, float x0, float y0, float x1, float y1, bool disabled) {
    Item item;
    item.id = id;
    item.disabled = disabled;
    ImRect rect(x0, y0, x1, y1);
    if (const ImGuiWindow* window = context.CurrentWindow) {
        item.window = window->Name;
        item.pane = id == window->ID;
        if (item.pane && item.window == "Debug##Default") return;  // Dear ImGui's own, never seen
        item.visible = rect.Overlaps(window->ClipRect) && !window->Hidden;
        rect.ClipWithFull(window->ClipRect);
    }
    item.x = rect.Min.x;
    item.y = rect.Min.y;
    item.w = rect.GetWidth();
    item.h = rect.GetHeight();
    items_.push_back(std::move(item));
}

void ItemWatch::named(ImGuiID id, const char* label, int status) {
    Item* item = by_id(id);
    if (!item || !label) return;
    std::string_view full = label;
    item->label = full.substr(0, full.find("##"));
    const size_t stable = full.find("###");
    item->name = stable == std::string_view::npos ? item->label : std::string(full.substr(stable + 3));
    if (item->name.empty() && full.starts_with("##")) item->name = full.substr(2);
    item->status = status;
    if (!item->pane) return;
    // Dear ImGui calls a pane "parent/id_0123ABCD".
    if (const size_t slash = item->name.rfind('/'); slash != std::string::npos) {
        item->name.erase(0, slash + 1);
        if (item->name.size() > 9 && item->name[item->name.size() - 9] == '_') item->name.resize(item->name.size() - 9);
    }
}

const char* ItemWatch::label_of(ImGuiID id) const {
    for (const Item& item : items_)
        if (item.id == id) return item.label.c_str();
    return nullptr;
}

}  // namespace sealdesk::kit

// The four functions that Dear ImGui calls when it is compiled with IMGUI_ENABLE_TEST_ENGINE.
static sealdesk::kit::ItemWatch* watch_of(ImGuiContext* context) {
    return static_cast<sealdesk::kit::ItemWatch*>(context->TestEngine);
}

void ImGuiTestEngineHook_ItemAdd(ImGuiContext* context, ImGuiID id, const ImRect& box, const ImGuiLastItemData* data) {
    if (auto* watch = watch_of(context))
        watch->added(*context, id, box.Min.x, box.Min.y, box.Max.x, box.Max.y,
                     data && (data->ItemFlags & ImGuiItemFlags_Disabled));
}

void ImGuiTestEngineHook_ItemInfo(ImGuiContext* context, ImGuiID id, const char* label, ImGuiItemStatusFlags flags) {
    if (auto* watch = watch_of(context)) watch->named(id, label, flags);
}

void ImGuiTestEngineHook_Log(ImGuiContext*, const char*, ...) {}

const char* ImGuiTestEngine_FindItemDebugLabel(ImGuiContext* context, ImGuiID id) {
    auto* watch = watch_of(context);
    return watch ? watch->label_of(id) : nullptr;
}

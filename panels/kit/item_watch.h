// ItemWatch: where every control of the current frame is, for tests and for the tour. Whoever observes owns
// one per Dear ImGui context; without one the hooks are off and cost nothing. UI thread only.
#pragma once

#include <imgui.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sealdesk::kit {

class ItemWatch {
public:
    struct Item {
        ImGuiID id = 0;
        std::string name;                  // the stable part of the label: after ###, else before ##
        std::string label;                 // what stands on it
        std::string window;                // Dear ImGui's name of the window that holds it
        float x = 0, y = 0, w = 0, h = 0;  // the part that is not clipped, px
        int status = 0;                    // ImGuiItemStatusFlags_
        bool disabled = false;
        bool pane = false;     // a window or pane; its name is the id it was begun with
        bool visible = false;  // some of it is inside its window's clip rectangle
    };

    explicit ItemWatch(ImGuiContext& context);
    ~ItemWatch();
    ItemWatch(const ItemWatch&) = delete;
    ItemWatch& operator=(const ItemWatch&) = delete;

    // Call before ImGui::NewFrame: forgets the frame before.
    void begin_frame() { items_.clear(); }
    // The visible one wins when a name stands twice; nullptr when it was not drawn in this frame.
    const Item* find(std::string_view name) const;
    std::span<const Item> items() const { return items_; }

    // For the hooks only.
    void added(ImGuiContext& context, ImGuiID id, float x0, float y0, float x1, float y1, bool disabled);
    void named(ImGuiID id, const char* label, int status);
    const char* label_of(ImGuiID id) const;

private:
    Item* by_id(ImGuiID id);
    ImGuiContext& context_;
    std::vector<Item> items_;
};

}  // namespace sealdesk::kit

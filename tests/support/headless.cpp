#include "tests/support/headless.h"

#include <imgui_internal.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

#include "panels/kit/pane.h"

namespace sealdesk::tests {

class Headless::CountedPictures final : public kit::Pictures {
public:
    ImTextureID find(const std::string& key) override {
        const auto found = known.find(key);
        return found == known.end() ? ImTextureID_Invalid : found->second;
    }
    ImTextureID show(const std::string& key, int width, int height, std::span<const std::uint8_t> rgba) override {
        if (width <= 0 || height <= 0 || rgba.size() < static_cast<size_t>(width) * static_cast<size_t>(height) * 4)
            return ImTextureID_Invalid;
        if (std::max(width, height) > largest) return ImTextureID_Invalid;
        return known[key] = ++last;
    }
    void forget(const std::string& key) override { known.erase(key); }
    int largest_side() const override { return largest; }
    void alter(ImDrawList&, kit::Look look, ImVec2, ImVec2) override { altered.push_back(look); }
    int largest = 8192;
    std::vector<kit::Look> altered;  // in this frame
    std::map<std::string, ImTextureID> known;
    ImTextureID last = 1000;
};

Headless::Headless(std::function<void()> draw, ImVec2 size, float scale) : draw_(std::move(draw)) {
    before_ = ImGui::GetCurrentContext();
    context_ = ImGui::CreateContext();
    ImGui::SetCurrentContext(context_);
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.DisplaySize = size;
    io.BackendFlags |= ImGuiBackendFlags_RendererHasTextures;
    io.ConfigInputTextCursorBlink = false;
    io.ConfigInputTrickleEventQueue = false;  // the test decides what comes in which frame
    kit::attach(*context_, frame_);
    auto fonts = fonts_.load(*io.Fonts);
    if (!fonts) throw std::runtime_error("fonts: " + fonts.error().message);
    frame_.fonts = *fonts;
    pictures_ = std::make_unique<CountedPictures>();
    frame_.pictures = pictures_.get();
    kit::apply_theme(frame_.fonts, scale);
    watch_ = std::make_unique<kit::ItemWatch>(*context_);
    frame(2);
}

Headless::~Headless() {
    ImGui::SetCurrentContext(context_);
    watch_.reset();
    for (ImTextureData* texture : ImGui::GetPlatformIO().Textures) {
        texture->SetTexID(ImTextureID_Invalid);
        texture->SetStatus(ImTextureStatus_Destroyed);
    }
    ImGui::DestroyContext(context_);
    if (before_ != context_) ImGui::SetCurrentContext(before_);
}

void Headless::draw_frame(float seconds) {
    ImGui::SetCurrentContext(context_);
    ImGui::GetIO().DeltaTime = seconds;
    watch_->begin_frame();
    pictures_->altered.clear();
    frame_.begin();
    ImGui::NewFrame();
    if (write_down_) ImGui::LogToBuffer();
    context_->ItemUnclipByLog = false;  // only what is seen
    kit::begin_screen("screen");
    draw_();
    kit::end_screen();
    if (write_down_) {
        text_ = context_->LogBuffer.c_str();
        ImGui::LogFinish();
    }
    ImGui::Render();
    // What a graphics card would do with the glyphs.
    for (ImTextureData* texture : ImGui::GetPlatformIO().Textures) {
        if (texture->Status == ImTextureStatus_WantCreate) texture->SetTexID(1);
        if (texture->Status == ImTextureStatus_WantCreate || texture->Status == ImTextureStatus_WantUpdates)
            texture->SetStatus(ImTextureStatus_OK);
        if (texture->Status == ImTextureStatus_WantDestroy) {
            texture->SetTexID(ImTextureID_Invalid);
            texture->SetStatus(ImTextureStatus_Destroyed);
        }
    }
}

void Headless::frame(int count) {
    for (int i = 0; i < count; ++i) draw_frame(1.0f / 60);
}

void Headless::pass(double seconds) { draw_frame(static_cast<float>(seconds)); }

void Headless::slow_frame(double seconds) {
    frame_.drawing = seconds;
    draw_frame(static_cast<float>(seconds));
    frame_.drawing = 0;
}

void Headless::missing(std::string_view name, std::string_view why) const {
    std::string message = "\"" + std::string(name) + "\" " + std::string(why) + ". On screen:";
    for (const std::string& other : names()) message += " " + other;
    throw std::runtime_error(message);
}

const kit::ItemWatch::Item& Headless::item(std::string_view name) {
    const kit::ItemWatch::Item* found = watch_->find(name);
    if (!found) missing(name, "is not on screen (not drawn, or scrolled away)");
    return *found;
}

void Headless::point_at(std::string_view name) {
    const kit::ItemWatch::Item& target = item(name);
    if (!target.visible) missing(name, "is scrolled out of sight");
    const ImGuiID id = target.id;
    // Text and pictures are no target for the mouse, so a covered control is one whose id is not hovered.
    ImGui::GetIO().AddMousePosEvent(target.x + target.w / 2, target.y + target.h / 2);
    frame(2);
    if (item(name).pane) return;
    if (context_->HoveredId != id && context_->HoveredIdPreviousFrame != id && !item(name).disabled)
        missing(name, "is covered by something else");
}

void Headless::hover(std::string_view name) { point_at(name); }

void Headless::click(std::string_view name) {
    // What a job brings moves what is drawn below it: pressed in that frame, the mouse has missed, and goes after it.
    for (int misses = 0; misses < 3; ++misses) {
        point_at(name);
        const kit::ItemWatch::Item aimed = item(name);
        if (aimed.disabled) missing(name, "is disabled");
        ImGui::GetIO().AddMouseButtonEvent(0, true);
        frame();
        const kit::ItemWatch::Item* now = watch_->find(name);
        const bool missed = now && now->visible && (now->x != aimed.x || now->y != aimed.y) && context_->ActiveId != now->id;
        ImGui::GetIO().AddMouseButtonEvent(0, false);
        frame();
        // A second click must not count as a double click of the first.
        pass(1);
        frame();
        if (!missed) return;
    }
    missing(name, "moves away from the mouse each time");
}

void Headless::double_click(std::string_view name) {
    point_at(name);
    if (item(name).disabled) missing(name, "is disabled");
    for (int i = 0; i < 2; ++i) {
        ImGui::GetIO().AddMouseButtonEvent(0, true);
        frame();
        ImGui::GetIO().AddMouseButtonEvent(0, false);
        frame();
    }
    pass(1);
    frame();
}

void Headless::scroll(std::string_view name, float notches) {
    point_at(name);
    ImGui::GetIO().AddMouseWheelEvent(0, notches);
    frame(2);
}

void Headless::drag(ImVec2 from, ImVec2 to) {
    ImGuiIO& io = ImGui::GetIO();
    io.AddMousePosEvent(from.x, from.y);
    frame(2);
    io.AddMouseButtonEvent(0, true);
    frame();
    io.AddMousePosEvent((from.x + to.x) / 2, (from.y + to.y) / 2);
    frame();
    io.AddMousePosEvent(to.x, to.y);
    frame();
    io.AddMouseButtonEvent(0, false);
    frame();
    pass(1);
}

void Headless::press(ImGuiKeyChord key) {
    ImGuiIO& io = ImGui::GetIO();
    const ImGuiKeyChord mods = key & ImGuiMod_Mask_;
    const auto plain = static_cast<ImGuiKey>(key & ~ImGuiMod_Mask_);
    const auto hold = [&](bool down) {
        for (const ImGuiKey mod : {ImGuiMod_Ctrl, ImGuiMod_Shift, ImGuiMod_Alt})
            if (mods & mod) io.AddKeyEvent(mod, down);
    };
    hold(true);
    io.AddKeyEvent(plain, true);
    take_all();
    io.AddKeyEvent(plain, false);
    hold(false);
    take_all();
    frame();
}

void Headless::hand_over(ImGuiKeyChord key) {
    ImGui::SetCurrentContext(context_);
    ImGuiIO& io = ImGui::GetIO();
    io.ConfigInputTrickleEventQueue = true;
    constexpr std::pair<ImGuiKey, ImGuiKey> kModifiers[] = {
        {ImGuiMod_Ctrl, ImGuiKey_LeftCtrl}, {ImGuiMod_Shift, ImGuiKey_LeftShift}, {ImGuiMod_Alt, ImGuiKey_LeftAlt}};
    const auto hold = [&](bool down) {
        for (const auto& [mod, side] : kModifiers) {
            if (!(key & mod)) continue;
            io.AddKeyEvent(mod, down);
            io.AddKeyEvent(side, down);
        }
    };
    const auto plain = static_cast<ImGuiKey>(key & ~ImGuiMod_Mask_);
    hold(true);
    io.AddKeyEvent(plain, true);
    if (key >= ImGuiKey_A && key <= ImGuiKey_Z) io.AddInputCharacter(static_cast<unsigned>('a' + (key - ImGuiKey_A)));
    if (key >= ImGuiKey_0 && key <= ImGuiKey_9) io.AddInputCharacter(static_cast<unsigned>('0' + (key - ImGuiKey_0)));
    hold(false);  // quick hands let the modifier go first
    io.AddKeyEvent(plain, false);
}

void Headless::hand_over_text(std::string_view text) {
    for (size_t i = 0; i < text.size();) {
        const char c = text[i];
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
            hand_over(c >= 'a' ? ImGuiKey_A + (c - 'a') : ImGuiKey_0 + (c - '0'));
            ++i;
            continue;
        }
        size_t end = i + 1;  // an input method gives the letter without a key
        while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
        ImGui::GetIO().AddInputCharactersUTF8(std::string(text.substr(i, end - i)).c_str());
        i = end;
    }
}

int Headless::take_all() {
    int frames = 0;
    do {
        frame();
        ++frames;
    } while (context_->InputEventsQueue.Size > 0 && frames < 1000);
    return frames;
}

void Headless::type(std::string_view text) {
    ImGui::GetIO().AddInputCharactersUTF8(std::string(text).c_str());
    take_all();
    frame();
}

void Headless::type_into(std::string_view name, std::string_view text) {
    click(name);
    press(ImGuiMod_Ctrl | ImGuiKey_A);
    if (text.empty()) return press(ImGuiKey_Delete);
    type(text);
}

bool Headless::visible(std::string_view name) {
    const kit::ItemWatch::Item* found = watch_->find(name);
    return found && found->visible;
}

bool Headless::disabled(std::string_view name) { return item(name).disabled; }

bool Headless::says(std::string_view words) const { return text_.find(words) != std::string::npos; }

std::vector<std::string> Headless::names() const {
    std::vector<std::string> all;
    for (const kit::ItemWatch::Item& each : watch_->items())
        if (each.visible && !each.name.empty()) all.push_back(each.name);
    return all;
}

bool Headless::until(const std::function<bool()>& condition) {
    using namespace std::chrono;
    const auto deadline = steady_clock::now() + seconds(10);
    for (;;) {
        frame();
        if (condition()) {
            frame(2);  // what follows from it is drawn as well
            return true;
        }
        if (steady_clock::now() > deadline) return false;
        std::unique_lock lock(mutex_);
        woken_.wait_for(lock, milliseconds(20), [this] { return wake_; });
        wake_ = false;
    }
}

bool Headless::until_says(std::string_view words) {
    return until([&] { return says(words); });
}

bool Headless::until_visible(std::string_view name) {
    return until([&] { return visible(name); });
}

void Headless::wake() {
    {
        const std::lock_guard lock(mutex_);
        wake_ = true;
    }
    woken_.notify_all();
}

int Headless::pictures_shown() const { return static_cast<int>(pictures_->known.size()); }

int Headless::altered(kit::Look look) const {
    return static_cast<int>(std::count(pictures_->altered.begin(), pictures_->altered.end(), look));
}

void Headless::limit_pictures(int side) { pictures_->largest = side; }

void Headless::hold(ImGuiKey key, bool down) {
    ImGui::SetCurrentContext(context_);
    ImGui::GetIO().AddKeyEvent(key, down);
    frame(2);
}

}  // namespace sealdesk::tests

#ifdef __SANITIZE_ADDRESS__
// fontconfig keeps one object of its process-wide configuration (288 bytes) that nobody can hand back.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libfontconfig"; }
#endif

// Headless: a screen without window and graphics card, for panel tests. Owns the Dear ImGui context, the item watch
// and the system's fonts; a test moves the mouse and presses keys with the same input events a window would send.
// What is not there, covered or switched off makes click() and the others throw with a list of what is there.
#pragma once

#include <imgui.h>

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "panels/kit/frame.h"
#include "panels/kit/item_watch.h"
#include "shell/fonts.h"

namespace sealdesk::tests {

class Headless {
public:
    // `draw` is what one frame shows; it is called inside a window that fills the screen of 1600×900.
    explicit Headless(std::function<void()> draw, ImVec2 size = {1600, 900}, float scale = 1);
    ~Headless();
    Headless(const Headless&) = delete;
    Headless& operator=(const Headless&) = delete;

    // Draws `count` frames; each takes 1/60 s of Dear ImGui's time.
    void frame(int count = 1);
    // Lets that much of Dear ImGui's time pass in one frame: toasts and tooltips.
    void pass(double seconds);

    // The same, and drawing the frame took it.
    void slow_frame(double seconds);

    // A control by the stable part of its label.
    void click(std::string_view name);
    void double_click(std::string_view name);
    void hover(std::string_view name);
    // Turns the wheel over it; positive is up.
    void scroll(std::string_view name, float notches);
    // From one point to another with the left button held, px: frames and crops drawn on a page.
    void drag(ImVec2 from, ImVec2 to);
    // A key with its modifiers: ImGuiMod_Ctrl | ImGuiKey_K.
    void press(ImGuiKeyChord key);
    // What a person or a barcode reader did while one frame was drawn: keys and letters lie in the queue, down and up, as a
    // window hands them over; the next frames take them through Dear ImGui's own queue.
    void hand_over(ImGuiKeyChord key);
    void hand_over_text(std::string_view text);
    // Draws until the queue is empty; returns how many frames that took.
    int take_all();
    // Into the field that has the keyboard. type_into clicks it and replaces what it holds.
    void type(std::string_view text);
    void type_into(std::string_view name, std::string_view text);

    bool visible(std::string_view name);
    bool disabled(std::string_view name);  // throws when it is not there
    // The words on screen, line by line, as drawn in the last frame; and whether some stand there.
    const std::string& text() const { return text_; }
    bool says(std::string_view words) const;
    // Off: frames cost what they cost in a window, and text() stays as it was.
    void write_down(bool words) { write_down_ = words; }
    std::vector<std::string> names() const;
    const kit::ItemWatch::Item& item(std::string_view name);

    // Draws until the condition holds; between frames it sleeps until wake() (a finished job) or a short while. False
    // when ten seconds have gone.
    bool until(const std::function<bool()>& condition);
    bool until_says(std::string_view words);
    bool until_visible(std::string_view name);
    // A job has finished; any thread. Give it to the pool of the test.
    void wake();

    kit::Frame& ui() { return frame_; }
    int pictures_shown() const;
    // How often the last frame changed the look of what was drawn.
    int altered(kit::Look look) const;
    // A graphics card that takes no longer side, px.
    void limit_pictures(int side);
    // A key that stays down, or is let go.
    void hold(ImGuiKey key, bool down);

private:
    class CountedPictures;
    void draw_frame(float seconds);
    void point_at(std::string_view name);
    [[noreturn]] void missing(std::string_view name, std::string_view why) const;

    std::function<void()> draw_;
    shell::FontFiles fonts_;
    ImGuiContext* context_;
    ImGuiContext* before_;
    kit::Frame frame_;
    std::unique_ptr<CountedPictures> pictures_;
    std::unique_ptr<kit::ItemWatch> watch_;
    std::string text_;
    std::mutex mutex_;
    std::condition_variable woken_;
    bool wake_ = false, write_down_ = true;
};

}  // namespace sealdesk::tests

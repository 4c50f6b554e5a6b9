// What belongs to one window and is rebuilt every frame: the keys that are valid here, messages that pass, when
// something on screen changes by itself, and where pictures are kept. The shell (or a test) owns one and attaches
// it to its Dear ImGui context; panels reach it with kit::frame(). UI thread only.
#pragma once

#include <imgui.h>

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "panels/kit/focus.h"
#include "panels/kit/input_gate.h"
#include "panels/kit/keymap.h"
#include "panels/kit/pictures.h"
#include "panels/kit/theme.h"

namespace sealdesk::kit {

// "A", "Ctrl K", "Enter", "?" for the key cap; "" for no key.
std::string key_name(ImGuiKeyChord key);

class Shortcuts {
public:
    struct Entry {
        ImGuiKeyChord key = 0;
        std::string label;
        bool enabled = true;  // false: belongs to a control that is off
    };
    void begin_frame() { entries_.clear(); }
    // Registers the key for this frame and tells whether it was pressed now. A key without Ctrl or Alt stays quiet
    // while a text field has the keyboard, but for F1 to F24, which write nothing; keys of what lies behind a dialog or a list
    // stay quiet while it is open.
    bool pressed(ImGuiKeyChord key, std::string_view label, bool enabled = true);
    // The same for what has no control: a person may choose another key for the action.
    bool pressed(std::string_view action, ImGuiKeyChord usual, std::string_view label, bool enabled = true);
    // Registers the key as well; true for as long as it is down.
    bool held(ImGuiKey key, std::string_view label, bool enabled = true);
    const std::vector<Entry>& entries() const { return entries_; }

private:
    std::vector<Entry> entries_;
};

class Toasts {
public:
    struct Toast {
        std::string text;
        Tone tone = Tone::plain;
        double until = 0;  // ImGui::GetTime()
    };
    void show(std::string text, Tone tone = Tone::plain, double seconds = 4);
    void clear() { toasts_.clear(); }
    const std::vector<Toast>& all() const { return toasts_; }
    // Called once a frame by end_screen().
    void draw();

private:
    std::vector<Toast> toasts_;
};

// A second window for a second monitor. A panel asks for it in every frame in which it wants it; who owns the first window
// draws it after that one.
struct Beside {
    bool wanted = false;  // in this frame
    std::string title;
    std::function<void()> draw;  // what it shows, called in its own Dear ImGui context
    bool closed = false;         // by the person, or it could not be opened: until the panel takes notice
    std::array<int, 4> place{};  // x, y, width, height on the desktop, px; width 0: where there is room
};

// The first window is asked to close while something would be lost by it: it stays open, and the screen asks first.
struct Closing {
    bool would_lose = false;  // set by the screen in every frame
    bool asked = false;       // by the person, or by the system
    bool agreed = false;      // it may close now
    bool stands = false;      // the question is or was on screen in this frame: the key that answers it is nobody else's
};

struct Frame {
    Fonts fonts;
    Shortcuts shortcuts;
    Toasts toasts;
    InputGate gate;
    Focus focus;
    Keymap keymap;
    float scale = 1;  // set by apply_theme
    Pictures* pictures = nullptr;
    Beside beside;
    Closing closing;
    std::string incident;           // number of the fault that a dialog tells now
    bool typing_elsewhere = false;  // a text field of the other window has the keyboard
    bool show_keys = false;         // the list behind "?"
    int screens = 0;                // begin_screen inside begin_screen: only the outermost draws list and toasts
    double drawing = 0;             // seconds that the frame before this one took to draw; the shell knows
    double wake_after = 1e9;        // seconds until the screen should be drawn again without input

    // Call before ImGui::NewFrame.
    void begin();
};

void attach(ImGuiContext& context, Frame& frame);
Frame& frame();
// Asks for a frame in that many seconds: countdowns, toasts, times that are shown as "12 s ago".
void wake_in(double seconds);

}  // namespace sealdesk::kit

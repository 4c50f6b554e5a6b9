// A second window of the desk for a second monitor: its own Dear ImGui context on the same OpenGL textures, drawn by the same
// loop. Keys pressed in either window are known in both, so that the hands need not go where the eyes are. The Window owns
// it; UI thread only.
#pragma once

#include <array>
#include <memory>

#include "base/result.h"
#include "panels/kit/frame.h"

struct GLFWwindow;
struct ImGuiContext;

namespace sealdesk::shell {

class BesideWindow {
public:
    // `first` shares its textures; `pictures` are those of the first window. Internal when the window cannot be opened.
    static Result<std::unique_ptr<BesideWindow>> open(GLFWwindow* first, ImGuiContext& first_context, const char* shading,
                                                      kit::Pictures* pictures, const kit::Beside& wish);
    virtual ~BesideWindow() = default;

    // One frame, at the first window's time; afterwards the first window's contexts are the current ones again.
    virtual void draw(const kit::Beside& wish) = 0;
    virtual void hide() = 0;
    // A text field of it has the keyboard.
    virtual bool typing() const = 0;
    // The person closed it.
    virtual bool closed() const = 0;
    // x, y, width, height on the desktop, px.
    virtual std::array<int, 4> place() const = 0;
    virtual kit::Frame& frame() = 0;
};

}  // namespace sealdesk::shell

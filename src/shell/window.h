// Window: GLFW window, OpenGL, Dear ImGui and the frame loop that sleeps until something happens. One thread (the
// one that opened it) calls everything; only wake() may be called from any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "panels/kit/frame.h"
#include "shell/textures.h"

namespace sealdesk::shell {

class Window {
public:
    struct Jobs {
        size_t busy = 0;          // wait or run
        std::uint64_t ended = 0;  // so far
    };
    struct Options {
        std::string title;
        int width = 1600, height = 900;      // px at 96 dpi
        std::filesystem::path watch_socket;  // not empty: serves the tour there (watch_socket.h)
        // The desk's jobs, for the watcher's question `idle`. Called on the UI thread.
        std::function<Jobs()> jobs;
    };
    // unavailable when there is no display, internal when it has no OpenGL 3 or no Chinese font is installed.
    static Result<std::unique_ptr<Window>> open(Options options);
    virtual ~Window() = default;

    // Draws until the person closes the window or close() is called. `draw` is called between NewFrame and Render.
    virtual void run(const std::function<void()>& draw) = 0;
    virtual void close() = 0;
    // A job has finished: draw soon. Any thread, as long as the window lives.
    virtual void wake() = 0;
    // The picture of the last frame as PNG.
    virtual Result<> screenshot(const std::filesystem::path& path) = 0;
    virtual kit::Frame& frame() = 0;
    virtual Textures& textures() = 0;
    // Frames drawn so far: an idle window's number stands still.
    virtual unsigned long long frames() const = 0;
};

}  // namespace sealdesk::shell

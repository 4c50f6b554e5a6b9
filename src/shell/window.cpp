#include "shell/window.h"

// glfw3.h would bring its own OpenGL header otherwise
#define GLFW_INCLUDE_NONE
#include <GL/gl.h>
#include <GLFW/glfw3.h>
#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>
#include <imgui_internal.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <ctime>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/translate.h"
#include "panels/kit/item_watch.h"
#include "shell/beside_window.h"
#include "shell/fonts.h"
#include "shell/screenshot.h"
#include "shell/watch_socket.h"

namespace sealdesk::shell {
namespace {

// One event may need several frames: a click opens a popup, the popup measures itself, then it is drawn.
constexpr int kFramesAfterEvent = 3;
// Tooltips appear when the pointer has rested that long.
constexpr double kRest = 0.5;

// For the watcher's questions about time: what every process of the machine agrees on, and what this thread has used.
std::int64_t now_ns() { return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count(); }
std::int64_t cpu_ns() {
    timespec used{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return used.tv_sec * 1'000'000'000LL + used.tv_nsec;
}

struct GlfwCloser {
    void operator()(GLFWwindow* window) const { glfwDestroyWindow(window); }
};

class GlfwWindow final : public Window {
public:
    ~GlfwWindow() override {
        socket_.reset();
        watch_.reset();
        beside_.reset();
        textures_.clear();
        if (context_) {
            if (backends_) {
                ImGui_ImplOpenGL3_Shutdown();
                ImGui_ImplGlfw_Shutdown();
            }
            ImGui::DestroyContext(context_);
        }
        window_.reset();
        if (initialised_) glfwTerminate();
    }

    Result<> start(Options options) {
        options_ = std::move(options);
        if (!glfwInit()) return no_display();
        initialised_ = true;
        glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_TRUE);
        // 3.3 core is what everyone has; old cards and remote screens may stop at 3.0.
        shading_ = "#version 330";
        for (const int minor : {3, 0}) {
            glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
            glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, minor);
            glfwWindowHint(GLFW_OPENGL_PROFILE, minor == 3 ? GLFW_OPENGL_CORE_PROFILE : GLFW_OPENGL_ANY_PROFILE);
            window_.reset(glfwCreateWindow(options_.width, options_.height, options_.title.c_str(), nullptr, nullptr));
            if (window_) break;
            shading_ = "#version 130";
        }
        if (!window_) return fail(ErrorKind::internal, tr("显卡驱动不支持 OpenGL 3，无法打开窗口"), last_error());
        fit_to_monitor();
        glfwMakeContextCurrent(window_.get());
        glfwSwapInterval(1);

        context_ = ImGui::CreateContext();
        ImGuiIO& io = ImGui::GetIO();
        io.IniFilename = nullptr;
        io.ConfigInputTextCursorBlink = false;  // a blinking cursor would keep an idle desk drawing
        kit::attach(*context_, frame_);
        frame_.pictures = &textures_;
        auto fonts = font_files_.load(*io.Fonts);
        if (!fonts) return tl::unexpected(std::move(fonts).error());
        frame_.fonts = *fonts;
        backends_ = ImGui_ImplGlfw_InitForOpenGL(window_.get(), true) && ImGui_ImplOpenGL3_Init(shading_);
        if (!backends_) return fail(ErrorKind::internal, tr("显卡驱动不支持 OpenGL 3，无法打开窗口"), "imgui backends");
        if (!options_.watch_socket.empty()) {
            watch_ = std::make_unique<kit::ItemWatch>(*context_);
            auto socket = WatchSocket::listen(options_.watch_socket, [this] { wake(); });
            if (!socket) return tl::unexpected(std::move(socket).error());
            socket_ = std::move(*socket);
        }
        return {};
    }

    void run(const std::function<void()>& draw) override {
        due_ = kFramesAfterEvent;
        while (!ends()) {
            wait();
            if (glfwGetWindowAttrib(window_.get(), GLFW_ICONIFIED)) {
                answer_watcher();
                continue;
            }
            if (due_ <= 0) due_ = 1;
            draw_frame(draw);
            --due_;
            answer_watcher();
        }
    }

    void close() override {
        closed_here_ = true;
        wake();
    }
    void wake() override { glfwPostEmptyEvent(); }
    Result<> screenshot(const std::filesystem::path& path) override {
        int width = 0, height = 0;
        glfwGetFramebufferSize(window_.get(), &width, &height);
        return write_screenshot(width, height, path);
    }
    kit::Frame& frame() override { return frame_; }
    Textures& textures() override { return textures_; }
    unsigned long long frames() const override { return frames_; }

private:
    // What would be lost keeps the window open until the person has said so.
    bool ends() {
        kit::Closing& closing = frame_.closing;
        if (closed_here_ || closing.agreed) return true;
        if (!glfwWindowShouldClose(window_.get())) return false;
        if (!closing.would_lose) return true;
        glfwSetWindowShouldClose(window_.get(), GLFW_FALSE);
        glfwRestoreWindow(window_.get());  // out of the task bar, where nobody would see the question
        closing.asked = true;
        due_ = kFramesAfterEvent;
        return false;
    }
    static std::string last_error() {
        const char* text = nullptr;
        glfwGetError(&text);
        return text ? text : "";
    }
    static Failure no_display() { return fail(ErrorKind::unavailable, tr("没有可用的显示器，无法打开窗口"), last_error()); }

    // On a small or scaled screen the window takes what there is.
    void fit_to_monitor() {
        GLFWmonitor* monitor = glfwGetPrimaryMonitor();
        if (!monitor) return;
        int x = 0, y = 0, w = 0, h = 0, width = 0, height = 0;
        glfwGetMonitorWorkarea(monitor, &x, &y, &w, &h);
        glfwGetWindowSize(window_.get(), &width, &height);
        if (w > 0 && h > 0 && (width > w || height > h))
            glfwSetWindowSize(window_.get(), std::min(width, w), std::min(height, h));
        glfwSetWindowSizeLimits(window_.get(), std::min(960, w), std::min(600, h), GLFW_DONT_CARE, GLFW_DONT_CARE);
    }

    // Sleeps until input, wake(), or the moment that a panel asked for with kit::wake_in.
    void wait() {
        const bool iconified = glfwGetWindowAttrib(window_.get(), GLFW_ICONIFIED);
        if (due_ > 0 && !iconified) {
            glfwPollEvents();
            // What came while drawing needs its own frames.
            if (context_->InputEventsQueue.Size > 0) due_ = kFramesAfterEvent;
            return;
        }
        const double timer = frame_.wake_after, rest = rested_ ? 1e9 : kRest, before = glfwGetTime();
        const double patience = std::min(timer, rest);
        if (patience > 1e8)
            glfwWaitEvents();
        else
            glfwWaitEventsTimeout(std::max(0.001, patience));
        const bool timed_out = patience < 1e8 && glfwGetTime() - before >= patience && context_->InputEventsQueue.Size == 0;
        if (timed_out && rest <= timer) {
            rested_ = true;
            due_ = 2;  // a tooltip measures itself in one frame and is seen in the next
            return;
        }
        due_ = timed_out ? 1 : kFramesAfterEvent;
        if (!timed_out) rested_ = false;
    }

    void follow_scale() {
        float x = 1, y = 1;
        glfwGetWindowContentScale(window_.get(), &x, &y);
        // Where the framebuffer is larger than the window (Wayland), Dear ImGui scales by itself.
        int width = 0, framebuffer = 0, unused = 0;
        glfwGetWindowSize(window_.get(), &width, &unused);
        glfwGetFramebufferSize(window_.get(), &framebuffer, &unused);
        if (width > 0 && framebuffer > width) x = x * static_cast<float>(width) / static_cast<float>(framebuffer);
        x = std::clamp(x, 0.75f, 4.0f);
        if (x == scale_) return;
        scale_ = x;
        kit::apply_theme(frame_.fonts, scale_);
    }

    void draw_frame(const std::function<void()>& draw) {
        const std::int64_t begun = cpu_ns();
        const double begun_at = glfwGetTime();
        follow_scale();
        if (watch_) watch_->begin_frame();
        if (options_.jobs) ended_before_frame_ = options_.jobs().ended;
        frame_.begin();
        frame_.typing_elsewhere = beside_ && beside_->typing();
        textures_.begin_frame();
        ImGui_ImplOpenGL3_NewFrame();
        ImGui_ImplGlfw_NewFrame();
        ImGui::NewFrame();
        const bool reading = !reading_.empty();
        if (reading) {
            ImGui::LogToBuffer();
            context_->ItemUnclipByLog = false;  // only what is seen
        }
        draw();
        if (reading) {
            const nlohmann::json text = std::string(context_->LogBuffer.c_str());
            for (const WatchSocket::Request& request : std::exchange(reading_, {}))
                socket_->answer(request, text.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
            ImGui::LogFinish();
        }
        ImGui::Render();
        const std::int64_t built = cpu_ns();
        int width = 0, height = 0;
        glfwGetFramebufferSize(window_.get(), &width, &height);
        glViewport(0, 0, width, height);
        const ImVec4 ground = ImGui::ColorConvertU32ToFloat4(kit::colour::ground);
        glClearColor(ground.x, ground.y, ground.z, 1);
        glClear(GL_COLOR_BUFFER_BIT);
        ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
        ++frames_;
        // Read before the buffers are swapped: afterwards the back buffer's content is undefined.
        for (const WatchSocket::Request& request : std::exchange(shots_, {})) {
            const auto written = screenshot(request.words.substr(11));
            socket_->answer(request, written ? "ok" : "error " + written.error().message);
        }
        glfwSwapBuffers(window_.get());
        draw_beside();
        building_ns_ += built - begun;
        painting_ns_ += cpu_ns() - built;
        frame_.drawing = glfwGetTime() - begun_at;
        shown_at_ns_ = now_ns();
        if (frames_ == 1) first_shown_at_ns_ = shown_at_ns_;
    }

    // The second window, when a panel wants one in this frame.
    void draw_beside() {
        kit::Beside& wish = frame_.beside;
        if (!wish.wanted || !wish.draw) {
            if (beside_) beside_->hide();
            return;
        }
        if (!beside_) {
            auto opened = BesideWindow::open(window_.get(), *context_, shading_, &textures_, wish);
            if (!opened) {
                // The panel takes its pages back.
                wish.closed = true;
                frame_.toasts.show(opened.error().message, kit::Tone::red);
                due_ = kFramesAfterEvent;
                return;
            }
            beside_ = std::move(*opened);
            due_ = kFramesAfterEvent;  // its first frames measure themselves
        }
        if (beside_->closed()) {
            beside_.reset();
            wish.closed = true;
            due_ = kFramesAfterEvent;
            return;
        }
        beside_->draw(wish);
        wish.place = beside_->place();
        frame_.wake_after = std::min(frame_.wake_after, beside_->frame().wake_after);
    }

    void answer_watcher() {
        if (!socket_) return;
        for (WatchSocket::Request& request : socket_->take()) {
            if (request.words == "items")
                socket_->answer(request, items_as_json());
            else if (request.words == "text") {
                reading_.push_back(std::move(request));
                due_ = std::max(due_, 1);
            } else if (request.words == "times")
                socket_->answer(request, times_as_json());
            else if (request.words.starts_with("until "))
                waiting_for_item_.push_back(std::move(request));
            else if (request.words == "idle")
                waiting_for_idle_.push_back(std::move(request));
            else if (request.words.starts_with("screenshot ")) {
                shots_.push_back(std::move(request));
                due_ = std::max(due_, 1);
            } else
                socket_->answer(request, "error unknown request");
        }
        std::erase_if(waiting_for_item_, [this](const WatchSocket::Request& request) {
            const kit::ItemWatch::Item* item = watch_->find(request.words.substr(6));
            const bool there = item && item->visible;
            if (there) socket_->answer(request, std::to_string(shown_at_ns_));
            return there;
        });
        const Jobs jobs = options_.jobs ? options_.jobs() : Jobs{};
        if (waiting_for_idle_.empty() || jobs.busy > 0 || due_ > 0 || context_->InputEventsQueue.Size > 0) return;
        if (jobs.ended != ended_before_frame_ || frame_.wake_after <= 0) {
            due_ = 1;  // an answer lies ready that no frame has shown yet, or the last frame asked for another
            return;
        }
        for (const WatchSocket::Request& request : std::exchange(waiting_for_idle_, {})) socket_->answer(request, "ok");
    }

    std::string times_as_json() const {
        return nlohmann::json{
            {"frames", frames_}, {"first_shown_at", first_shown_at_ns_}, {"building", building_ns_}, {"painting", painting_ns_}}
            .dump();
    }

    std::string items_as_json() const {
        nlohmann::json items = nlohmann::json::array();
        for (const kit::ItemWatch::Item& item : watch_->items()) {
            if (!item.visible || item.name.empty()) continue;
            items.push_back({{"label", item.label},
                             {"name", item.name},
                             {"window", item.window},
                             {"x", item.x},
                             {"y", item.y},
                             {"w", item.w},
                             {"h", item.h},
                             {"disabled", item.disabled},
                             {"pane", item.pane}});
        }
        return items.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    }

    Options options_;
    bool initialised_ = false, backends_ = false, rested_ = false;
    std::unique_ptr<GLFWwindow, GlfwCloser> window_;
    FontFiles font_files_;
    ImGuiContext* context_ = nullptr;
    kit::Frame frame_;
    Textures textures_;
    std::unique_ptr<kit::ItemWatch> watch_;
    std::unique_ptr<WatchSocket> socket_;
    std::unique_ptr<BesideWindow> beside_;
    const char* shading_ = "";
    std::vector<WatchSocket::Request> shots_, waiting_for_idle_, waiting_for_item_;
    // Words are written down only in the frames that a watcher asked for: meanwhile Dear ImGui makes every row of a list.
    std::vector<WatchSocket::Request> reading_;
    float scale_ = 0;
    std::atomic<bool> closed_here_ = false;  // by the program
    int due_ = 0;
    unsigned long long frames_ = 0;
    std::uint64_t ended_before_frame_ = 0;  // jobs whose answers the last frame could show
    std::int64_t first_shown_at_ns_ = 0, shown_at_ns_ = 0, building_ns_ = 0, painting_ns_ = 0;
};

}  // namespace

Result<std::unique_ptr<Window>> Window::open(Options options) {
    auto window = std::make_unique<GlfwWindow>();
    SEALDESK_TRY(window->start(std::move(options)));
    return window;
}

}  // namespace sealdesk::shell

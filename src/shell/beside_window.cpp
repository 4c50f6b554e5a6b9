#include "shell/beside_window.h"

#define GLFW_INCLUDE_NONE
#include <GL/gl.h>
#include <GLFW/glfw3.h>
#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>
#include <imgui_internal.h>

#include <algorithm>

#include "base/translate.h"
#include "panels/kit/pane.h"
#include "shell/fonts.h"

namespace sealdesk::shell {

namespace {

struct GlfwCloser {
    void operator()(GLFWwindow* window) const { glfwDestroyWindow(window); }
};

// Who else hears the keys of a window; GLFW keeps a pointer to it.
struct Hearer {
    GLFWwindow* window = nullptr;
    ImGuiContext* context = nullptr;
};

void key_in_both(GLFWwindow* window, int key, int scancode, int action, int mods) {
    ImGui_ImplGlfw_KeyCallback(window, key, scancode, action, mods);
    const auto* other = static_cast<const Hearer*>(glfwGetWindowUserPointer(window));
    if (other == nullptr || other->window == nullptr) return;
    ImGui_ImplGlfw_KeyCallback(other->window, key, scancode, action, mods);
    // GLFW knows the modifiers of the window with the keyboard only.
    ImGuiIO& io = other->context->IO;
    io.AddKeyEvent(ImGuiMod_Ctrl, (mods & GLFW_MOD_CONTROL) != 0);
    io.AddKeyEvent(ImGuiMod_Shift, (mods & GLFW_MOD_SHIFT) != 0);
    io.AddKeyEvent(ImGuiMod_Alt, (mods & GLFW_MOD_ALT) != 0);
}

class GlfwBeside final : public BesideWindow {
public:
    ~GlfwBeside() override {
        if (first_ != nullptr) {
            glfwSetWindowUserPointer(first_, nullptr);
            glfwSetKeyCallback(first_, ImGui_ImplGlfw_KeyCallback);
        }
        if (context_ != nullptr) {
            glfwMakeContextCurrent(window_.get());
            ImGui::SetCurrentContext(context_);
            if (backends_) {
                ImGui_ImplOpenGL3_Shutdown();
                ImGui_ImplGlfw_Shutdown();
            }
            ImGui::DestroyContext(context_);
        }
        window_.reset();
        back_to_first();
    }

    Result<> start(GLFWwindow* first, ImGuiContext& first_context, const char* shading, kit::Pictures* pictures,
                   const kit::Beside& wish) {
        first_ = first;
        first_context_ = &first_context;
        const auto [x, y, width, height] = wish.place;
        // The hints of the first window are still set: the same OpenGL.
        window_.reset(glfwCreateWindow(width > 0 ? width : 900, height > 0 ? height : 1100, wish.title.c_str(), nullptr, first));
        if (!window_) return fail(ErrorKind::internal, tr("无法打开第二个窗口"), "glfwCreateWindow");
        if (width > 0)
            glfwSetWindowPos(window_.get(), x, y);
        else
            to_other_monitor();
        glfwMakeContextCurrent(window_.get());
        glfwSwapInterval(0);  // the first window waits for the screen
        context_ = ImGui::CreateContext();
        ImGui::SetCurrentContext(context_);
        ImGuiIO& io = ImGui::GetIO();
        io.IniFilename = nullptr;
        io.ConfigInputTextCursorBlink = false;
        kit::attach(*context_, frame_);
        io.ConfigFlags &= ~ImGuiConfigFlags_NavEnableKeyboard;  // both hear all keys: Tab and Space are for the first window
        frame_.pictures = pictures;
        auto fonts = files_.load(*io.Fonts);
        if (!fonts) return tl::unexpected(std::move(fonts).error());
        frame_.fonts = *fonts;
        backends_ = ImGui_ImplGlfw_InitForOpenGL(window_.get(), false) && ImGui_ImplOpenGL3_Init(shading);
        if (!backends_) return fail(ErrorKind::internal, tr("无法打开第二个窗口"), "imgui backends");
        GLFWwindow* mine = window_.get();
        glfwSetWindowFocusCallback(mine, ImGui_ImplGlfw_WindowFocusCallback);
        glfwSetCursorEnterCallback(mine, ImGui_ImplGlfw_CursorEnterCallback);
        glfwSetCursorPosCallback(mine, ImGui_ImplGlfw_CursorPosCallback);
        glfwSetMouseButtonCallback(mine, ImGui_ImplGlfw_MouseButtonCallback);
        glfwSetScrollCallback(mine, ImGui_ImplGlfw_ScrollCallback);
        glfwSetCharCallback(mine, ImGui_ImplGlfw_CharCallback);
        hears_first_ = {mine, context_};
        hears_this_ = {first_, first_context_};
        glfwSetWindowUserPointer(first_, &hears_first_);
        glfwSetWindowUserPointer(mine, &hears_this_);
        glfwSetKeyCallback(first_, key_in_both);
        glfwSetKeyCallback(mine, key_in_both);
        back_to_first();
        return {};
    }

    void draw(const kit::Beside& wish) override {
        if (!shown_) glfwShowWindow(window_.get());
        shown_ = true;
        if (glfwGetWindowAttrib(window_.get(), GLFW_ICONIFIED)) return forget_keys();
        glfwMakeContextCurrent(window_.get());
        ImGui::SetCurrentContext(context_);
        follow_scale();
        frame_.begin();
        frame_.typing_elsewhere = first_context_->IO.WantTextInput;
        const auto& first_frame = *static_cast<kit::Frame*>(first_context_->IO.UserData);
        frame_.keymap = first_frame.keymap;
        frame_.gate.wait_for_other(first_frame.gate.waits(*first_context_));
        if (frame_.typing_elsewhere) forget_letters();
        ImGui_ImplOpenGL3_NewFrame();
        ImGui_ImplGlfw_NewFrame();
        // One time for both: what waits or fades does so across the windows.
        context_->Time = first_context_->Time - static_cast<double>(ImGui::GetIO().DeltaTime);
        ImGui::NewFrame();
        kit::begin_screen("beside");
        wish.draw();
        kit::end_screen();
        ImGui::Render();
        if (context_->InputEventsQueue.Size > 0) frame_.wake_after = 0;  // what waits has its turn without another event
        int width = 0, height = 0;
        glfwGetFramebufferSize(window_.get(), &width, &height);
        glViewport(0, 0, width, height);
        const ImVec4 ground = ImGui::ColorConvertU32ToFloat4(kit::colour::ground);
        glClearColor(ground.x, ground.y, ground.z, 1);
        glClear(GL_COLOR_BUFFER_BIT);
        ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
        glfwSwapBuffers(window_.get());
        back_to_first();
    }

    void hide() override {
        if (shown_) glfwHideWindow(window_.get());
        shown_ = false;
        forget_keys();
    }
    bool closed() const override { return glfwWindowShouldClose(window_.get()) != 0; }
    bool typing() const override { return shown_ && context_->IO.WantTextInput; }
    std::array<int, 4> place() const override {
        std::array<int, 4> at{};
        glfwGetWindowPos(window_.get(), at.data(), at.data() + 1);
        glfwGetWindowSize(window_.get(), at.data() + 2, at.data() + 3);
        return at;
    }
    kit::Frame& frame() override { return frame_; }

private:
    // Nobody sees what they would do; they are not done later.
    void forget_keys() {
        context_->InputEventsQueue.resize(0);
        context_->IO.ClearInputKeys();  // whose release was among them is up
    }
    // What a box of the first window takes now must not wait here until that box is left. Up to the first other key, as the
    // box takes them.
    void forget_letters() {
        auto& queue = context_->InputEventsQueue;
        bool command = context_->IO.KeyCtrl || context_->IO.KeyAlt;
        for (int i = 0; i < queue.Size; ++i) {
            const ImGuiInputEvent& event = queue[i];
            if (event.Type != ImGuiInputEventType_Key) continue;
            const ImGuiKey key = event.Key.Key;
            if (kit::is_modifier(key)) {
                if (key != ImGuiMod_Shift && key != ImGuiKey_LeftShift && key != ImGuiKey_RightShift) command = event.Key.Down;
                continue;
            }
            if (!event.Key.Down) continue;
            if (command || !kit::makes_letters(key)) return;
            queue.erase(&queue[i]);
            --i;
        }
    }
    void back_to_first() {
        glfwMakeContextCurrent(first_);
        ImGui::SetCurrentContext(first_context_);
    }
    // A monitor on which the first window is not; else beside nothing, wherever the window manager puts it.
    void to_other_monitor() {
        int count = 0, x = 0, y = 0;
        GLFWmonitor** monitors = glfwGetMonitors(&count);
        glfwGetWindowPos(first_, &x, &y);
        for (int i = 0; i < count; ++i) {
            int left = 0, top = 0, width = 0, height = 0;
            glfwGetMonitorWorkarea(monitors[i], &left, &top, &width, &height);
            const bool first = x >= left && x < left + width && y >= top && y < top + height;
            if (first || width <= 0 || height <= 0) continue;
            glfwSetWindowPos(window_.get(), left, top);
            glfwSetWindowSize(window_.get(), width, height);
            return;
        }
    }
    void follow_scale() {
        float x = 1, y = 1;
        glfwGetWindowContentScale(window_.get(), &x, &y);
        int width = 0, framebuffer = 0, unused = 0;
        glfwGetWindowSize(window_.get(), &width, &unused);
        glfwGetFramebufferSize(window_.get(), &framebuffer, &unused);
        if (width > 0 && framebuffer > width) x = x * static_cast<float>(width) / static_cast<float>(framebuffer);
        x = std::clamp(x, 0.75f, 4.0f);
        if (x == scale_) return;
        scale_ = x;
        kit::apply_theme(frame_.fonts, scale_);
    }

    GLFWwindow* first_ = nullptr;
    ImGuiContext *first_context_ = nullptr, *context_ = nullptr;
    std::unique_ptr<GLFWwindow, GlfwCloser> window_;
    FontFiles files_;
    kit::Frame frame_;
    Hearer hears_first_, hears_this_;
    bool backends_ = false, shown_ = true;
    float scale_ = 0;
};

}  // namespace

Result<std::unique_ptr<BesideWindow>> BesideWindow::open(GLFWwindow* first, ImGuiContext& first_context, const char* shading,
                                                         kit::Pictures* pictures, const kit::Beside& wish) {
    auto window = std::make_unique<GlfwBeside>();
    SEALDESK_TRY(window->start(first, first_context, shading, pictures, wish));
    return window;
}

}  // namespace sealdesk::shell

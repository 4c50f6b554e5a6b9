// The real window on a display without a screen: what it draws, that it sleeps, and what the tour is told.
#include "shell/window.h"

#define GLFW_INCLUDE_NONE
#include <GL/gl.h>
#include <GLFW/glfw3.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <thread>

#include "base/files.h"
#include "base/process.h"
#include "panels/kit/kit.h"

namespace sealdesk::shell {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// One connection to a watch socket; ask() sends a line and waits for the line that answers it.
class Client {
public:
    explicit Client(const std::filesystem::path& path) : fd_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
        const timeval patience{20, 0};
        setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        connected_ = connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    }
    ~Client() { ::close(fd_); }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    bool connected() const { return connected_; }
    std::string ask(const std::string& request) {
        const std::string line = request + "\n";
        if (send(fd_, line.data(), line.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(line.size())) return "not sent";
        std::string answer;
        for (char c = 0; recv(fd_, &c, 1, 0) == 1;) {
            if (c == '\n') return answer;
            answer += c;
        }
        return "no answer";
    }

private:
    int fd_;
    bool connected_ = false;
};

class WindowTest : public testing::Test {
protected:
    void SetUp() override {
        std::string folder = (std::filesystem::temp_directory_path() / "sealdesk-window-XXXXXX").string();
        ASSERT_NE(mkdtemp(folder.data()), nullptr);
        folder_ = folder;
        int ends[2];
        ASSERT_EQ(pipe(ends), 0);
        auto started = Process::start({.command = {"Xvfb", "-displayfd", "3", "-screen", "0", "1280x720x24", "-nolisten", "tcp"},
                                       .environment = {},
                                       .folder = {},
                                       .output = folder_ / "xvfb.log",
                                       .descriptors = {{ends[1], 3}}});
        ::close(ends[1]);
        ASSERT_TRUE(started) << started.error().message;
        display_ = std::move(*started);
        std::string number;
        for (char c = 0; read(ends[0], &c, 1) == 1 && c != '\n';) number += c;
        ::close(ends[0]);
        ASSERT_FALSE(number.empty()) << read_file(folder_ / "xvfb.log").value_or("");
        setenv("DISPLAY", (":" + number).c_str(), 1);
    }
    void TearDown() override {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    Result<std::unique_ptr<Window>> open(std::function<Window::Jobs()> jobs = {}) {
        return Window::open({.title = "SealDesk", .width = 1280, .height = 720, .watch_socket = folder_ / "watch", .jobs = jobs});
    }
    std::filesystem::path folder_;
    Process display_;
};

TEST_F(WindowTest, TellsTheTourWhatIsThereAndSleepsWhenIdle) {
    auto window = open();
    ASSERT_TRUE(window) << window.error().message << " " << window.error().detail;
    std::atomic<unsigned long long> drawn = 0;
    std::string items, text, shot, bad_shot, unknown;
    unsigned long long after_idle = 0, later = 0;
    std::jthread tour([&] {
        Client client(folder_ / "watch");
        if (client.connected()) {
            client.ask("idle");
            items = client.ask("items");
            text = client.ask("text");
            shot = client.ask("screenshot " + (folder_ / "shot.png").string());
            bad_shot = client.ask("screenshot /nowhere/shot.png");
            unknown = client.ask("dance");
            client.ask("idle");
            after_idle = drawn;
            // Every question wakes the loop for a few frames only; the time between them costs nothing.
            client.ask("idle");
            later = drawn;
        }
        (*window)->close();
    });
    (*window)->run([&] {
        ++drawn;
        kit::begin_screen("screen");
        kit::button("approve", "通过", {.tone = kit::Tone::green, .key = ImGuiKey_A});
        kit::text("南京𠮷鑫");
        kit::end_screen();
    });
    tour.join();
    EXPECT_THAT(items, HasSubstr(R"("name":"approve")"));
    EXPECT_THAT(items, HasSubstr(R"("label":"通过")"));
    EXPECT_THAT(text, HasSubstr("南京𠮷鑫"));
    EXPECT_EQ(shot, "ok");
    EXPECT_THAT(read_file(folder_ / "shot.png").value_or(""), StartsWith("\x89PNG"));
    EXPECT_THAT(bad_shot, StartsWith("error "));
    EXPECT_THAT(unknown, StartsWith("error "));
    EXPECT_LE(later - after_idle, 4u);
    EXPECT_EQ((*window)->frames(), drawn);
}

TEST_F(WindowTest, IdleWaitsForTheJob) {
    std::atomic<bool> working = true;
    auto window = open([&] { return Window::Jobs{working ? 1U : 0U, working ? 0U : 1U}; });
    ASSERT_TRUE(window) << window.error().message;
    std::string answer;
    bool was_working = true;
    std::jthread tour([&] {
        Client client(folder_ / "watch"), other(folder_ / "watch");
        std::jthread job([&] {
            other.ask("items");  // the loop has turned since the question below may have come
            working = false;
            (*window)->wake();
        });
        answer = client.ask("idle");
        was_working = working;
        (*window)->close();
    });
    (*window)->run([] {});
    tour.join();
    EXPECT_EQ(answer, "ok");
    EXPECT_FALSE(was_working);
}

// Between a frame and the next a job may end: its answer is there, and nobody has seen it.
TEST_F(WindowTest, IdleWaitsForTheFrameThatShowsTheAnswer) {
    constexpr std::uint64_t kJobs = 20;
    std::atomic<std::uint64_t> shown = 0;
    std::uint64_t ended = 0, shown_when_idle = 0;
    bool drew = false;
    auto window = open([&] {
        if (std::exchange(drew, false) && ended < kJobs) ++ended;  // one after each frame, and it wakes nobody
        return Window::Jobs{0, ended};
    });
    ASSERT_TRUE(window) << window.error().message;
    std::jthread tour([&] {
        Client client(folder_ / "watch");
        client.ask("idle");
        shown_when_idle = shown;
        (*window)->close();
    });
    (*window)->run([&] {
        drew = true;
        shown = ended;
    });
    tour.join();
    EXPECT_EQ(shown_when_idle, kJobs);
}

TEST_F(WindowTest, StaysOpenWhileSomethingWouldBeLostUntilThePersonAgrees) {
    auto window = open();
    ASSERT_TRUE(window) << window.error().message;
    int drawn = 0, asked_at = 0;
    (*window)->run([&] {
        kit::Closing& closing = kit::frame().closing;
        closing.would_lose = true;
        kit::wake_in(0);
        if (++drawn == 3) glfwSetWindowShouldClose(glfwGetCurrentContext(), GLFW_TRUE);
        if (closing.asked && asked_at == 0) asked_at = drawn;
        if (asked_at != 0 && drawn == asked_at + 3) closing.agreed = true;
    });
    EXPECT_EQ(asked_at, 4) << "the frame after the cross asks";
    EXPECT_EQ(drawn, asked_at + 3);
}

TEST_F(WindowTest, ASecondWindowIsDrawnWhileItIsWantedAndSleepsToo) {
    auto window = open();
    ASSERT_TRUE(window) << window.error().message;
    std::atomic<bool> wanted = true;
    std::atomic<int> beside = 0, same_context = 0;
    int shown = 0, idle_from = 0, idle_to = 0, hidden_from = 0, hidden_to = 0;
    std::jthread tour([&] {
        Client client(folder_ / "watch");
        client.ask("idle");
        shown = beside;
        client.ask("idle");
        idle_from = beside;
        client.ask("idle");  // every question costs a few frames, not more
        idle_to = beside;
        wanted = false;
        (*window)->wake();
        client.ask("items");
        client.ask("idle");
        hidden_from = beside;
        client.ask("text");
        client.ask("idle");
        hidden_to = beside;
        wanted = true;
        (*window)->wake();
        client.ask("text");
        client.ask("idle");
        (*window)->close();
    });
    std::array<int, 4> place{};
    (*window)->run([&] {
        kit::begin_screen("screen");
        kit::text("第一");
        kit::end_screen();
        const ImGuiContext* first = ImGui::GetCurrentContext();
        kit::Beside& wish = kit::frame().beside;
        place = wish.place;
        wish.wanted = wanted;
        wish.title = "第二";
        wish.draw = [&, first] {
            ++beside;
            same_context += ImGui::GetCurrentContext() == first ? 1 : 0;
            kit::text("第二");
        };
    });
    tour.join();
    EXPECT_GT(shown, 0);
    EXPECT_LE(idle_to - idle_from, 4);
    EXPECT_EQ(hidden_from, hidden_to) << "a window that nobody wants is not drawn";
    EXPECT_GT(beside, hidden_to) << "and comes back";
    EXPECT_EQ(same_context, 0);
    EXPECT_GT(place[2], 0) << "where it stands is told";
    EXPECT_GT(place[3], 0);
}

TEST_F(WindowTest, ALookChangesWhatWasDrawnAndNothingElse) {
    auto window = open();
    ASSERT_TRUE(window) << window.error().message;
    struct Seen {
        int light = 0, dark = 0, beside = 0;
    };
    std::array<Seen, 3> seen{};
    int frame = 0;
    (*window)->run([&] {
        ImDrawList* draw = ImGui::GetForegroundDrawList();
        draw->AddRectFilled({0, 0}, {100, 100}, IM_COL32(230, 230, 230, 255));
        draw->AddRectFilled({0, 100}, {100, 200}, IM_COL32(140, 140, 140, 255));
        draw->AddRectFilled({100, 0}, {200, 200}, IM_COL32(140, 140, 140, 255));
        if (frame == 1) (*window)->textures().alter(*draw, kit::Look::inverted, {0, 0}, {100, 200});
        if (frame == 2) (*window)->textures().alter(*draw, kit::Look::contrast, {0, 0}, {100, 200});
        draw->AddCallback(
            [](const ImDrawList*, const ImDrawCmd* command) {
                const auto at = [](int x, int y) {
                    std::array<unsigned char, 4> pixel{};
                    glReadPixels(x, 720 - y, 1, 1, GL_RGBA, GL_UNSIGNED_BYTE, pixel.data());
                    return int{pixel[0]};
                };
                *static_cast<Seen*>(command->UserCallbackData) = {at(50, 50), at(50, 150), at(150, 50)};
            },
            &seen.at(static_cast<size_t>(frame)));
        draw->AddCallback(ImDrawCallback_ResetRenderState, nullptr);
        if (++frame == 3) (*window)->close();
    });
    ASSERT_EQ(frame, 3);
    EXPECT_NEAR(seen[0].light, 230, 1);
    EXPECT_NEAR(seen[1].light, 25, 2);
    EXPECT_NEAR(seen[1].dark, 115, 2);
    EXPECT_NEAR(seen[2].light, 234, 4);
    EXPECT_NEAR(seen[2].dark, 27, 4);
    for (const auto& each : seen) EXPECT_NEAR(each.beside, 140, 1);
}

TEST_F(WindowTest, TexturesStayWithinTheirBudgetAndOnScreen) {
    auto window = open();
    ASSERT_TRUE(window) << window.error().message;
    const std::vector<std::uint8_t> pixels(256 * 256 * 4, 200);
    Textures textures(1 << 20);  // three pictures with their mipmaps and no fourth
    for (int i = 0; i < 8; ++i) {
        for (int frame = 0; frame < 3; ++frame) textures.begin_frame();
        EXPECT_NE(textures.show("page " + std::to_string(i), 256, 256, pixels), ImTextureID_Invalid);
    }
    EXPECT_LE(textures.bytes(), size_t{1} << 20);
    EXPECT_EQ(textures.find("page 0"), ImTextureID_Invalid);
    EXPECT_NE(textures.find("page 7"), ImTextureID_Invalid);
    textures.forget("page 7");
    EXPECT_EQ(textures.find("page 7"), ImTextureID_Invalid);
    EXPECT_EQ(textures.show("cut short", 256, 256, std::span(pixels).first(100)), ImTextureID_Invalid);
    for (int i = 0; i < 8; ++i) textures.show("now " + std::to_string(i), 256, 256, pixels);
    for (int i = 0; i < 8; ++i)
        EXPECT_NE(textures.find("now " + std::to_string(i)), ImTextureID_Invalid) << "shown in this frame";
    textures.clear();
    EXPECT_EQ(textures.bytes(), 0u);
    EXPECT_EQ(Textures(1 << 20, 1024).largest_side(), 1024);
    EXPECT_GE(textures.largest_side(), 2048) << "what the card says";
}

TEST(WindowWithoutADisplay, IsRefusedWithASentence) {
    unsetenv("DISPLAY");
    unsetenv("WAYLAND_DISPLAY");
    auto window = Window::open({.title = "SealDesk", .watch_socket = {}, .jobs = {}});
    ASSERT_FALSE(window);
    EXPECT_EQ(window.error().kind, ErrorKind::unavailable);
}

}  // namespace
}  // namespace sealdesk::shell

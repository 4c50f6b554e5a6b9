// The real window on a display without a screen: what it draws, that it sleeps, and what the tour is told.
#include "shell/window.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

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
    Result<std::unique_ptr<Window>> open() {
        return Window::open({.title = "SealDesk", .width = 1280, .height = 720, .watch_socket = folder_ / "watch", .busy = {}});
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
    auto window = Window::open({.title = "SealDesk", .width = 640, .height = 480, .watch_socket = folder_ / "watch", .busy = [&] {
                                    return working.load();
                                }});
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
}

TEST(WindowWithoutADisplay, IsRefusedWithASentence) {
    unsetenv("DISPLAY");
    unsetenv("WAYLAND_DISPLAY");
    auto window = Window::open({.title = "SealDesk", .watch_socket = {}, .busy = {}});
    ASSERT_FALSE(window);
    EXPECT_EQ(window.error().kind, ErrorKind::unavailable);
}

}  // namespace
}  // namespace sealdesk::shell

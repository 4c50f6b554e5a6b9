#include "demo/driver.h"

#include <X11/keysym.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "base/translate.h"

namespace sealdesk::demo {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

// A socket's path has room for 107 bytes, a data folder's may be longer.
static std::filesystem::path socket_path() { return "/tmp/sealdesk-tour-" + std::to_string(getpid()); }

Driver::~Driver() {
    kill();
    std::error_code ignored;
    std::filesystem::remove(socket_path(), ignored);
}

void Driver::kill() {
    if (socket_ >= 0) close(socket_);
    socket_ = -1;
    buffer_.clear();
    window_.signal(SIGKILL);
    window_.wait();
}

Result<> Driver::start() {
    const std::filesystem::path socket = socket_path();
    std::error_code ignored;
    std::filesystem::remove(socket, ignored);
    // The tour looks at pixels that it can repeat anywhere: software rendering.
    SEALDESK_LET(window, Process::start({{executable_, "--home", home_, "window", "--watch", socket},
                                         {{"DISPLAY", screen_.name()}, {"LIBGL_ALWAYS_SOFTWARE", "1"}, {"XMODIFIERS", ""}},
                                         {},
                                         home_ / "window.log",
                                         {},
                                         true}));
    window_ = std::move(window);
    SEALDESK_TRY(connect());
    return idle();
}

Result<> Driver::connect() {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = socket_path();
    path.copy(address.sun_path, path.size());
    for (const auto until = Steady::now() + 30s; Steady::now() < until && window_.running(); std::this_thread::sleep_for(20ms)) {
        socket_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return {};
        close(socket_);
        socket_ = -1;
    }
    return fail(ErrorKind::internal, trf("窗口没有启动，请看 {}", (home_ / "window.log").string()));
}

Result<std::string> Driver::ask(const std::string& request) {
    const std::string line = request + "\n";
    if (socket_ < 0 || send(socket_, line.data(), line.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(line.size()))
        return fail(ErrorKind::internal, trf("窗口已经退出，请看 {}", (home_ / "window.log").string()));
    for (size_t end = 0; (end = buffer_.find('\n')) == std::string::npos;) {
        pollfd waiting{socket_, POLLIN, 0};
        char block[1 << 14];
        const ssize_t n = poll(&waiting, 1, 60'000) > 0 ? recv(socket_, block, sizeof block, 0) : 0;
        if (n <= 0) return fail(ErrorKind::internal, trf("窗口没有回答“{}”，请看 {}", request, (home_ / "window.log").string()));
        buffer_.append(block, static_cast<size_t>(n));
    }
    const size_t end = buffer_.find('\n');
    std::string answer = buffer_.substr(0, end);
    buffer_.erase(0, end + 1);
    return answer;
}

Result<> Driver::idle() {
    return ask("idle").map([](const std::string&) {});
}

Result<nlohmann::json> Driver::find(const std::string& name) {
    SEALDESK_LET(text, ask("items"));
    for (auto& item : nlohmann::json::parse(text, nullptr, false))
        if (item.is_object() && item.value("name", "") == name) return item;
    return nlohmann::json();
}

Result<bool> Driver::visible(const std::string& name) {
    SEALDESK_LET(item, find(name));
    return item.is_object();
}

Result<> Driver::until_visible(const std::string& name, int seconds) {
    for (const auto until = Steady::now() + std::chrono::seconds(seconds); Steady::now() < until;
         std::this_thread::sleep_for(30ms)) {
        SEALDESK_LET(there, visible(name));
        if (there) return {};
    }
    SEALDESK_LET(text, ask("text"));
    return fail(ErrorKind::internal, trf("屏幕上没有“{}”", name), text);
}

Result<> Driver::click(const std::string& name) {
    SEALDESK_TRY(until_visible(name));
    SEALDESK_TRY(idle());  // lists that load anew move their rows
    SEALDESK_LET(item, find(name));
    if (!item.is_object()) return fail(ErrorKind::internal, trf("屏幕上没有“{}”", name));
    if (item.value("disabled", false)) return fail(ErrorKind::internal, trf("“{}”不能点", name));
    const auto middle = [&](const char* from, const char* size) {
        return static_cast<int>(item.value(from, 0.0) + item.value(size, 0.0) / 2);
    };
    screen_.click(middle("x", "w"), middle("y", "h"));
    return idle();
}

Result<> Driver::drag(const std::string& name, double from_x, double from_y, double to_x, double to_y) {
    SEALDESK_TRY(until_visible(name));
    SEALDESK_LET(item, find(name));
    if (!item.is_object()) return fail(ErrorKind::internal, trf("屏幕上没有“{}”", name));
    const auto at = [&](const char* from, const char* size, double share) {
        return static_cast<int>(item.value(from, 0.0) + item.value(size, 0.0) * share);
    };
    screen_.move(at("x", "w", from_x), at("y", "h", from_y));
    SEALDESK_TRY(idle());  // the pointer is over it before the button goes down
    screen_.drag(at("x", "w", from_x), at("y", "h", from_y), at("x", "w", to_x), at("y", "h", to_y));
    return idle();
}

Result<> Driver::type_into(const std::string& name, const std::string& ascii) {
    SEALDESK_TRY(click(name));
    screen_.press(XK_a, true);
    screen_.type(ascii);
    return idle();
}

Result<> Driver::press(KeySym key, bool control) {
    screen_.press(key, control);
    return idle();
}

Result<> Driver::scan(const std::string& ascii) {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));  // apart from the scan before it
    screen_.type(ascii);
    screen_.press(XK_Return, false);
    return idle();
}

Result<bool> Driver::says(const std::string& words) {
    SEALDESK_LET(text, ask("text"));
    const auto parsed = nlohmann::json::parse(text, nullptr, false);
    return parsed.is_string() && parsed.get<std::string>().find(words) != std::string::npos;
}

Result<> Driver::screenshot(const std::filesystem::path& png) {
    SEALDESK_TRY(idle());
    SEALDESK_LET(answer, ask("screenshot " + png.string()));
    if (answer != "ok") return fail(ErrorKind::unavailable, trf("截图没有写成：{}", answer));
    return {};
}

}  // namespace sealdesk::demo

// sealdesk-scanbox: opens what strangers upload, behind walls. Started by the desk with
//   0, 1  the conversation (serve.h)     3  the package, read only     4  shared memory for pixels, sized by the desk
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "scanbox/pages.h"
#include "scanbox/sandbox.h"
#include "scanbox/serve.h"

namespace {

constexpr int kPackage = 3, kPixels = 4;

bool say(const std::string& line) {
    const std::string whole = line + '\n';
    for (size_t at = 0; at < whole.size();) {
        const ssize_t n = write(STDOUT_FILENO, whole.data() + at, whole.size() - at);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        at += static_cast<size_t>(n);
    }
    return true;
}

// Requests are short; 64 KiB without a line end is no request.
bool next_line(std::string& waiting, std::string& line) {
    for (;;) {
        if (const auto end = waiting.find('\n'); end != std::string::npos) {
            line = waiting.substr(0, end);
            waiting.erase(0, end + 1);
            return true;
        }
        char block[4096];
        const ssize_t n = read(STDIN_FILENO, block, sizeof block);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0 || waiting.size() > 65536) return false;
        waiting.append(block, static_cast<size_t>(n));
    }
}

std::string read_package(size_t limit) {
    std::string bytes;
    std::string block(size_t{1} << 18, '\0');
    for (;;) {
        const ssize_t n = read(kPackage, block.data(), block.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0 || bytes.size() > limit) return bytes;
        bytes.append(block, 0, static_cast<size_t>(n));
    }
}

}  // namespace

int main() {
    using namespace sealdesk::scanbox;
    const Bounds bounds;
    Desk desk;
    desk.say = [](const std::string& line) {
        if (!say(line)) _exit(3);  // nobody listens any more
    };
    struct stat status {};
    if (fstat(kPixels, &status) == 0 && status.st_size > 0) {
        void* shared = mmap(nullptr, static_cast<size_t>(status.st_size), PROT_READ | PROT_WRITE, MAP_SHARED, kPixels, 0);
        if (shared != MAP_FAILED) {
            desk.pixels = static_cast<std::uint8_t*>(shared);
            desk.room = static_cast<size_t>(status.st_size);
        }
    }
    if (!start_pictures() || !close_sandbox()) {
        say(R"({"done":true,"error":"no_sandbox"})");
        _exit(2);
    }
    const std::string package = read_package(bounds.package_bytes);
    desk.package = package;
    std::string waiting, line;
    while (next_line(waiting, line)) answer(line, desk, bounds);
    _exit(0);  // no library's farewell: it might want what the sandbox refuses
}

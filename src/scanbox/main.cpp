// sealdesk-scanbox: opens what strangers upload, behind walls. Started by the desk with one socket as descriptor 0;
// parent.h says what goes over it, serve.h what a child is asked.
#include <malloc.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "crypto/digest.h"
#include "scanbox/pages.h"
#include "scanbox/parent.h"
#include "scanbox/sandbox.h"
#include "scanbox/serve.h"
#include "scanbox/utf8_locale.h"

namespace {

using namespace sealdesk::scanbox;

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

// The file itself, without a copy. Should somebody cut it short meanwhile, this child ends and no more.
std::string_view package() {
    struct stat status {};
    if (fstat(kPackage, &status) != 0 || status.st_size <= 0) return {};
    const auto size = static_cast<size_t>(status.st_size);
    void* bytes = mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, kPackage, 0);
    return bytes == MAP_FAILED ? std::string_view{} : std::string_view(static_cast<const char*>(bytes), size);
}

void answer_one_desk(const Calls& calls, bool ready) {
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
    desk.package = package();
    if (!ready || !calls.close()) {
        desk.say(R"({"done":true,"error":"no_sandbox"})");
        _exit(2);
    }
    std::string waiting, line;
    while (next_line(waiting, line)) answer(line, desk, Bounds{});
}

}  // namespace

int main() {
    const Utf8Locale locale;  // loaded now: a child could not read it any more
    const Calls calls = Calls::prepare();
    (void)sealdesk::sha256_hex({});  // OpenSSL finds its providers now
    const bool ready = start_pictures() && close_files();
    // What a child takes from memory that was used and freed here would be copied for it, page by page.
    malloc_trim(0);
    serve_children(STDIN_FILENO, [&] { answer_one_desk(calls, ready); });
    _exit(0);
}

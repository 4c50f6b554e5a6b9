#include "scans/scanbox.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/process.h"
#include "base/translate.h"
#include "crypto/digest.h"

namespace sealdesk::scans {

namespace {

using nlohmann::json;
using Time = std::chrono::steady_clock;

constexpr size_t kLongestAnswer = size_t{8} << 20;

class Descriptor {
public:
    explicit Descriptor(int fd = -1) : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~Descriptor() {
        if (fd_ >= 0) close(fd_);
    }
    int get() const { return fd_; }
    explicit operator bool() const { return fd_ >= 0; }
    // Out of the way of the numbers 0 to 4 that the child's descriptors get one after the other.
    Descriptor high() const { return Descriptor(fcntl(fd_, F_DUPFD_CLOEXEC, 64)); }

private:
    int fd_;
};

Result<Descriptor> open_package(const std::filesystem::path& path) {
    Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat status {};
    if (!file || fstat(file.get(), &status) != 0)
        return fail(ErrorKind::unavailable, trf("读不到材料包 {}：{}", path.string(), std::strerror(errno)));
    if (!S_ISREG(status.st_mode)) return fail(ErrorKind::unavailable, trf("材料包 {} 不是文件", path.string()));
    return file;
}

// The decoder is not believed: numbers are checked, text stays text.
std::optional<int> number(const json& value, const char* key, int low, int high) {
    const auto found = value.find(key);
    if (found == value.end() || !found->is_number_integer()) return std::nullopt;
    const auto n = found->get<std::int64_t>();
    if (n < low || n > high) return std::nullopt;
    return static_cast<int>(n);
}

std::string text(const json& value, const char* key) {
    const auto found = value.find(key);
    return found != value.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

const json& list(const json& value, const char* key) {
    static const json kNone = json::array();
    const auto found = value.find(key);
    return found != value.end() && found->is_array() ? *found : kNone;
}

Refusal refusal(int entry, const std::string& name, const std::string& code, const std::string& detail) {
    return {entry, name, code, sentence_of(code, name), detail};
}

Package package_from(const json& value, const std::filesystem::path& path) {
    Package package;
    package.path = path;
    constexpr int kMany = 1'000'000;
    std::map<int, std::string> names;
    for (const auto& item : list(value, "entries")) {
        const auto index = number(item, "index", 0, kMany);
        if (!index) continue;
        Entry entry;
        entry.index = *index;
        entry.name = text(item, "name");
        entry.size = item.contains("size") && item["size"].is_number_unsigned() ? item["size"].get<std::uint64_t>() : 0;
        entry.sha256 = text(item, "sha256");
        entry.kind = text(item, "kind");
        entry.ignored = item.contains("ignored") && item["ignored"] == true;
        names[entry.index] = entry.name;
        package.entries.push_back(std::move(entry));
    }
    std::map<int, int> pages_of_entry;
    for (const auto& item : list(value, "pages")) {
        const auto entry = number(item, "entry", 0, kMany), page = number(item, "page", 0, kMany),
                   width = number(item, "width", 1, kMany), height = number(item, "height", 1, kMany),
                   dpi = number(item, "dpi", 0, kMany);
        if (!entry || !page || !width || !height || !dpi || !names.contains(*entry)) continue;
        package.pages.push_back({*entry, *page, *width, *height, *dpi, text(item, "format"), {}});
        ++pages_of_entry[*entry];
    }
    for (auto& page : package.pages) {
        // A bare picture has the name of its file, unless that is the digest it is kept under.
        const std::string file = path.filename().string();
        const std::string bare = is_sha256_hex(file) ? trf("材料.{}", page.format) : file;
        const std::string& name = names[page.entry].empty() ? bare : names[page.entry];
        page.title = pages_of_entry[page.entry] > 1 ? trf("{} 第 {} 页", name, page.number + 1) : name;
    }
    for (const auto& item : list(value, "refusals"))
        package.refusals.push_back(
            refusal(number(item, "entry", 0, kMany).value_or(-1), text(item, "name"), text(item, "code"), text(item, "detail")));
    return package;
}

}  // namespace

struct Scanbox::Answer {
    std::optional<json> reply;  // the last line, when there was one
    int probing = -1;           // the file it looked at last
    bool late = false;
    std::optional<Error> not_started;
    std::string how_it_ended;
};

Scanbox::Answer Scanbox::ask(int package, int pixels, const std::string& request, std::chrono::milliseconds limit) const {
    Answer answer;
    const auto broken = [&](const char* what) {
        answer.not_started =
            Error{ErrorKind::internal, tr("无法启动解码进程"), fmt::format("{}: {}", what, std::strerror(errno))};
        return answer;
    };
    int ends[2];
    // A socket pair: writing to a decoder that has died is an error and not a signal.
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return broken("socketpair");
    const Descriptor ours(ends[0]);
    Descriptor theirs(ends[1]);
    Descriptor nowhere(::open("/dev/null", O_RDWR | O_CLOEXEC));
    Descriptor talk = theirs.high(), file(fcntl(package, F_DUPFD_CLOEXEC, 64)), memory(fcntl(pixels, F_DUPFD_CLOEXEC, 64));
    Descriptor quiet = nowhere.high();
    if (!talk || !file || !memory || !quiet) return broken("descriptors");
    auto process = Process::start({{executable_.string()},
                                   {{"LC_ALL", "C"}, {"HOME", "/nonexistent"}, {"XDG_CACHE_HOME", "/nonexistent"}},
                                   "/",
                                   {},
                                   {{talk.get(), 0}, {talk.get(), 1}, {quiet.get(), 2}, {file.get(), 3}, {memory.get(), 4}}});
    if (!process) {
        answer.not_started = process.error();
        return answer;
    }
    theirs = Descriptor();
    talk = Descriptor();
    const std::string line = request + '\n';
    (void)!send(ours.get(), line.data(), line.size(), MSG_NOSIGNAL);
    shutdown(ours.get(), SHUT_WR);

    const auto deadline = Time::now() + limit;
    auto probe_deadline = deadline;
    std::string waiting;
    for (;;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(std::min(deadline, probe_deadline) - Time::now());
        pollfd wait{ours.get(), POLLIN, 0};
        const int ready = left.count() <= 0 ? 0 : poll(&wait, 1, static_cast<int>(left.count()));
        if (ready < 0 && errno == EINTR) continue;
        if (ready <= 0) {
            answer.late = true;
            break;
        }
        char block[1 << 16];
        const ssize_t n = recv(ours.get(), block, sizeof block, 0);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0 || waiting.size() > kLongestAnswer) break;
        waiting.append(block, static_cast<size_t>(n));
        for (size_t end; (end = waiting.find('\n')) != std::string::npos; waiting.erase(0, end + 1)) {
            auto said = json::parse(waiting.substr(0, end), nullptr, false);
            if (!said.is_object()) continue;
            if (said.contains("done")) {
                answer.reply = std::move(said);
            } else if (const auto probing = number(said, "probing", 0, 1'000'000)) {
                answer.probing = *probing;
                probe_deadline = Time::now() + limits_.probe;
            }
        }
        if (answer.reply) break;
    }
    if (answer.reply) {
        process->signal(SIGKILL);  // it has said what it had to say
    } else {
        if (answer.late) process->signal(SIGKILL);
        answer.how_it_ended = fmt::format("{} (status {})", answer.late ? "too slow" : "ended", process->wait());
    }
    return answer;
}

Result<Package> Scanbox::open(const std::filesystem::path& path) const {
    SEALDESK_LET(file, open_package(path));
    const Descriptor nothing(memfd_create("sealdesk-scan", MFD_CLOEXEC));
    if (!nothing) return fail(ErrorKind::internal, tr("没有共享内存"), std::strerror(errno));
    std::map<int, const char*> fatal;  // files that ended the decoder, and how
    const auto deadline = Time::now() + limits_.open;
    for (int attempt = 0; attempt <= limits_.deaths; ++attempt) {
        if (lseek(file.get(), 0, SEEK_SET) != 0) return fail(ErrorKind::unavailable, trf("读不到材料包 {}", path.string()));
        json skip = json::array();
        for (const auto& [index, code] : fatal) skip.push_back(index);
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Time::now());
        auto answer = ask(file.get(), nothing.get(), json{{"op", "list"}, {"skip", skip}}.dump(), left);
        if (answer.not_started) return tl::unexpected(*answer.not_started);
        if (answer.reply) {
            if (const auto code = text(*answer.reply, "error"); !code.empty())
                return fail(code == "no_sandbox" ? ErrorKind::unavailable : ErrorKind::corrupt, sentence_of(code),
                            text(*answer.reply, "detail"));
            auto package = package_from(*answer.reply, path);
            for (auto& told : package.refusals)
                if (const auto found = fatal.find(told.entry); found != fatal.end())
                    told = refusal(told.entry, told.name, found->second, told.detail);
            return package;
        }
        if (answer.probing < 0 || fatal.contains(answer.probing) || Time::now() >= deadline)
            return fail(ErrorKind::corrupt, sentence_of(answer.late ? "too_slow" : "damaged"), answer.how_it_ended);
        fatal[answer.probing] = answer.late ? "too_slow" : "damaged";
    }
    return fail(ErrorKind::corrupt, sentence_of("damaged"), "too many files end the decoder");
}

Result<Pixels> Scanbox::render(const Package& package, const Page& page, int shrink) const {
    SEALDESK_LET(file, open_package(package.path));
    const Descriptor memory(memfd_create("sealdesk-scan", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    // Room for the largest page; only what is written takes memory. Sealed: a decoder that shrinks it while
    // we read would end the desk with SIGBUS.
    const size_t room = static_cast<size_t>(limits_.page_pixels) * 4;
    if (!memory || ftruncate(memory.get(), static_cast<off_t>(room)) != 0 ||
        fcntl(memory.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
        return fail(ErrorKind::internal, tr("没有共享内存"), std::strerror(errno));
    const auto answer =
        ask(file.get(), memory.get(),
            json{{"op", "render"}, {"entry", page.entry}, {"page", page.number}, {"shrink", shrink}}.dump(), limits_.render);
    if (answer.not_started) return tl::unexpected(*answer.not_started);
    if (!answer.reply)
        return fail(ErrorKind::corrupt, sentence_of(answer.late ? "too_slow" : "damaged", page.title), answer.how_it_ended);
    if (const auto code = text(*answer.reply, "error"); !code.empty())
        return fail(code == "no_sandbox" ? ErrorKind::unavailable : ErrorKind::corrupt, sentence_of(code, page.title),
                    text(*answer.reply, "detail"));
    const auto width = number(*answer.reply, "width", 1, 1'000'000), height = number(*answer.reply, "height", 1, 1'000'000);
    if (!width || !height) return fail(ErrorKind::corrupt, sentence_of("damaged", page.title), "size of the page");
    const size_t bytes = static_cast<size_t>(*width) * static_cast<size_t>(*height) * 4;
    if (bytes > room) return fail(ErrorKind::corrupt, sentence_of("too_many_pixels", page.title));
    void* mapped = mmap(nullptr, bytes, PROT_READ, MAP_SHARED, memory.get(), 0);
    if (mapped == MAP_FAILED) return fail(ErrorKind::internal, tr("没有共享内存"), std::strerror(errno));
    return Pixels(*width, *height,
                  std::shared_ptr<const std::uint8_t>(static_cast<const std::uint8_t*>(mapped),
                                                      [bytes](auto* p) { munmap(const_cast<std::uint8_t*>(p), bytes); }));
}

Result<std::vector<std::string>> Scanbox::leaks() const {
    const Descriptor nothing(memfd_create("sealdesk-scan", MFD_CLOEXEC));
    if (!nothing) return fail(ErrorKind::internal, tr("没有共享内存"), std::strerror(errno));
    const auto answer = ask(nothing.get(), nothing.get(), R"({"op":"check"})", limits_.render);
    if (answer.not_started) return tl::unexpected(*answer.not_started);
    if (!answer.reply) return fail(ErrorKind::internal, tr("解码进程没有回答"), answer.how_it_ended);
    if (const auto code = text(*answer.reply, "error"); !code.empty())
        return fail(ErrorKind::unavailable, sentence_of(code), text(*answer.reply, "detail"));
    std::vector<std::string> found;
    for (const auto& leak : list(*answer.reply, "leaks"))
        if (leak.is_string()) found.push_back(leak.get<std::string>());
    return found;
}

}  // namespace sealdesk::scans

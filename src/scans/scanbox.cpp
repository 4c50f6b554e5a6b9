#include "scans/scanbox.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/translate.h"
#include "crypto/digest.h"
#include "scans/decoder.h"
#include "scans/pixel_memory.h"

namespace sealdesk::scans {

namespace {

using nlohmann::json;
using Time = std::chrono::steady_clock;

// A request that may hold a password, which is wiped from both places when it has been asked. It may be typed in any bytes.
class Request {
public:
    Request(json value, std::string_view password) : value_(std::move(value)) {
        if (!password.empty()) value_["password"] = std::string(password);
        line_ = value_.dump(-1, ' ', true, json::error_handler_t::replace);
    }
    ~Request() {
        wipe(line_);
        if (const auto found = value_.find("password"); found != value_.end()) wipe(found->get_ref<std::string&>());
    }
    Request(const Request&) = delete;
    Request& operator=(const Request&) = delete;
    const std::string& line() const { return line_; }

private:
    static void wipe(std::string& text) { const crypto::Secret gone(std::move(text)); }
    json value_;
    std::string line_;
};
std::string_view password_of(const Package& package) { return package.password ? package.password->view() : std::string_view(); }

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
    // A bare picture has the name of its file, unless that is the digest it is kept under.
    const auto title_of = [&](int entry, const std::string& format) {
        const std::string file = path.filename().string();
        const std::string& name = names[entry];
        return !name.empty() ? name : is_sha256_hex(file) ? trf("材料.{}", format) : file;
    };
    for (auto& page : package.pages) {
        const std::string name = title_of(page.entry, page.format);
        page.title = pages_of_entry[page.entry] > 1 ? trf("{} 第 {} 页", name, page.number + 1) : name;
    }
    for (const auto& item : list(value, "refusals")) {
        auto told =
            refusal(number(item, "entry", 0, kMany).value_or(-1), text(item, "name"), text(item, "code"), text(item, "detail"));
        if (told.entry >= 0 && told.name.empty())
            for (const auto& entry : package.entries)
                if (entry.index == told.entry)
                    told = refusal(told.entry, title_of(entry.index, entry.kind), told.code, told.detail);
        // What can only be saved is known by its size and digest.
        if (told.code == "office" || told.code == "ofd" || told.code == "unsupported")
            for (const auto& entry : package.entries)
                if (entry.index == std::max(0, told.entry))
                    told.sentence = trf("{}（{} 字节，SHA-256 {}…）", told.sentence, entry.size, entry.sha256.substr(0, 16));
        package.refusals.push_back(std::move(told));
    }
    return package;
}

}  // namespace

Scanbox::Scanbox(std::filesystem::path executable, Limits limits)
    : decoder_(std::make_shared<Decoder>(std::move(executable))), memory_(std::make_shared<PixelMemory>()), limits_(limits) {}

namespace {

// The reply, or why there is none.
Result<json> reply_of(const Answer& answer, const std::string& title) {
    if (!answer.reply) return fail(ErrorKind::corrupt, sentence_of(answer.code(), title), answer.words());
    if (const auto code = text(*answer.reply, "error"); !code.empty())
        return fail(code == "no_sandbox" ? ErrorKind::unavailable : ErrorKind::corrupt, sentence_of(code, title),
                    text(*answer.reply, "detail"));
    return *answer.reply;
}

}  // namespace

Result<Package> Scanbox::open(const std::filesystem::path& path, std::string_view password) const {
    SEALDESK_LET(file, open_package(path));
    SEALDESK_LET(nothing, shared_memory(0));
    std::map<int, const char*> fatal;  // files that ended the decoder, and how
    const auto deadline = Time::now() + limits_.open;
    for (int attempt = 0; attempt <= limits_.deaths; ++attempt) {
        json wish{{"op", "list"}, {"skip", json::array()}};
        for (const auto& [index, code] : fatal) wish["skip"].push_back(index);
        const Request request(std::move(wish), password);
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Time::now());
        SEALDESK_LET(answer, decoder_->ask(file.get(), nothing.get(), request.line(), {left, limits_.probe}));
        if (answer.reply) {
            SEALDESK_LET(reply, reply_of(answer, {}));
            auto package = package_from(reply, path);
            if (!password.empty()) package.password = std::make_shared<const crypto::Secret>(std::string(password));
            for (auto& told : package.refusals)
                if (const auto found = fatal.find(told.entry); found != fatal.end())
                    told = refusal(told.entry, told.name, found->second, told.detail);
            return package;
        }
        if (answer.probing < 0 || fatal.contains(answer.probing) || Time::now() >= deadline)
            return fail(ErrorKind::corrupt, sentence_of(answer.code()), answer.words());
        fatal[answer.probing] = answer.code();
    }
    return fail(ErrorKind::corrupt, sentence_of("crashed"), "too many files end the decoder");
}

Result<Pixels> Scanbox::render(const Package& package, const Page& page, int shrink, int pdf_dpi, const Part& part) const {
    SEALDESK_LET(file, open_package(package.path));
    const size_t room = static_cast<size_t>(limits_.page_pixels) * 4;
    SEALDESK_LET(block, memory_->take(room));
    json wish{{"op", "render"}, {"entry", page.entry}, {"page", page.number}, {"shrink", shrink}, {"dpi", pdf_dpi}};
    if (part.width > 0) wish["part"] = {{"x", part.x}, {"y", part.y}, {"width", part.width}, {"height", part.height}};
    const Request request(std::move(wish), password_of(package));
    SEALDESK_LET(answer, decoder_->ask(file.get(), block.memory.get(), request.line(), {limits_.render, limits_.render}));
    SEALDESK_LET(reply, reply_of(answer, page.title));
    const auto width = number(reply, "width", 1, 1'000'000), height = number(reply, "height", 1, 1'000'000);
    if (!width || !height) return fail(ErrorKind::corrupt, sentence_of("damaged", page.title), "size of the page");
    const size_t bytes = static_cast<size_t>(*width) * static_cast<size_t>(*height) * 4;
    if (bytes > room) return fail(ErrorKind::corrupt, sentence_of("too_many_pixels", page.title));
    SEALDESK_LET(pixels, memory_->written(std::move(block), bytes, std::move(answer.child)));
    return Pixels(*width, *height, std::move(pixels));
}

Result<int> Scanbox::picture_dpi(const Package& package, const Page& page) const {
    SEALDESK_LET(file, open_package(package.path));
    SEALDESK_LET(nothing, shared_memory(1));
    const Request request({{"op", "picture_dpi"}, {"entry", page.entry}, {"page", page.number}}, password_of(package));
    SEALDESK_LET(answer, decoder_->ask(file.get(), nothing.get(), request.line(), {limits_.render, limits_.render}));
    SEALDESK_LET(reply, reply_of(answer, page.title));
    const auto dpi = number(reply, "dpi", 0, 10'000);
    if (!dpi) return fail(ErrorKind::corrupt, sentence_of("damaged", page.title), "resolution of the page");
    return *dpi;
}

Result<std::string> Scanbox::bytes_of(const Package& package, int entry) const {
    const auto listed =
        std::find_if(package.entries.begin(), package.entries.end(), [&](const Entry& one) { return one.index == entry; });
    if (listed == package.entries.end()) return refused(sentence_of("no_such_page"));
    SEALDESK_LET(file, open_package(package.path));
    SEALDESK_LET(memory, shared_memory(limits_.unpacked_bytes));
    const Request request({{"op", "save"}, {"entry", entry}}, password_of(package));
    SEALDESK_LET(answer, decoder_->ask(file.get(), memory.get(), request.line(), {limits_.render, limits_.render}));
    SEALDESK_LET(reply, reply_of(answer, listed->name));
    const auto size = number(reply, "size", 0, static_cast<int>(limits_.unpacked_bytes));
    if (!size) return fail(ErrorKind::corrupt, sentence_of("damaged", listed->name), "size of the file");
    std::string bytes(static_cast<size_t>(*size), '\0');
    for (size_t at = 0; at < bytes.size();) {
        const ssize_t n = pread(memory.get(), bytes.data() + at, bytes.size() - at, static_cast<off_t>(at));
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return fail(ErrorKind::internal, tr("没有共享内存"), std::strerror(errno));
        at += static_cast<size_t>(n);
    }
    // What is kept outside must be what was listed, whatever the decoder did in between.
    if (sha256_hex(bytes) != listed->sha256)
        return fail(ErrorKind::corrupt, sentence_of("damaged", listed->name), "not the bytes that were listed");
    return bytes;
}

Result<std::vector<std::string>> Scanbox::leaks() const {
    SEALDESK_LET(nothing, shared_memory(0));
    SEALDESK_LET(answer, decoder_->ask(nothing.get(), nothing.get(), R"({"op":"check"})", {limits_.render, limits_.render}));
    if (!answer.reply) return fail(ErrorKind::internal, tr("解码进程没有回答"), answer.words());
    SEALDESK_LET(reply, reply_of(answer, {}));
    std::vector<std::string> found;
    for (const auto& leak : list(reply, "leaks"))
        if (leak.is_string()) found.push_back(leak.get<std::string>());
    return found;
}

}  // namespace sealdesk::scans

#include "checks/reader.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/process.h"
#include "base/text.h"
#include "base/translate.h"
#include "scans/descriptor.h"

namespace sealdesk::checks {

bool Reader::there() const {
    std::error_code error;
    return !executable_.empty() && std::filesystem::is_regular_file(executable_, error);
}

Result<std::string> Reader::read(const scans::Pixels& page, int dpi, const std::atomic<bool>& stop) const {
    if (!there()) return fail(ErrorKind::unavailable, tr("本机没有安装文字识别程序"));
    const auto bytes = page.rgba();
    const scans::Descriptor pixels = scans::Descriptor(memfd_create("sealdesk-page", MFD_CLOEXEC)).high();
    for (size_t at = 0; at < bytes.size();) {
        const ssize_t n = write(pixels.get(), bytes.data() + at, bytes.size() - at);
        if (n <= 0) return fail(ErrorKind::internal, tr("无法启动文字识别"), "memfd");
        at += static_cast<size_t>(n);
    }
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return fail(ErrorKind::internal, tr("无法启动文字识别"), "pipe");
    const scans::Descriptor from = scans::Descriptor(ends[0]).high();
    scans::Descriptor to = scans::Descriptor(ends[1]).high();
    Process::Options options;
    options.command = {executable_.string(), std::to_string(page.width()), std::to_string(page.height()), std::to_string(dpi)};
    options.environment = {{"OMP_THREAD_LIMIT", "1"}};
    options.descriptors = {{to.get(), 1}, {pixels.get(), 3}};
    options.ends_with_us = true;
    SEALDESK_LET(child, Process::start(options));
    to = scans::Descriptor();  // the end of what it says is then the end of the child
    std::string answer;
    const auto end = std::chrono::steady_clock::now() + limit_;
    for (;;) {
        if (stop) return fail(ErrorKind::unavailable, tr("文字识别已停止"));
        if (std::chrono::steady_clock::now() > end) return fail(ErrorKind::corrupt, tr("文字识别时间过长，已停止"));
        pollfd waiting{from.get(), POLLIN, 0};
        constexpr int kLookAgainMs = 100;
        if (poll(&waiting, 1, kLookAgainMs) <= 0) continue;
        char block[8192];
        const ssize_t n = ::read(from.get(), block, sizeof block);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) break;
        answer.append(block, static_cast<size_t>(n));
        constexpr size_t kMost = size_t{4} << 20;
        if (answer.size() > kMost) return fail(ErrorKind::corrupt, tr("文字识别没有给出结果"), "too long");
    }
    const int status = child.wait();
    const auto json = nlohmann::json::parse(answer, nullptr, false);
    if (status == 0 && json.is_object() && json.contains("lines") && json["lines"].is_array()) return answer;
    const std::string why =
        json.is_object() && json.contains("error") && json["error"].is_string() ? json["error"].get<std::string>() : "";
    const bool here = why == "language" || why == "no_sandbox";
    return fail(here ? ErrorKind::unavailable : ErrorKind::corrupt, tr("文字识别没有给出结果"),
                fmt::format("{} status {}", why, status));
}

std::string plain_text(std::string_view text) {
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object() || !json.contains("lines") || !json["lines"].is_array()) return {};
    struct Line {
        std::string text;
        int x = 0, middle = 0, height = 0;
    };
    std::vector<Line> lines;
    for (const auto& each : json["lines"]) {
        if (!each.is_object() || !each.contains("text") || !each["text"].is_string()) continue;
        const auto number = [&](const char* name) {
            const auto found = each.find(name);
            return found != each.end() && found->is_number_integer() ? static_cast<int>(found->get<std::int64_t>() & 0xFFFF) : 0;
        };
        lines.push_back({each["text"].get<std::string>(), number("x"), number("y") + number("height") / 2, number("height")});
    }
    // The reader's own order follows its idea of columns, which tears a table's rows apart.
    std::stable_sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) { return a.middle < b.middle; });
    std::string all;
    for (size_t from = 0; from < lines.size();) {
        size_t to = from + 1;
        while (to < lines.size() && lines[to].middle - lines[from].middle < lines[from].height / 2) ++to;
        std::stable_sort(lines.begin() + static_cast<std::ptrdiff_t>(from), lines.begin() + static_cast<std::ptrdiff_t>(to),
                         [](const Line& a, const Line& b) { return a.x < b.x; });
        for (; from < to; ++from) all += trimmed(lines[from].text) + (from + 1 < to ? " " : "\n");
    }
    return all;
}

}  // namespace sealdesk::checks

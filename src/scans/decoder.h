// The desk's end of sealdesk-scanbox (src/scanbox/parent.h): one prepared process for as long as this object lives,
// started with the first question and again should it ever be gone; a forked child of it for every question. Any
// thread, several at once.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "base/process.h"
#include "base/result.h"
#include "scans/descriptor.h"

namespace sealdesk::scans {

struct Answer {
    std::optional<nlohmann::json> reply;  // the last line, when there was one
    int probing = -1;                     // the file it looked at last
    bool late = false;
    std::optional<int> status;  // how the child ended: exit status, or 128 + signal
    Descriptor child;           // pidfd; the child has been told to end

    // Why there is no reply, as a code for sentence_of().
    const char* code() const;
    std::string words() const;  // the same for the log
};

class Decoder {
public:
    explicit Decoder(std::filesystem::path executable) : executable_(std::move(executable)) {}

    struct Patience {
        std::chrono::milliseconds all{}, probe{};  // probe: between two signs of life
    };
    // Fails only when no child could be started (unavailable, internal).
    Result<Answer> ask(int package, int pixels, const std::string& request, Patience patience);

private:
    Result<Descriptor> child(int package, int pixels);
    Result<> start();

    std::filesystem::path executable_;
    std::mutex mutex_;  // guards the two below
    Process process_;
    Descriptor control_;
};

}  // namespace sealdesk::scans

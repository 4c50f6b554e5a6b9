// A barcode scanner is a keyboard that types faster than anybody: its characters come in a burst that ends with Enter, Tab or
// CR LF, as it was set up. This tells bursts from typing by the times at which the keys came. A value of one screen; no clock of
// its own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace sealdesk::shipping {

class ScanBurst {
public:
    static constexpr size_t kShortest = 5;            // characters; shorter codes are typed
    static constexpr std::int64_t kLongestGap = 120;  // ms between two keys: a slow wireless scanner, a busy screen
    static constexpr std::int64_t kMeanGap = 45;      // ms on average over the burst: nobody types 1,300 keys a minute
    static constexpr std::int64_t kRepeat = 1000;     // ms: a label that stays in the light is read again, and meant once

    // One character at that time in ms; '\r', '\n' and '\t' end a burst. Gives its code; an empty one when the key belongs to a
    // scan that was given before: the LF after CR, or the end of the same code that began within kRepeat.
    std::optional<std::string> take(char32_t character, std::int64_t at_ms);
    // No burst is running or may be beginning.
    bool rests(std::int64_t now_ms) const { return characters_.empty() || now_ms - last_ > kLongestGap || now_ms < last_; }
    // Keys are coming too fast for a person: what they would do otherwise should wait.
    bool running(std::int64_t now_ms) const;

private:
    bool fast() const;

    std::u32string characters_;
    std::int64_t first_ = 0, last_ = 0;
    std::string given_;  // the code before
    std::int64_t given_at_ = 0;
};

}  // namespace sealdesk::shipping

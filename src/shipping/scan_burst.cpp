#include "shipping/scan_burst.h"

#include "base/text.h"

namespace sealdesk::shipping {

bool ScanBurst::fast() const {
    const auto gaps = static_cast<std::int64_t>(characters_.size()) - 1;
    return gaps > 0 && last_ - first_ <= gaps * kMeanGap;
}

bool ScanBurst::running(std::int64_t now_ms) const { return characters_.size() >= 2 && fast() && now_ms - last_ <= kLongestGap; }

std::optional<std::string> ScanBurst::take(char32_t character, std::int64_t at_ms) {
    const bool end = character == U'\r' || character == U'\n' || character == U'\t';
    // A pause, or a clock that went back, begins anew: what was typed before belongs to nobody's code.
    if (!characters_.empty() && (at_ms - last_ > kLongestGap || at_ms < last_)) characters_.clear();
    if (!end) {
        constexpr size_t kLongest = 256;
        if (character < U' ' || characters_.size() >= kLongest) return std::nullopt;
        // Somebody typed slowly and then the scanner came: its first key begins the burst.
        if (characters_.size() >= 2 && !fast()) characters_ = characters_.substr(characters_.size() - 1), first_ = last_;
        if (characters_.empty()) first_ = at_ms;
        characters_ += character;
        last_ = at_ms;
        return std::nullopt;
    }
    std::optional<std::string> code;
    if (characters_.size() >= kShortest && fast()) {
        code.emplace();
        for (const char32_t each : characters_) *code += utf8(each);
        const bool again = *code == given_ && first_ >= given_at_ && first_ - given_at_ <= kRepeat;
        given_at_ = at_ms;
        if (again)
            code->clear();
        else
            given_ = *code;
    } else if (characters_.empty() && !given_.empty() && at_ms >= given_at_ && at_ms - given_at_ <= kLongestGap) {
        code.emplace();
    }
    characters_.clear();
    return code;
}

}  // namespace sealdesk::shipping

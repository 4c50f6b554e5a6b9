#include "checks/text_diff.h"

#include <algorithm>

#include "base/text.h"
#include "base/translate.h"

namespace sealdesk::checks {

namespace {

std::string joined(const std::u32string& letters, size_t from, size_t count) {
    std::string text;
    for (size_t i = from; i < from + count; ++i) text += utf8(letters[i]);
    return text;
}

void add(std::vector<Stretch>& runs, Stretch run) {
    if (!runs.empty() && runs.back().kind == run.kind) {
        runs.back().stated += run.stated;
        runs.back().seen += run.seen;
    } else {
        runs.push_back(std::move(run));
    }
}

}  // namespace

std::vector<Stretch> diff(std::string_view stated, std::string_view seen) {
    using Kind = Stretch::Kind;
    const std::u32string a = code_points(stated), b = code_points(seen);
    constexpr size_t kMost = 500;
    if (a.size() > kMost || b.size() > kMost)
        return {{stated == seen ? Kind::equal : Kind::other, std::string(stated), std::string(seen), 0}};
    // cost[i][j]: of making the rest of b from the rest of a.
    const size_t wide = b.size() + 1;
    std::vector<int> cost((a.size() + 1) * wide);
    const auto at = [&](size_t i, size_t j) -> int& { return cost[i * wide + j]; };
    for (size_t i = a.size() + 1; i-- > 0;)
        for (size_t j = b.size() + 1; j-- > 0;) {
            if (i == a.size() || j == b.size()) {
                at(i, j) = static_cast<int>(a.size() - i + b.size() - j);
                continue;
            }
            at(i, j) = std::min({at(i + 1, j + 1) + (a[i] == b[j] ? 0 : 1), at(i + 1, j) + 1, at(i, j + 1) + 1});
        }
    std::vector<Stretch> runs;
    for (size_t i = 0, j = 0; i < a.size() || j < b.size();) {
        const bool both = i < a.size() && j < b.size();
        if (both && a[i] == b[j] && at(i, j) == at(i + 1, j + 1)) {
            add(runs, {Kind::equal, joined(a, i, 1), joined(b, j, 1), i});
            ++i, ++j;
        } else if (both && at(i, j) == at(i + 1, j + 1) + 1) {
            add(runs, {Kind::other, joined(a, i, 1), joined(b, j, 1), i});
            ++i, ++j;
        } else if (i < a.size() && at(i, j) == at(i + 1, j) + 1) {
            add(runs, {Kind::missing, joined(a, i, 1), "", i});
            ++i;
        } else {
            add(runs, {Kind::extra, "", joined(b, j, 1), i});
            ++j;
        }
    }
    return runs;
}

int distance(const std::vector<Stretch>& runs) {
    size_t letters = 0;
    for (const auto& run : runs)
        if (run.kind != Stretch::Kind::equal) letters += std::max(code_points(run.stated).size(), code_points(run.seen).size());
    return static_cast<int>(letters);
}

std::string in_words(const std::vector<Stretch>& runs) {
    std::string words;
    for (const auto& run : runs) {
        std::string part;
        switch (run.kind) {
            case Stretch::Kind::equal: continue;
            case Stretch::Kind::missing: part = trf("第 {} 位起多填了“{}”", run.at + 1, run.stated); break;
            case Stretch::Kind::extra: part = trf("第 {} 位前少填了“{}”", run.at + 1, run.seen); break;
            case Stretch::Kind::other: part = trf("第 {} 位填的是“{}”，材料上是“{}”", run.at + 1, run.stated, run.seen); break;
        }
        if (!words.empty()) words += tr("；");
        words += part;
    }
    return words;
}

}  // namespace sealdesk::checks

#include "checks/places.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/text.h"
#include "checks/turned_page.h"
#include "checks/writing.h"

namespace sealdesk::checks {

namespace {

using nlohmann::json;

struct Letter {
    char32_t sign = 0;
    PageArea area;
    size_t line = 0;
};
using Letters = std::vector<Letter>;

// Letters and digits that readers take for each other.
char32_t folded(char32_t sign) {
    if (sign >= U'a' && sign <= U'z') sign = sign - U'a' + U'A';
    switch (sign) {
        case U'O':
        case U'Q':
        case U'D': return U'0';
        case U'I':
        case U'L':
        case U'|':
        case U'!': return U'1';
        case U'Z': return U'2';
        case U'S': return U'5';
        case U'G': return U'6';
        case U'B': return U'8';
        default: return sign;
    }
}

std::u32string folded(std::string_view text) {
    std::u32string all = code_points(plain_name(text));
    for (char32_t& sign : all) sign = folded(sign);
    return all;
}

// The answer comes from another process: a number that is none is 0.
double number(const json& value, const char* name) {
    const auto found = value.find(name);
    return found != value.end() && found->is_number() ? std::clamp(found->get<double>(), 0.0, 1e6) : 0;
}
PageArea area_of(const json& value, double wide, double high) {
    return {number(value, "x") / wide, number(value, "y") / high, number(value, "width") / wide, number(value, "height") / high};
}
std::string text_of(const json& value) {
    const auto found = value.find("text");
    return found != value.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// A word's letters share its width.
void add_word(Letters& letters, const json& word, double wide, double high, size_t line) {
    const std::u32string signs = folded(text_of(word));
    const PageArea area = area_of(word, wide, high);
    for (size_t i = 0; i < signs.size(); ++i) {
        const double each = area.width / static_cast<double>(signs.size());
        letters.push_back({signs[i], {area.x + each * static_cast<double>(i), area.y, each, area.height}, line});
    }
}

std::vector<Letters> lines_of(const std::string& read) {
    std::vector<Letters> lines;
    const auto answer = json::parse(read, nullptr, false);
    if (!answer.is_object() || !answer.contains("lines") || !answer["lines"].is_array()) return lines;
    const double wide = number(answer, "width"), high = number(answer, "height");
    if (wide < 1 || high < 1) return lines;
    for (const auto& line : answer["lines"]) {
        if (!line.is_object()) continue;
        Letters letters;
        if (const auto words = line.find("words"); words != line.end() && words->is_array()) {
            for (const auto& word : *words)
                if (word.is_object()) add_word(letters, word, wide, high, lines.size());
        } else {
            add_word(letters, line, wide, high, lines.size());
        }
        if (!letters.empty()) lines.push_back(std::move(letters));
    }
    return lines;
}

// Cost of finding the first i signs of `wanted` in a stretch that ends before letter j and begins anywhere.
class Costs {
public:
    Costs(const std::u32string& wanted, const Letters& letters)
        : wanted_(wanted), letters_(letters), wide_(letters.size() + 1), cost_((wanted.size() + 1) * wide_) {
        for (size_t i = 1; i <= wanted.size(); ++i) {
            at(i, 0) = static_cast<int>(i);
            for (size_t j = 1; j <= letters.size(); ++j)
                at(i, j) = std::min({at(i - 1, j - 1) + other(i, j), at(i - 1, j) + 1, at(i, j - 1) + 1});
        }
    }
    struct Stretch {
        size_t from = 0, to = 0;
        int cost = 0;
    };
    // The cheapest stretch for the first `count` signs.
    Stretch best(size_t count) const {
        size_t end = 0;
        for (size_t j = 1; j <= letters_.size(); ++j)
            if (get(count, j) < get(count, end)) end = j;
        // Another letter is likelier than a missing one.
        if (end < letters_.size() && get(count, end) > 0 && get(count, end + 1) == get(count, end)) ++end;
        size_t i = count, from = end;
        while (i > 0) {
            if (from > 0 && get(i, from) == get(i - 1, from - 1) + other(i, from))
                --i, --from;
            else if (get(i, from) == get(i - 1, from) + 1)
                --i;
            else
                --from;
        }
        return {from, end, get(count, end)};
    }

private:
    int& at(size_t i, size_t j) { return cost_[i * wide_ + j]; }
    int get(size_t i, size_t j) const { return cost_[i * wide_ + j]; }
    int other(size_t i, size_t j) const { return wanted_[i - 1] == letters_[j - 1].sign ? 0 : 1; }

    const std::u32string& wanted_;
    const Letters& letters_;
    size_t wide_;
    std::vector<int> cost_;
};

// One area for each line.
std::vector<PageArea> areas_of(const Letters& letters, size_t from, size_t to) {
    std::vector<PageArea> areas;
    for (size_t i = from; i < to; ++i) {
        const PageArea& each = letters[i].area;
        if (i == from || letters[i].line != letters[i - 1].line) {
            areas.push_back(each);
            continue;
        }
        PageArea& area = areas.back();
        const double right = std::max(area.x + area.width, each.x + each.width),
                     low = std::max(area.y + area.height, each.y + each.height);
        area.x = std::min(area.x, each.x);
        area.y = std::min(area.y, each.y);
        area.width = right - area.x;
        area.height = low - area.y;
    }
    return areas;
}

// Its end stands in the line below its beginning, with another column's words between them in the order of reading.
struct Broken {
    int cost = std::numeric_limits<int>::max();
    std::vector<PageArea> areas;
};
Broken over_two_lines(const std::u32string& wanted, const std::vector<Letters>& lines) {
    Broken best;
    constexpr size_t kLeast = 2;  // letters on each line
    if (wanted.size() < 2 * kLeast) return best;
    for (const Letters& upper : lines) {
        const Costs begin(wanted, upper);
        for (const Letters& lower : lines) {
            const double height = std::max(upper.front().area.height, lower.front().area.height),
                         down = lower.front().area.y - upper.front().area.y;
            if (down < height * 0.5 || down > height * 3) continue;
            for (size_t cut = kLeast; cut + kLeast <= wanted.size(); ++cut) {
                const auto head = begin.best(cut);
                if (head.cost >= best.cost || head.from >= head.to) continue;
                const std::u32string rest = wanted.substr(cut);
                const auto tail = Costs(rest, lower).best(rest.size());
                if (tail.from >= tail.to || head.cost + tail.cost >= best.cost) continue;
                const auto above = areas_of(upper, head.from, head.to), below = areas_of(lower, tail.from, tail.to);
                // The line goes on where its column begins, at most a few letters to the left.
                const double slack = height * 6 + above.front().width * 0.3;
                if (below.front().x > above.front().x + above.front().width || below.front().x < above.front().x - slack)
                    continue;
                best.cost = head.cost + tail.cost;
                best.areas = {above.front(), below.front()};
            }
        }
    }
    return best;
}

int most_differences(size_t letters) { return letters < 4 ? 0 : letters < 8 ? 1 : static_cast<int>(letters / 4); }

// Where an area of the page that was turned for the reader lies on the page as it is.
PageArea turned_back(const PageArea& area, int quarters) {
    switch (quarters) {
        case 1: return {area.y, 1 - area.x - area.width, area.height, area.width};
        case 2: return {1 - area.x - area.width, 1 - area.y - area.height, area.width, area.height};
        case 3: return {1 - area.y - area.height, area.x, area.height, area.width};
        default: return area;
    }
}

}  // namespace

std::vector<ValuePlace> places_of(std::string_view value, const std::vector<std::string>& read) {
    std::vector<ValuePlace> places;
    const std::u32string wanted = folded(value);
    constexpr size_t kLongest = 200;
    if (wanted.empty() || wanted.size() > kLongest) return places;
    const int most = most_differences(wanted.size());
    for (size_t page = 0; page < read.size(); ++page) {
        const auto lines = lines_of(read[page]);
        Letters all;
        for (const auto& line : lines) all.insert(all.end(), line.begin(), line.end());
        if (all.empty()) continue;
        const int quarters = quarters_of(read[page]);
        const auto add = [&](std::vector<PageArea> areas, int distance) {
            for (auto& area : areas) area = turned_back(area, quarters);
            places.push_back({static_cast<int>(page) + 1, std::move(areas), distance});
        };
        constexpr int kOnOnePage = 3;
        int found = 0;
        for (; found < kOnOnePage; ++found) {
            const auto stretch = Costs(wanted, all).best(wanted.size());
            if (stretch.cost > most || stretch.from >= stretch.to) break;
            add(areas_of(all, stretch.from, stretch.to), stretch.cost);
            for (size_t i = stretch.from; i < stretch.to; ++i) all[i].sign = 0;  // the next one is another one
        }
        if (found > 0) continue;
        if (auto broken = over_two_lines(wanted, lines); broken.cost <= most) add(std::move(broken.areas), broken.cost);
    }
    std::stable_sort(places.begin(), places.end(),
                     [](const ValuePlace& a, const ValuePlace& b) { return a.distance < b.distance; });
    return places;
}

}  // namespace sealdesk::checks

// Which way up a page is, with a reader that is made up.
#include "checks/turned_page.h"

#include <gmock/gmock.h>

using namespace sealdesk;
using checks::Orientation;

namespace {

// Three pixels in two rows: 0 1 2 / 3 4 5 in the red channel.
scans::Pixels small() {
    const auto memory = std::shared_ptr<std::uint8_t[]>(new std::uint8_t[24]());
    for (size_t i = 0; i < 6; ++i) memory.get()[i * 4] = static_cast<std::uint8_t>(i);
    return {3, 2, std::shared_ptr<const std::uint8_t>(memory, memory.get())};
}
std::vector<int> reds(const scans::Pixels& page) {
    std::vector<int> list{page.width(), page.height()};
    for (size_t i = 0; i < page.rgba().size(); i += 4) list.push_back(page.rgba()[i]);
    return list;
}
std::string said(int confidence) { return R"({"lines":[{"text":"名称","confidence":)" + std::to_string(confidence) + "}]}"; }

// Answers with the confidence of each reading in turn.
struct MadeUp {
    std::vector<int> confidences;
    std::vector<std::vector<int>> seen;
    checks::Read read() {
        return [this](const scans::Pixels& page) -> Result<std::string> {
            seen.push_back(reds(page));
            const int now = confidences.at(seen.size() - 1);
            if (now < 0) return fail(ErrorKind::corrupt, "ended");
            return said(now);
        };
    }
};

}  // namespace

TEST(TurnedPage, TurnsClockwise) {
    EXPECT_EQ(reds(checks::turned(small(), 0)), (std::vector{3, 2, 0, 1, 2, 3, 4, 5}));
    EXPECT_EQ(reds(checks::turned(small(), 1)), (std::vector{2, 3, 3, 0, 4, 1, 5, 2}));
    EXPECT_EQ(reds(checks::turned(small(), 2)), (std::vector{3, 2, 5, 4, 3, 2, 1, 0}));
    EXPECT_EQ(reds(checks::turned(small(), 3)), (std::vector{2, 3, 2, 5, 1, 4, 0, 3}));
}

TEST(TurnedPage, ConfidenceIsThatOfTheLetters) {
    EXPECT_EQ(checks::confidence_of(said(80)), 80);
    EXPECT_EQ(checks::confidence_of(R"({"lines":[{"text":"ab","confidence":90},{"text":"abcd","confidence":30}]})"), 50);
    for (const char* nothing : {"", "{}", R"({"lines":[]})", R"({"lines":[{"text":1}]})", R"({"lines":7})"})
        EXPECT_EQ(checks::confidence_of(nothing), 0) << nothing;
    EXPECT_EQ(checks::quarters_of(R"({"quarters":2})"), 2);
    for (const char* none : {"", "{}", R"({"quarters":"2"})"}) EXPECT_EQ(checks::quarters_of(none), 0) << none;
}

TEST(TurnedPage, IsReadAgainOnlyWhenItMakesLittleSense) {
    MadeUp good{{90}, {}}, poor{{30, 85}, {}}, poor_both{{40, 45}, {}}, lies{{20, 90}, {}}, ends{{-1}, {}},
        ends_later{{30, -1}, {}};
    EXPECT_EQ(checks::quarters_of(*checks::read_upright(small(), Orientation::upright, good.read())), 0);
    EXPECT_EQ(good.seen.size(), 1U);
    EXPECT_EQ(checks::quarters_of(*checks::read_upright(small(), Orientation::upright, poor.read())), 2);
    EXPECT_EQ(poor.seen[1], reds(checks::turned(small(), 2)));
    EXPECT_EQ(checks::quarters_of(*checks::read_upright(small(), Orientation::unknown, poor_both.read())), 0)
        << "a little more is no sense";
    EXPECT_EQ(checks::quarters_of(*checks::read_upright(small(), Orientation::sideways, lies.read())), 3);
    EXPECT_EQ(checks::read_upright(small(), Orientation::upright, ends.read()).error().kind, ErrorKind::corrupt);
    EXPECT_EQ(checks::confidence_of(*checks::read_upright(small(), Orientation::upright, ends_later.read())), 30);
}

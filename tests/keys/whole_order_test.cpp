// The stories of key_desk.h with nothing that interrupts them, on both engines.
#include <gtest/gtest.h>

#include "tests/keys/fake_tokens.h"
#include "tests/keys/key_desk.h"

using namespace sealdesk;
using orders::ReplacementCause;
using tests::KeyDesk;

namespace {

class WholeOrder : public testing::TestWithParam<storage::Engine> {};
SEALDESK_ON_BOTH_ENGINES(WholeOrder);

}  // namespace

TEST_P(WholeOrder, OfOneKeyAndOfSeveral) {
    for (const auto cause : {ReplacementCause::none, ReplacementCause::lost, ReplacementCause::damaged})
        for (const int quantity : {1, 2, 3}) {
            SCOPED_TRACE(fmt::format("{} {}", orders::name_of(cause), quantity));
            const tests::Story story{"", cause, quantity};
            const tests::TemporaryFolder folder;
            tests::FakeTokens tokens;
            std::vector<std::string> serials;
            for (int i = 0; i <= quantity; ++i) tokens.add(serials.emplace_back(fmt::format("K{}", i)));
            KeyDesk desk(folder.path(), &tokens, GetParam());
            ASSERT_OK(keys::seen(*desk.database, *tokens.list()));
            tests::begin_story(desk, story, serials.front());
            for (int unit = 1; unit <= quantity; ++unit) {
                EXPECT_FALSE(desk.issued(2)) << "before KEY " << unit;
                const auto job = desk.write(KeyDesk::no(2), serials[static_cast<size_t>(unit)]);
                ASSERT_OK(job);
                EXPECT_EQ(job->unit_no, unit);
            }
            desk.expect_whole(story.replaces() ? 1 : 0);
            for (int unit = 1; unit <= quantity; ++unit) desk.expect_on_key(serials[static_cast<size_t>(unit)]);
            // One more is not taken for an order that has all of its KEYs.
            tokens.add("spare");
            ASSERT_OK(keys::seen(*desk.database, {tokens.key("spare").info}));
            EXPECT_EQ(desk.write(KeyDesk::no(2), "spare").error().kind, ErrorKind::conflict);
            EXPECT_EQ(keys::find_key(*desk.database, "spare").value()->state, keys::KeyState::blank);
            desk.expect_whole(story.replaces() ? 1 : 0);
        }
}

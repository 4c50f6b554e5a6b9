// The KEY is pulled while an order is written, at one call of its driver after the other, and plugged in again: the whole
// order, with journal, replacement and stock, ends as if nothing had happened.
#include <gtest/gtest.h>

#include "keys/soft_key.h"
#include "tests/keys/key_desk.h"
#include "tests/keys/plug.h"
#include "tests/keys/soft_folder.h"

using namespace sealdesk;
using namespace sealdesk::keys;
using tests::KeyDesk;
using tests::plug;

namespace {

class PulledStory : public testing::TestWithParam<tests::Story> {};

}  // namespace

TEST_P(PulledStory, EndsWhole) {
    const auto& story = GetParam();
    const std::filesystem::path folder = soft_folder();
    {
        const auto soft = use_soft_keys(folder / "keys");  // keeps the library loaded and initialised
        ASSERT_OK(soft);
        std::vector<std::string> serials;
        for (int i = 0; i <= story.quantity; ++i) {
            const auto added =
                add_soft_key(**soft, fmt::format("KEY {}", i), crypto::Secret(std::string("12345678")), tests::user_pin());
            ASSERT_OK(added);
            serials.push_back(added->serial);
        }
        const auto real = Module::load(*soft_key_module());
        ASSERT_OK(real);
        plug = {(*real)->f, 0, 0, false, false};
        CK_FUNCTION_LIST list = tests::guarded_list(*(*real)->f);
        const auto tokens = tokens_over(std::make_shared<Module>(nullptr, &list, false));
        const auto wipe = [&] {
            for (const auto& serial : serials) {
                auto session = std::move(*tokens->open(serial));
                ASSERT_OK(session->login(tests::user_pin()));
                const auto pairs = session->key_pairs().value();
                for (const auto& pair : pairs) ASSERT_OK(session->delete_objects(pair.id));
            }
        };
        // Every call for one KEY; for three, and for what came before a replacement, a stride that meets every step.
        const long stride = story.quantity > 1 ? 11 : story.replaces() ? 5 : 1;
        long pulls = 0, lost = 0;
        // First the call is not done; then it is done and its answer is lost, which matters for what changes the KEY.
        bool answer_lost = false;
        for (long at = 1;; at += answer_lost ? 1 : stride) {
            SCOPED_TRACE(fmt::format("pulled at call {}", at));
            tests::TemporaryFolder home;
            KeyDesk desk(home.path(), tokens.get());
            ASSERT_OK(seen(*desk.database, *tokens->list()));
            tests::begin_story(desk, story, serials.front());
            plug.answer_lost = answer_lost;
            plug.calls = 0;
            plug.pulled_at = at;
            for (size_t i = 1; i < serials.size() && !plug.gone; ++i) static_cast<void>(desk.write(KeyDesk::no(2), serials[i]));
            const bool happened = plug.gone;
            plug.pulled_at = 0;
            plug.gone = plug.answer_lost = false;
            for (size_t i = 1; i < serials.size(); ++i) {
                const auto job = desk.write(KeyDesk::no(2), serials[i]);
                EXPECT_TRUE(job || desk.issued(2)) << job.error().message << job.error().detail;
            }
            desk.expect_whole(story.replaces() ? 1 : 0);
            for (size_t i = 1; i < serials.size(); ++i) desk.expect_on_key(serials[i]);
            wipe();
            if (HasFailure() || (answer_lost && !happened)) break;
            ++(answer_lost ? lost : pulls);
            if (!happened) {
                answer_lost = true;
                at = 0;
            }
        }
        EXPECT_GE(lost, 3 * story.quantity);
        EXPECT_GE(pulls, story.quantity > 1 ? 10 : story.replaces() ? 8 : 40);
    }
    std::filesystem::remove_all(folder);
}

INSTANTIATE_TEST_SUITE_P(Story, PulledStory, testing::ValuesIn(tests::kStories), tests::story_name);

// The KEY is pulled while an order is written, at one call of its driver after the other, and plugged in again: the whole
// order, with journal, replacement and stock, ends as if nothing had happened.
#include <gtest/gtest.h>

#include <set>

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
        plug.reset((*real)->f);
        CK_FUNCTION_LIST list = tests::guarded_list(*(*real)->f);
        const auto tokens = tokens_over(std::make_shared<Module>(nullptr, &list, false));
        const auto wipe = [&] {
            for (const auto& serial : serials) {
                auto session = std::move(*tokens->open(serial));
                ASSERT_OK(session->login(tests::user_pin()));
                const auto pairs = session->key_pairs().value();
                for (const auto& pair : pairs) ASSERT_OK(session->delete_objects(pair.id));
                ASSERT_OK(session->delete_data(kSealLabel));
            }
        };
        std::set<std::pair<std::string, Step>> met;  // KEY and step at which it was pulled
        // One order from its approval to its end, with the KEY pulled where `pull` says. True when it was pulled.
        const auto story_with = [&](const std::function<void(KeyDesk&)>& pull) {
            tests::TemporaryFolder home;
            KeyDesk desk(home.path(), tokens.get());
            [&] {
                ASSERT_OK(seen(*desk.database, *tokens->list()));
                tests::begin_story(desk, story, serials.front());
            }();
            plug.calls = 0;
            pull(desk);
            for (size_t i = 1; i < serials.size() && !plug.gone; ++i) {
                const auto written = desk.write(KeyDesk::no(2), serials[i]);
                if (const auto job = job_of(*desk.database, serials[i]); plug.gone && !written && job && *job)
                    if (const auto step = next((*job)->done)) met.emplace(serials[i], *step);
            }
            const bool happened = plug.gone;
            plug.plug_in();
            desk.bench.watch = {};
            for (size_t i = 1; i < serials.size(); ++i) {
                const auto job = desk.write(KeyDesk::no(2), serials[i]);
                EXPECT_TRUE(job || desk.finished(serials[i])) << job.error().message << job.error().detail;
            }
            desk.expect_whole(story.replaces() ? 1 : 0);
            for (size_t i = 1; i < serials.size(); ++i) desk.expect_on_key(serials[i]);
            wipe();
            return happened;
        };
        // At the beginning of every step of every KEY.
        for (size_t i = 1; i < serials.size(); ++i)
            for (int step = static_cast<int>(Step::generate); step < kSteps; ++step) {
                SCOPED_TRACE(fmt::format("pulled at step {} of KEY {}", step, i));
                EXPECT_TRUE(story_with([&](KeyDesk& desk) {
                    desk.bench.watch = [&, i, step](const Job& job, Step done, Moment moment) {
                        const bool before = done == Step::allocate ? moment == Moment::recording : moment == Moment::recorded;
                        if (job.key_serial == serials[i] && static_cast<int>(done) == step - 1 && before)
                            plug.pulled_at = plug.calls + 1;
                    };
                }));
                if (HasFailure()) break;
            }
        EXPECT_EQ(met.size(), (kSteps - 1) * static_cast<size_t>(story.quantity));
        // Then at one call after the other; for several KEYs, and for what came before a replacement, with a stride.
        const long stride = story.quantity > 1 ? 31 : story.replaces() ? 11 : 3;
        long pulls = 0, lost = 0;
        for (long at = 1; !HasFailure(); at += stride) {
            SCOPED_TRACE(fmt::format("pulled at call {}", at));
            if (!story_with([&](KeyDesk&) { plug.pulled_at = at; })) break;
            ++pulls;
        }
        // The call is done and its answer is lost, which matters for what changes the KEY: every one of them.
        for (long at = 1; !HasFailure(); ++at) {
            SCOPED_TRACE(fmt::format("answer lost at call {}", at));
            if (!story_with([&](KeyDesk&) {
                    plug.answer_lost = true;
                    plug.pulled_at = at;
                }))
                break;
            ++lost;
        }
        EXPECT_GE(lost, 4 * story.quantity);  // login, key pair, certificate, seal
        EXPECT_GE(pulls, 8);
    }
    std::filesystem::remove_all(folder);
}

INSTANTIATE_TEST_SUITE_P(Story, PulledStory, testing::ValuesIn(tests::kStories), tests::story_name);

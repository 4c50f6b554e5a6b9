// Desks are processes of their own on one database: hundreds of orders, every one decided, none by two.
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <map>

#include "audit/audit.h"
#include "base/files.h"
#include "review/review.h"
#include "support/orders.h"

using namespace sealdesk;
using orders::State;

namespace {

constexpr int kDesks = 4, kOrders = 300;

// One desk's whole day, in a process of its own: claims and decides until the queue is empty. Returns the exit status.
int work(const std::string& url, const std::filesystem::path& log, int desk) {
    tests::TestClock clock;
    crypto::SystemRandom random;
    auto database = storage::Database::open({url, tests::source("data/migrations/desk"), &clock, &random, 1});
    if (!database) return 2;
    const staff::Actor actor{fmt::format("desk{}", desk), "审核", static_cast<staff::Roles>(staff::Role::reviewer)};
    const review::Rules rules;
    std::ofstream decided(log);
    for (int unavailable = 0; unavailable < 50;) {
        const auto next = review::claim_next(**database, actor, rules);
        if (!next) {
            ++unavailable;  // the store was busy longer than a desk waits: a person would press again
            continue;
        }
        if (!*next) return decided.flush() ? 0 : 3;
        const auto order = orders::load(**database, **next);
        if (!order) return 4;
        const review::Seen seen{**next, order->revision, order->row_version};
        // The second one is the late write of somebody who saw the same: refused.
        if (!review::approve(**database, actor, rules, seen)) return 5;
        if (review::approve(**database, actor, rules, seen)) return 6;
        decided << **next << '\n';
    }
    return 7;
}

}  // namespace

class TwoDesks : public tests::OnBothEngines {};

TEST_P(TwoDesks, DecideEveryOrderOnce) {
    const std::string url = tests::new_database_url(GetParam(), folder_.path());
    {
        auto database = storage::Database::open({url, tests::source("data/migrations/desk"), &clock_, &random_, 1});
        ASSERT_OK(database);
        ASSERT_OK((*database)->write([](storage::Tx& tx) -> Result<> {
            for (int n = 1; n <= kOrders; ++n) SEALDESK_TRY(tests::put(tx, tests::sample_order(n)));
            return {};
        }));
    }  // no connection crosses the fork
    std::vector<pid_t> desks;
    for (int desk = 0; desk < kDesks; ++desk) {
        const pid_t child = fork();
        ASSERT_GE(child, 0);
        if (child == 0) _exit(work(url, folder_.path() / std::to_string(desk), desk));
        desks.push_back(child);
    }
    for (const pid_t desk : desks) {
        int status = 0;
        ASSERT_EQ(waitpid(desk, &status, 0), desk);
        EXPECT_TRUE(WIFEXITED(status));
        EXPECT_EQ(WEXITSTATUS(status), 0);
    }
    std::map<std::string, std::string> decided_by;
    for (int desk = 0; desk < kDesks; ++desk) {
        std::ifstream log(folder_.path() / std::to_string(desk));
        for (std::string no; std::getline(log, no);)
            EXPECT_TRUE(decided_by.emplace(no, fmt::format("desk{}", desk)).second) << no << " was decided twice";
    }
    EXPECT_EQ(decided_by.size(), static_cast<size_t>(kOrders)) << "some were forgotten";
    auto database = storage::Database::open({url, tests::source("data/migrations/desk"), &clock_, &random_, 1});
    ASSERT_OK(database);
    for (const auto& [no, desk] : decided_by) {
        const auto order = orders::load(**database, no);
        ASSERT_OK(order);
        EXPECT_EQ(order->state, State::approved);
        EXPECT_EQ(order->approved_by, desk);
        EXPECT_EQ(review::decisions(**database, no)->size(), 1u);
    }
    const auto chain = audit::verify(**database);
    ASSERT_OK(chain);
    EXPECT_FALSE(chain->first_bad) << chain->sentence;
}

SEALDESK_ON_BOTH_ENGINES(TwoDesks);

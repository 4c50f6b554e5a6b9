#include "jobs/pool.h"

#include <gtest/gtest.h>

#include <future>
#include <latch>
#include <memory>
#include <string>

using sealdesk::ErrorKind;
using sealdesk::Result;
using sealdesk::jobs::Async;
using sealdesk::jobs::Pool;

TEST(PoolTest, WaitIdleWaitsForEveryJob) {
    std::atomic<int> done = 0;
    Pool pool(3);
    for (int i = 0; i < 200; ++i) pool.submit([&] { ++done; });
    pool.wait_idle();
    EXPECT_EQ(done, 200);
    EXPECT_EQ(pool.busy(), 0U);
    pool.wait_idle();  // nothing to wait for
}

TEST(PoolTest, WaitIdleWaitsForJobsThatJobsSubmit) {
    std::atomic<int> done = 0;
    Pool pool(2);
    pool.submit([&] {
        pool.submit([&] {
            pool.submit([&] { ++done; });
            ++done;
        });
        ++done;
    });
    pool.wait_idle();
    EXPECT_EQ(done, 3);
}

// Each job waits for the other one: with one thread they would never end.
TEST(PoolTest, JobsRunSideBySide) {
    Pool pool(2);
    std::latch both(2);
    for (int i = 0; i < 2; ++i) pool.submit([&] { both.arrive_and_wait(); });
    pool.wait_idle();
    EXPECT_TRUE(both.try_wait());
}

TEST(PoolTest, OneThreadKeepsTheOrder) {
    std::string order;
    Pool pool(1);
    for (char c = 'a'; c <= 'j'; ++c) pool.submit([&order, c] { order += c; });
    pool.wait_idle();
    EXPECT_EQ(order, "abcdefghij");
}

TEST(PoolTest, EachFinishedJobWakesTheFrame) {
    std::atomic<int> woken = 0;
    {
        Pool pool(2, [&] { ++woken; });
        for (int i = 0; i < 10; ++i) pool.submit([] {});
        pool.wait_idle();
    }
    EXPECT_EQ(woken, 10);
}

// What runs is finished, and nothing of what waited is left behind.
TEST(PoolTest, TheEndWaitsForWhatRuns) {
    const auto captured = std::make_shared<int>(0);
    bool finished = false;
    {
        std::promise<void> running, go;
        Pool pool(1);
        pool.submit([&] {
            running.set_value();
            go.get_future().wait();
            finished = true;
        });
        running.get_future().wait();
        for (int i = 0; i < 3; ++i) pool.submit([captured] { ++*captured; });
        EXPECT_EQ(pool.busy(), 4U);
        go.set_value();
    }
    EXPECT_TRUE(finished);
    EXPECT_EQ(captured.use_count(), 1);
}

TEST(AsyncTest, AnAnswerArrivesOnceAndStays) {
    Pool pool(1);
    Async<int> question;
    EXPECT_TRUE(question.idle_and_empty());
    EXPECT_EQ(question.ready(), nullptr);
    question.start(pool, [] { return 7; });
    pool.wait_idle();
    EXPECT_FALSE(question.running());
    EXPECT_TRUE(question.arrived());
    EXPECT_FALSE(question.arrived());
    ASSERT_NE(question.ready(), nullptr);
    EXPECT_EQ(*question.ready(), 7);
    question.clear();
    EXPECT_TRUE(question.idle_and_empty());
}

TEST(AsyncTest, TheNewestAnswerWinsAlsoWhenItComesFirst) {
    Pool pool(2);
    Async<std::string> question;
    std::promise<void> go;
    question.start(pool, [&, wait = go.get_future().share()] {
        wait.wait();
        return std::string("old");
    });
    std::promise<void> answered;
    question.start(pool, [&] { return std::string("new"); });
    pool.submit([&] { answered.set_value(); });  // runs behind "new" on the thread that is free
    answered.get_future().wait();
    ASSERT_NE(question.ready(), nullptr);
    EXPECT_EQ(*question.ready(), "new");
    EXPECT_TRUE(question.arrived());
    go.set_value();
    pool.wait_idle();
    EXPECT_FALSE(question.arrived());
    EXPECT_EQ(*question.ready(), "new");
}

TEST(AsyncTest, TheLastAnswerStaysWhileTheNextIsMade) {
    Pool pool(1);
    Async<int> question;
    question.start(pool, [] { return 1; });
    pool.wait_idle();
    EXPECT_TRUE(question.arrived());
    std::promise<void> go;
    question.start(pool, [&] {
        go.get_future().wait();
        return 2;
    });
    EXPECT_TRUE(question.running());
    ASSERT_NE(question.ready(), nullptr);
    EXPECT_EQ(*question.ready(), 1);
    EXPECT_FALSE(question.arrived());
    go.set_value();
    pool.wait_idle();
    EXPECT_TRUE(question.arrived());
    EXPECT_EQ(*question.ready(), 2);
}

// A panel that closes does not wait for its question; the answer goes nowhere.
TEST(AsyncTest, MayGoBeforeItsAnswer) {
    const auto captured = std::make_shared<int>(0);
    Pool pool(1);
    std::promise<void> go;
    {
        Async<int> question;
        question.start(pool, [&go, captured] {
            go.get_future().wait();
            return *captured;
        });
    }
    go.set_value();
    pool.wait_idle();
    EXPECT_EQ(captured.use_count(), 1);
}

TEST(AsyncTest, AJobThatThrowsEndsItsQuestionAndNothingElse) {
    Pool pool(1);
    Async<Result<int>> with_room;
    with_room.start(pool, []() -> Result<int> { throw std::runtime_error("broken"); });
    Async<int> without;
    without.start(pool, []() -> int { throw std::runtime_error("broken"); });
    pool.submit([] { throw std::runtime_error("broken"); });
    pool.wait_idle();
    ASSERT_NE(with_room.ready(), nullptr);
    ASSERT_FALSE(*with_room.ready());
    EXPECT_EQ(with_room.ready()->error().kind, ErrorKind::internal);
    EXPECT_EQ(with_room.ready()->error().detail, "broken");
    EXPECT_FALSE(without.running());
    EXPECT_EQ(without.ready(), nullptr);
    Async<int> next;
    next.start(pool, [] { return 7; });
    pool.wait_idle();
    ASSERT_NE(next.ready(), nullptr);
    EXPECT_EQ(*next.ready(), 7);
}

TEST(AsyncTest, ClearForgetsTheQuestion) {
    Pool pool(1);
    Async<int> question;
    question.start(pool, [] { return 1; });
    question.clear();
    pool.wait_idle();
    EXPECT_EQ(question.ready(), nullptr);
    EXPECT_FALSE(question.arrived());
}

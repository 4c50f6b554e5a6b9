// Approving together what nothing speaks against.
#include "checks/batch.h"

#include <gmock/gmock.h>

#include "acts/acts.h"
#include "audit/audit.h"
#include "checks/findings_store.h"
#include "support/orders.h"

using namespace sealdesk;
using checks::Verdict;
using orders::State;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {
std::string no(int n) { return fmt::format("DD20261122-{:04}", n); }
constexpr staff::Roles kBoth = staff::Role::reviewer | staff::Role::supervisor;
const staff::Actor kGuo{"guo", "郭主管", kBoth};
const staff::Actor kZhou{"zhou", "周敏", static_cast<staff::Roles>(staff::Role::reviewer)};
const staff::Actor kSun{"sun", "孙主管", static_cast<staff::Roles>(staff::Role::supervisor)};
}  // namespace

class BatchTest : public tests::OnBothEngines {
protected:
    void SetUp() override {
        open();
        std::vector<orders::Order> list;
        for (int n = 1; n <= 5; ++n) list.push_back(tests::sample_order(n));
        ASSERT_OK(tests::put(*database_, list, State::paid));
    }
    // As a run of the checks leaves it.
    void examined(int n, Verdict document, const std::string& papers = "read", int version = checks::rules_version()) {
        ASSERT_OK(database_->write([&](storage::Tx& tx) -> Result<> {
            const auto finding = [](const checks::Rule& rule, Verdict verdict) {
                checks::Finding made;
                made.rule = rule.name;
                made.verdict = verdict;
                made.word = made.evidence = made.basis = "测试";
                return made;
            };
            SEALDESK_LET(order, orders::load(tx, no(n)));
            checks::keep_findings(tx, no(n), order.revision,
                                  {finding(checks::rules::document, document), finding(checks::rules::name, Verdict::ok),
                                   finding(checks::rules::freight, Verdict::unchecked)});
            checks::keep_run(tx, no(n), {order.revision, version, papers, 1, tx.now});
            return {};
        }));
    }
    review::Seen seen(int n) {
        const auto order = orders::load(*database_, no(n)).value();
        return {no(n), order.revision, order.row_version};
    }
    std::vector<std::string> green(const staff::Actor& actor = kGuo) {
        const auto list = checks::all_green(*database_, actor, 100);
        EXPECT_TRUE(list) << list.error().message << list.error().detail;
        std::vector<std::string> numbers;
        if (list)
            for (const auto& each : *list) numbers.push_back(each.seen.no);
        return numbers;
    }
    Result<> approve(int n, const staff::Actor& actor = kGuo) {
        return checks::approve_green(*database_, actor, rules_, seen(n));
    }
    State state(int n) { return orders::load(*database_, no(n))->state; }
    const review::Rules rules_{};
};

TEST_P(BatchTest, OnlyOrdersThatNothingSpeaksAgainst) {
    examined(1, Verdict::ok);
    examined(2, Verdict::warning);
    examined(3, Verdict::ok, "absent");
    examined(4, Verdict::ok, "read", checks::rules_version() - 1);
    EXPECT_THAT(green(), ElementsAre(no(1)));
    const auto list = checks::all_green(*database_, kGuo, 100).value();
    EXPECT_EQ(list[0].right, 2);
    EXPECT_EQ(list[0].unchecked, 1);
    EXPECT_EQ(list[0].answered, 0);
    EXPECT_EQ(list[0].subject_name, tests::sample_order(1).subject.name);
}

TEST_P(BatchTest, EachHasItsOwnDecisionLogAndUndo) {
    examined(1, Verdict::ok);
    examined(2, Verdict::ok);
    ASSERT_OK(approve(1));
    ASSERT_OK(approve(2));
    for (const int n : {1, 2}) {
        EXPECT_EQ(state(n), State::approved);
        EXPECT_EQ(review::decisions(*database_, no(n))->size(), 1u);
        EXPECT_EQ(acts::of_order(*database_, no(n))->size(), 1u);
        const auto log = audit::page(*database_, no(n), 0, 10).value();
        ASSERT_GE(log.size(), 2u);
        EXPECT_EQ(log[0].action, "review.approve");
        EXPECT_EQ(log[1].action, "review.batch");
        EXPECT_EQ(log[1].actor, "guo");
    }
    // One after the other, the last first; each alone.
    EXPECT_EQ(review::undoable(*database_, kGuo)->value().no, no(2));
    ASSERT_OK(review::undo(*database_, kGuo, rules_, no(2)));
    EXPECT_EQ(state(2), State::paid);
    EXPECT_EQ(state(1), State::approved);
    EXPECT_EQ(review::undoable(*database_, kGuo)->value().no, no(1));
    ASSERT_OK(review::undo(*database_, kGuo, rules_, no(1)));
    EXPECT_EQ(state(1), State::paid);
}

TEST_P(BatchTest, NeedsBothRights) {
    examined(1, Verdict::ok);
    for (const auto& actor : {kZhou, kSun}) {
        EXPECT_EQ(checks::all_green(*database_, actor, 10).error().kind, ErrorKind::denied);
        EXPECT_EQ(approve(1, actor).error().kind, ErrorKind::denied);
    }
    EXPECT_EQ(state(1), State::paid);
    EXPECT_EQ(audit::page(*database_, no(1), 0, 10)->size(), 0u) << "nothing was opened";
}

TEST_P(BatchTest, RefusesWhatIsNotGreenAndSaysWhy) {
    const auto why = [&](int n) {
        const auto done = approve(n);
        EXPECT_FALSE(done);
        EXPECT_EQ(state(n), State::paid);
        return done ? std::string() : done.error().message;
    };
    EXPECT_THAT(why(1), HasSubstr("还没有核对完"));
    examined(1, Verdict::fault);
    EXPECT_THAT(why(1), HasSubstr("1 项"));
    examined(2, Verdict::ok, "absent");
    EXPECT_THAT(why(2), HasSubstr("材料"));
    examined(3, Verdict::ok, "read", checks::rules_version() - 1);
    EXPECT_THAT(why(3), HasSubstr("还没有核对完"));
}

TEST_P(BatchTest, AnAnsweredFindingDoesNotStandInTheWay) {
    examined(1, Verdict::warning);
    ASSERT_OK(review::claim(*database_, kZhou, rules_, no(1)));
    ASSERT_OK(checks::override_finding(*database_, kZhou, seen(1), {std::string(checks::rules::document.name), "", "测试"},
                                       "电话核实过"));
    EXPECT_THAT(green(), ElementsAre()) << "it is in other hands";
    EXPECT_EQ(approve(1).error().kind, ErrorKind::conflict);
    ASSERT_OK(review::release(*database_, kZhou, no(1)));
    EXPECT_THAT(green(), ElementsAre(no(1)));
    EXPECT_EQ(checks::all_green(*database_, kGuo, 10)->at(0).answered, 1);
    ASSERT_OK(approve(1));
}

TEST_P(BatchTest, WhatWasSentBackOnceIsLookedAtByItself) {
    ASSERT_OK(database_->write([&](storage::Tx& tx) -> Result<> {
        SEALDESK_LET(desk, orders::load(tx, no(1)));
        orders::Order corrected = desk.order;
        corrected.submissions.push_back({2, std::string(64, 'b'), "新材料.zip", 2000, tx.now});
        return orders::update_form(tx, desk, corrected);
    }));
    examined(1, Verdict::ok);
    EXPECT_THAT(green(), ElementsAre());
    const auto done = approve(1);
    ASSERT_FALSE(done);
    EXPECT_THAT(done.error().message, HasSubstr("重新提交"));
}

TEST_P(BatchTest, ALateApprovalIsAConflict) {
    examined(1, Verdict::ok);
    const auto old = seen(1);
    ASSERT_OK(approve(1));
    EXPECT_EQ(checks::approve_green(*database_, kGuo, rules_, old).error().kind, ErrorKind::conflict);
    EXPECT_EQ(review::decisions(*database_, no(1))->size(), 1u);
}

SEALDESK_ON_BOTH_ENGINES(BatchTest);

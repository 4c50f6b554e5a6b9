// Lists, and sentences about what somebody else did, call people as paper does: by their names. The login stays where it is
// needed, and stands for the name of who is not on the staff.
#include <gmock/gmock.h>

#include "audit/audit.h"
#include "daily/daily.h"
#include "keys/stock.h"
#include "orders/number_ranges.h"
#include "printing/print_jobs.h"
#include "review/review.h"
#include "shipping/handover.h"
#include "shipping/shipping.h"
#include "support/orders.h"
#include "tasks/tasks.h"

using namespace sealdesk;
using orders::State;
using testing::HasSubstr;

class PeopleTest : public tests::OnBothEngines {
protected:
    void SetUp() override {
        open();
        ASSERT_OK(
            staff::add(*database_, nullptr, {"wangmin", "王敏", kAll, true, {}}, crypto::Secret(std::string("correct horse"))));
        ASSERT_OK(database_->write([](storage::Tx& tx) {
            return orders::define(tx, {"waybill", "EA{s10}CN", 12345678, 12345679});
        }));
    }
    Result<> reject(const std::string& no, const staff::Actor& actor) {
        SEALDESK_LET(claimed, review::claim(*database_, actor, rules_, no));
        return review::reject(*database_, actor, rules_, {no, claimed.revision, claimed.row_version},
                              {{"1", "证件不清", "请重拍"}}, "");
    }

    static constexpr staff::Roles kAll = 31;
    const staff::Actor wang_{"wangmin", "王敏", kAll}, liu_{"liu", "刘洋", kAll};
    const review::Rules rules_{};
    const std::string one_ = tests::sample_order(1).no, two_ = tests::sample_order(2).no;
};

TEST_P(PeopleTest, ReviewingIsDoneByPeople) {
    ASSERT_OK(tests::put(*database_, {tests::sample_order(1)}, State::paid));
    ASSERT_OK(review::claim(*database_, wang_, rules_, one_));
    const auto row = orders::page(*database_, {}, {}, 1)->at(0);
    EXPECT_EQ(row.claimed_by, "wangmin");
    EXPECT_EQ(row.claimer, "王敏");
    EXPECT_EQ(review::claim(*database_, liu_, rules_, one_).error().message, "订单 " + one_ + " 正由 王敏 审核");
    ASSERT_OK(reject(one_, wang_));
    const auto decision = review::decisions(*database_, one_)->at(0);
    EXPECT_EQ(decision.staff, "wangmin");
    EXPECT_EQ(decision.by, "王敏");
    const auto counted = daily::rows(*database_, wang_, Day{2026, 11, 22}, {daily::Figure::Kind::rejections, {}, {}, {}});
    ASSERT_OK(counted);
    EXPECT_EQ(counted->at(0).detail, "王敏");
    const auto log = audit::page(*database_, one_, 0, 1)->at(0);
    EXPECT_EQ(log.actor, "wangmin");
    EXPECT_EQ(log.by, "王敏");
    EXPECT_FALSE(audit::verify(*database_)->first_bad) << "the name is no part of the log";
}

TEST_P(PeopleTest, KeysAndTasksAreSettledByPeople) {
    ASSERT_OK(keys::receive(*database_, wang_, {"第 1 盒", "示例 K3", "K1", "K2"}));
    EXPECT_EQ(keys::movements(*database_, "K1")->at(0).by, "王敏");
    ASSERT_OK(database_->write([&](storage::Tx& tx) -> Result<> {
        tasks::raise(tx, "rewrite_after_issue", one_, "", "请处理");
        return {};
    }));
    const auto id = tasks::open(*database_)->at(0).id;
    ASSERT_OK(tasks::done(*database_, wang_, id, "已处理"));
    EXPECT_EQ(tasks::of_order(*database_, one_)->at(0).done_by, "王敏");
    EXPECT_THAT(tasks::done(*database_, liu_, id, "再一次").error().message, HasSubstr("王敏"));
}

TEST_P(PeopleTest, ParcelsAndPapersAreMadeByPeople) {
    ASSERT_OK(tests::put(*database_, {tests::sample_order(1)}, State::issued));
    ASSERT_OK(tests::give_keys(*database_, {tests::sample_order(1)}));
    const auto parcel = shipping::pack(*database_, wang_, {one_});
    ASSERT_OK(parcel);
    EXPECT_EQ(parcel->packed_by, "王敏");
    const auto list = shipping::scan_out(*database_, wang_, parcel->waybill);
    ASSERT_OK(list);
    const auto closed = shipping::close_manifest(*database_, wang_, list->id, "李强");
    ASSERT_OK(closed);
    EXPECT_EQ(closed->opened_by, "王敏");
    EXPECT_EQ(closed->closed_by, "王敏");
    const printing::Document document{"desk",
                                      "",
                                      printing::Kind::slip,
                                      parcel->waybill,
                                      "装箱单",
                                      "ipp://127.0.0.1:1/ipp/print",
                                      printing::Format::pdf,
                                      folder_.path() / "slip.pdf"};
    const auto job = database_->write([&](storage::Tx& tx) { return printing::print_once(tx, wang_, document); });
    ASSERT_OK(job);
    EXPECT_EQ(job->asked_by, "王敏");
}

TEST_P(PeopleTest, WhoIsNotOnTheStaffIsCalledByTheirLogin) {
    ASSERT_OK(tests::put(*database_, {tests::sample_order(2)}, State::paid));
    EXPECT_EQ(orders::page(*database_, {}, {}, 1)->at(0).claimer, "") << "nobody";
    ASSERT_OK(reject(two_, liu_));
    EXPECT_EQ(review::decisions(*database_, two_)->at(0).by, "liu");
}

SEALDESK_ON_BOTH_ENGINES(PeopleTest);

// Items of the checklist: judged one by one, refused with a sentence, kept over restarts and hands, carried into the next
// submission.
#include "review/items.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "acts/acts.h"
#include "audit/audit.h"
#include "crypto/digest.h"
#include "review/pages.h"
#include "storage/rows.h"
#include "support/orders.h"

using namespace sealdesk;
using orders::State;
using review::Item;
using review::ItemVerdict;
using testing::HasSubstr;

namespace {

const std::string no = "DD20261122-0001";
const std::vector<review::ItemWanted> kWanted{{"form", "填写的内容", true},
                                              {"application_form", "申请表", true},
                                              {"licence", "营业执照", true},
                                              {"authorisation", "委托书", false}};
const review::Reason kStamp{"stamp", "印章不清晰", "请重新盖章。", {}, {"licence"}};
const review::Reason kPage{"page", "某页看不清", "第 {页码} 页看不清。", {"页码"}, {}};
const review::Reason kWhole{"broken", "打不开", "请重新打包。", {}, {"order"}};
const std::string kPicture = "\x89PNG\r\n\x1a\n and more";

review::Fault fault(const std::string& page = "2") {
    return {{{kStamp, {}}, {kPage, {{"页码", page}}}},
            " 左下角 ",
            {2, "file", 0, {0.1, 0.1, 0.5, 0.5}, {0.2, 0.2, 0.1, 0.1}},
            kPicture};
}

}  // namespace

class ItemsTest : public tests::OnBothEngines {
protected:
    void SetUp() override {
        open();
        ASSERT_OK(tests::put(*database_, {tests::sample_order(1)}, State::paid));
        ASSERT_OK(review::claim(*database_, zhou_, rules_, no));
        pages(1, {{"a", "application_form"}, {"b", "licence"}, {"c", "authorisation"}});
    }
    orders::DeskOrder order() { return orders::load(*database_, no).value(); }
    review::Seen seen() { return {no, order().revision, order().row_version}; }
    // What the checks keep of a package they have opened.
    void pages(int revision, const std::vector<std::pair<std::string, std::string>>& list) {
        ASSERT_OK(database_->write([&](storage::Tx& tx) -> Result<> {
            int number = 0;
            for (const auto& [file, material] : list)
                storage::change(tx,
                                "INSERT INTO order_pages (order_no, revision, number, file_sha256, page, title, material) VALUES "
                                "(:no, :revision, :number, :file, 0, :title, :material)",
                                no, revision, ++number, file, file + ".jpg", material);
            return {};
        }));
    }
    Result<review::Items> judge(const std::string& item, ItemVerdict verdict, const review::Fault& what = {}) {
        return review::judge(*database_, zhou_, seen(), kWanted, item, verdict, what);
    }
    Item item(const std::string& code) {
        const auto all = review::items(*database_, no, kWanted).value();
        for (const auto& each : all.list)
            if (each.wanted.code == code) return each;
        ADD_FAILURE() << "no item " << code;
        return {};
    }
    Result<> approve() { return review::approve(*database_, zhou_, rules_, seen()); }
    Result<> reject(const std::vector<review::Reason>& reasons = {}, const std::string& note = {}) {
        return review::reject(*database_, zhou_, rules_, seen(), reasons, note);
    }
    nlohmann::json told() { return nlohmann::json::parse(acts::of_order(*database_, no)->back().body); }
    std::string sentence(const Result<>& result) {
        EXPECT_FALSE(result);
        if (result) return {};
        EXPECT_EQ(result.error().kind, ErrorKind::refused);
        return result.error().message;
    }
    void accept(const std::vector<std::string>& codes) {
        for (const auto& code : codes) ASSERT_OK(judge(code, ItemVerdict::accepted));
    }
    // The rejection leaves the desk and the applicant sends new papers.
    void resubmit(const std::string& name = {}) {
        clock_.advance(rules_.undo_ms);
        const auto due = acts::due(*database_, 100).value();
        for (const auto& act : due) ASSERT_OK(acts::sent(*database_, act));
        ASSERT_OK(database_->write([&](storage::Tx& tx) -> Result<> {
            SEALDESK_LET(desk, orders::load(tx, no));
            orders::Order corrected = desk.order;
            if (!name.empty()) corrected.subject.name = name;
            corrected.submissions.push_back({desk.revision + 1, std::string(64, 'b'), "新材料.zip", 2000, tx.now});
            SEALDESK_TRY(orders::update_form(tx, desk, corrected));
            return orders::move(tx, desk, State::paid, "portal");
        }));
        ASSERT_OK(review::claim(*database_, zhou_, rules_, no));
    }

    review::Rules rules_;
    const staff::Actor zhou_{"zhou", "周敏", static_cast<staff::Roles>(staff::Role::reviewer)};
    const staff::Actor liu_{"liu", "刘洋", static_cast<staff::Roles>(staff::Role::reviewer)};
    const staff::Actor officer_{"wu", "吴迪", static_cast<staff::Roles>(staff::Role::officer)};
};

TEST_P(ItemsTest, BeginOpenWithTheirPages) {
    const auto all = review::items(*database_, no, kWanted);
    ASSERT_OK(all);
    ASSERT_EQ(all->list.size(), 4u);
    EXPECT_FALSE(all->begun);
    EXPECT_EQ(all->settled(), 0);
    EXPECT_EQ(all->list[2].pages, std::vector<int>{2});
    EXPECT_EQ(all->list[2].verdict, ItemVerdict::open);
    EXPECT_FALSE(review::items(*database_, "DD-none", kWanted));
}

TEST_P(ItemsTest, AnOrderWithoutItemsIsDecidedAsAWhole) {
    ASSERT_OK(approve());
    EXPECT_EQ(order().state, State::approved);
}

TEST_P(ItemsTest, AFaultIsKeptAsItWasWrittenAlsoHalf) {
    review::Fault half = fault("");
    const auto after = judge("licence", ItemVerdict::faulted, half);
    ASSERT_OK(after);
    EXPECT_TRUE(after->begun);
    EXPECT_EQ(after->settled(), 1);
    const Item kept = item("licence");
    EXPECT_EQ(kept.verdict, ItemVerdict::faulted);
    EXPECT_EQ(kept.fault, half) << "the draft survives word for word";
    EXPECT_EQ(kept.staff, "zhou");
    EXPECT_THAT(sentence(reject()), testing::AllOf(HasSubstr("营业执照"), HasSubstr("页码")));
    EXPECT_EQ(order().state, State::paid);
    ASSERT_OK(judge("licence", ItemVerdict::faulted, fault()));
    ASSERT_OK(reject());
}

TEST_P(ItemsTest, TheNextReviewerSeesWhatWasJudged) {
    accept({"form", "application_form"});
    ASSERT_OK(judge("licence", ItemVerdict::faulted, fault()));
    clock_.advance(rules_.lease_ms + 1);
    ASSERT_OK(review::claim(*database_, liu_, rules_, no));
    EXPECT_EQ(judge("form", ItemVerdict::open).error().kind, ErrorKind::conflict) << "the first one is too late";
    const auto all = review::items(*database_, no, kWanted);
    EXPECT_EQ(all->settled(), 3);
    ASSERT_OK(review::judge(*database_, liu_, seen(), kWanted, "licence", ItemVerdict::accepted));
    EXPECT_EQ(item("licence").staff, "liu");
    EXPECT_EQ(item("form").staff, "zhou");
    EXPECT_TRUE(item("licence").fault.reasons.empty());
}

TEST_P(ItemsTest, RefusesWhatDoesNotFit) {
    const auto refused = [&](review::Fault what, const std::string& code = "licence") {
        const auto done = judge(code, ItemVerdict::faulted, what);
        EXPECT_FALSE(done);
        return done ? std::string() : done.error().message;
    };
    EXPECT_THAT(refused({}, "seal"), HasSubstr("没有核对项"));
    review::Fault twice{{{kStamp, {}}, {kStamp, {}}}, {}, {}, {}};
    EXPECT_THAT(refused(twice), HasSubstr("选了两次"));
    EXPECT_THAT(refused({{{kStamp, {}}}, {}, {}, {}}, "form"), HasSubstr("不适用"));
    EXPECT_THAT(refused({{{kWhole, {}}}, {}, {}, {}}), HasSubstr("不适用"));
    std::string longest;
    for (int i = 0; i < 201; ++i) longest += "字";
    EXPECT_THAT(refused({{}, longest, {}, {}}), HasSubstr("200"));
    auto crop = fault();
    crop.crop.area.width = 0.95;
    EXPECT_THAT(refused(crop), HasSubstr("不在页面内"));
    crop = fault();
    crop.crop.area.height = 0;
    EXPECT_THAT(refused(crop), HasSubstr("不在页面内"));
    crop = fault();
    crop.crop.ellipse.x = -0.1;
    EXPECT_THAT(refused(crop), HasSubstr("不在页面内"));
    crop = fault();
    crop.picture = "GIF89a";
    EXPECT_THAT(refused(crop), HasSubstr("PNG"));
    crop = fault();
    crop.picture += std::string(256 << 10, 'x');
    EXPECT_THAT(refused(crop), HasSubstr("256"));
    crop = fault();
    crop.crop.page = 0;
    EXPECT_THAT(refused(crop), HasSubstr("哪一页"));
    EXPECT_EQ(review::judge(*database_, officer_, seen(), kWanted, "form", ItemVerdict::accepted).error().kind,
              ErrorKind::denied);
    auto old = seen();
    --old.row_version;
    EXPECT_EQ(review::judge(*database_, zhou_, old, kWanted, "form", ItemVerdict::accepted).error().kind, ErrorKind::conflict);
    ASSERT_OK(review::release(*database_, zhou_, no));
    EXPECT_EQ(judge("form", ItemVerdict::accepted).error().kind, ErrorKind::conflict) << "only the one who holds it";
    EXPECT_FALSE(review::items(*database_, no, kWanted)->begun) << "nothing of all that was kept";
}

TEST_P(ItemsTest, ApprovalNeedsEveryRequiredItem) {
    accept({"form"});
    EXPECT_THAT(sentence(approve()), testing::AllOf(HasSubstr("申请表"), HasSubstr("还没有核对")));
    accept({"application_form"});
    ASSERT_OK(judge("licence", ItemVerdict::faulted));
    EXPECT_THAT(sentence(approve()), testing::AllOf(HasSubstr("营业执照"), HasSubstr("有问题")));
    accept({"licence"});
    ASSERT_OK(judge("authorisation", ItemVerdict::faulted));
    EXPECT_THAT(sentence(approve()), HasSubstr("委托书")) << "also one that need not be there";
    ASSERT_OK(judge("authorisation", ItemVerdict::open));
    ASSERT_OK(approve());
    const auto row = audit::page(*database_, no, 0, 1)->front();
    EXPECT_EQ(row.action, "review.approve");
    const auto details = nlohmann::json::parse(row.details);
    EXPECT_EQ(details["items"]["licence"], "accepted");
    EXPECT_EQ(details["items"]["authorisation"], "open");
}

TEST_P(ItemsTest, ARejectionTellsItemsThenTheOrderThenTheNote) {
    accept({"form"});
    ASSERT_OK(judge("licence", ItemVerdict::faulted));
    EXPECT_THAT(sentence(reject()), testing::AllOf(HasSubstr("营业执照"), HasSubstr("选择原因")));
    ASSERT_OK(judge("licence", ItemVerdict::faulted, fault()));
    ASSERT_OK(judge("application_form", ItemVerdict::faulted, {{}, "没有填日期", {}, {}}));
    EXPECT_THAT(sentence(reject({kPage})), HasSubstr("页码")) << "a blank for the order as a whole cannot be filled in";
    const auto expected = review::compose(review::items(*database_, no, kWanted).value().list, {kWhole}, "请尽快");
    ASSERT_OK(expected);
    ASSERT_OK(reject({kWhole}, "请尽快"));
    const auto body = told();
    ASSERT_EQ(body["reasons"].size(), 5u) << body.dump();
    EXPECT_EQ(body["note"], "请尽快");
    EXPECT_EQ(body["reasons"][0],
              (nlohmann::json{{"item", "application_form"}, {"title", "申请表"}, {"code", "note"}, {"text", "没有填日期"}}));
    EXPECT_EQ(body["reasons"][1]["text"], "请重新盖章。");
    EXPECT_EQ(body["reasons"][1]["picture"], crypto::base64(kPicture));
    EXPECT_EQ(body["reasons"][2]["text"], "第 2 页看不清。");
    EXPECT_FALSE(body["reasons"][2].contains("picture"));
    EXPECT_EQ(body["reasons"][3]["text"], "左下角");
    EXPECT_EQ(body["reasons"][4], (nlohmann::json{{"code", "broken"}, {"text", "请重新打包。"}}));
    ASSERT_EQ(expected->size(), 6u) << "what the preview shows";
    for (size_t i = 0; i < 5; ++i) EXPECT_EQ((*expected)[i].text, body["reasons"][i]["text"]);
    const auto made = review::decisions(*database_, no)->back();
    EXPECT_EQ(made.note, "申请表：没有填日期\n营业执照：左下角\n请尽快");
    EXPECT_THAT(made.reasons,
                testing::UnorderedElementsAre("请重新打包。", "营业执照：第 2 页看不清。", "营业执照：请重新盖章。"));
}

TEST_P(ItemsTest, UndoLeavesTheItemsAsTheyWere) {
    accept({"form"});
    ASSERT_OK(judge("licence", ItemVerdict::faulted, fault()));
    const auto before = review::items(*database_, no, kWanted).value().list;
    ASSERT_OK(reject());
    ASSERT_OK(review::undo(*database_, zhou_, rules_, no));
    const auto after = review::items(*database_, no, kWanted).value().list;
    for (size_t i = 0; i < before.size(); ++i) {
        EXPECT_EQ(after[i].verdict, before[i].verdict) << before[i].wanted.code;
        EXPECT_EQ(after[i].fault, before[i].fault);
        EXPECT_EQ(after[i].staff, before[i].staff);
    }
    EXPECT_FALSE(approve());
    accept({"application_form", "licence"});
    ASSERT_OK(approve());
}

TEST_P(ItemsTest, AcceptedItemsStayAcceptedInTheNextSubmission) {
    accept({"form", "application_form"});
    ASSERT_OK(judge("licence", ItemVerdict::faulted, fault()));
    ASSERT_OK(reject());
    resubmit();
    EXPECT_EQ(item("application_form").verdict, ItemVerdict::open) << "nobody knows the new pages yet";
    pages(2, {{"x", "licence"}, {"a", "application_form"}, {"c", "authorisation"}});
    EXPECT_EQ(item("form").carried, 1);
    EXPECT_EQ(item("application_form").verdict, ItemVerdict::accepted);
    EXPECT_EQ(item("application_form").pages, std::vector<int>{2});
    const Item faulted = item("licence");
    EXPECT_EQ(faulted.verdict, ItemVerdict::open);
    ASSERT_EQ(faulted.said.size(), 3u);
    EXPECT_EQ(faulted.said[1].text, "第 2 页看不清。");
    EXPECT_EQ(faulted.said[0].picture, kPicture);
    EXPECT_EQ(faulted.said_page, 2);
    EXPECT_EQ(item("authorisation").verdict, ItemVerdict::open) << "was not judged";
    EXPECT_THAT(sentence(approve()), HasSubstr("营业执照"));
    accept({"licence"});
    ASSERT_OK(approve());
    const auto details = nlohmann::json::parse(audit::page(*database_, no, 0, 1)->front().details);
    EXPECT_EQ(details["items"]["form"], "carried");
}

TEST_P(ItemsTest, ItStaysAcceptedOverTwoRejections) {
    accept({"form", "application_form"});
    ASSERT_OK(judge("licence", ItemVerdict::faulted, fault()));
    ASSERT_OK(reject());
    resubmit();
    pages(2, {{"a", "application_form"}, {"x", "licence"}});
    ASSERT_OK(reject({kWhole}));  // as a whole, without a word about any item
    resubmit();
    pages(3, {{"a", "application_form"}, {"y", "licence"}});
    EXPECT_EQ(item("application_form").carried, 1);
    EXPECT_EQ(item("form").carried, 1);
    EXPECT_EQ(item("licence").verdict, ItemVerdict::open);
}

TEST_P(ItemsTest, WhatHasChangedIsOpenAgain) {
    accept({"form", "application_form", "licence"});
    ASSERT_OK(reject({kWhole}));
    resubmit("南京垚鑫新名建设有限公司");
    pages(2, {{"a", "application_form"}, {"b", "licence"}, {"z", "licence"}});
    EXPECT_TRUE(item("form").changed) << "the applicant corrected the name";
    EXPECT_EQ(item("form").verdict, ItemVerdict::open);
    EXPECT_TRUE(item("licence").changed) << "a page was added";
    EXPECT_EQ(item("application_form").verdict, ItemVerdict::accepted);
    // Somebody may take an item back that was carried over.
    ASSERT_OK(judge("application_form", ItemVerdict::open));
    EXPECT_EQ(item("application_form").verdict, ItemVerdict::open);
    EXPECT_EQ(item("application_form").carried, 0);
}

TEST_P(ItemsTest, PagesOfTheLastSubmissionAreFoundAgain) {
    ASSERT_OK(judge("licence", ItemVerdict::faulted, fault()));
    ASSERT_OK(reject());
    EXPECT_EQ(review::pages_beside(*database_, no, 1)->revision, 0) << "there is no earlier one";
    resubmit();
    EXPECT_EQ(review::pages_beside(*database_, no, 2)->revision, 0) << "not opened yet";
    pages(2, {{"c", "authorisation"}, {"x", "licence"}, {"a", "application_form"}});
    const auto beside = review::pages_beside(*database_, no, 2);
    ASSERT_OK(beside);
    EXPECT_EQ(beside->revision, 1);
    EXPECT_EQ(beside->package_sha256, std::string(64, 'a'));
    ASSERT_EQ(beside->pages.size(), 3u);
    EXPECT_EQ(beside->pages[0].same_as, 3);
    EXPECT_EQ(beside->pages[1].same_as, 0);
    EXPECT_EQ(beside->pages[1].instead_of, 2);
    EXPECT_EQ(beside->pages[2].same_as, 1);
    EXPECT_EQ(beside->pages[2].instead_of, 0);
}

SEALDESK_ON_BOTH_ENGINES(ItemsTest);

TEST(PagesBeside, PaperThenNameThenPlace) {
    using review::match_pages;
    const auto one = match_pages({{1, "n", "", "b.jpg"}}, {{1, "o", "", "a.jpg"}, {2, "p", "", "b.jpg"}});
    EXPECT_EQ(one[0].instead_of, 2) << "the same name";
    const auto place = match_pages({{2, "n", "", "c.jpg"}}, {{1, "o", "", "a.jpg"}, {2, "p", "", "b.jpg"}});
    EXPECT_EQ(place[0].instead_of, 2) << "the same place";
    const auto faulted =
        match_pages({{1, "n", "identity", "x.jpg"}}, {{1, "o", "identity", "front.jpg"}, {2, "p", "identity", "back.jpg"}}, {2});
    EXPECT_EQ(faulted[0].instead_of, 2) << "the page that was faulted";
    EXPECT_EQ(match_pages({{3, "n", "", "c.jpg"}}, {{1, "o", "", "a.jpg"}})[0].instead_of, 0);
    const auto kept = match_pages({{1, "o", "", "a.jpg"}, {2, "n", "", "a.jpg"}}, {{1, "o", "", "a.jpg"}});
    EXPECT_EQ(kept[1].instead_of, 0) << "a page that is still there is not replaced";
}

#include "checks/papers.h"

#include <gmock/gmock.h>

#include "support/orders.h"

using namespace sealdesk;
using checks::Finding;
using checks::Orientation;
using checks::Paper;
using checks::Papers;
using checks::Verdict;
using testing::HasSubstr;

namespace {

std::string some_hash(int n) {
    std::string hash(768, 'm');
    for (size_t i = 0; i < 300; ++i) hash[(i * 7 + static_cast<size_t>(n) * 131) % 768] = i % 2 != 0 ? 'k' : 'o';
    return hash;
}

Paper paper(int number, const std::string& title, bool stamped = false) {
    Paper made;
    made.number = number;
    made.title = title;
    made.file_sha256 = std::string(63, 'f') + std::to_string(number);
    made.facts = checks::PageFacts{};
    made.facts->sha256 = std::string(63, 'e') + std::to_string(number);
    made.facts->perceptual = some_hash(number);
    made.facts->width = 1240;
    made.facts->height = 1754;
    made.facts->ink = 0.05;
    made.facts->sharpness = 0.3;
    if (stamped) {
        made.facts->red = 0.005;
        made.facts->stamp = checks::StampSeen{0.7, 0.7, 0.2, 0.98};
    }
    return made;
}
Papers complete() {
    Papers papers;
    papers.opened = papers.arrived = true;
    papers.pages = {paper(1, "申请表.jpg", true), paper(2, "营业执照.jpg", true), paper(3, "经办人身份证.jpg")};
    return papers;
}
std::vector<checks::Demand> demands(orders::OrderKind kind = orders::OrderKind::create) {
    auto order = tests::sample_order(1);
    order.kind = kind;
    return checks::Checklists::load(tests::source("data/checklists"))->demands(order);
}
std::vector<Finding> run(const Papers& papers) { return checks::check_papers(demands(), papers); }
Finding of(const std::vector<Finding>& all, const checks::Rule& rule, const std::string& item = "*") {
    for (const auto& each : all)
        if (each.rule == rule.name && (item == "*" || each.item == item)) return each;
    return checks::finding({"none", 0}, Verdict::ok, "", "", "", "");
}

}  // namespace

TEST(Papers, ACompletePackageHasNothingWrong) {
    const auto all = run(complete());
    for (const auto& each : all) EXPECT_EQ(each.verdict, Verdict::ok) << each.rule << " " << each.evidence;
    EXPECT_EQ(of(all, checks::rules::material, "licence").page, 2);
    EXPECT_EQ(of(all, checks::rules::stamp, "licence").page, 2);
    for (const auto& rule : {checks::rules::blank, checks::rules::blurred, checks::rules::small, checks::rules::turned,
                             checks::rules::duplicate, checks::rules::reused, checks::rules::unreadable})
        EXPECT_EQ(of(all, rule).rule, rule.name) << "says that it looked";
}

TEST(Papers, PagesAreRecognisedByNameThenByText) {
    const auto list = demands();
    EXPECT_EQ(checks::recognise(list, paper(1, "个人申请表.jpg")), "application_form");
    EXPECT_EQ(checks::recognise(list, paper(1, "法人身份证正面.jpg")), "legal_identity") << "the longer word";
    EXPECT_EQ(checks::recognise(list, paper(1, "经办人身份证.jpg")), "handler_identity");
    EXPECT_EQ(checks::recognise(list, paper(1, "扫描0001.jpg")), "");
    auto read = paper(1, "扫描0001.jpg");
    read.text = "营 业 执 照\n统一社会信用代码";
    EXPECT_EQ(checks::recognise(list, read), "licence");
    read.title = "申请表.jpg";
    EXPECT_EQ(checks::recognise(list, read), "application_form") << "the name comes first";
}

TEST(Papers, AMissingPaperIsAFaultWithItsReason) {
    auto papers = complete();
    papers.pages.erase(papers.pages.begin() + 1);
    const auto found = of(run(papers), checks::rules::material, "licence");
    EXPECT_EQ(found.verdict, Verdict::fault);
    EXPECT_EQ(found.reason, "licence_missing");
    EXPECT_THAT(found.evidence, HasSubstr("营业执照"));
}

TEST(Papers, AnUnknownPageMayBeTheMissingOne) {
    auto papers = complete();
    papers.pages[1].title = "IMG_0001.jpg";
    const auto found = of(run(papers), checks::rules::material, "licence");
    EXPECT_EQ(found.verdict, Verdict::unchecked);
    EXPECT_EQ(of(run(papers), checks::rules::stamp, "licence").rule, "none") << "nothing to say about its seal";
}

TEST(Papers, ALostKeyNeedsAStatement) {
    const auto all = checks::check_papers(demands(orders::OrderKind::replacement), complete());
    EXPECT_EQ(of(all, checks::rules::material, "loss_statement").verdict, Verdict::fault);
}

TEST(Papers, SealsThatAreMissingUnclearOrCannotBeSeen) {
    auto papers = complete();
    papers.pages[0] = paper(1, "申请表.jpg");
    auto found = of(run(papers), checks::rules::stamp, "application_form");
    EXPECT_EQ(found.verdict, Verdict::fault);
    EXPECT_EQ(found.reason, "stamp_missing");
    papers.pages[0].facts->red = 0.003;
    found = of(run(papers), checks::rules::stamp, "application_form");
    EXPECT_EQ(found.verdict, Verdict::warning);
    EXPECT_EQ(found.reason, "stamp_unclear");
    papers.pages[0].facts->red = 0;
    papers.pages[1] = paper(2, "营业执照.jpg");
    EXPECT_EQ(of(run(papers), checks::rules::stamp, "application_form").verdict, Verdict::unchecked) << "black and white";
    // Two pages of one paper: the seal may be on the second.
    papers = complete();
    papers.pages[0] = paper(1, "申请表 第 1 页.jpg");
    papers.pages.push_back(paper(4, "申请表 第 2 页.jpg", true));
    EXPECT_EQ(of(run(papers), checks::rules::stamp, "application_form").page, 4);
}

TEST(Papers, PagesThatCannotBeRead) {
    auto papers = complete();
    papers.pages[0].facts->sharpness = 0.02;
    EXPECT_EQ(of(run(papers), checks::rules::blurred).verdict, Verdict::warning);
    papers.pages[0].facts->sharpness = 0.005;
    EXPECT_EQ(of(run(papers), checks::rules::blurred).verdict, Verdict::fault);
    EXPECT_EQ(of(run(papers), checks::rules::blurred).reason, "picture_blurred");
    papers.pages[0].facts->ink = 0.0001;
    papers.pages[0].facts->red = 0;
    EXPECT_EQ(of(run(papers), checks::rules::blank).item, "page:1");
    EXPECT_EQ(of(run(papers), checks::rules::blurred).verdict, Verdict::ok) << "a blank page is not blurred";
    papers = complete();
    papers.pages[2].facts->width = 640;
    EXPECT_EQ(of(run(papers), checks::rules::small).verdict, Verdict::warning);
    papers.pages[2].facts->width = 320;
    EXPECT_EQ(of(run(papers), checks::rules::small).verdict, Verdict::fault);
    papers.pages[2].facts->orientation = Orientation::sideways;
    EXPECT_EQ(of(run(papers), checks::rules::turned).page, 3);
    papers.pages[2].facts.reset();
    papers.pages[2].trouble = "文件已损坏";
    EXPECT_EQ(of(run(papers), checks::rules::unreadable).verdict, Verdict::fault);
    EXPECT_THAT(of(run(papers), checks::rules::unreadable).evidence, HasSubstr("文件已损坏"));
}

TEST(Papers, TheSamePageTwice) {
    auto papers = complete();
    papers.pages.push_back(paper(4, "营业执照2.jpg", true));
    papers.pages[3].facts->sha256 = papers.pages[1].facts->sha256;
    EXPECT_THAT(of(run(papers), checks::rules::duplicate).evidence, HasSubstr("与第 2 页完全相同"));
    papers.pages[3].facts->sha256 = std::string(64, '9');
    EXPECT_EQ(of(run(papers), checks::rules::duplicate).verdict, Verdict::ok);
    papers.pages[3].facts->perceptual = papers.pages[1].facts->perceptual;
    EXPECT_THAT(of(run(papers), checks::rules::duplicate).evidence, HasSubstr("几乎相同"));
}

TEST(Papers, APageOfSomebodyElse) {
    auto papers = complete();
    papers.pages[2].seen_before = {{"DD7", "另一家公司"}};
    const auto found = of(run(papers), checks::rules::reused);
    EXPECT_EQ(found.verdict, Verdict::warning);
    EXPECT_THAT(found.evidence, HasSubstr("DD7（另一家公司）"));
    papers.pages[2].facts->ink = 0;
    EXPECT_EQ(of(run(papers), checks::rules::reused).verdict, Verdict::ok) << "blank sheets are alike";
}

TEST(Papers, APackageThatIsNotHereIsNoFaultABrokenOneIs) {
    Papers papers;
    papers.why_not = "还没有到";
    ASSERT_EQ(run(papers).size(), 1u);
    EXPECT_EQ(run(papers)[0].verdict, Verdict::unchecked);
    papers.arrived = true;
    EXPECT_EQ(run(papers)[0].verdict, Verdict::fault);
    EXPECT_EQ(run(papers)[0].reason, "package_broken");
}

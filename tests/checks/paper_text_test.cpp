#include "checks/paper_text.h"

#include <gmock/gmock.h>

#include "support/orders.h"

using namespace sealdesk;
using checks::nearest;
using checks::validity_in;
using checks::Verdict;
using testing::HasSubstr;

namespace {

constexpr Day kToday{2026, 11, 22};

checks::Finding of(const orders::Order& order, const std::string& title, const std::string& text, const checks::Rule& rule) {
    checks::Papers papers;
    papers.opened = papers.arrived = true;
    checks::Paper paper;
    paper.title = title;
    paper.text = text;
    papers.pages = {paper};
    const auto demands = checks::Checklists::load(tests::source("data/checklists"))->demands(order);
    for (const auto& each : checks::check_texts(order, demands, papers, kToday))
        if (each.rule == rule.name) return each;
    return checks::finding({"none", 0}, Verdict::ok, "", "", "", "");
}
orders::Order unit() {
    auto order = tests::sample_order(1);
    order.subject.name = "南京犇鑫建设工程有限公司";
    order.subject.document_number = "91110108MA01ABCD5T";
    return order;
}

}  // namespace

TEST(PaperText, FindsTheNearestStretch) {
    EXPECT_EQ(nearest("ABCD", "xxABCDyy")->distance, 0);
    EXPECT_EQ(nearest("ABCD", "x A B C D y")->distance, 0) << "blanks do not count";
    EXPECT_EQ(nearest("ABCD", "xxABXDyy")->distance, 1);
    EXPECT_EQ(nearest("ABCD", "xxABXDyy")->found, "ABXD");
    EXPECT_EQ(nearest("ABCD", "xxABDyy")->distance, 1);
    EXPECT_EQ(nearest("犇鑫", "名称南京𠮷鑫公司")->distance, 1);
    EXPECT_FALSE(nearest("", "text"));
    EXPECT_FALSE(nearest("ABCD", " \n "));
}

TEST(PaperText, ReadsPeriods) {
    EXPECT_EQ(validity_in("有效期限 2019.06.01-2039.06.01")->until, (Day{2039, 6, 1}));
    EXPECT_EQ(validity_in("有效期限2019.06.01-长期")->forever, true);
    EXPECT_EQ(validity_in("营业期限 2010年1月5日 至 2030年1月4日 登记机关 2020年1月1日")->until, (Day{2030, 1, 4}));
    EXPECT_TRUE(validity_in("营 业 期 限 长 期")->forever);
    EXPECT_FALSE(validity_in("成立日期 2010年1月5日"));
    EXPECT_FALSE(validity_in("有效期限 2019.13.01-2039.02.30")) << "no such days";
    EXPECT_FALSE(validity_in(""));
}

TEST(PaperText, TheSameNumberAndNameAreConfirmed) {
    const std::string text = "营 业 执 照\n统一社会信用代码 91110108MA01ABCD5T\n名 称 南京犇鑫建设工程有限公司\n营业期限 长期";
    for (const auto& rule : {checks::rules::paper_number, checks::rules::paper_name, checks::rules::expiry})
        EXPECT_EQ(of(unit(), "营业执照.jpg", text, rule).verdict, Verdict::ok) << rule.name;
    EXPECT_EQ(of(unit(), "营业执照.jpg", text, checks::rules::paper_number).field, "document_number");
}

TEST(PaperText, AnotherValidNumberIsShownLetterByLetter) {
    auto order = unit();
    order.subject.document_number = "91110108MA01ABCD6T";  // as typed; the paper's own number has a right check digit
    const auto found = of(order, "营业执照.jpg", "代码 91110108MA01ABCD5T", checks::rules::paper_number);
    EXPECT_EQ(found.verdict, Verdict::warning);
    EXPECT_EQ(found.stated, "91110108MA01ABCD6T");
    EXPECT_EQ(found.seen, "91110108MA01ABCD5T");
    EXPECT_EQ(found.reason, "number_differs");
    EXPECT_THAT(found.evidence, HasSubstr("校验位相符"));
    EXPECT_EQ(of(unit(), "营业执照.jpg", "代码 9111OlO8MAO1ABCD5T", checks::rules::paper_number).verdict, Verdict::ok)
        << "a code has no O and no l";
    const auto misread = of(unit(), "营业执照.jpg", "代码 91117108MA01ABCD5T", checks::rules::paper_number);
    EXPECT_EQ(misread.verdict, Verdict::warning);
    EXPECT_THAT(misread.evidence, HasSubstr("可能不同"));
}

TEST(PaperText, WhatWasNotReadIsNoFault) {
    for (const auto& rule : {checks::rules::paper_number, checks::rules::paper_name, checks::rules::expiry})
        EXPECT_EQ(of(unit(), "营业执照.jpg", "乱码", rule).verdict, Verdict::unchecked) << rule.name;
    EXPECT_EQ(of(unit(), "申请表.jpg", "91110108MA01ABCD5T", checks::rules::paper_number).rule, "none") << "not on a form";
}

TEST(PaperText, ExpiredPapersAreTold) {
    const auto found = of(unit(), "经办人身份证.jpg", "姓名 周敏 有效期限 2001.01.01-2021.01.01", checks::rules::expiry);
    EXPECT_EQ(found.verdict, Verdict::warning);
    EXPECT_EQ(found.reason, "document_expired");
    EXPECT_THAT(found.evidence, HasSubstr("2021-01-01"));
    EXPECT_EQ(of(unit(), "经办人身份证.jpg", "有效期限 2016.11.22-2026.11.22", checks::rules::expiry).verdict, Verdict::ok)
        << "the last day counts";
}

TEST(PaperText, APersonsCardAgainstTheForm) {
    auto order = unit();
    order.subject.kind = orders::SubjectKind::person;
    order.subject.document_kind = orders::DocumentKind::identity_card;
    order.subject.document_number = "11010519491231002X";
    order.subject.name = "周敏";
    order.subject.role = orders::PersonRole::cost_engineer;
    const std::string text = "姓名 周敏\n公民身份号码 11010519491231002X";
    EXPECT_EQ(of(order, "身份证.jpg", text, checks::rules::paper_number).verdict, Verdict::ok);
    EXPECT_EQ(of(order, "身份证.jpg", text, checks::rules::paper_name).verdict, Verdict::ok);
    order.subject.document_number = "110105194912310021";
    const auto found = of(order, "身份证.jpg", text, checks::rules::paper_number);
    EXPECT_EQ(found.verdict, Verdict::warning);
    EXPECT_THAT(found.evidence, testing::Not(HasSubstr("19491231"))) << "not in full in a sentence";
}

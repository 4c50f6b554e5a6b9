#include "checks/form.h"

#include <gmock/gmock.h>

#include "support/orders.h"

using namespace sealdesk;
using checks::Verdict;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

const Instant kNow = start_of(Day{2026, 11, 22}) + 9 * kHour;

orders::Subject unit(const std::string& number) {
    orders::Subject subject;
    subject.document_number = number;
    return subject;
}
orders::Subject person(const std::string& number) {
    orders::Subject subject;
    subject.kind = orders::SubjectKind::person;
    subject.document_kind = orders::DocumentKind::identity_card;
    subject.document_number = number;
    return subject;
}
checks::Finding document(const orders::Subject& subject) { return checks::check_document(subject, day_of(kNow)); }

orders::Fees fees() { return orders::load_fees(tests::source("data/fees.toml")).value(); }

// An order with which nothing is wrong.
orders::Order fine_order() {
    orders::Order order = tests::sample_order(1);
    order.subject.document_number = order.invoice_title.tax_number = "91110108MA01ABCD5T";
    order.amounts = orders::quote(fees(), order.kind, order.subject.kind, order.years, order.quantity);
    const auto due = orders::settle(fees(), order.payment.channel, order.amounts.total(), order.delivery.method);
    order.payment.freight = due.freight;
    order.payment.handling_fee = due.handling_fee;
    order.payment.total = due.total;
    return order;
}

class FormTest : public testing::Test {
protected:
    std::vector<checks::Finding> run(const orders::Order& order) {
        checks::FormContext context;
        context.now = kNow;
        context.fees = &fees_;
        context.paid_together = arrived_;
        context.together = together_ ? *together_ : order.amounts.total();
        return checks::check_form(order, context);
    }
    checks::Finding of(const orders::Order& order, const checks::Rule& rule) {
        for (const auto& each : run(order))
            if (each.rule == rule.name) return each;
        ADD_FAILURE() << "no finding of " << rule.name;
        return {};
    }
    const orders::Fees fees_ = fees();
    int arrived_ = 1;
    std::optional<Fen> together_;
};

}  // namespace

TEST(Document, CodesOfUnits) {
    for (const char* good : {"91350100M000100Y43", "914403001922038216", "91110108551385082Q", "91110000802100433B",
                             "91110108MA01ABCD5T", "51440300123456788R", " ９１4403001922038216 ", "91110108ma01abcd5t"})
        EXPECT_EQ(document(unit(good)).verdict, Verdict::ok) << good;
    EXPECT_EQ(document(unit("91110108MA01ABCD6X")).verdict, Verdict::warning) << "the organisation code inside";
    EXPECT_THAT(document(unit("91110108MA01ABCD6X")).evidence, HasSubstr("5"));
    EXPECT_EQ(document(unit("911100001000013428")).verdict, Verdict::warning);
}

TEST(Document, PilotCodesAreRealAndOnlyWarn) {
    for (const char* pilot : {"91350100M0001TGQXM", "91350211M0000XUF46", "91350203M0001FUE2P"}) {
        const auto found = document(unit(pilot));
        EXPECT_EQ(found.verdict, Verdict::warning) << pilot;
        EXPECT_THAT(found.evidence, HasSubstr("试点")) << pilot;
        EXPECT_EQ(found.basis, pilot);
    }
    EXPECT_THAT(document(unit("911100001000013428")).evidence, testing::Not(HasSubstr("试点")));
}

TEST(Document, LettersThatACodeNeverHasAreFaultsWithTheDigitThatWasMeant) {
    const auto found = document(unit("9144O30019220382I6"));
    EXPECT_EQ(found.verdict, Verdict::fault);
    EXPECT_EQ(found.reason, "number_differs");
    EXPECT_THAT(found.evidence, HasSubstr("第 5 位“O”可能是“0”"));
    EXPECT_THAT(found.evidence, HasSubstr("第 17 位“I”可能是“1”"));
    EXPECT_EQ(document(unit("9144030019220382")).verdict, Verdict::fault) << "two characters short";
}

TEST(Document, OrganisationCodes) {
    auto old = unit("D2143569-X");
    old.document_kind = orders::DocumentKind::organisation_code;
    EXPECT_EQ(document(old).verdict, Verdict::ok);
    old.document_number = "D2143569-1";
    EXPECT_EQ(document(old).verdict, Verdict::warning);
    old.document_number = "D2143";
    EXPECT_EQ(document(old).verdict, Verdict::fault);
    old.document_kind = orders::DocumentKind::other;
    EXPECT_EQ(document(old).verdict, Verdict::unchecked);
}

TEST(Document, IdentityNumbers) {
    for (const char* good :
         {"11010519491231002X", "11010519491231002x", "810000199001010019", "830000198506151238", "820000200002290021"})
        EXPECT_EQ(document(person(good)).verdict, Verdict::ok) << good;
    for (const char* bad : {"420106209912319997", "11010520130229001X", "110105199013010026", "990105199001010014"})
        EXPECT_EQ(document(person(bad)).verdict, Verdict::fault) << bad;
    EXPECT_EQ(document(person("110105194912310021")).verdict, Verdict::warning) << "only the check digit";
    EXPECT_THAT(document(person("110105194912310021")).evidence, HasSubstr("X"));
    EXPECT_THAT(document(person("11010519491231002X")).evidence, testing::Not(HasSubstr("19491231"))) << "not in full on lists";
}

TEST(Document, AgesAndOldFormsAreWorthALook) {
    const auto ancient = document(person("440524188001010014"));
    EXPECT_EQ(ancient.verdict, Verdict::warning);
    EXPECT_THAT(ancient.evidence, HasSubstr("146 岁"));
    const auto old = document(person("130503670401001"));
    EXPECT_EQ(old.verdict, Verdict::warning);
    EXPECT_THAT(old.evidence, HasSubstr("130503********0016"));
    EXPECT_EQ(document(person("1305036704010")).verdict, Verdict::fault);
    EXPECT_THAT(document(person("1.10105E+17")).evidence, HasSubstr("科学计数"));
}

TEST(Address, SaysWhichPartIsMissing) {
    EXPECT_THAT(checks::missing_in_address("江苏省南京市玄武区中山路1号3-201"), IsEmpty());
    EXPECT_THAT(checks::missing_in_address("上海市浦东新区世纪大道 100 号"), IsEmpty());
    EXPECT_THAT(checks::missing_in_address("江苏省苏州市昆山市前进路２号"), IsEmpty());
    EXPECT_THAT(checks::missing_in_address("新疆伊犁哈萨克自治州伊宁县人民路3号"), IsEmpty());
    EXPECT_THAT(checks::missing_in_address("南京市玄武区中山路1号"), ElementsAre("省份"));
    EXPECT_THAT(checks::missing_in_address("江苏省南京市玄武区"), ElementsAre("街道门牌"));
    EXPECT_THAT(checks::missing_in_address("江苏省玄武区中山路"), ElementsAre("城市", "街道门牌"));
    EXPECT_THAT(checks::missing_in_address("公司"), ElementsAre("省份", "城市", "区县", "街道门牌"));
}

TEST_F(FormTest, AFineOrderHasNoFault) {
    for (const auto& each : run(fine_order())) {
        EXPECT_LE(each.verdict, Verdict::unchecked) << each.rule << ": " << each.evidence;
        EXPECT_FALSE(each.evidence.empty()) << each.rule;
        EXPECT_NE(checks::title_of(each.rule), each.rule) << "has a title";
    }
}

TEST_F(FormTest, ADocumentOfTheOtherKindOfSubjectIsAFault) {
    auto order = fine_order();
    order.subject.document_kind = orders::DocumentKind::identity_card;
    EXPECT_EQ(of(order, checks::rules::subject_kind).verdict, Verdict::fault);
    order = fine_order();
    order.subject.kind = orders::SubjectKind::person;
    order.subject.document_kind = orders::DocumentKind::identity_card;
    EXPECT_EQ(of(order, checks::rules::subject_kind).verdict, Verdict::warning) << "no role";
}

TEST_F(FormTest, NamesAreLookedAtLetterByLetter) {
    auto order = fine_order();
    order.subject.name = "南京\u200b垚鑫建设有限公司";
    EXPECT_EQ(of(order, checks::rules::name).verdict, Verdict::fault);
    EXPECT_THAT(of(order, checks::rules::name).evidence, HasSubstr("第 3 个字"));
    order.subject.name = "南京垚鑫建设有限公司 ";
    EXPECT_EQ(of(order, checks::rules::name).verdict, Verdict::warning);
    order.subject.name = "";
    EXPECT_EQ(of(order, checks::rules::name).verdict, Verdict::fault);
    order.subject.handler = "周\u3000敏";
    EXPECT_EQ(of(order, checks::rules::handler).verdict, Verdict::warning);
    order.subject.name = "\xff\xfe";
    EXPECT_EQ(of(order, checks::rules::name).verdict, Verdict::fault);
}

TEST_F(FormTest, Mobiles) {
    auto order = fine_order();
    order.subject.mobile = "+86 138-0013-8000";
    EXPECT_EQ(of(order, checks::rules::mobile).verdict, Verdict::ok);
    EXPECT_THAT(of(order, checks::rules::mobile).evidence, HasSubstr("138****8000"));
    for (const char* bad : {"12800138000", "1380013800", "", "021-22033212"}) {
        order.subject.mobile = bad;
        EXPECT_EQ(of(order, checks::rules::mobile).verdict, Verdict::fault) << bad;
    }
}

TEST_F(FormTest, TermAndQuantity) {
    auto order = fine_order();
    // What the profile of the certificate does not allow could be approved and never made.
    order.years = 4;
    EXPECT_EQ(of(order, checks::rules::term).verdict, Verdict::fault);
    EXPECT_THAT(of(order, checks::rules::term).evidence, HasSubstr("年限应为 1 到 3"));
    order.years = 0;
    EXPECT_EQ(of(order, checks::rules::term).verdict, Verdict::fault);
    order.years = 3;
    order.quantity = 51;
    EXPECT_EQ(of(order, checks::rules::term).verdict, Verdict::fault);
    order.quantity = 50;
    EXPECT_EQ(of(order, checks::rules::term).verdict, Verdict::warning);
    order.quantity = 10;
    EXPECT_EQ(of(order, checks::rules::term).verdict, Verdict::ok);
}

TEST_F(FormTest, MoneyAddsUp) {
    auto order = fine_order();
    order.payment.total += Fen{1};
    EXPECT_EQ(of(order, checks::rules::payment).verdict, Verdict::fault);
    EXPECT_THAT(of(order, checks::rules::payment).evidence, HasSubstr("相差 0.01"));
    order = fine_order();
    order.amounts.certificate -= Fen{5000};
    order.payment.total -= Fen{5000};
    EXPECT_EQ(of(order, checks::rules::amounts).verdict, Verdict::warning) << "prices may have changed since";
    EXPECT_THAT(of(order, checks::rules::amounts).evidence, HasSubstr("100.00"));
    EXPECT_EQ(of(order, checks::rules::payment).verdict, Verdict::ok);
    EXPECT_EQ(of(order, checks::rules::freight).verdict, Verdict::warning) << "the handling fee is of another sum";
}

TEST_F(FormTest, WhatWasPaidTogetherIsJudgedWhenAllOfItIsHere) {
    auto order = fine_order();
    order.payment.orders = 2;
    order.payment.total += Fen{30000};
    EXPECT_EQ(of(order, checks::rules::payment).verdict, Verdict::unchecked);
    EXPECT_THAT(of(order, checks::rules::payment).word, HasSubstr("1/2"));
    arrived_ = 2;
    together_ = order.amounts.total() + Fen{30000};
    EXPECT_EQ(of(order, checks::rules::payment).verdict, Verdict::ok);
}

TEST_F(FormTest, InvoiceTitlesAndTheirNumbers) {
    auto order = fine_order();
    EXPECT_EQ(of(order, checks::rules::tax_number).verdict, Verdict::ok);
    order.invoice_title.tax_number = "914403001922038216";
    const auto other = of(order, checks::rules::tax_number);
    EXPECT_EQ(other.verdict, Verdict::warning);
    EXPECT_EQ(other.stated, "914403001922038216");
    EXPECT_EQ(other.seen, "91110108MA01ABCD5T");
    order.invoice_title.name = "杭州另一家有限公司";
    EXPECT_EQ(of(order, checks::rules::tax_number).verdict, Verdict::ok) << "another unit pays";
    EXPECT_EQ(of(order, checks::rules::invoice_title).verdict, Verdict::warning);
    order.invoice_title.tax_number = "320104123456789";
    EXPECT_EQ(of(order, checks::rules::tax_number).verdict, Verdict::warning) << "old number";
    order.invoice_title.tax_number = "3201";
    EXPECT_EQ(of(order, checks::rules::tax_number).verdict, Verdict::fault);
    order.invoice_title.tax_number = "";
    EXPECT_EQ(of(order, checks::rules::tax_number).verdict, Verdict::fault);
    order.invoice_title.kind = orders::SubjectKind::person;
    EXPECT_EQ(of(order, checks::rules::tax_number).verdict, Verdict::ok);
    order.invoice_title.name = "  ";
    EXPECT_EQ(of(order, checks::rules::invoice_title).verdict, Verdict::fault);
}

TEST_F(FormTest, DeliveryIsCompleteOrPickedUp) {
    auto order = fine_order();
    order.delivery.address = "中山路";
    EXPECT_EQ(of(order, checks::rules::address).verdict, Verdict::warning);
    order.delivery.address = "";
    EXPECT_EQ(of(order, checks::rules::address).verdict, Verdict::fault);
    order.delivery.mobile = "123";
    EXPECT_EQ(of(order, checks::rules::recipient).verdict, Verdict::warning);
    order.delivery.method = orders::DeliveryMethod::pickup;
    EXPECT_EQ(of(order, checks::rules::address).verdict, Verdict::ok);
    EXPECT_EQ(of(order, checks::rules::recipient).verdict, Verdict::ok);
}

TEST_F(FormTest, TimesGoForward) {
    auto order = fine_order();
    order.payment.paid_at = kNow + kDay;
    EXPECT_EQ(of(order, checks::rules::dates).verdict, Verdict::warning);
    order = fine_order();
    order.submissions.push_back({2, std::string(64, 'b'), "新.zip", 10, order.submissions[0].submitted_at + -kHour});
    EXPECT_THAT(of(order, checks::rules::dates).evidence, HasSubstr("第 2 次提交早于前一次"));
}

TEST(Heaviest, IsTheOneThatCounts) {
    const auto make = [](Verdict verdict, const char* field) {
        return checks::finding(checks::rules::name, verdict, field, "", "", "");
    };
    const std::vector<checks::Finding> all{make(Verdict::ok, "name"), make(Verdict::warning, "name"),
                                           make(Verdict::fault, "term")};
    EXPECT_EQ(checks::heaviest(all, "name")->verdict, Verdict::warning);
    EXPECT_EQ(checks::heaviest(all, "")->verdict, Verdict::fault);
    EXPECT_FALSE(checks::heaviest(all, "payment"));
}

#include "checks/checks.h"

#include <gmock/gmock.h>

#include "audit/audit.h"
#include "base/files.h"
#include "certificates/certificate_register.h"
#include "crypto/digest.h"
#include "storage/rows.h"
#include "support/orders.h"
#include "tests/scans/made_packages.h"

using namespace sealdesk;
using checks::Verdict;
using orders::State;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

namespace {
std::string no(int n) { return fmt::format("DD20261122-{:04}", n); }
const staff::Actor kZhou{"zhou", "周敏", static_cast<staff::Roles>(staff::Role::reviewer)};
const staff::Actor kLiu{"liu", "刘洋", static_cast<staff::Roles>(staff::Role::reviewer)};
const staff::Actor kOfficer{"wu", "吴迪", static_cast<staff::Roles>(staff::Role::officer)};
}  // namespace

class ChecksTest : public tests::OnBothEngines {
protected:
    void SetUp() override {
        open();
        auto loaded = checks::load_standards(tests::source("data"));
        ASSERT_OK(loaded);
        standards_ = std::move(*loaded);
        ASSERT_OK(put(1));
    }
    // `number`: of the subject; the one of sample_order has a wrong check digit.
    Result<> put(int n, const std::string& number = "91320104MA1X1K2L3Q", const std::string& package = {}) {
        auto order = tests::sample_order(n);
        order.subject.document_number = order.invoice_title.tax_number = number;
        order.subject.mobile = fmt::format("138001380{:02}", n);
        if (!package.empty()) order.submissions[0].package_sha256 = package;
        return tests::put(*database_, {order}, State::paid);
    }
    orders::DeskOrder order(int n) { return orders::load(*database_, no(n)).value(); }
    review::Seen seen(int n) { return {no(n), order(n).revision, order(n).row_version}; }
    Result<checks::Report> examine(int n) { return checks::examine(*database_, standards_, pages_, no(n)); }
    checks::Report report(int n) { return checks::report(*database_, no(n)).value(); }
    checks::Kept kept(int n, const checks::Rule& rule, const std::string& item = "*") {
        for (const auto& each : report(n).findings)
            if (each.finding.rule == rule.name && (item == "*" || each.finding.item == item)) return each;
        return {};
    }
    checks::Chosen chosen(int n, const checks::Rule& rule) {
        const auto found = kept(n, rule).finding;
        return {found.rule, found.item, found.basis};
    }
    Result<> override_document(const staff::Actor& actor, const std::string& reason) {
        return checks::override_finding(*database_, actor, seen(1), chosen(1, checks::rules::document), reason);
    }
    std::vector<std::string> due() { return checks::due(*database_, pages_, 10).value(); }
    void resubmit(int n, const std::string& package, const std::string& name = {}) {
        ASSERT_OK(database_->write([&](storage::Tx& tx) -> Result<> {
            SEALDESK_LET(desk, orders::load(tx, no(n)));
            orders::Order corrected = desk.order;
            if (!name.empty()) corrected.subject.name = name;
            corrected.submissions.push_back({desk.revision + 1, package, "新材料.zip", 2000, tx.now});
            return orders::update_form(tx, desk, corrected);
        }));
    }
    std::int64_t audit_rows(const std::string& action) {
        const auto rows = audit::page(*database_, "", 0, 100).value();
        return std::count_if(rows.begin(), rows.end(), [&](const audit::Row& row) { return row.action == action; });
    }
    // A drawn package, stored as if the portal had given it; its SHA-256.
    std::string store(const tests::Folder& made, const std::string& name) {
        const std::string bytes = made.read(name), sha = sha256_hex(bytes);
        EXPECT_TRUE(packages_.put(sha, bytes));
        return sha;
    }

    checks::Standards standards_;
    checks::Pages pages_;
    scans::PackageStore packages_{folder_.path() / "packages"};
    const scans::Scanbox& box_ = tests::decoder();
};

TEST_P(ChecksTest, FormAndHistoryAreExaminedWithoutThePackage) {
    EXPECT_EQ(report(1).revision, 0);
    const auto made = examine(1);
    ASSERT_OK(made);
    EXPECT_EQ(made->revision, 1);
    EXPECT_FALSE(made->papers);
    EXPECT_FALSE(made->stale);
    EXPECT_EQ(made->ran_at, clock_.now());
    EXPECT_EQ(kept(1, checks::rules::document).finding.verdict, Verdict::warning);
    EXPECT_EQ(kept(1, checks::rules::document).finding.version, checks::rules::document.version);
    EXPECT_EQ(kept(1, checks::rules::name).finding.verdict, Verdict::ok);
    EXPECT_EQ(kept(1, checks::rules::unreadable).finding.verdict, Verdict::unchecked);
    EXPECT_EQ(kept(1, checks::rules::live_key).finding.verdict, Verdict::ok);
    const auto row = audit::page(*database_, no(1), 0, 1)->front();
    EXPECT_EQ(row.action, "checks.run");
    EXPECT_THAT(row.details, HasSubstr("\"revision\":1"));
    EXPECT_FALSE(audit::verify(*database_)->first_bad);
}

TEST_P(ChecksTest, NothingIsWrittenWhenNothingIsNew) {
    ASSERT_OK(examine(1));
    const auto first = report(1);
    clock_.advance(kHour);
    ASSERT_OK(examine(1));
    EXPECT_EQ(report(1).ran_at, first.ran_at);
    EXPECT_EQ(audit_rows("checks.run"), 1);
}

TEST_P(ChecksTest, DueIsWhatChanged) {
    EXPECT_THAT(due(), ElementsAre(no(1)));
    EXPECT_EQ(checks::examine_due(*database_, standards_, pages_, 10).value(), 1);
    EXPECT_THAT(due(), IsEmpty());
    ASSERT_OK(put(2));
    EXPECT_THAT(due(), ElementsAre(no(2)));
    resubmit(1, std::string(64, 'b'));
    EXPECT_THAT(due(), ElementsAre(no(1), no(2)));
    EXPECT_TRUE(report(1).stale);
    ASSERT_OK(examine(1));
    EXPECT_FALSE(report(1).stale);
    EXPECT_EQ(report(1).revision, 2);
    ASSERT_OK(database_->write([](storage::Tx& tx) -> Result<> {
        storage::change(tx, "UPDATE check_runs SET rules_version = rules_version - 1");
        return {};
    }));
    EXPECT_THAT(due(), ElementsAre(no(1), no(2))) << "other rules";
    ASSERT_OK(tests::move(*database_, no(2), State::approved));
    EXPECT_THAT(due(), ElementsAre(no(1))) << "what is decided is not examined again";
}

TEST_P(ChecksTest, AnOrderOfTheSamePaymentThatComesLater) {
    const auto both = tests::paid_together({11, 12});
    ASSERT_OK(tests::put(*database_, {both[0]}, State::paid));
    ASSERT_OK(examine(11));
    EXPECT_EQ(kept(11, checks::rules::payment).finding.verdict, Verdict::unchecked);
    EXPECT_THAT(due(), Not(Contains(no(11))));
    ASSERT_OK(tests::put(*database_, {both[1]}, State::paid));
    EXPECT_THAT(due(), Contains(no(11)));
    ASSERT_OK(examine(11));
    EXPECT_EQ(kept(11, checks::rules::payment).finding.verdict, Verdict::ok);
    EXPECT_THAT(due(), Not(Contains(no(11))));
}

TEST_P(ChecksTest, DecidedOrdersKeepTheirFindings) {
    ASSERT_OK(examine(1));
    const auto before = report(1).findings.size();
    ASSERT_OK(tests::move(*database_, no(1), State::rejected));
    clock_.advance(kDay);
    const auto again = examine(1);
    ASSERT_OK(again);
    EXPECT_EQ(again->findings.size(), before);
    EXPECT_EQ(audit_rows("checks.run"), 1);
    EXPECT_EQ(checks::examine(*database_, standards_, pages_, "DD-NONE").error().kind, ErrorKind::refused);
}

TEST_P(ChecksTest, KeysAndOrdersOfTheSubjectAreKnown) {
    ASSERT_OK(put(2));
    ASSERT_OK(database_->write([&](storage::Tx& tx) -> Result<> {
        certificates::Entry entry;
        entry.serial = "77";
        entry.order_no = no(2);
        entry.key_serial = "K77";
        entry.document_number = "91320104MA1X1K2L3Q";
        entry.not_before = tx.now;
        entry.not_after = tx.now + 365 * kDay;
        certificates::record_serial(tx, entry);
        return certificates::record_signed(tx, "77", "pem");
    }));
    ASSERT_OK(examine(1));
    EXPECT_EQ(kept(1, checks::rules::live_key).finding.verdict, Verdict::warning);
    EXPECT_THAT(kept(1, checks::rules::live_key).finding.evidence, HasSubstr("K77"));
    EXPECT_THAT(kept(1, checks::rules::open_order).finding.evidence, HasSubstr(no(2)));
    // The KEY of the order itself is none of another.
    ASSERT_OK(examine(2));
    EXPECT_EQ(kept(2, checks::rules::live_key).finding.verdict, Verdict::ok);
}

TEST_P(ChecksTest, AReasonAnswersAFinding) {
    ASSERT_OK(examine(1));
    const auto before = checks::open_findings(*database_, {no(1), no(9)}).value();
    ASSERT_TRUE(before.contains(no(1)));
    EXPECT_FALSE(before.contains(no(9)));
    ASSERT_TRUE(kept(1, checks::rules::document).open());
    ASSERT_OK(override_document(kZhou, "  试点代码，已在公示系统核实 "));
    const auto answered = kept(1, checks::rules::document);
    ASSERT_TRUE(answered.overridden);
    EXPECT_EQ(answered.overridden->reason, "试点代码，已在公示系统核实");
    EXPECT_EQ(answered.overridden->staff, "zhou");
    EXPECT_EQ(answered.overridden->at, clock_.now());
    EXPECT_FALSE(answered.open());
    EXPECT_EQ(checks::open_findings(*database_, {no(1)})->at(no(1)).warnings, before.at(no(1)).warnings - 1);
    const auto row = audit::page(*database_, no(1), 0, 1)->front();
    EXPECT_EQ(row.action, "checks.override");
    EXPECT_EQ(row.actor, "zhou");
    EXPECT_THAT(row.details, HasSubstr("form.document"));
    EXPECT_THAT(row.details, HasSubstr("公示系统"));
    EXPECT_THAT(row.details, Not(HasSubstr("91320104"))) << "no values in the log";
    EXPECT_FALSE(audit::verify(*database_)->first_bad);
}

TEST_P(ChecksTest, ReasonsThatAreNoneAndPeopleWhoMayNot) {
    ASSERT_OK(examine(1));
    EXPECT_EQ(override_document(kZhou, " \n ").error().kind, ErrorKind::refused);
    std::string longest;
    for (int i = 0; i < 200; ++i) longest += "说";
    EXPECT_EQ(override_document(kZhou, longest + "说").error().kind, ErrorKind::refused);
    EXPECT_EQ(override_document(kZhou, "看\u202e过").error().kind, ErrorKind::refused);
    EXPECT_EQ(override_document(kOfficer, "看过").error().kind, ErrorKind::denied);
    EXPECT_EQ(checks::withdraw_override(*database_, kOfficer, seen(1), chosen(1, checks::rules::document)).error().kind,
              ErrorKind::denied);
    EXPECT_EQ(checks::override_finding(*database_, kZhou, seen(1), chosen(1, checks::rules::name), "看过").error().kind,
              ErrorKind::refused)
        << "nothing is wrong with it";
    EXPECT_EQ(audit_rows("checks.override"), 0);
    ASSERT_OK(override_document(kZhou, longest));
}

TEST_P(ChecksTest, LateAnswersAreConflicts) {
    ASSERT_OK(examine(1));
    const auto saw = seen(1);
    const auto finding = chosen(1, checks::rules::document);
    ASSERT_OK(override_document(kZhou, "看过"));
    EXPECT_EQ(override_document(kLiu, "我也看过").error().kind, ErrorKind::conflict);
    const auto answer = [&](const review::Seen& what, checks::Chosen which) {
        return checks::override_finding(*database_, kLiu, what, which, "看过");
    };
    auto other = finding;
    other.basis = "something else";
    EXPECT_EQ(answer(saw, other).error().kind, ErrorKind::conflict) << "the values changed";
    other = {"form.none", "", ""};
    EXPECT_EQ(answer(saw, other).error().kind, ErrorKind::conflict);
    review::Rules rules;
    ASSERT_OK(review::claim(*database_, kZhou, rules, no(1)));
    EXPECT_EQ(answer(seen(1), chosen(1, checks::rules::amounts)).error().kind, ErrorKind::conflict) << "in other hands";
    ASSERT_OK(review::release(*database_, kZhou, no(1)));
    resubmit(1, std::string(64, 'b'));
    EXPECT_EQ(answer(saw, chosen(1, checks::rules::amounts)).error().kind, ErrorKind::conflict) << "new papers";
    ASSERT_OK(tests::move(*database_, no(1), State::approved));
    EXPECT_EQ(answer(seen(1), chosen(1, checks::rules::amounts)).error().kind, ErrorKind::conflict) << "decided";
    EXPECT_EQ(audit_rows("checks.override"), 1);
}

TEST_P(ChecksTest, AnAnswerHoldsWhileTheValuesDo) {
    ASSERT_OK(examine(1));
    ASSERT_OK(override_document(kZhou, "看过"));
    resubmit(1, std::string(64, 'b'), "南京改名有限公司");
    ASSERT_OK(examine(1));
    EXPECT_EQ(report(1).revision, 2);
    EXPECT_TRUE(kept(1, checks::rules::document).overridden) << "the same number is not asked for twice";
    EXPECT_FALSE(kept(1, checks::rules::invoice_title).overridden);
    ASSERT_OK(checks::withdraw_override(*database_, kZhou, seen(1), chosen(1, checks::rules::document)));
    EXPECT_TRUE(kept(1, checks::rules::document).open());
    EXPECT_EQ(audit_rows("checks.withdraw"), 1);
    EXPECT_EQ(checks::withdraw_override(*database_, kZhou, seen(1), chosen(1, checks::rules::document)).error().kind,
              ErrorKind::conflict);
    ASSERT_OK(override_document(kLiu, "再看过"));
    EXPECT_EQ(kept(1, checks::rules::document).overridden->staff, "liu");
}

TEST_P(ChecksTest, PagesOfARealPackage) {
    const tests::Folder made;
    made.make(R"([{"out":"a.zip","format":"zip","pages":[)" + tests::page("申请表.jpg", "jpeg", "application_unit") + "," +
              tests::page("经办人身份证.jpg", "jpeg", "identity_card") + R"(]},{"out":"b.zip","format":"7z","pages":[)" +
              tests::page("营业执照.jpg", "jpeg", "business_licence") + "," +
              tests::page("经办人身份证.jpg", "jpeg", "identity_card") + "]}]");
    pages_ = {&box_, &packages_};
    resubmit(1, sha256_hex(made.read("a.zip")));
    ASSERT_OK(examine(1));
    EXPECT_FALSE(report(1).papers);
    EXPECT_THAT(due(), IsEmpty()) << "waits for the package";
    const std::string a = store(made, "a.zip"), b = store(made, "b.zip");
    EXPECT_THAT(due(), ElementsAre(no(1))) << "it has arrived";
    ASSERT_OK(examine(1));
    EXPECT_TRUE(report(1).papers);
    EXPECT_EQ(kept(1, checks::rules::material, "application_form").finding.verdict, Verdict::ok);
    EXPECT_EQ(kept(1, checks::rules::material, "licence").finding.verdict, Verdict::fault);
    EXPECT_EQ(kept(1, checks::rules::stamp, "application_form").finding.verdict, Verdict::ok);
    EXPECT_EQ(kept(1, checks::rules::reused).finding.verdict, Verdict::ok);
    EXPECT_THAT(due(), IsEmpty());

    // The same identity card in another package of another subject: the same file, so nothing but the licence is decoded.
    ASSERT_OK(put(2, "91110108MA01ABCD5T", b));
    ASSERT_OK(examine(2));
    const auto reused = kept(2, checks::rules::reused).finding;
    EXPECT_EQ(reused.verdict, Verdict::warning);
    EXPECT_EQ(reused.page, 2);
    EXPECT_THAT(reused.evidence, HasSubstr(no(1)));
    // Its own second submission is no reuse, nor is an order of the same subject.
    ASSERT_OK(put(3, "91320104MA1X1K2L3Q", a));
    ASSERT_OK(examine(3));
    EXPECT_THAT(kept(3, checks::rules::reused).finding.evidence, Not(HasSubstr(no(1))));
    const auto looked = database_->read([](storage::Tx& tx) -> Result<std::int64_t> {
        return storage::one<std::int64_t>(tx, "SELECT COUNT(*) FROM page_facts", 0);
    });
    EXPECT_EQ(*looked, 3) << "one row for each file, not for each order";
    // Facts that come from the database judge as those that were just made.
    const auto before = report(1).ran_at;
    clock_.advance(kMinute);
    ASSERT_OK(examine(3));
    EXPECT_EQ(report(1).ran_at, before);
    EXPECT_EQ(audit_rows("checks.run"), 4);
}

TEST_P(ChecksTest, WhatWasReadDoesNotCountWhereReadingIsOff) {
    const tests::Folder made;
    made.make(R"([{"out":"a.zip","format":"zip","pages":[)" + tests::page("营业执照.jpg", "jpeg", "business_licence") + "]}]");
    pages_ = {&box_, &packages_, false};
    resubmit(1, store(made, "a.zip"));
    ASSERT_OK(examine(1));
    const std::atomic<bool> stop = false;
    const auto read = checks::read_papers(*database_, standards_, pages_, checks::Reader("/no/such/program"), no(1), stop);
    ASSERT_OK(read);
    EXPECT_EQ(*read, 0) << "nobody asks for the reader";
}

TEST_P(ChecksTest, ADamagedPackageIsAFaultOfItsOwn) {
    pages_ = {&box_, &packages_};
    const std::string junk = "no archive at all", sha = sha256_hex(junk);
    ASSERT_OK(packages_.put(sha, junk));
    resubmit(1, sha);
    ASSERT_OK(examine(1));
    EXPECT_EQ(kept(1, checks::rules::unreadable).finding.verdict, Verdict::fault);
    EXPECT_EQ(kept(1, checks::rules::unreadable).finding.reason, "package_broken");
    EXPECT_THAT(due(), IsEmpty()) << "it does not get better by waiting";
    // A desk without decoder says so and blames nobody.
    const scans::Scanbox none(folder_.path() / "no-such-program");
    pages_.scanbox = &none;
    ASSERT_OK(put(2, "91110108MA01ABCD5T", sha));
    ASSERT_OK(examine(2));
    EXPECT_EQ(kept(2, checks::rules::unreadable).finding.verdict, Verdict::unchecked);
}

TEST_P(ChecksTest, WhatWasReadIsKeptAndComparedLetterByLetter) {
    const tests::Folder made;
    made.make(R"([{"out":"a.zip","format":"zip","pages":[)" + tests::page("营业执照.jpg", "jpeg", "business_licence") + "]}]");
    pages_ = {&box_, &packages_};
    resubmit(1, store(made, "a.zip"));
    ASSERT_OK(examine(1));
    EXPECT_EQ(kept(1, checks::rules::paper_number).finding.rule, "") << "nobody has read it";
    // A reader that always reads the same, so that only the way of the text is tested here.
    const auto script =
        made.write("reader.sh", "#!/bin/sh\necho x >> " + (made.path / "calls").string() +
                                    "\necho '{\"lines\":[{\"text\":\"代码 91320104MA1X1K2L3D\",\"confidence\":90},"
                                    "{\"text\":\"有效期 长期\",\"confidence\":90}]}'\n");
    std::filesystem::permissions(script, std::filesystem::perms::owner_all);
    const std::atomic<bool> stop = false;
    const checks::Reader reader(script);
    EXPECT_EQ(checks::read_papers(*database_, standards_, pages_, reader, no(1), stop).value(), 1);
    const auto number = kept(1, checks::rules::paper_number).finding;
    EXPECT_EQ(number.verdict, Verdict::warning);
    EXPECT_EQ(number.stated, "91320104MA1X1K2L3Q");
    EXPECT_EQ(number.seen, "91320104MA1X1K2L3D") << "the right check digit is D";
    EXPECT_EQ(kept(1, checks::rules::expiry).finding.verdict, Verdict::ok);
    EXPECT_EQ(kept(1, checks::rules::paper_name).finding.verdict, Verdict::unchecked);
    EXPECT_EQ(checks::read_papers(*database_, standards_, pages_, reader, no(1), stop).value(), 0) << "read once";
    EXPECT_EQ(made.read("calls"), "x\n");
    const checks::Reader none("/no/such/reader");
    EXPECT_EQ(checks::read_papers(*database_, standards_, pages_, none, no(1), stop).error().kind, ErrorKind::unavailable);
    ASSERT_OK(tests::move(*database_, no(1), State::approved));
    EXPECT_EQ(checks::read_papers(*database_, standards_, pages_, reader, no(1), stop).value(), 0) << "decided";
}

SEALDESK_ON_BOTH_ENGINES(ChecksTest);

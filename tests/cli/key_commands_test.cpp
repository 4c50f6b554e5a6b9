// KEYs as a script meets them: which of several blank ones is meant, a refund behind a written KEY, and what the portal refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <regex>

#include "acts/acts.h"
#include "base/files.h"
#include "base/process.h"
#include "desk/settings.h"
#include "intake/intake.h"
#include "keys/soft_key.h"
#include "keys/writing.h"
#include "orders/number_ranges.h"
#include "support/databases.h"
#include "support/orders.h"
#include "tasks/tasks.h"
#include "tests/cli/command_line.h"
#include "tests/keys/soft_folder.h"

using namespace sealdesk;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

namespace {

class KeyCommands : public testing::Test {
protected:
    void SetUp() override {
        ASSERT_OK(write_file(file("password"), "Mima-2026-guanli\n"));
        ASSERT_OK(write_file(file("pin"), "13572468\n"));
        const auto soft = keys::use_soft_keys(keys_);
        ASSERT_OK(soft);
        for (const char* label : {"KEY 1", "KEY 2"}) {
            const auto key = keys::add_soft_key(**soft, label, crypto::Secret(std::string("87654321")),
                                                crypto::Secret(std::string("13572468")));
            ASSERT_OK(key);
            blank_.push_back(key->serial);
        }
        ASSERT_EQ(run({"init", "--centre", "江东签章中心", "--pkcs11-module", *keys::soft_key_module()}).status, 0);
        for (const auto& [login, role] : {std::pair("qian", "officer"), std::pair("sun", "supervisor")})
            ASSERT_EQ(
                run({"staff", "add", login, "--name", login, "--roles", role, "--new-password-file", file("password")}).status,
                0);
        ASSERT_OK(tests::put(*open(), {tests::sample_order(1)}, orders::State::approved));
    }
    void TearDown() override { std::filesystem::remove_all(keys_); }

    tests::Said run(std::vector<std::string> words, const std::string& as = "root") {
        return tests::say({home_, folder_.path() / "password", as, true}, std::move(words));
    }
    std::string file(const std::string& name) const { return folder_.path() / name; }
    std::unique_ptr<storage::Database> open() {
        return std::move(*storage::Database::open(
            {(home_ / "desk.sqlite").string(), tests::source("data/migrations/desk"), &clock_, &random_, 1}));
    }
    // The seal accepted and the KEY named.
    void write_first_key() {
        ASSERT_EQ(run({"seal", "accept", no_}, "qian").status, 0);
        const auto written = run({"issue", no_, "--key", blank_.front(), "--pin-file", file("pin")}, "qian");
        ASSERT_EQ(written.status, 0) << written.err;
        ASSERT_EQ(written.json()[0]["key"], blank_.front());
    }

    const std::string no_ = tests::sample_order(1).no;
    tests::TemporaryFolder folder_;
    std::filesystem::path home_ = folder_.path() / "home", keys_ = soft_folder();
    std::vector<std::string> blank_;  // serials
    SystemClock clock_;
    crypto::SystemRandom random_;
};

TEST_F(KeyCommands, WithMoreBlankKeysThanNeededOneHasToBeNamed) {
    ASSERT_EQ(run({"seal", "accept", no_}, "qian").status, 0);
    const auto refusal = run({"issue", no_, "--pin-file", file("pin")}, "qian");
    EXPECT_EQ(refusal.status, 1);
    EXPECT_THAT(refusal.err, AllOf(HasSubstr("--key"), HasSubstr(blank_[0]), HasSubstr(blank_[1])));
    EXPECT_EQ(run({"keys", "stock"}).json()["blank"], 2) << "nothing was taken";
    const auto named = run({"issue", no_, "--key", blank_[1], "--pin-file", file("pin")}, "qian");
    ASSERT_EQ(named.status, 0) << named.err;
    EXPECT_EQ(named.json()[0]["key"], blank_[1]);
    EXPECT_EQ(run({"keys", "show", blank_[1]}).json()["order"], no_);
    EXPECT_EQ(run({"keys", "show", blank_[0]}).json()["state"], "blank");
    // One blank KEY is left for an order of one KEY: it is the one that is meant.
    ASSERT_OK(tests::put(*open(), {tests::sample_order(2)}, orders::State::approved));
    ASSERT_EQ(run({"seal", "accept", tests::sample_order(2).no}, "qian").status, 0);
    const auto only = run({"issue", tests::sample_order(2).no, "--pin-file", file("pin")}, "qian");
    ASSERT_EQ(only.status, 0) << only.err;
    EXPECT_EQ(only.json()[0]["key"], blank_[0]);
}

// The script's spelling of a serial is not the KEY's; its box was not registered yet when it was plugged in.
TEST_F(KeyCommands, ASerialMayBeTypedInOtherLetters) {
    ASSERT_EQ(run({"seal", "accept", no_}, "qian").status, 0);
    std::string typed;
    for (const char c : blank_[0])
        typed += std::islower(c) != 0 ? static_cast<char>(std::toupper(c)) : static_cast<char>(std::tolower(c));
    typed.insert(4, "-");
    const auto written = run({"issue", no_, "--key", typed, "--pin-file", file("pin")}, "qian");
    ASSERT_EQ(written.status, 0) << written.err;
    EXPECT_EQ(written.json()[0]["key"], blank_[0]);
    const auto shown = run({"keys", "show", typed});
    ASSERT_EQ(shown.status, 0) << shown.err;
    EXPECT_EQ(shown.json()["key"], blank_[0]);
    EXPECT_EQ(shown.json()["order"], no_);
    // The other one was plugged in all the time.
    const auto box = run({"keys", "receive", blank_[1]}, "qian");
    ASSERT_EQ(box.status, 0) << box.err;
    EXPECT_EQ(box.json()["known"], 1);
    EXPECT_EQ(run({"keys", "receive", blank_[0]}, "qian").status, 1) << "it is written";
    EXPECT_EQ(run({"keys", "stock"}).json()["in"], 2);
    EXPECT_EQ(run({"keys", "check"}).status, 0);
}

// What another centre wrote is no blank KEY, and its PIN is not tried.
TEST_F(KeyCommands, AKeyWithCertificatesOfSomebodyElseIsNotTakenIn) {
    write_first_key();
    tests::TemporaryFolder elsewhere;
    ASSERT_EQ(tests::say({elsewhere.path() / "home", file("password"), "root", true},
                         {"init", "--centre", "别的中心", "--pkcs11-module", *keys::soft_key_module()})
                  .status,
              0);
    home_ = elsewhere.path() / "home";
    ASSERT_EQ(
        run({"staff", "add", "qian", "--name", "qian", "--roles", "officer", "--new-password-file", file("password")}).status, 0);
    ASSERT_OK(tests::put(*open(), {tests::sample_order(1)}, orders::State::approved));
    ASSERT_EQ(run({"seal", "accept", no_}, "qian").status, 0);
    ASSERT_OK(write_file(file("other pin"), "99999999\n"));
    const auto named = run({"issue", no_, "--key", blank_[0], "--pin-file", file("other pin")}, "qian");
    EXPECT_EQ(named.status, 1);
    EXPECT_THAT(named.err, AllOf(HasSubstr(blank_[0]), HasSubstr("不是本中心的证书")));
    EXPECT_EQ(run({"keys", "show", blank_[0]}).status, 1) << "not in the stock";
    {
        const auto soft = keys::use_soft_keys(keys_);
        ASSERT_OK(soft);
        EXPECT_FALSE((*soft)->find(blank_[0])->pin_low) << "no try was spent";
    }
    // The other one is the only blank one.
    const auto written = run({"issue", no_, "--pin-file", file("pin")}, "qian");
    ASSERT_EQ(written.status, 0) << written.err;
    EXPECT_EQ(written.json()[0]["key"], blank_[1]);
    EXPECT_EQ(run({"keys", "stock"}).json()["in"], 1);
}

TEST_F(KeyCommands, FewBlankKeysAreToldFromTheSettingsNumberDown) {
    const staff::Actor officer{"qian", "qian", static_cast<staff::Roles>(staff::Role::officer)};
    ASSERT_OK(keys::receive(*open(), officer, {"第 1 盒", "示例 K3", "K1", "K2"}));
    for (const int low : {1, 2, 3}) {
        auto settings = desk::load_settings(home_);
        ASSERT_OK(settings);
        settings->low_key_stock = low;
        ASSERT_OK(write_file(home_ / "settings.toml", desk::settings_text(*settings)));
        const auto said = tests::say({home_, folder_.path() / "password", "root"}, {"keys", "stock"});
        ASSERT_EQ(said.status, 0) << said.err;
        EXPECT_THAT(said.out, HasSubstr("空白\t2\n"));
        const std::string few = "空白 KEY 只剩 2 个";
        if (low < 2)
            EXPECT_THAT(said.out, Not(HasSubstr(few))) << low;
        else
            EXPECT_THAT(said.out, HasSubstr(few)) << low;
    }
}

TEST_F(KeyCommands, ARefundBehindAWrittenKeyIsEndedByTheSupervisor) {
    write_first_key();
    EXPECT_THAT(run({"keys", "end-refund", no_, "--note", "已核对"}, "sun").err, HasSubstr(no_)) << "nobody refunded it";
    ASSERT_OK(intake::take(*open(), {1, "refunded", no_, 1, "{}"}, std::nullopt));
    EXPECT_THAT(run({"keys", "end-refund", no_, "--note", "已核对"}, "qian").err, HasSubstr("主管"));
    EXPECT_NE(run({"keys", "end-refund", no_}, "sun").status, 0) << "how it was settled is asked for";
    const auto ended = run({"keys", "end-refund", no_, "--note", "KEY 已收回"}, "sun");
    ASSERT_EQ(ended.status, 0) << ended.err;
    EXPECT_THAT(ended.json()["keys"], SizeIs(1));
    EXPECT_THAT(ended.json()["certificates"], SizeIs(1));
    EXPECT_EQ(orders::load(*open(), no_)->state, orders::State::refunded);
    EXPECT_EQ(run({"keys", "show", blank_.front()}).json()["active"], false);
    EXPECT_EQ(run({"keys", "check"}).status, 0);
}

// The money goes back when the invoice is reversed, whoever asks and from where.
TEST_F(KeyCommands, ARefundWaitsForItsRedLetterAndEndsWithItsTask) {
    ASSERT_EQ(run({"staff", "add", "zhao", "--name", "zhao", "--roles", "clerk", "--new-password-file", file("password")}).status,
              0);
    ASSERT_OK(open()->write([](storage::Tx& tx) { return orders::define(tx, {"invoice", "26322000{:012}", 1, 100}); }));
    write_first_key();
    const auto issued = run({"invoice", no_}, "zhao");
    ASSERT_EQ(issued.status, 0) << issued.err;
    const std::string number = issued.json()["number"];
    ASSERT_OK(intake::take(*open(), {1, "refunded", no_, 1, "{}"}, std::nullopt));
    const std::vector<std::string> end{"keys", "end-refund", no_, "--note", "KEY 已收回"};
    const auto early = run(end, "sun");
    EXPECT_EQ(early.status, 1);
    EXPECT_THAT(early.err, AllOf(HasSubstr(number), HasSubstr("还没有红冲")));
    EXPECT_EQ(orders::load(*open(), no_)->state, orders::State::issued);
    EXPECT_EQ(run({"keys", "show", blank_.front()}).json()["state"], "bound") << "nothing was taken back";

    const auto red = run({"invoices", "red", number, "--reason", "02"}, "zhao");
    ASSERT_EQ(red.status, 0) << red.err;
    const auto ended = run(end, "sun");
    ASSERT_EQ(ended.status, 0) << ended.err;
    EXPECT_EQ(orders::load(*open(), no_)->state, orders::State::refunded);
    const auto all = tasks::of_order(*open(), no_).value();
    const auto task = std::find_if(all.begin(), all.end(), [](const auto& each) { return each.kind == "refund_after_writing"; });
    ASSERT_NE(task, all.end());
    EXPECT_TRUE(task->done_at);
    EXPECT_EQ(task->done_by, "sun");
    EXPECT_EQ(task->note, "KEY 已收回");
}

// The second KEY does not take the PIN: the first one is written all the same, and its serials are told.
TEST_F(KeyCommands, WhatWasWrittenIsToldAlsoWhenALaterKeyFails) {
    auto pair = tests::sample_order(2);
    pair.quantity = 2;
    ASSERT_OK(tests::put(*open(), {pair}, orders::State::approved));
    ASSERT_EQ(run({"seal", "accept", pair.no}, "qian").status, 0);
    std::sort(blank_.begin(), blank_.end());
    {
        const auto soft = keys::use_soft_keys(keys_);
        ASSERT_OK(soft);
        const auto session = (*soft)->open(blank_[1]);
        ASSERT_OK(session);
        ASSERT_OK((*session)->login(crypto::Secret(std::string("13572468"))));
        ASSERT_OK((*session)->change_pin(crypto::Secret(std::string("13572468")), crypto::Secret(std::string("99999999"))));
    }
    const auto half = run({"issue", pair.no, "--pin-file", file("pin")}, "qian");
    EXPECT_EQ(half.status, 1);
    EXPECT_THAT(half.err, HasSubstr("PIN"));
    ASSERT_FALSE(half.out.empty()) << half.err;
    ASSERT_THAT(half.json(), SizeIs(1));
    EXPECT_EQ(half.json()[0]["key"], blank_[0]);
    EXPECT_FALSE(half.json()[0]["certificate"].get<std::string>().empty());
}

// Nothing is reported as written that was written before, and nobody's PIN is set once more.
TEST_F(KeyCommands, WhatIsWrittenAlreadyIsRefused) {
    auto pair = tests::sample_order(2);
    pair.quantity = 2;
    ASSERT_OK(tests::put(*open(), {pair}, orders::State::approved));
    ASSERT_EQ(run({"seal", "accept", pair.no}, "qian").status, 0);
    const auto issue = [&](const std::string& key, std::vector<std::string> more = {}) {
        std::vector<std::string> words{"issue", pair.no, "--key", key, "--pin-file", file("pin")};
        words.insert(words.end(), more.begin(), more.end());
        return run(words, "qian");
    };
    ASSERT_EQ(issue(blank_[0]).status, 0);
    const auto same = issue(blank_[0], {"--pin-letter", file("letter.pdf")});
    EXPECT_EQ(same.status, 1);
    EXPECT_THAT(same.err, AllOf(HasSubstr(blank_[0]), HasSubstr("写完")));
    EXPECT_EQ(same.out, "");
    EXPECT_FALSE(std::filesystem::exists(file("letter.pdf")));
    {
        const auto soft = keys::use_soft_keys(keys_);
        ASSERT_OK(soft);
        const auto session = (*soft)->open(blank_[0]);
        ASSERT_OK(session);
        EXPECT_TRUE((*session)->login(crypto::Secret(std::string("13572468")))) << "it has the PIN that it had";
    }
    ASSERT_EQ(issue(blank_[1]).status, 0);
    for (const auto& done : {issue(blank_[1]), run({"issue", pair.no, "--pin-file", file("pin")}, "qian")}) {
        EXPECT_EQ(done.status, 1);
        EXPECT_THAT(done.err, HasSubstr("已全部写完"));
        EXPECT_EQ(done.out, "");
    }
}

// A unit that was begun on one KEY: another one that is named is not exchanged for it silently.
TEST_F(KeyCommands, ANamedKeyIsTheOneThatIsWrittenOrNone) {
    ASSERT_EQ(run({"seal", "accept", no_}, "qian").status, 0);
    {
        const auto database = open();
        const staff::Actor qian{"qian", "qian", static_cast<staff::Roles>(staff::Role::officer)};
        const auto soft = keys::use_soft_keys(keys_);
        ASSERT_OK(soft);
        ASSERT_OK(keys::seen(*database, (*soft)->list().value()));
        keys::Bench bench;
        bench.random = &random_;
        for (const auto& [kind, name] : {std::pair{orders::SubjectKind::unit, "data/profiles/unit.toml"},
                                         {orders::SubjectKind::person, "data/profiles/person.toml"}})
            bench.profiles.emplace(kind, *certificates::read_profile(tests::source(name)));
        ASSERT_OK(keys::begin(*database, qian, bench, no_, blank_[0]));
    }
    ASSERT_OK(write_file(file("other pin"), "99999999\n"));
    const auto other = run({"issue", no_, "--key", blank_[1], "--pin-file", file("other pin")}, "qian");
    EXPECT_EQ(other.status, 1);
    EXPECT_THAT(other.err, HasSubstr(blank_[0]));
    {
        const auto soft = keys::use_soft_keys(keys_);
        ASSERT_OK(soft);
        const auto tokens = (*soft)->list();
        ASSERT_OK(tokens);
        for (const auto& token : *tokens) EXPECT_FALSE(token.pin_low) << token.serial << ": no try was spent";
    }
    const auto same = run({"issue", no_, "--key", blank_[0], "--pin-file", file("pin")}, "qian");
    ASSERT_EQ(same.status, 0) << same.err;
    EXPECT_EQ(same.json()[0]["key"], blank_[0]);
    EXPECT_EQ(run({"keys", "show", blank_[1]}).json()["state"], "blank");
}

TEST_F(KeyCommands, AKeyThatIsGoneBeforePackingIsMadeAgain) {
    write_first_key();
    EXPECT_EQ(run({"keys", "make-again", no_, "--note", "x"}, "sun").status, 1) << "its KEY is there";
    ASSERT_EQ(run({"keys", "report", "lost", blank_[0], "--note", "柜子里找不到"}, "qian").status, 0);
    EXPECT_EQ(run({"keys", "make-again", no_, "--note", "再写一只"}, "qian").status, 1) << "no supervisor";
    const auto again = run({"keys", "make-again", no_, "--note", "再写一只"}, "sun");
    ASSERT_EQ(again.status, 0) << again.err;
    EXPECT_EQ(again.json()["keys"][0], blank_[0]);
    const auto written = run({"issue", no_, "--pin-file", file("pin")}, "qian");
    ASSERT_EQ(written.status, 0) << written.err;
    EXPECT_EQ(written.json()[0]["key"], blank_[1]);
    EXPECT_EQ(orders::load(*open(), no_)->state, orders::State::issued);
    EXPECT_EQ(run({"keys", "check"}).status, 0);
}

// The subject has two KEYs and the order names neither.
TEST_F(KeyCommands, AScriptSaysWhichCertificateIsReplaced) {
    write_first_key();
    auto second = tests::sample_order(2), again = tests::sample_order(3);
    second.subject = again.subject = tests::sample_order(1).subject;
    again.kind = orders::OrderKind::replacement;
    again.cause = orders::ReplacementCause::damaged;
    ASSERT_OK(tests::put(*open(), {second, again}, orders::State::approved));
    for (const auto& no : {second.no, again.no}) ASSERT_EQ(run({"seal", "accept", no}, "qian").status, 0);
    const auto other = run({"issue", second.no, "--key", blank_[1], "--pin-file", file("pin")}, "qian");
    ASSERT_EQ(other.status, 0) << other.err;
    const std::string certificate = other.json()[0]["certificate"];
    {
        const auto soft = keys::use_soft_keys(keys_);
        ASSERT_OK(soft);
        ASSERT_OK(keys::add_soft_key(**soft, "KEY 3", crypto::Secret(std::string("87654321")),
                                     crypto::Secret(std::string("13572468"))));
    }
    const auto unclear = run({"issue", again.no, "--pin-file", file("pin")}, "qian");
    EXPECT_EQ(unclear.status, 1);
    EXPECT_THAT(unclear.err, HasSubstr("请先指明是哪一张"));
    const auto list = run({"keys", "replaces", again.no});
    ASSERT_EQ(list.status, 0) << list.err;
    EXPECT_THAT(list.json()["may_be"], SizeIs(2));
    EXPECT_EQ(run({"keys", "replaces", again.no, "00FF"}, "qian").status, 1) << "nobody made it";
    EXPECT_EQ(run({"keys", "replaces", no_, certificate}, "qian").status, 1) << "that order replaces nothing";
    EXPECT_EQ(run({"keys", "replaces", again.no, certificate}, "sun").status, 1) << "no officer";
    // Another centre's, and then it was this centre's after all.
    const auto none = run({"keys", "replaces", again.no, "-"}, "qian");
    ASSERT_EQ(none.status, 0) << none.err;
    EXPECT_EQ(none.json()["named"], "-");
    EXPECT_THAT(none.json()["may_be"], SizeIs(2)) << "another one can be named until a KEY is begun";
    const auto named = run({"keys", "replaces", again.no, certificate}, "qian");
    ASSERT_EQ(named.status, 0) << named.err;
    EXPECT_EQ(named.json()["named"], certificate);
    const auto written = run({"issue", again.no, "--pin-file", file("pin")}, "qian");
    ASSERT_EQ(written.status, 0) << written.err;
    EXPECT_EQ(run({"keys", "show", blank_[1]}).json()["active"], false) << "its certificate was replaced";
    EXPECT_EQ(run({"keys", "show", blank_[0]}).json()["state"], "bound");
    EXPECT_EQ(run({"keys", "replaces", again.no, certificate}, "qian").status, 1) << "it is written";
}

// The script gave the KEY its maker's PIN to write it with: that somebody has to set another one is on the desk's list.
TEST_F(KeyCommands, AKeyThatAScriptWroteOwesItsPin) {
    write_first_key();
    const auto owed = tasks::open(*open());
    ASSERT_OK(owed);
    ASSERT_THAT(*owed, SizeIs(1));
    EXPECT_EQ(owed->front().kind, "pin_is_missing");
    EXPECT_EQ(owed->front().key_serial, blank_.front());
}

TEST_F(KeyCommands, WhatIsOwedIsSaidInASentence) {
    ASSERT_EQ(run({"seal", "accept", no_}, "qian").status, 0);
    const auto written = tests::say({home_, folder_.path() / "password", "qian", false},
                                    {"issue", no_, "--key", blank_.front(), "--pin-file", file("pin")});
    ASSERT_EQ(written.status, 0) << written.err;
    EXPECT_THAT(written.out, AllOf(HasSubstr("KEY " + blank_.front() + " 还是原来的 PIN"), HasSubstr("初始 PIN")));
    EXPECT_THAT(written.out, Not(HasSubstr("13572468")));
}

TEST_F(KeyCommands, ThePinLetterIsAPdfAndThePinIsNowhereElse) {
    ASSERT_EQ(run({"seal", "accept", no_}, "qian").status, 0);
    const auto issue = [&](const std::string& letter) {
        return run({"issue", no_, "--key", blank_[0], "--pin-file", file("pin"), "--pin-letter", letter}, "qian");
    };
    ASSERT_OK(write_file(file("there.pdf"), "of somebody else"));
    EXPECT_EQ(issue(file("there.pdf")).status, 1);
    EXPECT_EQ(*read_file(file("there.pdf")), "of somebody else");
    const auto nowhere = issue(file("no folder/letter.pdf"));
    EXPECT_EQ(nowhere.status, 1);
    EXPECT_THAT(nowhere.err, HasSubstr("no folder/letter.pdf"));
    EXPECT_TRUE(keys::jobs_of(*open(), no_)->empty()) << "nothing was written";

    const auto written = issue(file("letter.pdf"));
    ASSERT_EQ(written.status, 0) << written.err;
    EXPECT_EQ(written.json()[0]["pin_owed"], false);
    EXPECT_EQ(written.json()[0]["pin_letter"], file("letter.pdf"));
    EXPECT_EQ(std::filesystem::status(file("letter.pdf")).permissions(), std::filesystem::perms(0600));
    EXPECT_THAT(*tasks::open(*open()), SizeIs(0)) << "it was handed on";
    // What the letter says opens the KEY, and the PIN that wrote it does not any more.
    const auto text = sealdesk::run({"pdftotext", "-q", file("letter.pdf"), "-"});
    ASSERT_OK(text);
    EXPECT_THAT(text->output, HasSubstr(blank_[0]));
    std::string pin;
    const std::regex digit("数字 ([0-9])");
    for (std::sregex_iterator at(text->output.begin(), text->output.end(), digit), end; at != end; ++at) pin += (*at)[1].str();
    ASSERT_EQ(pin.size(), 8U) << text->output;
    EXPECT_THAT(written.out + written.err, Not(HasSubstr(pin)));
    const auto soft = keys::use_soft_keys(keys_);
    ASSERT_OK(soft);
    const auto opens = [&](const std::string& with) {
        auto session = (*soft)->open(blank_[0]);
        return session && (*session)->login(crypto::Secret(std::string(with)));
    };
    EXPECT_TRUE(opens(pin));
    EXPECT_FALSE(opens("13572468"));
}

TEST_F(KeyCommands, OneLetterIsForOneKey) {
    auto pair = tests::sample_order(2);
    pair.quantity = 2;
    ASSERT_OK(tests::put(*open(), {pair}, orders::State::approved));
    ASSERT_EQ(run({"seal", "accept", pair.no}, "qian").status, 0);
    const auto refusal = run({"issue", pair.no, "--pin-file", file("pin"), "--pin-letter", file("letter.pdf")}, "qian");
    EXPECT_EQ(refusal.status, 1);
    EXPECT_THAT(refusal.err, HasSubstr("--key"));
    EXPECT_FALSE(std::filesystem::exists(file("letter.pdf")));
    for (const auto& serial : blank_) {
        const auto one =
            run({"issue", pair.no, "--key", serial, "--pin-file", file("pin"), "--pin-letter", file(serial + ".pdf")}, "qian");
        ASSERT_EQ(one.status, 0) << one.err;
        EXPECT_TRUE(std::filesystem::exists(file(serial + ".pdf")));
    }
    EXPECT_EQ(orders::load(*open(), pair.no)->state, orders::State::issued);
    EXPECT_THAT(*tasks::open(*open()), SizeIs(0));
}

TEST_F(KeyCommands, WhatThePortalRefusedIsListedAndSettledByTheSupervisor) {
    write_first_key();
    const auto database = open();
    auto due = acts::of_order(*database, no_);
    ASSERT_OK(due);
    ASSERT_FALSE(due->empty());
    ASSERT_OK(acts::conflicted(*database, due->front(), "订单现在是“已退款”"));
    const auto list = run({"acts", "conflicts"});
    ASSERT_EQ(list.json().size(), 1U) << list.out;
    EXPECT_EQ(list.json()[0]["order"], no_);
    EXPECT_EQ(list.json()[0]["portal"], "订单现在是“已退款”");
    const std::string uuid = list.json()[0]["uuid"];
    EXPECT_NE(run({"acts", "settle", uuid, "perhaps", "--reason", "x"}, "sun").status, 0);
    EXPECT_EQ(run({"acts", "settle", uuid, "drop", "--reason", "已退款"}, "qian").status, 1) << "no supervisor";
    EXPECT_EQ(run({"acts", "conflicts"}).json().size(), 1U);
    const auto settled = run({"acts", "settle", uuid, "drop", "--reason", "已退款"}, "sun");
    ASSERT_EQ(settled.status, 0) << settled.err;
    EXPECT_EQ(run({"acts", "conflicts"}).json().size(), 0U);
    EXPECT_EQ(run({"acts", "settle", uuid, "again", "--reason", "改主意"}, "sun").status, 1) << "it is decided";
}

}  // namespace

#include "checks/checklist.h"

#include <gmock/gmock.h>

#include "base/files.h"
#include "review/reasons.h"
#include "support/orders.h"

using namespace sealdesk;
using orders::OrderKind;
using orders::PersonRole;
using orders::ReplacementCause;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Not;

namespace {

const std::filesystem::path kLists = tests::source("data/checklists");

orders::Order order(OrderKind kind, PersonRole role = PersonRole::none, ReplacementCause cause = ReplacementCause::none) {
    orders::Order made = tests::sample_order(1);
    made.kind = kind;
    made.cause = cause;
    made.subject.role = role;
    if (role != PersonRole::none) made.subject.kind = orders::SubjectKind::person;
    return made;
}
std::vector<std::string> required(const orders::Order& order) {
    std::vector<std::string> codes;
    for (const auto& each : checks::Checklists::load(kLists)->demands(order))
        if (each.required) codes.push_back(each.material.code);
    return codes;
}

}  // namespace

TEST(Checklist, EveryKindAndSubjectHasOne) {
    for (const auto kind : {OrderKind::create, OrderKind::replacement, OrderKind::renewal, OrderKind::change})
        for (const auto role : {PersonRole::none, PersonRole::legal_representative, PersonRole::cost_engineer,
                                PersonRole::bid_evaluator, PersonRole::other})
            EXPECT_THAT(required(order(kind, role)), Contains("application_form"))
                << name_of(kind) << " " << checks::subject_word(order(kind, role).subject);
}

TEST(Checklist, WhatAUnitAndItsPeopleMustSend) {
    EXPECT_THAT(required(order(OrderKind::create)), ElementsAre("application_form", "licence", "handler_identity"));
    EXPECT_THAT(required(order(OrderKind::create, PersonRole::cost_engineer)),
                ElementsAre("application_form", "holder_identity"));
    EXPECT_THAT(required(order(OrderKind::replacement, PersonRole::none, ReplacementCause::lost)), Contains("loss_statement"));
    EXPECT_THAT(required(order(OrderKind::replacement, PersonRole::none, ReplacementCause::damaged)),
                Not(Contains("loss_statement")));
    EXPECT_THAT(required(order(OrderKind::replacement)), Contains("loss_statement")) << "no cause given: as for a loss";
    EXPECT_THAT(required(order(OrderKind::change, PersonRole::bid_evaluator)), Contains("change_proof"));
}

TEST(Checklist, ReasonsAreThoseOfTheBench) {
    const auto reasons = review::load_reasons(tests::source("data/reasons.toml"));
    ASSERT_OK(reasons);
    std::vector<std::string> codes{""};
    for (const auto& reason : *reasons) codes.push_back(reason.code);
    for (const auto& each : checks::Checklists::load(kLists)->demands(order(OrderKind::create)))
        EXPECT_THAT(codes, Contains(each.material.reason)) << each.material.code;
}

TEST(Checklist, WrongFilesAreRefused) {
    tests::TemporaryFolder folder;
    const auto write = [&](const std::string& name, const std::string& text) {
        ASSERT_OK(write_file(folder.path() / name, text));
    };
    const auto load = [&] { return checks::Checklists::load(folder.path()); };
    EXPECT_EQ(load().error().kind, ErrorKind::unavailable) << "no files";
    for (const char* name : {"materials.toml", "create.toml", "replacement.toml", "renewal.toml", "change.toml"})
        write(name, *read_file(kLists / name));
    ASSERT_OK(load());
    write("create.toml", "[[checklist]]\nsubjects=[\"unit\"]\nrequired=[\"passport\"]\n");
    EXPECT_THAT(load().error().message, testing::HasSubstr("passport"));
    write("create.toml", "[[checklist]]\nsubjects=[\"robot\"]\nrequired=[\"licence\"]\n");
    EXPECT_THAT(load().error().message, testing::HasSubstr("robot"));
    write("create.toml", "[[checklist]]\nsubjects=[\"unit\"]\nrequired=[\"licence\"]\nstamped=[\"authorisation\"]\n");
    EXPECT_THAT(load().error().message, testing::HasSubstr("authorisation"));
    write("create.toml", "[[checklist]]\nsubjects=[\"unit\"]\nrequired=[]\n");
    EXPECT_EQ(load().error().kind, ErrorKind::refused);
    write("create.toml", "subjects = [");
    EXPECT_EQ(load().error().kind, ErrorKind::refused);
}

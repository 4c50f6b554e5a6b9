// The revocation list on the wire: taken from desks alone, handed out to everybody, never an older one.
#include "portal/lists.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <nlohmann/json.hpp>

#include "base/files.h"
#include "portal/acts.h"
#include "portal/server.h"
#include "portal/store.h"
#include "support/made_lists.h"
#include "tests/sync/running_portal.h"

using namespace sealdesk;
using namespace sealdesk::portal;
using nlohmann::json;
using testing::HasSubstr;

namespace {
constexpr const char* kList = "/api/desk/v1/crl";
constexpr const char* kPublished = "/crl/issuer.crl";
}  // namespace

class ListsTest : public tests::OnBothEngines {
protected:
    void SetUp() override {
        open("portal");
        tests::make_tls(folder_.path(), "portal");
        ASSERT_OK(set_token(*database_, "desk", "a token of a test desk"));
        auto server = Server::start({folder_.path() / "portal.pem", folder_.path() / "portal.key", {}, "127.0.0.1", 0},
                                    *database_, packages_);
        ASSERT_OK(server);
        server_ = std::move(*server);
    }
    std::unique_ptr<httplib::SSLClient> client(const std::string& token) {
        auto http = std::make_unique<httplib::SSLClient>("127.0.0.1", server_->port());
        http->set_ca_cert_path((folder_.path() / "portal-ca.pem").c_str());
        http->enable_server_certificate_verification(true);
        if (!token.empty()) http->set_bearer_token_auth(token.c_str());
        return http;
    }
    std::pair<int, json> put(const std::string& bytes, const std::string& token = "a token of a test desk") {
        const auto answer = client(token)->Put(kList, bytes, "application/pkix-crl");
        if (!answer) return {-1, {}};
        return {answer->status, json::parse(answer->body)};
    }
    httplib::Result published() { return client("")->Get(kPublished); }

    Packages packages_{folder_.path() / "packages"};
    tests::ListMaker lists_{clock_.now()};
    std::unique_ptr<Server> server_;
};

TEST_P(ListsTest, EverybodyReadsWhatADeskSent) {
    EXPECT_EQ(published()->status, 404);
    const std::string first = lists_.list(1), second = lists_.list(2, 3);
    EXPECT_EQ(put(first, "").first, 401);
    EXPECT_EQ(put(first, "another token, just as long").first, 401);
    EXPECT_EQ(published()->status, 404) << "a stranger published nothing";

    EXPECT_EQ(put(first), (std::pair<int, json>(200, {{"applied", "now"}})));
    EXPECT_EQ(put(first), (std::pair<int, json>(200, {{"applied", "before"}})));
    auto answer = published();
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->get_header_value("Content-Type"), "application/pkix-crl");
    EXPECT_EQ(answer->body, first);
    EXPECT_EQ(put(second).second["applied"], "now");
    EXPECT_EQ(published()->body, second);
    // What openssl makes of the bytes.
    ASSERT_OK(write_file(folder_.path() / "got.crl", published()->body));
    ASSERT_OK(write_file(folder_.path() / "issuer.pem", lists_.files.issuer_pem));
    const auto read = run({"openssl", "crl", "-inform", "DER", "-in", folder_.path() / "got.crl", "-noout", "-crlnumber",
                           "-CAfile", folder_.path() / "issuer.pem"});
    ASSERT_TRUE(read);
    EXPECT_THAT(read->output, HasSubstr("crlNumber=0x02"));
    EXPECT_THAT(read->output, HasSubstr("verify OK"));
}

TEST_P(ListsTest, AnOlderOneOrOtherBytesUnderTheSameNumberAreAConflict) {
    const std::string list = lists_.list(5);
    EXPECT_EQ(put(list).first, 200);
    for (const std::string& other : {lists_.list(4), lists_.list(5, 1)}) {
        const auto [status, body] = put(other);
        EXPECT_EQ(status, 409);
        EXPECT_THAT(body.at("error").get<std::string>(), HasSubstr("第 5 号"));
        EXPECT_EQ(published()->body, list);
    }
    EXPECT_EQ(put(lists_.list(6)).first, 200);
    // Another CA counts for itself.
    tests::ListMaker changed(clock_.now());
    const std::string of_the_new_one = changed.list(1);
    EXPECT_EQ(put(of_the_new_one).first, 200);
    EXPECT_EQ(published()->body, of_the_new_one);
}

TEST_P(ListsTest, WhatIsNoListIsRefused) {
    const std::string list = lists_.list(1);
    for (const std::string& bytes : {std::string(), std::string("not a list"), list.substr(0, list.size() - 1), list + "x",
                                     certificates::crl_pem(list), *crypto::from_pem("CERTIFICATE", lists_.files.issuer_pem)}) {
        const auto [status, body] = put(bytes);
        EXPECT_EQ(status, 422) << bytes.size();
        EXPECT_THAT(body.value("error", ""), HasSubstr("吊销列表"));
    }
    EXPECT_EQ(put(std::string(5 << 20, 'x')).first, 413);
    EXPECT_EQ(published()->status, 404);
}

TEST_P(ListsTest, AnActIsNoWayForAList) {
    EXPECT_THAT(act_from_json("6f1c2c4e-7a53-4c6b-9a0e-0123456789ab", {{"order_no", "D-1"}, {"revision", 1}, {"kind", "crl"}})
                    .error()
                    .message,
                HasSubstr("不认识的操作"));
}

SEALDESK_ON_BOTH_ENGINES(ListsTest);

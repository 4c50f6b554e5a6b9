// The contract as bytes on the wire: what desks of any make may rely on.
#include "portal/server.h"

#include <gtest/gtest.h>
#include <httplib.h>

#include <future>
#include <nlohmann/json.hpp>

#include "base/files.h"
#include "portal/store.h"
#include "tests/portal/paid_order.h"
#include "tests/sync/running_portal.h"

using namespace sealdesk;
using namespace sealdesk::portal;
using nlohmann::json;

namespace {
const std::string kBytes = "0123456789abcdefghijklmnopqrstuvwxyz";
constexpr const char* kAct = "/api/desk/v1/acts/6f1c2c4e-7a53-4c6b-9a0e-0123456789ab";
}  // namespace

class ServerTest : public tests::OnBothEngines {
protected:
    void SetUp() override {
        open("portal");
        tests::make_tls(folder_.path(), "portal");
        ASSERT_OK(write_file(folder_.path() / "upload", kBytes));
        const auto stored = packages_.add(folder_.path() / "upload");
        ASSERT_OK(stored);
        package_ = "/api/desk/v1/packages/" + stored->sha256;
        tag_ = '"' + stored->sha256 + '"';
        ASSERT_OK(place_order(*database_, tests::paid_order("D-1", stored->sha256)));
        ASSERT_OK(set_token(*database_, "desk", "a token of a test desk"));
        auto server = Server::start(options(), *database_, packages_);
        ASSERT_OK(server);
        server_ = std::move(*server);
    }
    Server::Options options() { return {folder_.path() / "portal.pem", folder_.path() / "portal.key", {}, "127.0.0.1", 0}; }
    std::unique_ptr<httplib::SSLClient> client(const std::string& token = "a token of a test desk") {
        auto http = std::make_unique<httplib::SSLClient>("127.0.0.1", server_->port());
        http->set_ca_cert_path((folder_.path() / "portal-ca.pem").c_str());
        http->enable_server_certificate_verification(true);
        http->set_read_timeout(30);
        if (!token.empty()) http->set_bearer_token_auth(token.c_str());
        return http;
    }
    httplib::Result get(const std::string& path, const httplib::Headers& headers = {}) { return client()->Get(path, headers); }
    int status(const std::string& path) {
        const auto answer = get(path);
        if (!answer) return -1;
        EXPECT_TRUE(answer->status == 200 || json::parse(answer->body).at("error").is_string()) << path;
        return answer->status;
    }

    Packages packages_{folder_.path() / "packages"};
    std::string package_, tag_;
    std::unique_ptr<Server> server_;
};

TEST_P(ServerTest, TellsNothingWithoutAToken) {
    for (const char* token : {"", "a token of a test desl", "a token of a test des"})
        for (const std::string& path : {std::string("/api/desk/v1/events"), std::string("/api/desk/v1/orders/D-1"),
                                        std::string("/api/desk/v1/orders/D-9"), package_, std::string("/api/desk/v1/nothing")}) {
            const auto answer = client(token)->Get(path);
            ASSERT_TRUE(answer) << path;
            EXPECT_EQ(answer->status, 401) << path;
            EXPECT_TRUE(json::parse(answer->body).at("error").is_string());
        }
    EXPECT_EQ(client("")->Put(kAct, "{}", "application/json")->status, 401);
}

TEST_P(ServerTest, AnswersWhatIsNotThereWithASentence) {
    EXPECT_EQ(status("/"), 404);
    EXPECT_EQ(status("/api/desk/v1/orders/D-9"), 404);
    EXPECT_EQ(status("/api/desk/v1/orders/..%2F..%2Fportal.key"), 404);
    EXPECT_EQ(status("/api/desk/v1/packages/" + std::string(64, '0')), 404);
    EXPECT_EQ(status("/api/desk/v1/packages/..%2Fportal.key"), 404);
    for (const char* query : {"after=-1", "after=x", "limit=0", "limit=1001", "wait=61", "wait=", "after=99999999999999999999"})
        EXPECT_EQ(status(std::string("/api/desk/v1/events?") + query), 422) << query;
}

TEST_P(ServerTest, ServesRangesOfAPackage) {
    const auto whole = get(package_);
    EXPECT_EQ(whole->status, 200);
    EXPECT_EQ(whole->body, kBytes);
    EXPECT_EQ(whole->get_header_value("ETag"), tag_);
    EXPECT_EQ(whole->get_header_value("Content-Type"), "application/octet-stream");

    const auto rest = get(package_, {{"Range", "bytes=10-"}, {"If-Range", tag_}});
    EXPECT_EQ(rest->status, 206);
    EXPECT_EQ(rest->body, kBytes.substr(10));
    EXPECT_EQ(rest->get_header_value("Content-Range"), "bytes 10-35/36");
    EXPECT_EQ(get(package_, {{"Range", "bytes=0-9"}})->body, kBytes.substr(0, 10));
    EXPECT_EQ(get(package_, {{"Range", "bytes=35-"}})->body, "z");
    EXPECT_EQ(get(package_, {{"Range", "bytes=-3"}})->body, "xyz");
    EXPECT_EQ(get(package_, {{"Range", "bytes=33-99"}})->body, "xyz");

    const auto beyond = get(package_, {{"Range", "bytes=36-"}});
    EXPECT_EQ(beyond->status, 416);
    EXPECT_EQ(beyond->get_header_value("Content-Range"), "bytes */36");
    for (const httplib::Headers& headers :
         {httplib::Headers{{"Range", "bytes=10-"}, {"If-Range", "\"other\""}}, httplib::Headers{{"Range", "bytes=0-1,4-5"}}}) {
        const auto all = get(package_, headers);
        EXPECT_EQ(all->status, 200);
        EXPECT_EQ(all->body, kBytes);
    }
}

TEST_P(ServerTest, OddRangesBreakNothing) {
    for (const char* range : {"bytes=-1", "bytes=-100", "bytes=5-100", "bytes=9-5", "bytes=x", "bytes=-", "bytes=0-99999999999",
                              "bytes=99999999999999999999-"}) {
        const auto answer = get(package_, {{"Range", range}});
        ASSERT_TRUE(answer) << range;
        EXPECT_TRUE(answer->status == 200 || answer->status == 206 || answer->status == 416) << range << answer->status;
        EXPECT_LE(answer->body.size(), 100u) << range;
    }
    EXPECT_EQ(get(package_)->body, kBytes);
}

TEST_P(ServerTest, TakesActsByTheContract) {
    auto http = client();
    const auto put = [&](const std::string& body) { return http->Put(kAct, body, "application/json"); };
    EXPECT_EQ(put("not JSON")->status, 422);
    EXPECT_EQ(put("[]")->status, 422);
    EXPECT_EQ(put(std::string(5 << 20, ' '))->status, 413);
    EXPECT_EQ(client()->Put("/api/desk/v1/acts/1", "{}", "application/json")->status, 422);
    const std::string approve = R"({"order_no":"D-1","revision":1,"kind":"approved"})";
    auto again = client();
    for (const char* applied : {"now", "before"}) {
        const auto answer = again->Put(kAct, approve, "application/json");
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->status, 200);
        EXPECT_EQ(json::parse(answer->body)["applied"], applied);
    }
    const auto late = again->Put("/api/desk/v1/acts/6f1c2c4e-7a53-4c6b-9a0e-0123456789ac", approve, "application/json");
    EXPECT_EQ(late->status, 409);
    EXPECT_EQ(json::parse(late->body)["order"]["applicant_state"], "in_production");
}

TEST_P(ServerTest, AnEventOfAnotherProcessEndsTheWait) {
    auto waiting = std::async(std::launch::async, [this] { return get("/api/desk/v1/events?after=1&wait=25"); });
    ASSERT_OK(place_order(*database_, tests::paid_order("D-2")));  // nobody tells the server
    const auto answer = waiting.get();
    ASSERT_TRUE(answer);
    const json body = json::parse(answer->body);
    ASSERT_EQ(body["events"].size(), 1u);
    EXPECT_EQ(body["events"][0]["order_no"], "D-2");
    EXPECT_EQ(body["next"], 2);
}

TEST_P(ServerTest, RefusesToStartWithoutItsCertificate) {
    auto wrong = options();
    wrong.key = folder_.path() / "portal-ca.key";
    EXPECT_EQ(Server::start(wrong, *database_, packages_).error().kind, ErrorKind::unavailable);
    auto taken = options();
    taken.port = server_->port();
    EXPECT_EQ(Server::start(taken, *database_, packages_).error().kind, ErrorKind::unavailable);
}

SEALDESK_ON_BOTH_ENGINES(ServerTest);

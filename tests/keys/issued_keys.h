// A desk with KEYs that tests plug in, write and report, over tokens in memory; for tests of what becomes of KEYs. One thread.
#pragma once

#include <gmock/gmock.h>

#include "acts/settlement.h"
#include "certificates/standing.h"
#include "keys/incidents.h"
#include "tests/keys/fake_tokens.h"
#include "tests/keys/key_desk.h"

namespace sealdesk::tests {

class IssuedKeys : public testing::Test {
protected:
    explicit IssuedKeys(storage::Engine engine = storage::Engine::sqlite) : desk_(folder_.path(), &tokens_, engine) {}

    void key(const std::string& serial) {
        tokens_.add(serial);
        ASSERT_OK(keys::seen(*desk_.database, {tokens_.key(serial).info}));
    }
    // Order n is issued to the KEY.
    void issued(int n, const std::string& serial, int subject = 0) {
        key(serial);
        ASSERT_OK(desk_.approve(KeyDesk::order_of(n, subject == 0 ? n : subject)));
        ASSERT_OK(desk_.write(KeyDesk::no(n), serial));
    }
    Result<keys::Outcome> told(keys::Incident incident, const std::string& serial) {
        return keys::report(*desk_.database, desk_.officer, desk_.bench, incident, serial, "周敏来电");
    }
    certificates::Entry certificate(const std::string& serial) {
        return *desk_.database->read([&](storage::Tx& tx) { return certificates::of_key(tx, serial); }).value();
    }
    std::vector<std::string> acts_of(int n) {
        std::vector<std::string> kinds;
        const auto list = acts::of_order(*desk_.database, KeyDesk::no(n)).value();
        for (const auto& act : list) kinds.push_back(act.kind);
        return kinds;
    }
    Result<> confirmed_by_platform() {
        for (;;) {
            SEALDESK_LET(due, acts::due(*desk_.database, 10));
            if (due.empty()) return {};
            for (const auto& act : due) SEALDESK_TRY(acts::sent(*desk_.database, act));
        }
    }
    void expect_books() {
        EXPECT_THAT(*keys::check_ledger(*desk_.database), testing::IsEmpty());
        EXPECT_FALSE(audit::verify(*desk_.database)->first_bad);
    }
    std::int64_t crls() { return desk_.number("SELECT COUNT(*) FROM crls"); }
    std::int64_t owed() { return desk_.number("SELECT COUNT(*) FROM tasks WHERE kind = 'pin_is_missing' AND done_at = 0"); }

    TemporaryFolder folder_;
    FakeTokens tokens_;
    KeyDesk desk_;
};

class IssuedKeysOnBothEngines : public IssuedKeys, public testing::WithParamInterface<storage::Engine> {
protected:
    IssuedKeysOnBothEngines() : IssuedKeys(GetParam()) {}
};

}  // namespace sealdesk::tests

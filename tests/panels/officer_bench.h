// OfficerBench: an officer's signed-in desk with a CA and a software KEY of its own. SoftHSM reads its folder once a process, so
// the tests of a suite share it, and the KEYs of earlier tests stay plugged in; every test has its own database.
#pragma once

#include <gtest/gtest.h>

#include "tests/panels/open_desk.h"
#include "tests/panels/workshop.h"

namespace sealdesk::tests {

// All KEYs are in sight on a screen that high.
inline constexpr ImVec2 kTall{1600, 5200};
inline constexpr const char* kPin = "13572468";
inline constexpr const char* kAdministratorPin = "87654321";

class OfficerBench : public testing::Test {
protected:
    static void SetUpTestSuite() { workshop_ = std::make_unique<Workshop>(); }
    static void TearDownTestSuite() { workshop_.reset(); }

    void SetUp() override {
        ASSERT_EQ(open_.desk->key_trouble(), "");
        serial_ = workshop_->new_key();
        open_.sign_in("qian", "钱进", kOfficer);
    }

    inline static std::unique_ptr<Workshop> workshop_;
    OpenDesk open_{workshop_->settings()};
    std::string serial_;
    const std::string one_ = sample_order(1).no, two_ = sample_order(2).no;
};

}  // namespace sealdesk::tests

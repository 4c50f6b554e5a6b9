// ForgedKeys: an officer's desk with one approved order and a software KEY of its own, whose PINs say what the test wants and
// which can be pulled. The list of SoftHSM's functions is one for the whole process: it is put back after every test.
#pragma once

#include <gtest/gtest.h>

#include "keys/writing.h"
#include "tests/keys/plug.h"
#include "tests/panels/open_desk.h"
#include "tests/panels/workshop.h"

namespace sealdesk::tests {

inline constexpr ImVec2 kTall{1600, 2600};
inline constexpr const char* kPin = "13572468";
inline constexpr const char* kAdministratorPin = "87654321";

class ForgedKeys : public testing::Test {
protected:
    static void SetUpTestSuite() { workshop_ = std::make_unique<Workshop>(); }
    static void TearDownTestSuite() { workshop_.reset(); }

    void SetUp() override {
        ASSERT_EQ(open_.desk->key_trouble(), "");
        serial_ = workshop_->new_key();
        open_.sign_in("qian", "钱进", kOfficer);
        ASSERT_OK(put(open_.database(), {sample_order(1)}, orders::State::approved));
        auto module = keys::Module::load(*keys::soft_key_module());
        ASSERT_OK(module);
        module_ = std::move(*module);
        real_ = *module_->f;
        plug.reset(&real_);
        module_->f->C_Login = logged_in;
        module_->f->C_GetTokenInfo = token_info;
    }
    void TearDown() override {
        open_.wait_idle();
        if (module_) *module_->f = real_;
    }
    // Order 1 is on this test's KEY.
    void written() {
        ASSERT_OK(keys::seen(open_.database(), *workshop_->tokens->list()));
        ASSERT_OK(keys::write(open_.database(), *open_.desk->actor, open_.desk->bench(), one_, serial_, secret(kPin)));
    }
    bool opens_with(const char* pin) {
        plug.flags = 0;
        auto session = workshop_->tokens->open(serial_);
        return session && (*session)->login(secret(pin));
    }

    inline static std::unique_ptr<Workshop> workshop_;
    OpenDesk open_{workshop_->settings()};
    std::string serial_;
    std::shared_ptr<keys::Module> module_;
    CK_FUNCTION_LIST real_{};
    const std::string one_ = sample_order(1).no;
};

}  // namespace sealdesk::tests

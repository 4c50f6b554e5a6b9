// ForgedKeys: an officer's desk with one approved order and a software KEY of its own, whose PINs say what the test wants and
// which can be pulled. The list of SoftHSM's functions is one for the whole process: it is put back after every test.
#pragma once

#include <gtest/gtest.h>

#include "keys/writing.h"
#include "tests/keys/plug.h"
#include "tests/panels/officer_bench.h"

namespace sealdesk::tests {

class ForgedKeys : public OfficerBench {
protected:
    void SetUp() override {
        ASSERT_NO_FATAL_FAILURE(OfficerBench::SetUp());
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

    std::shared_ptr<keys::Module> module_;
    CK_FUNCTION_LIST real_{};
};

}  // namespace sealdesk::tests

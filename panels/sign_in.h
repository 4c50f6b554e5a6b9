// Sign-in and lock screen: login, password, one sentence when refused. Owned by Screen, UI thread only; the password
// stays in one buffer that is wiped as soon as it was handed to the job.
#pragma once

#include <optional>
#include <string>

#include "desk/desk.h"

namespace sealdesk::panels {

class SignIn {
public:
    // Fills the window. With `locked`, only that person can come back, and the card offers to sign out instead.
    struct Outcome {
        std::optional<staff::Actor> actor;
        desk::Memory memory;  // what the actor left here
        bool leave = false;   // sign out instead of unlocking
    };
    Outcome draw(desk::Desk& desk, const staff::Actor* locked = nullptr);

    SignIn();
    ~SignIn();
    SignIn(const SignIn&) = delete;
    SignIn& operator=(const SignIn&) = delete;

private:
    void ask(desk::Desk& desk, const std::string& login);

    std::string login_, password_, refused_;
    bool focus_ = true;
    struct Signed {
        staff::Actor actor;
        desk::Memory memory;
    };
    jobs::Async<Result<Signed>> asking_;
};

}  // namespace sealdesk::panels

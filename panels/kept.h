// Kept: a panel's list or facts, asked again when the data may have changed or when something else is asked for. What
// was there stays on screen until the new answer is ready. Belongs to the panel; UI thread.
#pragma once

#include <string>
#include <utility>

#include "desk/desk.h"

namespace sealdesk::panels {

template <class T>
class Kept {
public:
    // Call in every frame. `question` names what is asked for; `job` returns Result<T> and holds copies. Returns true
    // in the frame in which an answer arrived.
    template <class Job>
    bool refresh(desk::Desk& desk, const std::string& question, Job job) {
        const bool arrived = take();
        const bool same = asked_ && question == question_;
        if (same && (async_.running() || desk.generation() == generation_)) return arrived;
        asked_ = true;
        question_ = question;
        generation_ = desk.generation();
        async_.start(desk.jobs(), std::move(job));
        return arrived;
    }
    const T* get() const { return value_ ? &*value_ : nullptr; }
    const Error* error() const { return error_ ? &*error_ : nullptr; }
    bool running() { return async_.running(); }

private:
    bool take() {
        if (!async_.arrived()) return false;
        auto* answer = async_.ready();
        if (*answer) {
            value_ = std::move(**answer);
            error_.reset();
        } else {
            error_ = answer->error();
        }
        return true;
    }

    jobs::Async<Result<T>> async_;
    std::optional<T> value_;
    std::optional<Error> error_;
    std::string question_;
    std::uint64_t generation_ = 0;
    bool asked_ = false;
};

}  // namespace sealdesk::panels

// A clock that kills the process at one of its looks: every transaction and every decision about time looks at it, so that a
// story can be broken off within and between all of its steps.
#pragma once

#include <unistd.h>

#include <csignal>

#include "base/time.h"

namespace sealdesk::tests {

// Time goes on by a step with every look; at the look with the fatal number the process is gone.
class FatalClock final : public Clock {
public:
    explicit FatalClock(int fatal, std::int64_t step_ms = kSecond) : fatal_(fatal), step_ms_(step_ms) {}
    Instant now() const override {
        if (++looks_ == fatal_) kill(getpid(), SIGKILL);
        return start_of(Day{2026, 11, 22}) + (9 * kHour + looks_ * step_ms_);
    }

private:
    int fatal_;
    std::int64_t step_ms_;
    mutable int looks_ = 0;
};

}  // namespace sealdesk::tests

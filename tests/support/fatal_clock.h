// A clock that kills the process at one of its looks: every transaction and every decision about time looks at it, so that a
// story can be broken off within and between all of its steps.
#pragma once

#include <unistd.h>

#include <csignal>

#include "base/time.h"

namespace sealdesk::tests {

// Time goes on by a second with every look; at the look with the fatal number the process is gone.
class FatalClock final : public Clock {
public:
    explicit FatalClock(int fatal) : fatal_(fatal) {}
    Instant now() const override {
        if (++looks_ == fatal_) kill(getpid(), SIGKILL);
        return start_of(Day{2026, 11, 22}) + (9 * kHour + looks_ * kSecond);
    }

private:
    int fatal_;
    mutable int looks_ = 0;
};

}  // namespace sealdesk::tests

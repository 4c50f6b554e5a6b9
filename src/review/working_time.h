// WorkingTime: when the centre works, and how much of that time lies between two moments. A value without clock; days and
// hours are Shanghai's. Public holidays and the days made up for them (调休) come from data/workdays.toml.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <set>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace sealdesk::review {

class WorkingTime {
public:
    // `days` as "1-5" or "1-6", Monday is 1; `hours` as "09:00-12:00 13:30-17:30". Refused with what is wrong in them.
    static Result<WorkingTime> make(std::string_view days, std::string_view hours);
    // Adds the holidays and made-up days of the file; a year that it does not have has its weekdays only.
    Result<> read_days(const std::filesystem::path& file);

    bool works_on(Day day) const;
    // ms of working time; 0 when `to` is not after `from`.
    std::int64_t between(Instant from, Instant to) const;
    // The latest moment since which that much working time (ms) has passed at `at`.
    Instant before(Instant at, std::int64_t working_ms) const;
    std::int64_t a_day() const;  // ms of a whole working day

private:
    struct Span {
        std::int64_t from = 0, to = 0;  // ms after midnight
    };
    std::array<bool, 7> weekdays_{};  // Monday first
    std::vector<Span> spans_;         // in order, not overlapping
    std::set<Day> off_, made_up_;
};

// A stretch in which the order waited for the centre. While the applicant corrects it, nobody's clock runs.
struct Round {
    Instant from, to;
};
// How long the order has waited for the centre, in all its rounds; `waiting_since`: of the running one.
std::int64_t time_in_hand(const WorkingTime& time, const std::vector<Round>& earlier, Instant waiting_since, Instant now);

}  // namespace sealdesk::review

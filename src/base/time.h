// Instants (int64 ms UTC), the desk's calendar (Asia/Shanghai, no summer time since 1991), and the clock
// that is handed in so that tests own the time.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sealdesk {

struct Instant {
    std::int64_t ms = 0;  // since 1970-01-01T00:00:00Z; 0 means never
    auto operator<=>(const Instant&) const = default;
    explicit operator bool() const { return ms != 0; }
    friend Instant operator+(Instant at, std::int64_t later) { return {at.ms + later}; }
    friend std::int64_t operator-(Instant a, Instant b) { return a.ms - b.ms; }
};

constexpr std::int64_t kSecond = 1000, kMinute = 60 * kSecond, kHour = 60 * kMinute, kDay = 24 * kHour;

// Whether what was put off until `next_try` is to be tried now. Nobody puts it off for longer than `longest` ms: a moment that
// lies further ahead was written before the clock went back, and is not waited for.
constexpr bool is_due(Instant next_try, Instant now, std::int64_t longest) { return next_try <= now || next_try - now > longest; }

class Clock {
public:
    virtual ~Clock() = default;
    virtual Instant now() const = 0;
};
class SystemClock final : public Clock {
public:
    Instant now() const override;
};

// A calendar day in Shanghai, "2026-11-22".
struct Day {
    int year = 1970, month = 1, day = 1;
    auto operator<=>(const Day&) const = default;
};
Day day_of(Instant at);
Instant start_of(Day day);  // 00:00 in Shanghai
Day next(Day day);
std::string text_of(Day day);  // 2026-11-22
Result<Day> parse_day(std::string_view text);

std::string date_time(Instant at);   // 2026-11-22 14:03, Shanghai
std::string clock_time(Instant at);  // 14:03:07, Shanghai
std::string iso_time(Instant at);    // 2026-11-22T06:03:07.123Z
// 12 秒前, 18 分钟, 3 小时, 2 天: how long ago, for lists.
std::string how_long(std::int64_t ms);

}  // namespace sealdesk

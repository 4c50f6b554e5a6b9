#include "base/time.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

#include "base/translate.h"

namespace sealdesk {

namespace {

using std::chrono::sys_days;
constexpr std::int64_t kShanghai = 8 * kHour;

sys_days days_of(Day day) { return std::chrono::year{day.year} / day.month / day.day; }
Day from_days(sys_days days) {
    const std::chrono::year_month_day ymd{days};
    return {int{ymd.year()}, static_cast<int>(unsigned{ymd.month()}), static_cast<int>(unsigned{ymd.day()})};
}
std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

struct Parts {
    Day day;
    int hour, minute, second, ms;
};
Parts parts(std::int64_t local_ms) {
    const std::int64_t days = floor_div(local_ms, kDay), rest = local_ms - days * kDay;
    return {from_days(sys_days{std::chrono::days{days}}), static_cast<int>(rest / kHour), static_cast<int>(rest / kMinute % 60),
            static_cast<int>(rest / kSecond % 60), static_cast<int>(rest % kSecond)};
}

}  // namespace

Instant SystemClock::now() const {
    using namespace std::chrono;
    return {duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count()};
}

Day day_of(Instant at) { return parts(at.ms + kShanghai).day; }
Instant start_of(Day day) { return {days_of(day).time_since_epoch().count() * kDay - kShanghai}; }
Day next(Day day) { return from_days(days_of(day) + std::chrono::days{1}); }

std::string text_of(Day day) { return fmt::format("{:04}-{:02}-{:02}", day.year, day.month, day.day); }

Result<Day> parse_day(std::string_view text) {
    const auto number = [&](size_t from, size_t length) {
        int value = -1;
        const auto* end = text.data() + from + length;
        const auto [stop, error] = std::from_chars(text.data() + from, end, value);
        return error == std::errc{} && stop == end ? value : -1;
    };
    if (text.size() == 10 && text[4] == '-' && text[7] == '-') {
        const Day day{number(0, 4), number(5, 2), number(8, 2)};
        const std::chrono::year_month_day ymd{std::chrono::year{day.year}, std::chrono::month{static_cast<unsigned>(day.month)},
                                              std::chrono::day{static_cast<unsigned>(day.day)}};
        if (day.year > 0 && day.month > 0 && day.day > 0 && ymd.ok()) return day;
    }
    return refused(trf("“{}” 不是日期，应如 2026-11-22", text));
}

std::string date_time(Instant at) {
    if (!at) return {};
    const Parts p = parts(at.ms + kShanghai);
    return fmt::format("{} {:02}:{:02}", text_of(p.day), p.hour, p.minute);
}
std::string clock_time(Instant at) {
    const Parts p = parts(at.ms + kShanghai);
    return fmt::format("{:02}:{:02}:{:02}", p.hour, p.minute, p.second);
}
std::string iso_time(Instant at) {
    const Parts p = parts(at.ms);
    return fmt::format("{}T{:02}:{:02}:{:02}.{:03}Z", text_of(p.day), p.hour, p.minute, p.second, p.ms);
}

std::string how_long(std::int64_t ms) {
    if (ms < kMinute) return trf("{} 秒", ms < 0 ? 0 : ms / kSecond);
    if (ms < kHour) return trf("{} 分钟", ms / kMinute);
    if (ms < 2 * kDay) return trf("{} 小时", ms / kHour);
    return trf("{} 天", ms / kDay);
}

}  // namespace sealdesk

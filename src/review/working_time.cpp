#include "review/working_time.h"

#include <toml++/toml.h>

#include <charconv>
#include <optional>

#include "base/files.h"
#include "base/translate.h"

namespace sealdesk::review {

namespace {

constexpr int kLongest = 4000;  // days that are looked through for a moment in the past

// 0 for Monday.
size_t weekday(Day day) {
    const std::int64_t days = (start_of(day).ms + 8 * kHour) / kDay;  // since 1970-01-01, a Thursday
    return static_cast<size_t>(((days + 3) % 7 + 7) % 7);
}

Day previous(Day day) { return day_of(start_of(day) + -1); }

std::optional<int> number(std::string_view text) {
    int value = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

// "09:30"; "24:00" is the end of the day.
std::optional<std::int64_t> minute_of_day(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    const auto hour = number(text.substr(0, 2)), minute = number(text.substr(3));
    if (!hour || !minute || *hour < 0 || *minute < 0 || *minute > 59 || *hour * 60 + *minute > 24 * 60) return std::nullopt;
    return (*hour * 60 + *minute) * kMinute;
}

// "2026-10-01" or "2026-10-01..2026-10-07", both ends included.
Result<> add_days(std::string_view text, std::set<Day>& days) {
    const size_t dots = text.find("..");
    SEALDESK_LET(first, parse_day(text.substr(0, dots)));
    Day last = first;
    if (dots != std::string_view::npos) {
        SEALDESK_LET(end, parse_day(text.substr(dots + 2)));
        last = end;
    }
    if (last < first || start_of(last) - start_of(first) > 31 * kDay) return refused(trf("“{}”不是一段日期", text));
    for (Day day = first; day <= last; day = next(day)) days.insert(day);
    return {};
}

}  // namespace

Result<WorkingTime> WorkingTime::make(std::string_view days, std::string_view hours) {
    WorkingTime time;
    const auto wrong_days = [&] { return refused(trf("工作日“{}”的写法不对，例如 1-5（周一到周五）", days)); };
    const size_t dash = days.find('-');
    const auto first = number(days.substr(0, dash)),
               last = dash == std::string_view::npos ? first : number(days.substr(dash + 1));
    if (!first || !last || *first < 1 || *last > 7 || *last < *first) return wrong_days();
    for (int day = *first; day <= *last; ++day) time.weekdays_[static_cast<size_t>(day - 1)] = true;

    const auto wrong_hours = [&] { return refused(trf("工作时间“{}”的写法不对，例如 09:00-12:00 13:30-17:30", hours)); };
    for (std::string_view rest = hours; !rest.empty();) {
        const size_t space = std::min(rest.find(' '), rest.size());
        const std::string_view word = rest.substr(0, space);
        rest.remove_prefix(std::min(space + 1, rest.size()));
        if (word.empty()) continue;
        const size_t middle = word.find('-');
        if (middle == std::string_view::npos) return wrong_hours();
        const auto from = minute_of_day(word.substr(0, middle)), to = minute_of_day(word.substr(middle + 1));
        if (!from || !to || *to <= *from || (!time.spans_.empty() && *from < time.spans_.back().to)) return wrong_hours();
        time.spans_.push_back({*from, *to});
    }
    if (time.spans_.empty()) return wrong_hours();
    return time;
}

Result<> WorkingTime::read_days(const std::filesystem::path& file) try {
    SEALDESK_LET(text, read_file(file, size_t{1} << 20));
    const toml::table table = toml::parse(text);
    const auto* years = table["year"].as_array();
    for (size_t i = 0; years != nullptr && i < years->size(); ++i) {
        const auto* year = (*years)[i].as_table();
        if (year == nullptr) return refused(trf("{}：第 {} 年的写法不对", file.string(), i + 1));
        for (const auto& [name, days] : {std::pair{"off", &off_}, {"work", &made_up_}}) {
            const auto* list = (*year)[name].as_array();
            for (size_t n = 0; list != nullptr && n < list->size(); ++n)
                SEALDESK_TRY(add_days((*list)[n].value_or(std::string()), *days));
        }
    }
    for (const Day& day : made_up_)
        if (off_.contains(day)) return refused(trf("{}：{} 既是假日又是上班日", file.string(), text_of(day)));
    return {};
} catch (const toml::parse_error& error) {
    return refused(trf("{} 第 {} 行写法不对：{}", file.string(), error.source().begin.line, error.description()));
}

bool WorkingTime::works_on(Day day) const {
    if (made_up_.contains(day)) return true;
    return !off_.contains(day) && weekdays_[weekday(day)];
}

std::int64_t WorkingTime::a_day() const {
    std::int64_t sum = 0;
    for (const Span& span : spans_) sum += span.to - span.from;
    return sum;
}

std::int64_t WorkingTime::between(Instant from, Instant to) const {
    std::int64_t sum = 0;
    for (Day day = day_of(from); start_of(day) < to; day = next(day)) {
        if (!works_on(day)) continue;
        const std::int64_t begin = from - start_of(day), end = to - start_of(day);
        for (const Span& span : spans_) sum += std::max<std::int64_t>(0, std::min(span.to, end) - std::max(span.from, begin));
    }
    return sum;
}

Instant WorkingTime::before(Instant at, std::int64_t working_ms) const {
    if (working_ms <= 0) return at;
    Day day = day_of(at);
    for (int days = 0; days < kLongest; ++days, day = previous(day)) {
        if (!works_on(day)) continue;
        const std::int64_t end = at - start_of(day);
        for (auto span = spans_.rbegin(); span != spans_.rend(); ++span) {
            const std::int64_t here = std::max<std::int64_t>(0, std::min(span->to, end) - span->from);
            if (here >= working_ms) return start_of(day) + (span->from + here - working_ms);
            working_ms -= here;
        }
    }
    return start_of(day);  // nobody ever works
}

std::int64_t time_in_hand(const WorkingTime& time, const std::vector<Round>& earlier, Instant waiting_since, Instant now) {
    std::int64_t sum = time.between(waiting_since, now);
    for (const Round& round : earlier) sum += time.between(round.from, round.to);
    return sum;
}

}  // namespace sealdesk::review

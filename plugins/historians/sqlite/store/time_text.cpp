#include "time_text.hpp"

#include <array>
#include <chrono>
#include <cstdio>

namespace penstock::sqlite {

std::string utc_text(std::int64_t ns) {
    using namespace std::chrono;
    const auto at = floor<milliseconds>(sys_time<nanoseconds>(nanoseconds(ns)));
    const auto day = floor<days>(at);
    const year_month_day date(day);
    const hh_mm_ss clock(at - day);
    std::array<char, 48> text{};
    const int size =
        std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                      static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
    return std::string(text.data(), static_cast<std::size_t>(size));
}

std::string exact_utc_text(std::int64_t ns) {
    auto text = utc_text(ns);
    const auto finer = (ns % 1'000'000 + 1'000'000) % 1'000'000;
    if (finer == 0) return text;
    auto digits = std::to_string(1'000'000 + finer).substr(1);
    if (digits.ends_with("000")) digits.resize(3);
    return text.insert(text.size() - 1, digits);
}

std::optional<std::int64_t> parse_utc(std::string_view text) {
    using namespace std::chrono;
    int year = 0, used = 0;
    unsigned month = 0, day = 0, hour = 0, minute = 0, second = 0;
    const std::string whole(text);
    if (std::sscanf(whole.c_str(), "%4d-%2u-%2uT%2u:%2u:%2u%n", &year, &month, &day, &hour, &minute, &second, &used) < 6
        || used == 0)
        return std::nullopt;
    auto rest = text.substr(static_cast<std::size_t>(used));
    std::int64_t ns = 0;
    if (rest.starts_with('.')) {
        rest.remove_prefix(1);
        std::int64_t unit = 100'000'000;
        for (; !rest.empty() && rest[0] >= '0' && rest[0] <= '9' && unit > 0; rest.remove_prefix(1), unit /= 10)
            ns += (rest[0] - '0') * unit;
    }
    const year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
    if (rest != "Z" || !date.ok() || hour > 23 || minute > 59 || second > 59 || year < 1678 || year > 2261) return std::nullopt;
    const auto at = sys_days(date) + hours(hour) + minutes(minute) + seconds(second);
    return duration_cast<nanoseconds>(at.time_since_epoch()).count() + ns;
}

}  // namespace penstock::sqlite

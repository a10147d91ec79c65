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

}  // namespace penstock::sqlite

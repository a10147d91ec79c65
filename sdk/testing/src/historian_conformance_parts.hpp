#pragma once

// What the files of the historian's conformance tests share.

#include <random>

#include <penstock/testing/historian_conformance.hpp>

namespace penstock::testing::detail {

// A library's object without a symbol that somebody asks for is not linked, and its tests with it.
void link_historian_reading_tests();
void link_historian_crash_tests();
void link_historian_upkeep_tests();

inline constexpr std::int64_t kMillisecond = 1'000'000;
inline constexpr std::int64_t kSecond = 1'000 * kMillisecond;
inline constexpr std::int64_t kBegin = 1'790'000'000 * kSecond;
inline constexpr Duration kYears = std::chrono::hours(24 * 3650);

[[nodiscard]] inline SeriesInfo series_of(SeriesId id, std::string_view name, ValueType type) {
    return {
        .id = id, .name = name, .unit = "m", .type = type, .keep_raw = kYears, .keep_minutes = kYears, .keep_hours = kYears};
}

// A walk of doubles, one a second, some of them uncertain or bad, some late.
[[nodiscard]] std::vector<SeriesRow> random_rows(std::mt19937_64& random, std::size_t count, std::int64_t& time);

}  // namespace penstock::testing::detail

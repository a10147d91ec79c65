#pragma once

// Alarms by patterns of their names, and by area: a rule finds its targets without looking at every alarm of the site.

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/site/alarms/site_alarms.hpp"

namespace penstock::site {

[[nodiscard]] bool is_pattern(std::string_view text) noexcept;  // has a * or ? (tags/wildcard.hpp)

class AlarmNames {
public:
    // `alarms` outlives this, and its names and areas do not change.
    explicit AlarmNames(const SiteAlarms& alarms);

    // All that fit, added to `places`. Those before the first * or ? are found by bisection.
    void find(std::string_view pattern, std::vector<alarms::AlarmPlace>& places) const;
    void in_area(std::string_view area, std::vector<alarms::AlarmPlace>& places) const;
    [[nodiscard]] std::vector<std::string_view> all() const;

private:
    const SiteAlarms& alarms_;
    std::vector<alarms::AlarmPlace> by_name_, by_area_;
};

}  // namespace penstock::site

#include "core/site/alarms/alarm_names.hpp"

#include <algorithm>
#include <numeric>

#include "core/tags/area_path.hpp"
#include "core/tags/wildcard.hpp"

namespace penstock::site {
bool is_pattern(std::string_view text) noexcept { return text.find_first_of("*?") != std::string_view::npos; }

AlarmNames::AlarmNames(const SiteAlarms& alarms) : alarms_(alarms), by_name_(alarms.alarms.size()) {
    std::iota(by_name_.begin(), by_name_.end(), alarms::AlarmPlace{0});
    by_area_ = by_name_;
    std::ranges::sort(by_name_, {}, [&alarms](alarms::AlarmPlace place) { return alarms.alarms[place].name; });
    std::ranges::sort(by_area_, {}, [&alarms](alarms::AlarmPlace place) { return alarms.alarms[place].area; });
}

void AlarmNames::find(std::string_view pattern, std::vector<alarms::AlarmPlace>& places) const {
    const std::string_view prefix = pattern.substr(0, pattern.find_first_of("*?"));
    const auto name_of = [this](alarms::AlarmPlace place) { return alarms_.alarms[place].name; };
    for (auto at = std::ranges::lower_bound(by_name_, prefix, {}, name_of); at != by_name_.end(); ++at) {
        if (!name_of(*at).starts_with(prefix)) return;
        if (tags::matches_wildcard(pattern, name_of(*at))) places.push_back(*at);
    }
}

void AlarmNames::in_area(std::string_view area, std::vector<alarms::AlarmPlace>& places) const {
    const auto area_of = [this](alarms::AlarmPlace place) { return alarms_.alarms[place].area; };
    for (auto at = std::ranges::lower_bound(by_area_, area, {}, area_of); at != by_area_.end(); ++at) {
        if (!area_of(*at).starts_with(area)) return;
        if (tags::is_inside(area_of(*at), area)) places.push_back(*at);
    }
}

std::vector<std::string_view> AlarmNames::all() const {
    std::vector<std::string_view> names;
    names.reserve(by_name_.size());
    for (const auto place : by_name_) names.push_back(alarms_.alarms[place].name);
    return names;
}

}  // namespace penstock::site

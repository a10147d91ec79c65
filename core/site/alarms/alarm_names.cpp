#include "core/site/alarms/alarm_names.hpp"

#include <algorithm>
#include <numeric>

namespace penstock::site {
namespace {

std::size_t character(std::string_view text) noexcept {
    std::size_t bytes = 1;
    while (bytes < text.size() && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U) ++bytes;
    return bytes;
}

}  // namespace

bool is_pattern(std::string_view text) noexcept { return text.find_first_of("*?") != std::string_view::npos; }

// Goes back to the last '*' only: linear in pattern × name at worst, never exponential.
bool fits(std::string_view pattern, std::string_view name) noexcept {
    std::size_t at = 0;
    std::size_t in = 0;
    std::size_t star = std::string_view::npos;
    std::size_t star_in = 0;
    while (in < name.size()) {
        if (at < pattern.size() && pattern[at] == '*') {
            star = at++;
            star_in = in;
        } else if (at < pattern.size() && pattern[at] == '?') {
            ++at;
            in += character(name.substr(in));
        } else if (at < pattern.size() && pattern[at] == name[in]) {
            ++at;
            ++in;
        } else if (star != std::string_view::npos) {
            at = star + 1;
            star_in += character(name.substr(star_in));
            in = star_in;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', at) == std::string_view::npos;
}

bool is_inside(std::string_view area, std::string_view outer) noexcept {
    return outer.empty() || area == outer
           || (area.starts_with(outer) && area.size() > outer.size() && area[outer.size()] == '/');
}

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
        if (fits(pattern, name_of(*at))) places.push_back(*at);
    }
}

void AlarmNames::in_area(std::string_view area, std::vector<alarms::AlarmPlace>& places) const {
    const auto area_of = [this](alarms::AlarmPlace place) { return alarms_.alarms[place].area; };
    for (auto at = std::ranges::lower_bound(by_area_, area, {}, area_of); at != by_area_.end(); ++at) {
        if (!area_of(*at).starts_with(area)) return;
        if (is_inside(area_of(*at), area)) places.push_back(*at);
    }
}

std::vector<std::string_view> AlarmNames::all() const {
    std::vector<std::string_view> names;
    names.reserve(by_name_.size());
    for (const auto place : by_name_) names.push_back(alarms_.alarms[place].name);
    return names;
}

}  // namespace penstock::site

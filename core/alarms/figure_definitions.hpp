#pragma once

// The key figures of alarm handling, one row each, after ISA-18.2 (clause 16) and EEMUA 191 (3rd edition, appendix 12). Each is a tag per
// scope, so it can be shown, archived and alarmed: "alarms.plant.standing", "alarms.area.works.intake.per_10min",
// "alarms.class.process.flood". docs/operator.md shows the same table (a test compares them).

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <penstock/value.hpp>

namespace penstock::alarms {

enum class FigureId : std::uint8_t {
    starts,
    per_10min,
    per_hour,
    per_day,
    peak_per_10min,
    flood,
    time_in_flood,
    standing,
    unacknowledged,
    stale,
    chattering,
    fleeting,
    share_of_top_ten,
    time_to_acknowledge,
    urgent_share,
};
inline constexpr std::size_t kFigures = 15;

struct FigureDefinition {
    FigureId id;
    std::string_view name;  // the last part of its tag
    ValueType type;
    std::string_view unit, meaning;
    std::string_view recommended;  // for people; "" = none
    double most;  // that is recommended; NaN = none
};
[[nodiscard]] std::span<const FigureDefinition, kFigures> figure_definitions() noexcept;

// What a figure is of: "plant", "area.works.intake" (a path's parts with dots), "class.process".
[[nodiscard]] std::string area_scope(std::string_view area);
[[nodiscard]] std::string class_scope(std::string_view name);
inline constexpr std::string_view kPlantScope = "plant";
[[nodiscard]] std::string figure_tag(std::string_view scope, std::string_view figure);

}  // namespace penstock::alarms

#include "core/alarms/figure_definitions.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace penstock::alarms {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
using enum ValueType;

constexpr std::array<FigureDefinition, kFigures> kDefinitions{{
    {FigureId::starts, "starts", uint64, "", "alarms raised since the server was commissioned, as far as it knows", "", kNone},
    {FigureId::per_10min, "per_10min", float64, "", "alarms raised in the last 10 minutes", "at most 1, 2 can be managed", 2},
    {FigureId::per_hour, "per_hour", float64, "", "alarms raised in the last hour", "at most 6, 12 can be managed", 12},
    {FigureId::per_day, "per_day", float64, "", "alarms raised in the last 24 hours", "at most 150, 300 can be managed", 300},
    {FigureId::peak_per_10min, "peak_per_10min", float64, "", "the most in any 10 minutes of the last 24 hours", "at most 10",
     10},
    {FigureId::flood, "flood", boolean, "", "more than 10 in 10 minutes, until there are fewer than 5", "", kNone},
    {FigureId::time_in_flood, "time_in_flood", float64, "%", "share of the last 24 hours in flood", "under 1 %", 1},
    {FigureId::standing, "standing", float64, "", "alarms that stand now", "under 10", 10},
    {FigureId::unacknowledged, "unacknowledged", float64, "", "of them, those that nobody has acknowledged", "", kNone},
    {FigureId::stale, "stale", float64, "", "alarms that have stood for more than 24 hours", "under 5", 5},
    {FigureId::chattering, "chattering", float64, "", "alarms raised 3 times or more within a minute, in the last hour", "none",
     0},
    {FigureId::fleeting, "fleeting", float64, "", "alarms gone again within 10 seconds, in the last hour", "none", 0},
    {FigureId::share_of_top_ten, "share_of_top_ten", float64, "%", "share of the ten most frequent in the last 24 hours",
     "under 5 %", 5},
    {FigureId::time_to_acknowledge, "time_to_acknowledge", float64, "s", "mean in the last 24 hours", "", kNone},
    {FigureId::urgent_share, "urgent_share", float64, "%", "share of priority 1 in the last 24 hours", "about 5 %", 10},
}};

}  // namespace

std::span<const FigureDefinition, kFigures> figure_definitions() noexcept { return kDefinitions; }

std::string area_scope(std::string_view area) {
    std::string scope = "area." + std::string(area);
    std::ranges::replace(scope, '/', '.');
    return scope;
}

std::string class_scope(std::string_view name) { return "class." + std::string(name); }

std::string figure_tag(std::string_view scope, std::string_view figure) {
    return "alarms." + std::string(scope) + "." + std::string(figure);
}

}  // namespace penstock::alarms

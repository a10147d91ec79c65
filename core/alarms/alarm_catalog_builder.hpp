#pragma once

// Makes an AlarmCatalog from what a site says:
//
//     AlarmCatalogBuilder builder(languages, classes, priorities);
//     const auto high = builder.add(alarm);                    // its place, for outputs and targets
//     builder.add_point({.policy = "alarm_policy.limits", .input_tag = "tank.level", .parameters = ..., .outputs = ...});
//     builder.add_rule(rule);
//     auto catalog = builder.build(tags, ids);                 // gives each name its id
//     if (catalog) saved = ids.save();
//
// Ids are given by a TagIdStore of their own (DATA/alarms.ids): once, stored, never reused; a rename takes them along.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <penstock/result.hpp>

#include "core/alarms/alarm_catalog.hpp"
#include "core/tags/tag_ids.hpp"

namespace penstock::alarms {

// An alarm's place among those that were added.
using AlarmPlace = std::uint32_t;
inline constexpr AlarmPlace kNoPlace = 0xFFFF'FFFF;

// One text for people by the catalog's languages; "" falls back to the first. May be shorter than these, and empty.
using LocalText = std::span<const std::string_view>;

// One alarm, as read from a site. Views are borrowed during add() only.
struct AlarmDefinition {
    std::string_view name;  // unique, 1 to 255 bytes of UTF-8
    std::string_view was;  // former name whose id this alarm takes over; "" for none
    std::string_view area, file;
    std::uint32_t line = 0, column = 0;
    std::uint8_t alarm_class = 0;  // into the classes
    std::uint8_t priority = 1;
    Duration on_delay{}, off_delay{};
    std::string_view on_delay_tag, off_delay_tag;  // instead: what the tag says, in seconds; "" for none
    BadInput bad_input = BadInput::hold;
    LocalText texts;
    std::string_view enable_tag;  // "" = always enabled
    LocalText cause, consequence, response;
    std::string_view screen;
    Duration time_to_respond{};
};
struct ParameterDefinition {
    std::string_view name;
    double number = 0;
    std::string_view tag;  // instead of the number; "" = none
};
struct OutputDefinition {
    std::string_view name;
    AlarmPlace alarm = kNoPlace;  // that it raises, or
    std::string_view rule;  // the rule that holds while it does
};
struct PointDefinition {
    std::string_view policy;
    std::string_view input_tag;  // or
    AlarmPlace input_alarm = kNoPlace;
    std::span<const ParameterDefinition> parameters;
    std::span<const OutputDefinition> outputs;
};
struct RuleDefinition {
    std::string_view name;
    LocalText reason;
    std::span<const AlarmPlace> targets;
};

class AlarmCatalogBuilder final {
public:
    AlarmCatalogBuilder(std::vector<std::string> languages, std::vector<AlarmClass> classes,
                        std::vector<PriorityStyle> priorities);
    ~AlarmCatalogBuilder();
    AlarmCatalogBuilder(AlarmCatalogBuilder&&) noexcept;

    // Copies what it needs. Faults are kept for build(), which names the first.
    AlarmPlace add(const AlarmDefinition& alarm);
    // For who knows it later: an alarm stands where its input does.
    void set_area(AlarmPlace alarm, std::string_view area);
    void add_point(const PointDefinition& point);
    void add_rule(const RuleDefinition& rule);
    [[nodiscard]] std::size_t size() const noexcept;

    // Leaves the builder empty. Error invalid_config: a name that is empty or given twice, a tag that does not exist, more than
    // 65,000 rules. Checks of sense are the site's.
    [[nodiscard]] Result<std::shared_ptr<const AlarmCatalog>> build(const tags::TagCatalog& tags, tags::TagIdStore& ids);

private:
    struct Draft;
    std::unique_ptr<Draft> draft_;
};

}  // namespace penstock::alarms

#pragma once

// Judges the alarms of a site against its tags and screens, when all of them are known.

#include "core/site/alarms/alarm_drafts.hpp"

namespace penstock::site {

class AlarmChecker {
public:
    AlarmChecker(LoadContext& context, const AlarmDrafts& drafts) noexcept
        : context_(context), faults_(context.faults), alarms_(context.content.alarms), drafts_(drafts) {}

    // Alarms without an area get that of their tag.
    void check();

private:
    [[nodiscard]] const tags::TagDefinition* find(const TagUse& use);
    void check_tag(const TagUse& use);
    void check_input(const TagUse& use, const tags::TagDefinition& tag);
    void check_parameter(const TagUse& use, const tags::TagDefinition& tag);
    void check_area(std::uint32_t point);
    void check_limits(std::uint32_t point);
    void check_order(std::span<const std::uint32_t> limits, double hysteresis, const JsonView& hysteresis_at);
    void check_reach(std::uint32_t parameter, const tags::TagDefinition& tag);
    void check_screen(const ScreenUse& use, const std::vector<std::string_view>& screens);

    LoadContext& context_;
    FaultList& faults_;
    SiteAlarms& alarms_;
    const AlarmDrafts& drafts_;
    std::string_view last_area_;  // that exists
    std::vector<const tags::TagDefinition*> inputs_;  // by point; null: none, or not known
};

}  // namespace penstock::site

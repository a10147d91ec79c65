#pragma once

// What alarms and rules have in common: an input, and the parameters of a policy. Expressions become calculated tags.

#include "core/site/alarms/alarm_drafts.hpp"
#include "core/site/tag_checker.hpp"

namespace penstock::site {

class PointReader {
public:
    PointReader(LoadContext& context, TagChecker& tags, AlarmDrafts& drafts) noexcept
        : context_(context), tags_(tags), drafts_(drafts) {}

    // Begins the next point. `name`, of what it belongs to, names the tags that are made; "" where it cannot be read.
    void start(std::string_view name, const JsonView& object, const KnownPolicy& policy, const InstancePlace* instance);
    // One of `tag` and `expression` exists; else false with a fault, at the object if there is none of them.
    bool take_input(const JsonView& tag, const JsonView& expression);
    // A parameter of the policy; `value`'s shape is checked here.
    void take_parameter(std::string_view parameter, const JsonView& value);
    // {"tag": NAME} or an expression, of good shape: the name of the tag.
    [[nodiscard]] std::string_view take_tag(const JsonView& value, std::string_view part, TagUse::Kind kind);
    void take_output(std::string_view output, alarms::AlarmPlace alarm);
    void take_output(std::string_view output, std::string_view rule);

    [[nodiscard]] PointRows& row();
    [[nodiscard]] PointDraft& draft();
    [[nodiscard]] std::uint32_t number() const noexcept { return static_cast<std::uint32_t>(drafts_.points.size() - 1); }

private:
    [[nodiscard]] std::string_view make_tag(const JsonView& expression, std::string_view part, TagUse::Kind kind);

    LoadContext& context_;
    TagChecker& tags_;
    AlarmDrafts& drafts_;
    std::string_view name_;
};

// A key that neither the table nor the policy knows.
void report_unknown_key(const JsonView& member, const ObjectFormat& format, const KnownPolicy& policy, bool is_plain,
                        FaultList& faults);

}  // namespace penstock::site

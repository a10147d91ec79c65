#pragma once

// Rules that suppress alarms by design: "suppression" of alarm files, and "hides" of alarms.

#include <optional>
#include <span>
#include <string_view>

#include "core/site/alarms/alarm_names.hpp"
#include "core/site/alarms/point_reader.hpp"

namespace penstock::site {

// Of the next rule, by language; to be filled in. Valid until the one after it.
[[nodiscard]] inline std::span<std::string_view> add_reason(LoadContext& context) {
    auto& reasons = context.content.alarms.reasons;
    reasons.resize(reasons.size() + context.content.languages.size());
    return std::span(reasons).last(context.content.languages.size());
}

// Reads rules as they are written; their targets stay words.
class RuleReader {
public:
    RuleReader(LoadContext& context, TagChecker& tags, PolicyTable& policies, AlarmDrafts& drafts) noexcept
        : context_(context), faults_(context.faults), policies_(policies), drafts_(drafts), point_(context, tags, drafts) {}
    void read(const JsonView& object);

private:
    [[nodiscard]] std::string_view take_name(const JsonView& name);
    void take_input(const JsonView& object);
    // Of a rule on an alarm: it has no policy to choose, and nothing that a policy would want.
    [[nodiscard]] bool names_a_policy(const JsonView& object);
    [[nodiscard]] std::optional<std::string_view> choose_output(const JsonView& object, const KnownPolicy& policy);
    void take_limit(const JsonView& object, std::string_view output, const KnownPolicy& policy);
    void take_parameter(const JsonView& member, const KnownPolicy& policy);

    LoadContext& context_;
    FaultList& faults_;
    PolicyTable& policies_;
    AlarmDrafts& drafts_;
    PointReader point_;
    NameTable names_;
};

// Finds what rules suppress, when all alarms and their areas are known; makes the rules of "hides".
class RuleChecker {
public:
    RuleChecker(LoadContext& context, AlarmDrafts& drafts, PolicyTable& policies) noexcept
        : context_(context), faults_(context.faults), alarms_(context.content.alarms), drafts_(drafts), policies_(policies) {}
    void check();

private:
    using Places = std::vector<alarms::AlarmPlace>;
    struct Edge {  // while `by` holds, it suppresses
        alarms::AlarmPlace by;
        std::uint32_t rule;  // in SiteAlarms
        JsonView at;
    };
    void check_rule(const RuleDraft& draft);
    [[nodiscard]] const AlarmNames& names();
    [[nodiscard]] std::optional<alarms::AlarmPlace> find_alarm(const JsonView& name);
    [[nodiscard]] Places choose(const JsonView& suppress);
    void narrow_to_area(const JsonView& area, Places& places);
    void narrow_to_priorities(const JsonView& priorities, Places& places);
    void add_named(const JsonView& name, Places& places);
    void make_hiding(const Hiding& hiding);
    void check_cycles();
    void check_count();
    void report_unknown(const JsonView& name);

    LoadContext& context_;
    FaultList& faults_;
    SiteAlarms& alarms_;
    AlarmDrafts& drafts_;
    PolicyTable& policies_;
    std::optional<AlarmNames> names_;  // most sites with alarms need none
    std::vector<Edge> edges_;
};

}  // namespace penstock::site

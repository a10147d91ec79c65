#pragma once

// What was read of alarms and cannot be judged before all tags, screens and alarms of the site are known.

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/site/alarms/policies.hpp"
#include "core/site/alarms/site_alarms.hpp"
#include "core/site/name_table.hpp"

namespace penstock::site {

// A tag that an alarm names, or that was made for it.
struct TagUse {
    enum class Kind : std::uint8_t { input, parameter, delay, enabling };
    JsonView at;  // the tag's name, or the expression
    std::string_view tag;
    const InstancePlace* instance;
    std::uint32_t point;
    Kind kind;
};

// Beside a row of SiteAlarms::points.
struct PointDraft {
    JsonView object;  // alarm, group or rule
    const InstancePlace* instance = nullptr;
    const KnownPolicy* policy = nullptr;
    alarms::AlarmPlace first_alarm = 0;
    std::uint32_t alarm_count = 0;  // 0: it is a rule
    bool is_plain = false;  // names no policy: its input has to be true or false
};

struct ScreenUse {
    JsonView at;
    const InstancePlace* instance;
};

// "hides" of an alarm.
struct Hiding {
    JsonView at;
    const InstancePlace* instance;
    alarms::AlarmPlace by;
    std::vector<alarms::AlarmPlace> targets;  // that are known already
};

// A rule of "suppression" whose targets are still words.
struct RuleDraft {
    JsonView object;
    std::uint32_t rule = 0, point = 0;  // in SiteAlarms
};

struct AlarmDrafts {
    std::vector<PointDraft> points;
    std::vector<JsonView> parameter_at;  // beside SiteAlarms::parameters
    std::vector<TagUse> tags;
    std::vector<ScreenUse> screens;
    std::vector<Hiding> hidings;
    std::vector<RuleDraft> rules;
    NameTable names;  // → AlarmPlace
    bool knows_all = true;  // alarms; else one that is not found may stand where nothing could be read
};

}  // namespace penstock::site

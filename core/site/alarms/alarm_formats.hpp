#pragma once

// The formats of what a site says about alarms, as tables (format.hpp): alarm files, classes and priorities of site.json.

#include <cstdint>

#include "core/site/format.hpp"

namespace penstock::site {

// Of "alarm_classes" and "alarm_priorities" of site.json.
extern const ObjectFormat kAlarmClassFormat;
extern const ObjectFormat kAlarmPriorityFormat;
inline constexpr double kMostAlarmClasses = 64, kMostAlarmPriorities = 16;

[[nodiscard]] const ObjectFormat& alarm_file_format() noexcept;
// An alarm, or a group of alarms that one policy judges. Its parameters and outputs are the policy's keys.
[[nodiscard]] const ObjectFormat& alarm_format() noexcept;
// One of a group, under the name of the policy's output.
[[nodiscard]] const ObjectFormat& alarm_output_format() noexcept;
[[nodiscard]] const ObjectFormat& suppression_format() noexcept;
// A policy's parameter.
[[nodiscard]] const KeyFormat& policy_parameter_format() noexcept;

// The keys of an alarm and of an output, by their place in the tables.
enum class AlarmKey : std::uint8_t {
    name,
    was,
    tag,
    expression,
    policy,
    area,
    bad_quality,
    enable,
    alarm_class,  // from here on also of an output
    priority,
    text,
    on_delay,
    off_delay,
    cause,
    consequence,
    response,
    time_to_respond,
    screen,
    hides,
    limit,  // of an output only
};
inline constexpr std::size_t kAlarmKeys = 20;
// Of a key of one of the two; precondition: it is in one of their tables.
[[nodiscard]] AlarmKey alarm_key(const KeyFormat& format) noexcept;
[[nodiscard]] std::string_view word_of(AlarmKey key) noexcept;

// What "mandatory" of a class may name.
[[nodiscard]] std::span<const std::string_view> mandatory_words() noexcept;

}  // namespace penstock::site

#pragma once

// Why an alarm is as it is, for people: its state in a sentence, what it is judged by now, what could hold it back.

#include <penstock/operations.hpp>

#include "core/alarms/alarm_catalog.hpp"
#include "core/alarms/live_alarms.hpp"
#include "core/tags/tag_reader.hpp"

namespace penstock::alarms {

// All but `last` and info.is_uncertain. `language`: into alarms.languages(). [any-thread]
[[nodiscard]] ExplainAlarmReply explain(AlarmId alarm, const AlarmCatalog& alarms, LiveAlarms& live,
                                        const tags::TagReader& reader, std::size_t language = 0);

}  // namespace penstock::alarms

#pragma once

// Why an alarm is as it is, for people: its state in a sentence, what it is judged by now, what could hold it back.

#include <penstock/operations.hpp>

#include "core/alarms/alarm_catalog.hpp"
#include "core/alarms/live_alarms.hpp"
#include "core/tags/tag_reader.hpp"

namespace penstock::alarms {

// All but `last` and info.is_uncertain. `covers`: areas that the caller may see; tags and alarms of others have neither name nor
// value. `language`: into alarms.languages(). [any-thread]
[[nodiscard]] ExplainAlarmReply explain(AlarmId alarm, const AlarmCatalog& alarms, LiveAlarms& live,
                                        const tags::TagReader& reader, const LiveAlarms::Covers& covers,
                                        std::size_t language = 0);

}  // namespace penstock::alarms

#pragma once

// How alarms look in words and as JSON: lists, counts, explanations, key figures.

#include <string>
#include <string_view>
#include <vector>

#include <penstock/operations.hpp>

namespace penstock::cli {

// "12:03:17", or "11-20 12:03:17" where that was another day than `now`'s: this machine's time zone. "-" for none.
[[nodiscard]] std::string short_local_time(UtcTime time, UtcTime now);
// "since (CET)": a column's head with that zone's name.
[[nodiscard]] std::string with_zone(std::string_view head, UtcTime now);

// One line an alarm, in the order given.
[[nodiscard]] std::string list_text(const std::vector<AlarmInfo>& alarms, const std::vector<AlarmPriority>& priorities,
                                    UtcTime now);
// One line a step in an alarm's life.
[[nodiscard]] std::string steps_text(const std::vector<AlarmInfo>& steps, const std::vector<AlarmPriority>& priorities,
                                     UtcTime now);
// "4 standing, 2 of them unacknowledged (priority 1: 1 of 1, priority 3: 1 of 3); 1 shelved, 0 suppressed, 0 out of service"
[[nodiscard]] std::string counts_text(const std::vector<AlarmCount>& counts);
// {id, alarm, tag, area, state, priority, text, since, shelved, acked_by}, then all else that is known; one line.
[[nodiscard]] std::string json_of(const std::vector<AlarmInfo>& alarms);

[[nodiscard]] std::string explanation(const ExplainAlarmReply& reply);
// Figures beside what is recommended, what is beyond marked with !, then the alarms that stand out.
[[nodiscard]] std::string figures_text(const AlarmFiguresReply& reply);

}  // namespace penstock::cli

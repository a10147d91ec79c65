#pragma once

#include <penstock/operations.hpp>

#include "tests/apps/cli/scripted_session.hpp"

namespace penstock::cli::testing {

inline AlarmInfo high_level() {
    AlarmInfo info;
    info.id = 4711;
    info.alarm = "clear_tank.level.high";
    info.tag = "clear_tank.level";
    info.area = "works/clear";
    info.state = AlarmStateCode::unacknowledged;
    info.holds = true;
    info.priority = 2;
    info.text = "Clear tank: level high";
    info.value = 4.7;
    info.limit = 4.5;
    info.unit = "m";
    info.since = noon() - 90s;
    return info;
}

}  // namespace penstock::cli::testing

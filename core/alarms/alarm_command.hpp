#pragma once

// What people want done to alarms, on its way to the engine.

#include <functional>
#include <vector>

#include <penstock/result.hpp>

#include "core/alarms/alarm_table.hpp"

namespace penstock::alarms {

struct AlarmTarget {
    AlarmId alarm = 0;
    journal::Position occurrence = 0;  // that the asker saw; 0: whichever there is
};
struct AlarmOutcome {
    AlarmId alarm = 0;
    journal::Position occurrence = 0;
    Result<void> done;  // errors as AlarmTable::act; denied: it has been raised anew since
};

// `done` is called exactly once, on any thread, when what was done is durable, with an outcome for each target in their order. It must
// not block. If the journal fails, what was not written is `unavailable`.
struct AlarmCommand {
    AlarmEvent event{};
    std::vector<AlarmTarget> targets;
    Who who;
    Remark remark;
    std::move_only_function<void(std::vector<AlarmOutcome>)> done;
};

}  // namespace penstock::alarms

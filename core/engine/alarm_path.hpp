#pragma once

// The alarms of a site in the engine's cycle: what was noted of tags goes to those who judge (alarms/judging.hpp), what they say to
// the alarm table, each step of an alarm into the events lane and to the list of alarms (alarms/live_alarms.hpp). People's actions come
// in by post(), and are answered when what they did is durable.
//
// In the snapshot: section "alarms" with the table, what policies remember, and the position of the events lane that both stand for;
// and section "alarm_list".
//
// All [engine] unless said otherwise.

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include <penstock/result.hpp>
#include <penstock/time.hpp>

#include "core/alarms/alarm_catalog.hpp"
#include "core/alarms/alarm_command.hpp"
#include "core/alarms/alarm_table.hpp"
#include "core/alarms/judging.hpp"
#include "core/alarms/judging_plan.hpp"
#include "core/alarms/transition.hpp"
#include "core/engine/command_queue.hpp"
#include "core/engine/snapshot_part.hpp"
#include "core/engine/watch.hpp"

namespace penstock::alarms {
class KeyFigures;
class LiveAlarms;
}  // namespace penstock::alarms
namespace penstock::journal {
class Lane;
}

namespace penstock::engine {

class Doorbell;

struct EngineAlarms {
    std::shared_ptr<const alarms::AlarmCatalog> catalog;
    alarms::JudgingPlan plan;
    alarms::LiveAlarms* live = nullptr;  // outlives the engine; null: nobody asks
    alarms::KeyFigures* figures = nullptr;  // outlives the engine; null: nobody counts
};

class AlarmPath final : public SnapshotPart, private alarms::TransitionSink {
public:
    // `events` null (tests, tools): nothing is kept, and records are numbered from 1. All but `alarms` must outlive it.
    AlarmPath(EngineAlarms alarms, tags::TagTable& table, Watch& watch, journal::Lane* events, std::size_t most_commands);
    ~AlarmPath() override;  // answers commands that were not taken up

    // Error unavailable: as Engine::post(). [any-thread]
    [[nodiscard]] Result<void> post(alarms::AlarmCommand command) { return commands_.push(std::move(command)); }
    void close() { commands_.close(); }
    // Its input or a parameter cannot be trusted. [any-thread]
    [[nodiscard]] bool is_uncertain(alarms::AlarmId alarm) const {
        return alarm < alarms_.size() && alarms_.is_uncertain(alarm);
    }

    void carry_out_commands(Now now);
    // After values and calculations: what was noted, and whose time has come. The first run looks at every point.
    void run(Now now);
    [[nodiscard]] MonotonicTime due() const noexcept { return judging_.due(); }

    [[nodiscard]] std::string_view name() const noexcept override { return "alarms"; }
    [[nodiscard]] journal::Position save(journal::Position appended, Now now, wire::Buffer& out) const override;
    [[nodiscard]] Result<void> restore(wire::Bytes section, Now now) override;
    [[nodiscard]] Result<void> replay(const journal::Record& record, Now now) override;
    // The section "alarm_list"; null without a list.
    [[nodiscard]] SnapshotPart* list_part() const noexcept { return list_part_.get(); }

private:
    class ListPart;

    journal::Position write(const alarms::Transition& transition, Now now) override;
    [[nodiscard]] alarms::AlarmOutcome carry_out(const alarms::AlarmCommand& command, const alarms::AlarmTarget& target,
                                                 Now now);
    void answer(alarms::AlarmCommand command, std::vector<alarms::AlarmOutcome> outcomes);
    void note(const Dependent& dependent);
    void tell(const Error& failure, Now now);

    std::shared_ptr<const alarms::AlarmCatalog> catalog_;
    const tags::TagCatalog& tags_;
    Watch& watch_;
    journal::Lane* events_;
    alarms::LiveAlarms* live_;
    alarms::KeyFigures* figures_;
    CommandQueue<alarms::AlarmCommand> commands_;
    std::vector<alarms::AlarmCommand> taken_;
    alarms::AlarmTable alarms_;
    mutable alarms::Judging judging_;  // to save it is to ask the policies
    std::unique_ptr<SnapshotPart> list_part_;
    journal::Position restored_ = 0;  // the records before it are in the section
    journal::Position without_journal_ = 1;
    Result<void> written_;  // what the journal said to the last record
    bool has_begun_ = false;
};

}  // namespace penstock::engine

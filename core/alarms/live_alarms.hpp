#pragma once

// The alarms as everybody is shown them: what the journal has made durable, and nothing else. The engine notes each transition with
// its position; whoever asks sees those whose record is durable by then. There is no thread: the work is done by who asks, and by the
// engine if nobody does for long. The engine never waits for who asks.
//
//     LiveAlarms live(alarms, tags, [&lane] { return lane.durable(); });
//     live.note(transition, position, now.utc);                 // the engine
//     auto reply = live.list(request, [&](area) { return grant.covers(area); });

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <penstock/operations.hpp>

#include "core/alarms/alarm_catalog.hpp"
#include "core/alarms/transition.hpp"
#include "core/tags/tag_catalog.hpp"
#include "core/wire/buffer.hpp"

namespace penstock::alarms {

class LiveAlarms final {
public:
    // `durable`: the records of the events lane before this position are. [any-thread]
    LiveAlarms(std::shared_ptr<const AlarmCatalog> alarms, std::shared_ptr<const tags::TagCatalog> tags,
               std::function<journal::Position()> durable);

    // In order of position. `position`: of the transition's record. [engine]
    void note(const Transition& transition, journal::Position position, UtcTime time);

    // --- all [any-thread] ---
    using Covers = std::function<bool(std::string_view area)>;
    using IsUncertain = std::function<bool(AlarmId)>;
    // The lists of AlarmsRequest but the history.
    [[nodiscard]] AlarmsReply list(const AlarmsRequest& request, const Covers& covers,
                                   const IsUncertain& is_uncertain = nullptr, std::size_t language = 0);
    // How one is; of a normal one all but what it is and its state is empty.
    [[nodiscard]] AlarmInfo info(AlarmId alarm, std::size_t language = 0);
    // The newest occurrence of an alarm, and the alarm of an occurrence that is the newest of its alarm; 0, nullopt: there is none.
    [[nodiscard]] journal::Position occurrence(AlarmId alarm);
    [[nodiscard]] std::optional<AlarmId> alarm_of(journal::Position occurrence);
    // Rules that suppress it now.
    [[nodiscard]] std::vector<RuleId> suppressed_by(AlarmId alarm);
    // What stands in an area and below, in no order.
    [[nodiscard]] std::vector<AlarmId> standing(std::string_view area, const Covers& covers);

    // --- recovery: all but the definitions, with the position that it stands for. restore() before the first note() ---
    // save() holds nobody up: it copies a few hundred alarms at a time, and the lock is free between. What happens meanwhile may be in
    // the bytes or not; it is in the records after their position, and applying those again does no harm.
    void save(wire::Buffer& out);
    // Where to go on reading the lane. Error protocol: damaged; it is then empty.
    [[nodiscard]] Result<journal::Position> restore(wire::Bytes state);

private:
    struct Entry {  // of an alarm that is not normal, or that was raised once
        AlarmState state;
        journal::Position occurrence = 0;
        Judged judged;
        UtcTime since{}, raised{}, acknowledged{}, shelved_until{};
        std::string acknowledged_by, comment, shelved_by, reason;
        std::vector<RuleId> rules;
    };
    struct Noted {
        Transition transition;
        journal::Position position;
        UtcTime time;
    };
    struct Stored;

    void catch_up();  // mutex_ is held
    void take_waiting();
    void apply(const Noted& noted);
    void forget(AlarmId alarm);
    [[nodiscard]] static Stored stored(const Entry& entry);
    [[nodiscard]] std::uint64_t save_some(std::span<const AlarmId> alarms, wire::Buffer& to);
    [[nodiscard]] AlarmInfo make_info(AlarmId alarm, const Entry& entry, std::size_t language) const;

    std::shared_ptr<const AlarmCatalog> alarms_;
    std::shared_ptr<const tags::TagCatalog> tags_;
    std::function<journal::Position()> durable_;
    std::mutex waiting_mutex_;  // guards waiting_; held for one step or an exchange, never for work on many
    std::deque<Noted> waiting_;
    std::mutex mutex_;  // guards what follows; taken before the other
    std::deque<Noted> noted_;  // before those that wait; for their records to be durable
    std::unordered_map<AlarmId, Entry> entries_;
    std::unordered_map<journal::Position, AlarmId> of_occurrence_;  // of entries_, and of the last that ended
    std::deque<journal::Position> ended_;  // so that who is late is told what became of it
    journal::Position position_ = 0;  // everything before it is in entries_
};

// As AlarmsReply has them: from the most urgent on.
[[nodiscard]] std::vector<AlarmPriority> priority_styles(const AlarmCatalog& alarms);

}  // namespace penstock::alarms

#pragma once

// When which alarm is heard at a station. The most urgent priority that calls somebody sounds at once and again at its beat, until
// somebody, at any station, has acknowledged or silenced the last of its alarms. A priority without a beat is heard once for each
// occurrence, and waits for its turn while a more urgent one sounds. A new occurrence is heard at once, not at the next beat.
//
// While the server is lost nobody knows what stands and nobody can acknowledge: the alarms' sound ends, and the station gives one of
// its own, twice a minute, until the server is back or the operator has taken note.
//
//     const auto next = horn.poll(station.link().state, now);     // after each poll of the session, and by `next`

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include <penstock/session.hpp>
#include <penstock/time.hpp>

#include "core/base/sound_pattern.hpp"
#include "core/client/alarm_model.hpp"

namespace penstock::client {

// Where sound comes out.
class SoundOutput {
public:
    virtual ~SoundOutput() = default;
    // Begins at once, in place of what sounds.
    virtual void play(std::span<const base::Tone> tones) = 0;
    virtual void stop() = 0;
};

// All of it: on the thread that polls the session.
class AlarmHorn {
public:
    static constexpr Duration kLeastPause = 1s;  // between two beginnings: a flood is a beat, not a drone
    static constexpr Duration kLossBeat = 30s;

    // Both outlive it. From now on the model keeps its list of standing alarms up to date.
    AlarmHorn(AlarmModel& alarms, SoundOutput& output) : alarms_(&alarms), output_(&output) {}
    ~AlarmHorn();
    AlarmHorn(const AlarmHorn&) = delete;
    AlarmHorn& operator=(const AlarmHorn&) = delete;

    // Begins and ends what is to be heard. When it wants to be called next, if nothing else happens.
    std::optional<MonotonicTime> poll(LinkState link, MonotonicTime now);

    // The server is lost, and the station says so aloud.
    [[nodiscard]] bool tells_loss() const noexcept { return is_lost_ && !is_noted_; }
    // The operator knows: quiet until the server is lost another time.
    void note_loss() noexcept { is_noted_ = true; }

private:
    struct Call {  // of one priority
        std::uint8_t priority = 0;  // 0, before all others: the server is lost
        std::vector<base::Tone> tones;
        Duration beat{};  // 0: once
        std::vector<std::uint64_t> occurrences;
        bool is_new = false;  // one of them was not heard yet
    };
    struct Playing {
        std::uint8_t priority = 0;
        MonotonicTime began{};
        Duration length{};
    };

    void follow_link(LinkState link);
    void collect(const AlarmsReply& reply);
    [[nodiscard]] const Call* most_urgent(MonotonicTime now) const;
    [[nodiscard]] std::optional<MonotonicTime> again(const Call& call) const;
    void begin(const Call& call, MonotonicTime now);

    AlarmModel* alarms_;
    SoundOutput* output_;
    std::vector<Call> calls_;  // the most urgent first
    std::optional<std::uint64_t> collected_;  // the model's version
    std::set<std::uint64_t> heard_;  // occurrences that stand
    std::optional<Playing> playing_;
    bool was_connected_ = false;
    bool is_lost_ = false;
    bool is_noted_ = false;
};

}  // namespace penstock::client

// What is heard when, with a server by hand and a loudspeaker that keeps a list.
#include "core/client/alarm_horn.hpp"

#include <gtest/gtest.h>

#include "tests/core/client/fake_session.hpp"

namespace penstock::client {
namespace {

using testing::FakeSession;
using State = AlarmStateCode;

class Loudspeaker final : public SoundOutput {
public:
    void play(std::span<const base::Tone> tones) override {
        ++begun;
        hertz = tones.front().hertz;
    }
    void stop() override { hertz = 0; }
    unsigned hertz = 0;  // what sounds, or sounded last; 0: it was stopped
    int begun = 0;
};

AlarmInfo alarm(std::uint64_t id, std::uint8_t priority, State state = State::unacknowledged) {
    AlarmInfo info;
    info.id = id;
    info.state = state;
    info.priority = priority;
    return info;
}

AlarmPriority style(std::uint8_t priority, std::string sound, Duration repeat = {}) {
    AlarmPriority made;
    made.priority = priority;
    made.sound = std::move(sound);
    made.repeat = repeat;
    return made;
}

class Horn : public ::testing::Test {
protected:
    Horn() { poll(); }
    void poll() {
        session.poll();
        model.poll(now);
        next = horn.poll(session.status.state, now);
    }
    // The server's list is now so, and the station has it.
    void stands(std::vector<AlarmInfo> alarms) {
        now += 100ms;
        session.calls.clear();
        model.set_language(std::to_string(++asked));  // in another language the model asks at once
        model.poll(now);
        AlarmsReply reply;
        reply.alarms = std::move(alarms);
        reply.priorities = {style(1, "880:200 0:100 880:200", 3s), style(2, "660:300", 10s), style(3, "520:200"), style(4, "")};
        session.answer(AnyReply(reply));
        poll();
    }
    void pass(Duration time) {
        now += time;
        poll();
    }
    // Poll by poll as the horn asks for it, for so long.
    int beats_within(Duration time) {
        const auto before = output.begun;
        const auto end = now + time;
        while (next && *next <= end) {
            now = std::max(now, *next);
            poll();
        }
        now = end;
        poll();
        return output.begun - before;
    }
    void lose_link() {
        session.status.state = LinkState::lost;
        model.link_lost();
        poll();
    }
    void connect_anew() {
        session.status.state = LinkState::connected;
        model.connected_anew();
        poll();
    }

    FakeSession session;
    AlarmModel model{session};
    Loudspeaker output;
    AlarmHorn horn{model, output};
    MonotonicTime now = monotonic_from_ns(1'000'000'000'000);
    std::optional<MonotonicTime> next;
    int asked = 0;
};

TEST_F(Horn, IsSilentAndWantsNoTimeWhileNothingCalls) {
    stands({alarm(1, 1, State::acknowledged), alarm(2, 4)});
    EXPECT_EQ(output.begun, 0);
    EXPECT_EQ(next, std::nullopt);
}

TEST_F(Horn, SoundsAtItsBeatUntilSomebodyAcknowledges) {
    stands({alarm(7, 1)});
    EXPECT_EQ(output.hertz, 880U);
    EXPECT_EQ(next, now + 3s);
    EXPECT_EQ(beats_within(30s), 10);
    stands({alarm(7, 1, State::acknowledged)});
    EXPECT_EQ(output.hertz, 0U);
    EXPECT_EQ(next, std::nullopt);
    EXPECT_EQ(beats_within(30s), 0);
}

TEST_F(Horn, IsSilencedFromAnyStation) {
    stands({alarm(7, 1)});
    auto silenced = alarm(7, 1);
    silenced.is_silenced = true;
    stands({silenced});
    EXPECT_EQ(output.hertz, 0U);
    EXPECT_EQ(beats_within(30s), 0);
}

TEST_F(Horn, IsTakenOverAtOnceByAMoreUrgentAlarmAndGivenBackAtOnce) {
    stands({alarm(7, 2)});
    EXPECT_EQ(output.hertz, 660U);
    stands({alarm(8, 1), alarm(7, 2)});
    EXPECT_EQ(output.hertz, 880U) << "100 ms after the other began";
    EXPECT_EQ(beats_within(9s), 3) << "the less urgent is not heard between";
    EXPECT_EQ(output.hertz, 880U);
    stands({alarm(7, 2), alarm(8, 1, State::acknowledged)});
    EXPECT_EQ(output.hertz, 660U);
}

TEST_F(Horn, OfAPriorityWithoutABeatIsHeardOnceForEachOccurrence) {
    stands({alarm(7, 3)});
    EXPECT_EQ(output.hertz, 520U);
    EXPECT_EQ(beats_within(60s), 0) << "once";
    stands({alarm(7, 3)});
    EXPECT_EQ(output.begun, 1) << "the list is new, the alarm is not";
    stands({alarm(9, 3), alarm(7, 3)});
    EXPECT_EQ(output.begun, 2);
}

TEST_F(Horn, LetsAToneThatIsHeardOnceEndWhateverElseHappens) {
    stands({alarm(7, 3)});
    stands({alarm(2, 4), alarm(7, 3)});
    EXPECT_EQ(output.hertz, 520U) << "100 ms into a tone of 200 ms";
    stands({alarm(2, 4), alarm(7, 3, State::acknowledged)});
    EXPECT_EQ(output.hertz, 0U) << "but for somebody who acknowledges it";
}

TEST_F(Horn, KeepsWhatIsHeardOnceUntilItsTurn) {
    stands({alarm(1, 1), alarm(7, 3)});
    EXPECT_EQ(output.hertz, 880U);
    beats_within(20s);
    stands({alarm(7, 3), alarm(1, 1, State::acknowledged)});
    EXPECT_EQ(output.hertz, 520U);
    EXPECT_EQ(beats_within(20s), 0);
}

TEST_F(Horn, GoesOnWithALowerBeatAfterWhatIsHeardOnce) {
    session.calls.clear();
    model.connected_anew();
    model.poll(now);
    AlarmsReply reply;
    reply.alarms = {alarm(1, 1), alarm(2, 2)};
    reply.priorities = {style(1, "880:500"), style(2, "660:300", 10s)};
    session.answer(AnyReply(reply));
    poll();
    EXPECT_EQ(output.hertz, 880U);
    EXPECT_EQ(next, now + 500ms);
    pass(500ms);
    EXPECT_EQ(output.hertz, 660U);
    EXPECT_EQ(beats_within(20s), 2);
}

TEST_F(Horn, DoesNotWaitForTheBeatWhenAnotherOneOfItsPriorityComes) {
    stands({alarm(7, 2)});
    pass(4s);
    stands({alarm(8, 2), alarm(7, 2)});
    EXPECT_EQ(output.begun, 2);
    EXPECT_EQ(next, now + 10s);
}

TEST_F(Horn, IsABeatAndNoDroneInAFlood) {
    std::vector<AlarmInfo> all;
    for (std::uint64_t id = 1; id <= 50; ++id) {
        all.push_back(alarm(id, 3));
        stands(all);
    }
    EXPECT_GE(output.begun, 5);
    EXPECT_LE(output.begun, 6) << "5 s in steps of 100 ms";
}

TEST_F(Horn, EndsTheAlarmsSoundWhenTheServerIsLostAndTellsOfThatInstead) {
    stands({alarm(7, 1)});
    lose_link();
    EXPECT_EQ(output.hertz, 660U) << "its own tones fall from 660 Hz";
    EXPECT_TRUE(horn.tells_loss());
    EXPECT_EQ(beats_within(5min), 10);
    horn.note_loss();
    poll();
    EXPECT_EQ(output.hertz, 0U);
    EXPECT_EQ(next, std::nullopt);
    EXPECT_EQ(beats_within(5min), 0);
    connect_anew();
    EXPECT_EQ(output.hertz, 0U) << "nobody knows yet what stands";
    stands({alarm(7, 1)});
    EXPECT_EQ(output.hertz, 880U);
    lose_link();
    EXPECT_TRUE(horn.tells_loss()) << "lost another time";
}

TEST_F(Horn, IsQuietWhenTheServerIsBackAndNothingCalls) {
    stands({});
    lose_link();
    EXPECT_EQ(output.hertz, 660U);
    connect_anew();
    EXPECT_EQ(output.hertz, 0U);
}

TEST(HornAtTheStart, SaysNothingOfAServerThatWasNeverThere) {
    FakeSession session;
    session.status.state = LinkState::connecting;
    AlarmModel model(session);
    Loudspeaker output;
    AlarmHorn horn(model, output);
    EXPECT_EQ(horn.poll(LinkState::connecting, monotonic_from_ns(0)), std::nullopt);
    EXPECT_EQ(horn.poll(LinkState::lost, monotonic_from_ns(0)), std::nullopt);
    EXPECT_EQ(output.begun, 0);
}

TEST_F(Horn, PlaysAPlainToneForAPatternOfANewerServer) {
    session.calls.clear();
    model.connected_anew();
    model.poll(now);
    AlarmsReply reply;
    reply.alarms = {alarm(1, 1)};
    reply.priorities = {style(1, "chirp(880)", 3s)};
    session.answer(AnyReply(reply));
    poll();
    EXPECT_EQ(output.hertz, 880U);
}

TEST(HornAtTheEnd, StopsWhatSounds) {
    FakeSession session;
    AlarmModel model(session);
    Loudspeaker output;
    {
        AlarmHorn horn(model, output);
        horn.poll(LinkState::connected, monotonic_from_ns(0));
        horn.poll(LinkState::lost, monotonic_from_ns(0));
        EXPECT_NE(output.hertz, 0U);
    }
    EXPECT_EQ(output.hertz, 0U);
}

}  // namespace
}  // namespace penstock::client

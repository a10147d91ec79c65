// The list: what is durable, in the order that an operator needs, and the way of a transition through its record.

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>

#include <gtest/gtest.h>

#include "core/alarms/alarm_record.hpp"
#include "core/alarms/live_alarms.hpp"
#include "core/wire/codec.hpp"
#include "tests/core/alarms/small_plant.hpp"

namespace penstock::alarms {
namespace {

using namespace std::chrono_literals;
using testing::small_alarms;
using testing::small_tags;

class LiveAlarmsTest : public ::testing::Test {
protected:
    AlarmId id(std::string_view name) const { return alarms_->find(name).value(); }
    // One step of an alarm as the table would write it; position and time go on.
    Transition step(std::string_view name, AlarmEvent event, std::string user = {}, std::string comment = {}) {
        Transition transition;
        transition.alarm = id(name);
        transition.event = event;
        auto& state = states_[transition.alarm];
        state = after(state, event, {}).value();
        transition.to = state;
        auto& occurrence = occurrences_[transition.alarm];
        if (event == AlarmEvent::raised) occurrence = position_;
        transition.occurrence = occurrence;
        transition.judged = {word_of(4.75), 4.5, QualityCode::good, 1'700'000'000'000'000'000};
        transition.who = {std::move(user), "st1"};
        transition.comment = std::move(comment);
        if (event == AlarmEvent::shelved) transition.shelved_until = time_ + 1h;
        if (event == AlarmEvent::suppressed || event == AlarmEvent::unsuppressed) transition.rule = kFirstRule;
        return transition;
    }
    void note(std::string_view name, AlarmEvent event, std::string user = {}, std::string comment = {}) {
        live_.note(step(name, event, std::move(user), std::move(comment)), position_++, time_);
        time_ += 1s;
    }
    AlarmsReply list(AlarmsRequest request = {}) {
        return live_.list(request, [this](std::string_view area) { return area != hidden_; });
    }
    std::vector<std::string> names(const AlarmsRequest& request = {}) {
        std::vector<std::string> found;
        for (const auto& alarm : list(request).alarms) found.push_back(alarm.alarm);
        return found;
    }
    void all_durable() { durable_ = position_; }

    std::shared_ptr<const tags::TagCatalog> tags_ = small_tags();
    std::shared_ptr<const AlarmCatalog> alarms_ = small_alarms(*tags_);
    journal::Position durable_ = 0, position_ = 100;
    UtcTime time_ = utc_from_ns(1'700'000'000'000'000'000);
    std::string hidden_ = "-";
    std::map<AlarmId, AlarmState> states_;
    std::map<AlarmId, journal::Position> occurrences_;
    LiveAlarms live_{alarms_, tags_, [this] { return durable_; }};
};

using Names = std::vector<std::string>;

TEST_F(LiveAlarmsTest, ShowsNothingThatIsNotDurable) {
    note("tank_1.high", AlarmEvent::raised);
    EXPECT_EQ(names(), Names{});
    durable_ = 100;
    EXPECT_EQ(names(), Names{}) << "the record itself is at 100";
    durable_ = 101;
    EXPECT_EQ(names(), Names{"tank_1.high"});
    note("tank_1.high", AlarmEvent::acknowledged, "mueller");
    EXPECT_EQ(list().alarms.at(0).state, AlarmStateCode::unacknowledged);
    all_durable();
    EXPECT_EQ(list().alarms.at(0).state, AlarmStateCode::acknowledged);
    EXPECT_EQ(list().durable, 102U);
}

TEST_F(LiveAlarmsTest, SaysEverythingThatAnOperatorWantsToKnow) {
    note("tank_1.high", AlarmEvent::raised);
    note("tank_1.high", AlarmEvent::acknowledged, "mueller", "looking at it");
    all_durable();
    const auto alarm = list().alarms.at(0);
    EXPECT_EQ(alarm.id, 100U);
    EXPECT_EQ(alarm.tag, "tank_1.level");
    EXPECT_EQ(alarm.area, "works/tanks");
    EXPECT_EQ(alarm.alarm_class, "process");
    EXPECT_EQ(alarm.text, "tank_1.level high: 4.75 m, limit 4.5");
    EXPECT_EQ(alarm.value.text(), "4.75");
    EXPECT_EQ(alarm.acknowledged_by, "mueller");
    EXPECT_EQ(alarm.comment, "looking at it");
    EXPECT_LT(alarm.raised, alarm.acknowledged);
    EXPECT_EQ(live_.info(alarm.alarm == "tank_1.high" ? id("tank_1.high") : 0, 1).text, "tank_1.level hoch: 4.75 m");
}

TEST_F(LiveAlarmsTest, SaysWhoseConfirmationIsMissing) {
    for (const auto needs_confirm : {true, false}) {
        auto raised = step("tank_1.high", AlarmEvent::raised);
        raised.to.to_confirm = needs_confirm;
        live_.note(raised, position_++, time_);
        all_durable();
        EXPECT_EQ(list().alarms.at(0).to_confirm, needs_confirm);
        states_.clear();
    }
}

TEST_F(LiveAlarmsTest, PutsWhatNeedsSomebodyFirstThenTheUrgentThenTheNewest) {
    note("pump.off", AlarmEvent::raised);  // priority 2
    note("tank_2.high", AlarmEvent::raised);  // priority 2, later
    note("tank_1.high", AlarmEvent::raised);  // priority 1
    all_durable();
    EXPECT_EQ(names(), (Names{"tank_1.high", "tank_2.high", "pump.off"}));
    note("tank_1.high", AlarmEvent::acknowledged, "mueller");
    all_durable();
    EXPECT_EQ(names(), (Names{"tank_2.high", "pump.off", "tank_1.high"}));
}

TEST_F(LiveAlarmsTest, ComesInPagesThatTogetherAreAll) {
    for (const auto* name : {"pump.off", "tank_2.high", "tank_1.high"}) note(name, AlarmEvent::raised);
    all_durable();
    AlarmsRequest request;
    request.limit = 2;
    const auto first = list(request);
    EXPECT_EQ(first.total, 3U);
    ASSERT_EQ(first.alarms.size(), 2U);
    request.before = first.next;
    EXPECT_EQ(names(request), Names{"pump.off"});
    EXPECT_EQ(list(request).next, 0U);
}

TEST_F(LiveAlarmsTest, FiltersByAreaPriorityStateAndText) {
    for (const auto* name : {"pump.off", "tank_2.high", "tank_1.high"}) note(name, AlarmEvent::raised);
    note("pump.off", AlarmEvent::acknowledged, "mueller");
    all_durable();
    AlarmsRequest request;
    request.area = "works/tanks";
    EXPECT_EQ(names(request), (Names{"tank_1.high", "tank_2.high"})) << "the area and below";
    request.area = "works/tank";
    EXPECT_EQ(names(request), Names{});
    request = {};
    request.priorities = {1};
    EXPECT_EQ(names(request), Names{"tank_1.high"});
    request = {};
    request.states = {AlarmStateCode::acknowledged};
    EXPECT_EQ(names(request), Names{"pump.off"});
    request = {};
    request.text = "TANK_2.LEVEL HIGH";
    EXPECT_EQ(names(request), Names{"tank_2.high"});
}

TEST_F(LiveAlarmsTest, CountsByAreaAndPriorityWhateverThePageShows) {
    for (const auto* name : {"pump.off", "tank_2.high", "tank_1.high"}) note(name, AlarmEvent::raised);
    note("tank_2.high", AlarmEvent::shelved, "mueller", "repair");
    all_durable();
    AlarmsRequest request;
    request.limit = 1;
    const auto reply = list(request);
    ASSERT_EQ(reply.counts.size(), 3U);
    EXPECT_EQ(reply.counts[0].area, "works/pumps");
    EXPECT_EQ(reply.counts[0].unacknowledged, 1U);
    EXPECT_EQ(reply.counts[2].area, "works/tanks/north");
    EXPECT_EQ(reply.counts[2].standing, 0U);
    EXPECT_EQ(reply.counts[2].shelved, 1U);
    ASSERT_EQ(reply.priorities.size(), 2U);
    EXPECT_EQ(reply.priorities[0].name, "urgent");
}

TEST_F(LiveAlarmsTest, WhatTheCallerMayNotSeeDoesNotExist) {
    for (const auto* name : {"pump.off", "tank_1.high"}) note(name, AlarmEvent::raised);
    all_durable();
    hidden_ = "works/tanks";
    const auto reply = list();
    EXPECT_EQ(reply.total, 1U);
    ASSERT_EQ(reply.counts.size(), 1U);
    EXPECT_EQ(reply.counts[0].area, "works/pumps");
}

TEST_F(LiveAlarmsTest, ShelvedAndSuppressedHaveListsOfTheirOwnWithReasons) {
    note("tank_1.high", AlarmEvent::raised);
    note("tank_1.high", AlarmEvent::shelved, "mueller", "sensor is cleaned");
    note("tank_2.high", AlarmEvent::suppressed);
    all_durable();
    EXPECT_EQ(names(), Names{});
    AlarmsRequest request;
    request.list = AlarmList::shelved;
    const auto shelved = list(request).alarms.at(0);
    EXPECT_EQ(shelved.shelved_by, "mueller");
    EXPECT_EQ(shelved.reason, "sensor is cleaned");
    EXPECT_GT(shelved.shelved_until, time_);
    request.list = AlarmList::suppressed;
    EXPECT_EQ(list(request).alarms.at(0).reason, "the pump is off");
    EXPECT_EQ(live_.suppressed_by(id("tank_2.high")), std::vector<RuleId>{kFirstRule});
}

TEST_F(LiveAlarmsTest, AnOccurrenceThatEndedIsStillKnownByItsNumber) {
    note("tank_1.high", AlarmEvent::raised);
    note("tank_1.high", AlarmEvent::returned);
    note("tank_1.high", AlarmEvent::acknowledged, "mueller");
    all_durable();
    EXPECT_EQ(names(), Names{});
    EXPECT_EQ(live_.alarm_of(100), id("tank_1.high"));
    EXPECT_EQ(live_.alarm_of(0), std::nullopt);
    EXPECT_EQ(live_.alarm_of(12'345), std::nullopt);
}

TEST_F(LiveAlarmsTest, GoesOnAfterARestartAsIfNothingHadBeen) {
    note("tank_1.high", AlarmEvent::raised);
    note("pump.off", AlarmEvent::raised);
    note("pump.off", AlarmEvent::shelved, "mueller", "repair");
    note("tank_2.high", AlarmEvent::suppressed);
    all_durable();
    wire::Buffer bytes;
    live_.save(bytes);
    LiveAlarms again(alarms_, tags_, [this] { return durable_; });
    ASSERT_EQ(again.restore(bytes), 104U);
    const auto one = step("tank_1.high", AlarmEvent::acknowledged, "meier");
    for (auto* live : {&live_, &again}) live->note(one, position_, time_);
    ++position_;
    all_durable();
    for (const auto list : {AlarmList::standing, AlarmList::shelved, AlarmList::suppressed}) {
        AlarmsRequest request;
        request.list = list;
        const auto everywhere = [](std::string_view) { return true; };
        wire::Buffer before, after;
        const auto a = live_.list(request, everywhere), b = again.list(request, everywhere);
        ASSERT_EQ(a.alarms.size(), b.alarms.size());
        for (std::size_t i = 0; i < a.alarms.size(); ++i) {
            EXPECT_EQ(a.alarms[i].alarm, b.alarms[i].alarm);
            EXPECT_EQ(a.alarms[i].id, b.alarms[i].id);
            EXPECT_EQ(a.alarms[i].state, b.alarms[i].state);
            EXPECT_EQ(a.alarms[i].text, b.alarms[i].text);
            EXPECT_EQ(a.alarms[i].since, b.alarms[i].since);
            EXPECT_EQ(a.alarms[i].acknowledged_by, b.alarms[i].acknowledged_by);
            EXPECT_EQ(a.alarms[i].reason, b.alarms[i].reason);
            EXPECT_EQ(a.alarms[i].shelved_until, b.alarms[i].shelved_until);
        }
    }
    bytes.resize(bytes.size() / 2);
    EXPECT_FALSE(LiveAlarms(alarms_, tags_, [] { return 0; }).restore(bytes));
}

TEST_F(LiveAlarmsTest, ATransitionSurvivesItsRecord) {
    for (std::uint8_t event = 0; event < kAlarmEvents; ++event) {
        Transition sent;
        sent.alarm = id("tank_1.high");
        sent.event = static_cast<AlarmEvent>(event);
        for (std::uint16_t bits = 0; bits < 1024; ++bits) {
            if ((bits & 7U) == 7) continue;  // no such state
            sent.to = unpack_state(bits);
            sent.occurrence = 99;
            sent.judged = {word_of(4.75), 4.5, QualityCode::good, 1'700'000'000'000'000'000};
            sent.who = {"mueller", "st1"};
            sent.comment = "because";
            sent.shelved_until = time_;
            ASSERT_EQ(pack_state(sent.to), bits);
            auto event_of_it = to_event(sent, *alarms_, *tags_);
            event_of_it.position = 1'000;
            const auto back = to_transition(event_of_it);
            ASSERT_TRUE(back);
            ASSERT_EQ(back->to, sent.to);
            ASSERT_EQ(back->event, sent.event);
            ASSERT_EQ(back->occurrence, 99U);
            ASSERT_EQ(back->judged.limit, 4.5);
            ASSERT_EQ(back->who, sent.who);
        }
    }
    const auto raised = to_event(step("tank_1.high", AlarmEvent::raised), *alarms_, *tags_);
    EXPECT_EQ(raised.sentence(), "tank_1.high: tank_1.level high: 4.75 m, limit 4.5");
    const auto acknowledged = to_event(step("tank_1.high", AlarmEvent::acknowledged, "mueller", "seen"), *alarms_, *tags_);
    EXPECT_EQ(acknowledged.sentence(), "mueller acknowledged tank_1.high: seen");
    EXPECT_EQ(acknowledged.area, "works/tanks");
}

TEST_F(LiveAlarmsTest, TheEngineDoesNotWaitForWhoIsAnswered) {
    note("tank_1.high", AlarmEvent::raised);
    all_durable();
    bool is_noted = false;
    const auto everywhere = [&](std::string_view) {
        if (is_noted) return true;
        is_noted = true;
        const auto later = step("pump.off", AlarmEvent::raised);
        std::thread([&] { live_.note(later, position_, time_); }).join();  // would hang if it waited
        ++position_;
        return true;
    };
    EXPECT_EQ(live_.list({}, everywhere).total, 1U);
    EXPECT_TRUE(is_noted);
    all_durable();
    EXPECT_EQ(names().size(), 2U);
}

// Whatever moment a copy is of: it and the records after its position give what there is in the end.
TEST_F(LiveAlarmsTest, ACopyMadeWhileAlarmsComeAndGoIsAsGoodAsAnyOther) {
    struct Step {
        Transition transition;
        journal::Position position;
        UtcTime time;
    };
    std::vector<Step> steps;
    for (int round = 0; round < 500; ++round) {
        for (const auto* name : {"tank_1.high", "tank_2.high", "pump.off"})
            for (const auto event : {AlarmEvent::raised, AlarmEvent::acknowledged, AlarmEvent::returned}) {
                steps.push_back({step(name, event, "mueller"), position_++, time_});
                time_ += 1s;
            }
    }
    for (const auto* name : {"tank_1.high", "pump.off"}) steps.push_back({step(name, AlarmEvent::raised), position_++, time_});
    std::atomic<journal::Position> durable = 0;
    const auto is_durable = [&] { return durable.load(); };
    LiveAlarms live(alarms_, tags_, is_durable);
    std::vector<wire::Buffer> copies;
    {
        std::jthread engine([&] {
            for (const auto& each : steps) {
                live.note(each.transition, each.position, each.time);
                durable = each.position + 1;
            }
        });
        while (durable < position_) live.save(copies.emplace_back());
    }
    live.save(copies.emplace_back());
    const auto everywhere = [](std::string_view) { return true; };
    const auto seen = [&](LiveAlarms& of) {
        wire::Buffer bytes;
        wire::encode(of.list({}, everywhere), bytes);
        return bytes;
    };
    // As many as can be looked at quickly, the first and the last among them.
    for (std::size_t i = 0; i < copies.size(); i += std::max<std::size_t>(1, (copies.size() - 1) / 50)) {
        LiveAlarms again(alarms_, tags_, is_durable);
        const auto from = again.restore(copies[i]);
        ASSERT_TRUE(from);
        for (const auto& each : steps)
            if (each.position >= *from) again.note(each.transition, each.position, each.time);
        EXPECT_EQ(seen(again), seen(live)) << "copy " << i << " of " << copies.size();
    }
}

TEST_F(LiveAlarmsTest, NumbersInTextsCanBeRead) {
    const auto alarm = alarms_->view(id("tank_1.high"));
    EXPECT_EQ(shown_text(*alarms_, alarm, *tags_, Value(2.9720845222473145), 4.5), "tank_1.level high: 2.972 m, limit 4.5");
    EXPECT_EQ(shown_text(*alarms_, alarm, *tags_, Value(), 4.5), "tank_1.level high: – m, limit 4.5");
}

TEST_F(LiveAlarmsTest, ARecordThatBeginsAnOccurrenceIsNamedByItsOwnPosition) {
    auto sent = step("tank_1.high", AlarmEvent::raised);
    sent.occurrence = 0;
    auto event = to_event(sent, *alarms_, *tags_);
    event.position = 4'711;
    EXPECT_EQ(to_transition(event)->occurrence, 4'711U);
    EXPECT_FALSE(to_transition(Event()));
}

}  // namespace
}  // namespace penstock::alarms

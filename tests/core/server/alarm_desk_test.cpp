// What people ask of alarms and do to them, as the server answers.

#include <gtest/gtest.h>

#include "core/alarms/alarm_record.hpp"
#include "core/server/alarm_desk.hpp"
#include "core/tags/tag_table.hpp"
#include "tests/core/alarms/small_plant.hpp"

namespace penstock::server {
namespace {

using namespace std::chrono_literals;
using alarms::AlarmId;
using alarms::testing::small_alarms;
using alarms::testing::small_tags;

// An events lane in memory that answers in pages.
class Events final : public sessions::HistoryServices {
public:
    void history(const Asker&, tags::TagId, HistoryRequest, OnReply<HistoryReply>) override {}
    void trend(const Asker&, std::vector<tags::TagId>, TrendRequest, OnReply<TrendReply>) override {}
    Result<std::unique_ptr<sessions::SeriesFeed>> open_series(const Asker&, std::vector<tags::TagId>, std::vector<SeriesPlace>,
                                                              std::function<void()>) override {
        return fail(ErrorCode::unsupported, "none");
    }
    void journal(const Asker&, JournalRequest, OnReply<JournalReply>) override {}
    void backup(const Asker&, BackupRequest, OnReply<BackupReply>) override {}
    void events(const Asker&, EventsRequest request, sessions::Grant, OnReply<EventsReply> done) override {
        EventsReply reply;
        reply.durable = all.size();
        for (auto i = all.size(); i-- > 0;) {
            if (request.before != 0 && all[i].position >= request.before) continue;
            if (!request.object.empty() && all[i].object != request.object) continue;
            if (reply.events.size() == std::min<std::size_t>(request.limit, page)) {
                reply.next = reply.events.back().position;
                break;
            }
            reply.events.push_back(all[i]);
        }
        ++asked;
        done(std::move(reply));
    }
    std::vector<Event> all;
    std::size_t page = 2;
    int asked = 0;
};

class AlarmDeskTest : public ::testing::Test {
protected:
    AlarmDeskTest()
        : desk_({.alarms = alarms_,
                 .live = &live_,
                 .history = &events_,
                 .figures = &figures_,
                 .reader = tags::TagReader(table_),
                 .post = [this](alarms::AlarmCommand command) -> Result<void> {
                     if (is_stopped_) return fail(ErrorCode::unavailable, "the engine has stopped");
                     commands_.push_back(std::move(command));
                     return {};
                 },
                 .clock = &clock_,
                 .is_uncertain = [this](AlarmId alarm) { return alarm == uncertain_; }}) {}

    AlarmId id(std::string_view name) const { return alarms_->find(name).value(); }
    void happens(std::string_view name, AlarmEvent event, std::string user = {}, alarms::RuleId rule = 0) {
        alarms::Transition transition;
        transition.rule = rule;
        transition.alarm = id(name);
        transition.event = event;
        auto& state = states_[transition.alarm];
        state = alarms::after(state, event, {}).value();
        transition.to = state;
        if (event == AlarmEvent::raised) occurrences_[transition.alarm] = position_;
        transition.occurrence = occurrences_[transition.alarm];
        transition.judged = {word_of(4.75), 4.5, QualityCode::good, 1};
        transition.who.user = std::move(user);
        auto record = alarms::to_event(transition, *alarms_, *tags_);
        record.position = position_;
        record.time = utc_from_ns(static_cast<std::int64_t>(position_) * 1'000'000'000);
        live_.note(transition, position_, record.time);
        events_.all.push_back(std::move(record));
        ++position_;
    }
    template <class Reply, class Ask>
    Result<Reply> ask(Ask ask) {
        std::optional<Result<Reply>> reply;
        ask([&](Result<Reply> answer) { reply = std::move(answer); });
        return *reply;
    }
    Result<AlarmsReply> list(const AlarmsRequest& request) {
        return ask<AlarmsReply>([&](auto done) { desk_.alarms(asker_, request, std::move(done)); });
    }
    Result<AlarmActionReply> act(const AlarmActionRequest& request) {
        std::optional<Result<AlarmActionReply>> reply;
        desk_.act(asker_, request, [&](Result<AlarmActionReply> answer) { reply = std::move(answer); });
        while (!reply && !commands_.empty()) {
            auto command = std::move(commands_.back());
            commands_.pop_back();
            std::vector<alarms::AlarmOutcome> outcomes;
            for (const auto& target : command.targets) outcomes.push_back({target.alarm, target.occurrence, outcome_});
            last_ = {command.event, command.targets, command.who, command.remark, nullptr};
            command.done(std::move(outcomes));
        }
        return *reply;
    }

    std::shared_ptr<const tags::TagCatalog> tags_ = small_tags();
    std::shared_ptr<const alarms::AlarmCatalog> alarms_ = small_alarms(*tags_);
    tags::TagTable table_{tags_, utc_from_ns(1)};
    journal::Position position_ = 100;
    alarms::LiveAlarms live_{alarms_, tags_, [this] { return position_; }};
    Events events_;
    alarms::KeyFigures figures_{alarms_, {"works"}};
    base::ManualClock clock_;
    std::map<AlarmId, alarms::AlarmState> states_;
    std::map<AlarmId, journal::Position> occurrences_;
    AlarmId uncertain_ = 12'345;
    bool is_stopped_ = false;
    Result<void> outcome_;
    std::vector<alarms::AlarmCommand> commands_;
    alarms::AlarmCommand last_;
    sessions::AlarmServices::Asker asker_{"mueller", "st1", sessions::Grant::everywhere()};
    AlarmDesk desk_;
};

TEST_F(AlarmDeskTest, ListsWhatStandsAndSaysWhatIsUncertain) {
    happens("tank_1.high", AlarmEvent::raised);
    uncertain_ = id("tank_1.high");
    const auto reply = list({});
    ASSERT_TRUE(reply);
    ASSERT_EQ(reply->alarms.size(), 1U);
    EXPECT_TRUE(reply->alarms[0].is_uncertain);
}

TEST_F(AlarmDeskTest, HistoryHasEveryStepNewestFirstOverPages) {
    happens("tank_1.high", AlarmEvent::raised);
    happens("pump.off", AlarmEvent::raised);
    happens("tank_1.high", AlarmEvent::acknowledged, "mueller");
    happens("tank_1.high", AlarmEvent::returned);
    AlarmsRequest request;
    request.list = AlarmList::history;
    const auto all = list(request);
    ASSERT_TRUE(all);
    ASSERT_EQ(all->alarms.size(), 4U);
    EXPECT_EQ(all->alarms[0].event, AlarmEvent::returned);
    EXPECT_EQ(all->alarms[1].user, "mueller");
    EXPECT_EQ(all->alarms[1].id, 100U);
    EXPECT_EQ(all->alarms[3].text, "tank_1.level high: 4.75 m, limit 4.5");
    EXPECT_EQ(all->next, 0U);
    request.priorities = {1};
    EXPECT_EQ(list(request)->alarms.size(), 3U);
    request.limit = 2;
    const auto page = list(request);
    ASSERT_EQ(page->alarms.size(), 2U);
    request.before = page->next;
    const auto rest = list(request);
    ASSERT_EQ(rest->alarms.size(), 1U);
    EXPECT_EQ(rest->alarms[0].event, AlarmEvent::raised);
}

TEST_F(AlarmDeskTest, AnActionGoesToTheEngineWithWhoAndWhatWasSeen) {
    happens("tank_1.high", AlarmEvent::raised);
    AlarmActionRequest request;
    request.action = AlarmEvent::acknowledged;
    request.ids = {100};
    request.comment = "seen";
    const auto reply = act(request);
    ASSERT_TRUE(reply);
    ASSERT_EQ(reply->items.size(), 1U);
    EXPECT_EQ(reply->items[0].alarm, "tank_1.high");
    EXPECT_EQ(reply->items[0].code, ErrorCode{});
    ASSERT_EQ(last_.targets.size(), 1U);
    EXPECT_EQ(last_.targets[0].occurrence, 100U);
    EXPECT_EQ(last_.who, (alarms::Who{"mueller", "st1"}));
    EXPECT_EQ(last_.remark.comment, "seen");
}

TEST_F(AlarmDeskTest, WhatCannotBeDoneIsSaidPerAlarmInTheOrderAsked) {
    happens("tank_1.high", AlarmEvent::raised);
    outcome_ = fail(ErrorCode::denied, "it is acknowledged already, by meier at 12:03:17");
    AlarmActionRequest request;
    request.action = AlarmEvent::acknowledged;
    request.alarms = {"tank_1.hig", "tank_1.high"};
    const auto reply = act(request);
    ASSERT_TRUE(reply);
    ASSERT_EQ(reply->items.size(), 2U);
    EXPECT_EQ(reply->items[0].code, ErrorCode::not_found);
    EXPECT_EQ(reply->items[0].reason, "there is no alarm \"tank_1.hig\"; did you mean \"tank_1.high\"?");
    EXPECT_EQ(reply->items[1].code, ErrorCode::denied);
    EXPECT_EQ(reply->items[1].reason, "it is acknowledged already, by meier at 12:03:17");
    request.alarms.clear();
    request.ids = {4711};
    EXPECT_EQ(act(request)->items.at(0).code, ErrorCode::not_found);
}

TEST_F(AlarmDeskTest, AClassMayWantACommentWithAnAcknowledgement) {
    happens("pump.off", AlarmEvent::raised);  // of the class "safety", see small_plant.hpp
    AlarmActionRequest request;
    request.action = AlarmEvent::acknowledged;
    request.alarms = {"pump.off"};
    const auto without = act(request);
    ASSERT_TRUE(without);
    EXPECT_EQ(without->items.at(0).code, ErrorCode::invalid_argument);
    EXPECT_EQ(without->items.at(0).reason, "who acknowledges an alarm of the class \"safety\" says why in a comment");
    request.comment = "locked for repair";
    EXPECT_EQ(act(request)->items.at(0).code, ErrorCode{});
}

TEST_F(AlarmDeskTest, AnAreaWithoutAlarmsIsToldWhereverItIsAskedFor) {
    const std::string wanted = "no alarm belongs to the area \"works/tank\"; did you mean \"works/tanks\"?";
    AlarmsRequest request;
    request.area = "works/tank";
    const auto listed = list(request);
    ASSERT_FALSE(listed);
    EXPECT_EQ(listed.error().code(), ErrorCode::not_found);
    EXPECT_EQ(listed.error().sentence(), wanted);
    AlarmActionRequest action;
    action.action = AlarmEvent::acknowledged;
    action.area = "works/tank";
    EXPECT_EQ(act(action).error().sentence(), wanted);
    AlarmFiguresRequest figures;
    figures.area = "works/tank";
    const auto told = ask<AlarmFiguresReply>([&](auto done) { desk_.figures(asker_, figures, std::move(done)); });
    EXPECT_EQ(told.error().sentence(), wanted);
    request.area = "works";
    EXPECT_TRUE(list(request)) << "nothing stands, but the area is there";
}

TEST_F(AlarmDeskTest, AnAreaIsAcknowledgedWithAllBelow) {
    for (const auto* name : {"tank_1.high", "tank_2.high", "pump.off"}) happens(name, AlarmEvent::raised);
    AlarmActionRequest request;
    request.action = AlarmEvent::acknowledged;
    request.area = "works/tanks";
    const auto reply = act(request);
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->items.size(), 2U);
    EXPECT_EQ(last_.targets.size(), 2U);
}

TEST_F(AlarmDeskTest, AStoppedEngineIsAnAnswer) {
    happens("tank_1.high", AlarmEvent::raised);
    is_stopped_ = true;
    AlarmActionRequest request;
    request.action = AlarmEvent::acknowledged;
    request.ids = {100};
    const auto reply = act(request);
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code(), ErrorCode::unavailable);
}

TEST_F(AlarmDeskTest, ExplainsAnAlarm) {
    happens("tank_1.high", AlarmEvent::raised);
    happens("tank_1.high", AlarmEvent::acknowledged, "mueller");
    const auto reply = ask<ExplainAlarmReply>([&](auto done) { desk_.explain(asker_, {"tank_1.high", {}}, std::move(done)); });
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->policy, "limits: high");
    EXPECT_EQ(reply->state_sentence,
              "acknowledged since 1970-01-01T00:01:41.000Z; judged by tank_1.level = 4.75 m, limit 4.5 m; acknowledged by "
              "mueller at 1970-01-01T00:01:41.000Z");
    EXPECT_EQ(reply->input,
              "tank_1.level = nothing yet, bad_waiting_for_initial: nothing has arrived since the server started");
    ASSERT_EQ(reply->parameters.size(), 2U);
    EXPECT_EQ(reply->parameters[0].tag, "tank_1.high_limit");
    EXPECT_EQ(reply->parameters[1].name, "on_delay");
    EXPECT_EQ(reply->parameters[1].value, "2 s");
    EXPECT_EQ(reply->response, "Open the outlet");
    EXPECT_EQ(reply->consequence, "tank_1.level overflows above 4.5 m") << "filled in as the text is";
    EXPECT_EQ(reply->origin, "alarms/tanks.json:3:5");
    EXPECT_EQ(reply->last.size(), 2U);
    const auto other = ask<ExplainAlarmReply>([&](auto done) { desk_.explain(asker_, {"tank_2.high", {}}, std::move(done)); });
    EXPECT_EQ(other->suppressed_if, std::vector<std::string>{"the pump is off"});
    EXPECT_EQ(ask<ExplainAlarmReply>([&](auto done) { desk_.explain(asker_, {"tank", {}}, std::move(done)); }).error().code(),
              ErrorCode::not_found);
}

TEST_F(AlarmDeskTest, ExplainsWhoShelvedAnAlarm) {
    happens("tank_1.high", AlarmEvent::raised);
    happens("tank_1.high", AlarmEvent::shelved, "mueller");
    const auto reply = ask<ExplainAlarmReply>([&](auto done) { desk_.explain(asker_, {"tank_1.high", {}}, std::move(done)); });
    ASSERT_TRUE(reply);
    EXPECT_TRUE(reply->state_sentence.starts_with("shelved since ")) << reply->state_sentence;
    EXPECT_TRUE(reply->state_sentence.ends_with("; shelved by mueller")) << reply->state_sentence;
}

// R2: the tags have no area, so they are of the whole plant; the alarm is of works/tanks.
TEST_F(AlarmDeskTest, ExplainHidesTagsAndAlarmsThatItsReaderMayNotSee) {
    happens("tank_1.high", AlarmEvent::raised);
    asker_.grant = sessions::Grant::of_areas({"works/tanks"});
    const auto explained = [this](const std::string& alarm) {
        return ask<ExplainAlarmReply>([&](auto done) { desk_.explain(asker_, {alarm, {}}, std::move(done)); });
    };
    const auto reply = explained("tank_1.high");
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->input, "(hidden)");
    EXPECT_EQ(reply->info.tag, "(hidden)");
    EXPECT_EQ(reply->state_sentence.find("tank_1.level"), std::string::npos) << reply->state_sentence;
    ASSERT_EQ(reply->parameters.size(), 2U);
    EXPECT_EQ(reply->parameters[0].name, "high");
    EXPECT_EQ(reply->parameters[0].tag, "(hidden)");
    EXPECT_EQ(reply->parameters[0].value, "(hidden)");
    EXPECT_EQ(reply->parameters[1].value, "2 s") << "a number of the site";
    const auto enabled = explained("tank_2.high");
    ASSERT_TRUE(enabled);
    ASSERT_EQ(enabled->parameters.back().name, "enable");
    EXPECT_EQ(enabled->parameters.back().tag, "(hidden)");
    EXPECT_EQ(explained("pump.off").error().code(), ErrorCode::not_found) << "as if it did not exist";
}

TEST_F(AlarmDeskTest, ListsAreInTheLanguageOfTheAsker) {
    happens("tank_1.high", AlarmEvent::raised);
    happens("tank_2.high", AlarmEvent::suppressed, {}, alarms::kFirstRule);
    AlarmsRequest request;
    request.language = "de";
    EXPECT_EQ(list(request)->alarms.at(0).text, "tank_1.level hoch: 4.75 m");
    request.list = AlarmList::suppressed;
    EXPECT_EQ(list(request)->alarms.at(0).reason, "die Pumpe ist aus");
    request.language = "";
    EXPECT_EQ(list(request)->alarms.at(0).reason, "the pump is off");
}

TEST_F(AlarmDeskTest, HistoryIsInTheLanguageOfTheAsker) {
    happens("tank_1.high", AlarmEvent::raised);
    happens("tank_2.high", AlarmEvent::suppressed, {}, alarms::kFirstRule);
    events_.all.push_back(events_.all.back());
    events_.all.back().parameters = {"the pump was off, said the rule that had this number before"};
    AlarmsRequest request;
    request.list = AlarmList::history;
    request.language = "de";
    const auto reply = list(request);
    ASSERT_TRUE(reply);
    ASSERT_EQ(reply->alarms.size(), 3U);
    EXPECT_EQ(reply->alarms[2].text, "tank_1.level hoch: 4.75 m");
    EXPECT_EQ(reply->alarms[1].comment, "die Pumpe ist aus");
    EXPECT_EQ(reply->alarms[0].comment, "the pump was off, said the rule that had this number before");
}

TEST_F(AlarmDeskTest, ExplainsAnAlarmInTheLanguageOfTheAsker) {
    happens("tank_2.high", AlarmEvent::suppressed, {}, alarms::kFirstRule);
    const auto reply =
        ask<ExplainAlarmReply>([&](auto done) { desk_.explain(asker_, {"tank_2.high", "de"}, std::move(done)); });
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->response, "Auslass öffnen");
    EXPECT_EQ(reply->cause, "");
    EXPECT_EQ(reply->suppressed_by, std::vector<std::string>{"die Pumpe ist aus"});
    EXPECT_EQ(reply->suppressed_if, std::vector<std::string>{"die Pumpe ist aus"});
}

TEST_F(AlarmDeskTest, ALanguageThatTheSiteLacksIsRefusedInWords) {
    AlarmsRequest request;
    request.language = "fr";
    for (const auto which : {AlarmList::standing, AlarmList::history}) {
        request.list = which;
        const auto reply = list(request);
        ASSERT_FALSE(reply);
        EXPECT_EQ(reply.error().code(), ErrorCode::invalid_argument);
        EXPECT_EQ(reply.error().sentence(), "the site has no texts in \"fr\"; it has en, de");
    }
    const auto explained =
        ask<ExplainAlarmReply>([&](auto done) { desk_.explain(asker_, {"tank_1.high", "fr"}, std::move(done)); });
    EXPECT_EQ(explained.error().code(), ErrorCode::invalid_argument);
    const auto figures = ask<AlarmFiguresReply>([&](auto done) { desk_.figures(asker_, {{}, "fr"}, std::move(done)); });
    EXPECT_EQ(figures.error().code(), ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace penstock::server

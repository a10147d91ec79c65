#include "core/client/station.hpp"

#include <gtest/gtest.h>

#include "tests/core/client/fake_session.hpp"

namespace penstock::client {
namespace {

using testing::FakeSession;
using testing::known_tag;

constexpr MonotonicTime kNow = monotonic_from_ns(1'000'000'000);

DefinitionReply definition(std::string name, std::string content, std::string hash = "h1") {
    DefinitionReply reply;
    reply.name = std::move(name);
    reply.content = std::move(content);
    reply.hash = std::move(hash);
    return reply;
}

std::string screen_with(const std::string& tag) {
    return R"({"title": "S", "size": [100, 100], "widgets": [{"id": "a", "type": "value", "x": 0, "y": 0, "width": 9, "height": 9, "bindings": {"value": ")"
           + tag + R"("}}]})";
}

class StationTest : public ::testing::Test {
protected:
    // Answers the request under way and takes the answer in.
    void answer(Result<AnyReply> reply) {
        session.answer(std::move(reply));
        station.poll(kNow);
    }
    void start() {
        station.poll(kNow);
        answer(definition("site", R"({"name": "Waterworks", "start_screen": "overview"})"));
        answer(definition("overview", screen_with("tank.level")));
        SubscribeReply reply;
        reply.tags = {known_tag("tank.level")};
        session.start(reply);
        session.update(0, 4.2);
        station.poll(kNow);
    }
    FakeSession session;
    Station station{session, {}};
};

TEST_F(StationTest, ShowsTheSitesStartScreenWithItsValues) {
    start();
    ASSERT_NE(station.screen(), nullptr);
    EXPECT_EQ(station.site_name(), "Waterworks");
    EXPECT_EQ(station.screen()->name(), "overview");
    EXPECT_EQ(session.streams.back()->request.tags, std::vector<std::string>{"tank.level"});
    EXPECT_TRUE(station.screen()->tags()[0].value.identical(Value(4.2)));
    EXPECT_EQ(station.notice(), "");
}

// The request for a site, answered by one with these languages.
void answer_site(FakeSession& session, Station& station, const std::string& languages) {
    session.calls.clear();
    station.poll(kNow);
    session.answer(definition("site", R"({"name": "W", "start_screen": "overview", "languages": )" + languages + "}"));
    station.poll(kNow);
}

TEST_F(StationTest, ReadsInTheSitesFirstLanguageIfNobodyWantsAnother) {
    start();
    EXPECT_EQ(station.languages(), std::vector<std::string>{"en"}) << "a site that says nothing";
    EXPECT_EQ(station.language(), "en");
}

TEST_F(StationTest, ReadsInTheLanguageThatItsUserHas) {
    Station german(session, {"", {"", "", "de_CH.UTF-8"}});
    answer_site(session, german, R"(["en", "de"])");
    EXPECT_EQ(german.language(), "de");
    german.alarms().look_at(AlarmList::standing, kNow);
    german.poll(kNow);
    EXPECT_EQ(std::get<AlarmsRequest>(session.calls.back().request).language, "de");
}

TEST_F(StationTest, RefusesInWordsALanguageThatTheSiteHasNotGot) {
    Station french(session, {"", {"fr", "", "de_CH"}});
    french.alarms().look_at(AlarmList::standing, kNow);
    answer_site(session, french, R"(["en", "de"])");
    EXPECT_EQ(french.notice(), "the site has no texts in \"fr\"; it has en, de");
    EXPECT_EQ(french.screen(), nullptr);
}

TEST_F(StationTest, ChangesItsLanguageWhileItRuns) {
    start();
    session.status.connection = 2;
    answer_site(session, station, R"(["en", "de"])");
    station.alarms().look_at(AlarmList::standing, kNow);
    station.poll(kNow);
    session.calls.clear();
    const auto version = station.version();
    station.set_language("de");
    EXPECT_NE(station.version(), version);
    EXPECT_EQ(station.language(), "de");
    station.poll(kNow);
    ASSERT_EQ(session.calls.size(), 1U);
    EXPECT_EQ(session.next<AlarmsRequest>().language, "de");
    station.set_language("fr");
    EXPECT_EQ(station.language(), "de") << "the site has none";
    session.status.connection = 3;
    answer_site(session, station, R"(["en", "de"])");
    EXPECT_EQ(station.language(), "de") << "also over a new connection";
    session.status.connection = 4;
    answer_site(session, station, R"(["en", "it"])");
    EXPECT_EQ(station.language(), "en") << "another site";
}

TEST_F(StationTest, SaysWhyAScreenIsNotShown) {
    station.poll(kNow);
    answer(definition("site", R"({"name": "Waterworks", "start_screen": "overveiw"})"));
    answer(fail(ErrorCode::not_found, "there is no screen \"overveiw\"; did you mean \"overview\"?"));
    EXPECT_EQ(station.screen(), nullptr);
    EXPECT_EQ(station.notice(), "there is no screen \"overveiw\"; did you mean \"overview\"?");
}

TEST_F(StationTest, KeepsThePresentScreenUntilTheNextHasCome) {
    start();
    station.navigate("filters");
    EXPECT_EQ(station.screen()->name(), "overview");
    const auto& asked = std::get<DefinitionRequest>(session.calls.at(0).request);
    EXPECT_EQ(asked.name, "filters");
    answer(definition("filters", screen_with("filter.flow")));
    EXPECT_EQ(station.screen()->name(), "filters");
    EXPECT_TRUE(session.streams.at(0)->is_over) << "nobody looks at the old screen's tags any more";
}

TEST_F(StationTest, WritesAndTurnsAskedIntoConfirmed) {
    start();
    station.write(0, 4.5, kNow);
    EXPECT_EQ(station.screen()->tags()[0].write.state, abi::WriteState::asked) << "at once, before anything was sent";
    const auto& request = std::get<WriteTagsRequest>(session.calls.at(0).request);
    ASSERT_EQ(request.values.size(), 1U);
    EXPECT_EQ(request.values[0].tag, "tank.level");
    EXPECT_TRUE(request.values[0].value.identical(Value(4.5)));
    WriteReply reply;
    reply.items.emplace_back().outcome = WriteResult::done;
    answer(reply);
    session.update(0, 4.5);
    station.poll(kNow);
    EXPECT_EQ(station.screen()->tags()[0].write.state, abi::WriteState::none);
    EXPECT_TRUE(station.screen()->tags()[0].value.identical(Value(4.5)));
}

TEST_F(StationTest, TrustsNothingWhileTheServerIsLost) {
    start();
    const auto before = station.version();
    session.status.state = LinkState::lost;
    session.status.sentence = "connection refused";
    station.poll(kNow);
    EXPECT_NE(station.version(), before);
    EXPECT_TRUE(is_bad(station.screen()->tags()[0].quality));
}

TEST_F(StationTest, AsksForTheScreenByItsHashAfterAReconnection) {
    start();
    session.status.state = LinkState::lost;
    station.poll(kNow);
    session.status.state = LinkState::connected;
    session.status.connection = 2;
    station.poll(kNow);
    answer(definition("site", R"({"name": "Waterworks", "start_screen": "overview"})"));
    EXPECT_EQ(std::get<DefinitionRequest>(session.calls.at(0).request).hash, "h1");
    DefinitionReply same;
    same.name = "overview";
    same.hash = "h1";
    same.unchanged = true;
    const auto* const screen = station.screen();
    answer(same);
    EXPECT_EQ(station.screen(), screen);
}

TEST_F(StationTest, DrawsNothingNewWhileNothingChanges) {
    start();
    const auto version = station.version();
    for (int i = 0; i < 100; ++i) station.poll(kNow + i * 10ms);
    EXPECT_EQ(station.version(), version);
}

TEST_F(StationTest, DoesNotMindAnswersAfterItsEnd) {
    auto gone = std::make_unique<Station>(session, StationWishes{"overview", {}});
    gone->poll(kNow);
    gone.reset();
    session.answer(definition("site", "{}"));
    session.poll();
    SUCCEED() << "the address sanitizer would tell";
}

}  // namespace
}  // namespace penstock::client

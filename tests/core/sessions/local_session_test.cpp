#include "core/sessions/local_session.hpp"

#include <algorithm>
#include <optional>

#include <gtest/gtest.h>

#include "core/sessions/handlers.hpp"
#include "tests/core/sessions/local_session_fixture.hpp"

namespace penstock::sessions {
namespace {

using namespace testing;

class LocalSession : public LocalSessionTest {};
INSTANTIATE_TEST_SUITE_P(Both, LocalSession, both_codecs(), codec_name);

TEST_P(LocalSession, IsAlwaysConnected) { EXPECT_EQ(session_->link().state, LinkState::connected); }

TEST_P(LocalSession, HelloSaysWhoIsThere) {
    const auto reply = ask(HelloRequest());
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->server_name, "Waterworks");
    EXPECT_EQ(reply->epoch, 7U);
    EXPECT_EQ(reply->user, "root");
}

TEST_P(LocalSession, HelloOfAnotherProtocolIsRefused) {
    HelloRequest request;
    request.protocol = 2;
    const auto reply = ask(request);
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().sentence(), "the client speaks protocol 2, this server speaks 1");
}

TEST_P(LocalSession, BrowseGivesDefinitionsInOrderOfName) {
    BrowseRequest request;
    request.pattern = "pump.*";
    const auto reply = ask(request);
    ASSERT_TRUE(reply);
    ASSERT_EQ(reply->tags.size(), 3U);
    EXPECT_EQ(reply->total, 3U);
    EXPECT_EQ(reply->next, "");
    const auto& speed = reply->tags[2];
    EXPECT_EQ(speed.name, "pump.speed");
    EXPECT_EQ(speed.device, "plc");
    EXPECT_EQ(speed.type, ValueType::float64);
    EXPECT_TRUE(speed.writable);
    EXPECT_EQ(speed.origin, "tags/intake.json:4:5");
}

TEST_P(LocalSession, BrowseSaysOfWhichInstanceAMemberIsAndWhatThatOverrides) {
    BrowseRequest request;
    request.pattern = "zz.ratio";
    const auto reply = ask(request);
    ASSERT_TRUE(reply);
    ASSERT_EQ(reply->tags.size(), 1U);
    EXPECT_EQ(reply->tags.front().origin, "types/Ratio.json:2:2 of zz (tags/intake.json:9:3), overridden: range, unit");
}

TEST_P(LocalSession, BrowsePagesMeetWithoutGapOrRepeat) {
    std::vector<std::string> names;
    BrowseRequest request;
    request.limit = 3;
    do {
        const auto reply = ask(request);
        ASSERT_TRUE(reply);
        EXPECT_EQ(reply->total, 11U);
        EXPECT_LE(reply->tags.size(), 3U);
        for (const auto& tag : reply->tags) names.push_back(tag.name);
        request.after = reply->next;
    } while (!request.after.empty());
    EXPECT_EQ(names.size(), 11U);
    EXPECT_TRUE(std::ranges::is_sorted(names));
}

TEST_P(LocalSession, AHandlerThatLosesItsAnswerStillAnswers) {
    plant_.services.origin_is_lost = true;
    ExplainRequest request;
    request.tag = "pump.speed";
    const auto reply = ask(request);
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code(), ErrorCode::unavailable);
}

TEST_P(LocalSession, StatusCountsTags) {
    const auto reply = ask(StatusRequest());
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->server.server_name, "Waterworks");
    EXPECT_EQ(reply->server.user, "root");
    EXPECT_EQ(reply->tags, 11U);
    EXPECT_EQ(reply->tags_bad, 11U);
    EXPECT_EQ(reply->now, plant_.clock.now().utc);
    EXPECT_EQ(reply->devices.at(0).name, "plc");
}

TEST_P(LocalSession, ADefinitionComesOnceAndThenByItsHash) {
    DefinitionRequest request;
    request.name = "overview";
    const auto first = ask(request);
    ASSERT_TRUE(first);
    EXPECT_EQ(first->content, "{\"widgets\":[]}");
    request.hash = first->hash;
    const auto again = ask(request);
    ASSERT_TRUE(again);
    EXPECT_TRUE(again->unchanged);
    EXPECT_EQ(again->content, "");
}

TEST_P(LocalSession, DefinitionsWithoutANameAreListed) {
    const auto reply = ask(DefinitionRequest());
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->names, (std::vector<std::string>{"intake", "overview"}));
}

TEST_P(LocalSession, AnUnknownDefinitionSuggests) {
    DefinitionRequest request;
    request.name = "overveiw";
    const auto reply = ask(request);
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().sentence(), "there is no definition \"overveiw\"; did you mean \"overview\"?");
}

TEST_P(LocalSession, RefusesMoreThanAThousandRequestsAtOnce) {
    std::size_t refused = 0;
    for (int i = 0; i < 1'010; ++i) {
        session_->call(HelloRequest(),
                       [&](Result<HelloReply> reply) { refused += !reply && reply.error().code() == ErrorCode::unavailable; });
    }
    session_->poll();
    EXPECT_EQ(refused, 10U);
}

TEST_P(LocalSession, MayBeGoneBeforeTheAnswer) {
    WriteTagsRequest request;
    request.values.push_back({"pump.speed", Value(5.0)});
    session_->call(std::move(request), [](Result<WriteReply>) { FAIL(); });
    plant_.cycle();
    session_.reset();
    plant_.device.answer(WriteOutcome::done());
}

}  // namespace
}  // namespace penstock::sessions

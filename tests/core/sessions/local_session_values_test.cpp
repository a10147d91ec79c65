#include "core/sessions/local_session.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include <gtest/gtest.h>

#include "core/sessions/handlers.hpp"
#include "tests/core/sessions/local_session_fixture.hpp"

namespace penstock::sessions {
namespace {

using namespace testing;

// Reading, writing, explaining.
class LocalSessionValues : public LocalSessionTest {};
INSTANTIATE_TEST_SUITE_P(Both, LocalSessionValues, both_codecs(), codec_name);

TEST_P(LocalSessionValues, ReadsTheNewestValue) {
    plant_.deliver(0, 41.5);
    const auto item = read("pump.speed");
    EXPECT_EQ(item.code, ErrorCode{});
    EXPECT_TRUE(item.value.value.identical(Value(41.5)));
    EXPECT_EQ(item.value.quality, QualityCode::good);
    EXPECT_EQ(item.value.cause, "");
    EXPECT_EQ(item.value.unit, "m");
}

TEST_P(LocalSessionValues, ATagThatNeverHadAValueSaysSo) {
    const auto item = read("pump.speed");
    EXPECT_FALSE(item.value.value.has_value());
    EXPECT_EQ(item.value.quality, QualityCode::bad_waiting_for_initial);
    EXPECT_NE(item.value.cause, "");
}

TEST_P(LocalSessionValues, AnUnknownTagIsAnsweredWithTheNearest) {
    const auto item = read("pump.sped");
    EXPECT_EQ(item.code, ErrorCode::not_found);
    EXPECT_EQ(item.hint, "pump.speed");
    EXPECT_EQ(item.value.tag, "pump.sped");
    EXPECT_EQ(item.value.cause, "there is no tag \"pump.sped\"; did you mean \"pump.speed\"?");
}

TEST_P(LocalSessionValues, OnlyTheFirstUnknownTagsGetAHint) {
    ReadRequest request;
    request.tags.assign(kMaxHints + 1, "pump.sped");
    const auto reply = ask(std::move(request));
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->items[kMaxHints - 1].hint, "pump.speed");
    EXPECT_EQ(reply->items[kMaxHints].hint, "");
}

TEST_P(LocalSessionValues, ReadsAtMostTenThousandTags) {
    ReadRequest request;
    request.tags.assign(kMaxReadTags + 1, "pump.speed");
    const auto reply = ask(std::move(request));
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().sentence(), "10001 tags to read, at most 10000");
}

TEST_P(LocalSessionValues, WriteIsAnsweredWhenTheDeviceHas) {
    WriteTagsRequest request;
    request.values.push_back({"pump.speed", Value(5.0)});
    bool is_answered = false;
    session_->call(std::move(request), [&](Result<WriteReply> reply) {
        is_answered = true;
        ASSERT_TRUE(reply);
        EXPECT_EQ(reply->items.at(0).outcome, WriteResult::done);
    });
    plant_.cycle();
    session_->poll();
    EXPECT_FALSE(is_answered);
    ASSERT_EQ(plant_.device.writes.size(), 1U);
    EXPECT_TRUE(plant_.device.writes[0].value.identical(Value(5.0)));
    plant_.device.answer(WriteOutcome::done());
    session_->poll();
    EXPECT_TRUE(is_answered);
}

TEST_P(LocalSessionValues, AWriteAskedAgainUnderItsNumberIsAnsweredAsTheFirstTime) {
    const auto ask_under = [&](std::uint64_t number) {
        WriteTagsRequest request;
        request.values.push_back({"pump.speed", Value(5.0)});
        request.values.push_back({"pump.count", Value(7)});
        request.command = number;
        auto answer = std::make_shared<std::optional<WriteReply>>();
        session_->call(std::move(request), [answer](Result<WriteReply> reply) { *answer = reply.value(); });
        plant_.cycle();
        return answer;
    };
    const auto first = ask_under(4711);
    plant_.device.answer(WriteOutcome::refused("out of service"));
    plant_.device.answer(WriteOutcome::done());
    const auto again = ask_under(4711);
    session_->poll();
    EXPECT_TRUE(plant_.device.writes.empty());
    ASSERT_TRUE(*first && *again);
    EXPECT_EQ((*again)->items.at(0).reason, "out of service");
    EXPECT_EQ((*again)->items.at(1).outcome, WriteResult::done);
    ask_under(4712);
    EXPECT_EQ(plant_.device.writes.size(), 2U);
}

TEST_P(LocalSessionValues, EveryItemOfAGroupHasItsOwnOutcome) {
    WriteTagsRequest request;
    request.values.push_back({"pump.speed", Value(5.0)});
    request.values.push_back({"pump.sped", Value(5.0)});
    request.values.push_back({"pump.count", Value("many")});
    request.values.push_back({"memory.int", Value("42")});
    request.values.push_back({"pump.count", Value(7)});
    std::optional<WriteReply> answer;
    session_->call(std::move(request), [&](Result<WriteReply> reply) { answer = reply.value(); });
    plant_.cycle();
    plant_.device.answer(WriteOutcome::refused("out of service"));
    plant_.device.answer(WriteOutcome::unknown("the link broke"));
    session_->poll();
    ASSERT_TRUE(answer);
    const auto& items = answer->items;
    EXPECT_EQ(items[0].outcome, WriteResult::refused);
    EXPECT_EQ(items[0].reason, "out of service");
    EXPECT_EQ(items[1].code, ErrorCode::not_found);
    EXPECT_EQ(items[1].reason, "there is no tag \"pump.sped\"; did you mean \"pump.speed\"?");
    EXPECT_EQ(items[2].code, ErrorCode::invalid_argument);
    EXPECT_EQ(items[3].outcome, WriteResult::done);
    EXPECT_EQ(items[4].outcome, WriteResult::unknown);
    EXPECT_EQ(items[4].tag, "pump.count");
}

TEST_P(LocalSessionValues, AWriteThatNoDeviceAnswersIsUnknownInBoundedTime) {
    WriteTagsRequest request;
    request.values.push_back({"pump.speed", Value(5.0)});
    request.values.push_back({"memory.int", Value(1)});
    std::optional<WriteReply> answer;
    session_->call(std::move(request), [&](Result<WriteReply> reply) { answer = reply.value(); });
    plant_.cycle();
    session_->poll();
    EXPECT_FALSE(answer);
    plant_.clock.advance(kWriteAnswerWithin);
    session_->poll();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->items[0].outcome, WriteResult::unknown);
    EXPECT_EQ(answer->items[0].code, ErrorCode::unknown_outcome);
    EXPECT_EQ(answer->items[1].outcome, WriteResult::done);
    plant_.device.answer(WriteOutcome::done());  // too late: nothing happens
    session_->poll();
}

TEST_P(LocalSessionValues, EveryValueSurvivesWriteAndRead) {
    const auto same = [&](const char* tag, const Value& value) {
        const auto item = write(tag, value);
        ASSERT_TRUE(item);
        EXPECT_EQ(item->outcome, WriteResult::done) << tag << ": " << item->reason;
        EXPECT_TRUE(read(tag).value.value.identical(value)) << tag << " = " << value.text();
    };
    same("memory.int", Value((std::int64_t{1} << 53) + 1));
    same("memory.int", Value(std::numeric_limits<std::int64_t>::min()));
    same("memory.uint", Value(std::numeric_limits<std::uint64_t>::max()));
    same("memory.double", Value(-0.0));
    same("memory.double", Value(std::numeric_limits<double>::quiet_NaN()));
    same("memory.double", Value(-std::numeric_limits<double>::infinity()));
    same("memory.double", Value(std::numeric_limits<double>::denorm_min()));
    same("memory.string", Value("Füllstand \xE6\xB0\xB4"));
    same("memory.string", Value(std::string("a\0b", 3)));
    same("memory.ints", Value(std::vector<std::int64_t>{1, -2, std::numeric_limits<std::int64_t>::max()}));
    same("memory.bool", Value(true));
    same(longest_name().c_str(), Value(2.5));
}

TEST_P(LocalSessionValues, ExplainNamesDeviceAndLink) {
    plant_.deliver(0, 41.5);
    ExplainRequest request;
    request.tag = "pump.speed";
    const auto reply = ask(request);
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->endpoint, "10.0.0.5:502");
    EXPECT_EQ(reply->link, "connected");
    EXPECT_EQ(reply->last_request, "read holding 5");
    EXPECT_EQ(reply->last_answer, "41");
    EXPECT_EQ(reply->info.address, "holding:5");
    EXPECT_TRUE(reply->raw.identical(Value(41.5)));
    EXPECT_EQ(reply->received, plant_.clock.now().utc);
}

TEST_P(LocalSessionValues, ExplainOfACalculatedTagShowsExpressionAndInputs) {
    plant_.deliver(0, 41.5);
    ExplainRequest request;
    request.tag = "zz.ratio";
    const auto reply = ask(request);
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->last_request, "pump.speed / memory.double + pump.speed");
    EXPECT_EQ(reply->last_answer,
              "pump.speed = 41.5 m (good), memory.double = nothing yet (bad_waiting_for_initial: nothing has arrived since the "
              "server started)");
}

TEST_P(LocalSessionValues, ExplainOfAnUnknownTagSuggests) {
    ExplainRequest request;
    request.tag = "pmp.speed";
    const auto reply = ask(request);
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code(), ErrorCode::not_found);
    EXPECT_EQ(reply.error().sentence(), "there is no tag \"pmp.speed\"; did you mean \"pump.speed\"?");
}

}  // namespace
}  // namespace penstock::sessions

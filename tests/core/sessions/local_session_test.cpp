#include "core/sessions/local_session.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include <gtest/gtest.h>

#include "core/sessions/handlers.hpp"
#include "tests/core/sessions/test_plant.hpp"

namespace penstock::sessions {
namespace {

using namespace testing;

// Every test runs twice: handed over in process, and through the codec as if a server were between.
class LocalSession : public ::testing::TestWithParam<LocalCodec> {
protected:
    TestPlant plant_;
    std::unique_ptr<Session> session_ = make_local_session(plant_.plant(), kAdministrator, GetParam());

    // Calls, lets the engine run, and polls until the reply is there.
    template <class Request>
    Result<typename Request::Reply> ask(Request request) {
        Result<typename Request::Reply> answer = fail(ErrorCode::timeout, "no reply");
        bool is_there = false;
        session_->call(std::move(request), [&](Result<typename Request::Reply> reply) {
            is_there = true;
            answer = std::move(reply);
        });
        EXPECT_FALSE(is_there) << "a callback ran inside call()";
        for (int i = 0; i < 3 && !is_there; ++i) {
            plant_.cycle();
            session_->poll();
        }
        return answer;
    }
    Result<WriteItem> write(std::string tag, Value value) {
        WriteTagsRequest request;
        request.values.push_back({std::move(tag), std::move(value)});
        auto reply = ask(std::move(request));
        if (!reply) return std::unexpected(reply.error());
        return reply->items.at(0);
    }
    ReadItem read(std::string tag) {
        ReadRequest request;
        request.tags.push_back(std::move(tag));
        return ask(std::move(request)).value().items.at(0);
    }
};

INSTANTIATE_TEST_SUITE_P(Both, LocalSession, ::testing::Values(LocalCodec::skipped, LocalCodec::through),
                         [](const auto& each) { return each.param == LocalCodec::skipped ? "Direct" : "ThroughCodec"; });

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

TEST_P(LocalSession, BrowsePagesMeetWithoutGapOrRepeat) {
    std::vector<std::string> names;
    BrowseRequest request;
    request.limit = 3;
    do {
        const auto reply = ask(request);
        ASSERT_TRUE(reply);
        EXPECT_EQ(reply->total, 10U);
        EXPECT_LE(reply->tags.size(), 3U);
        for (const auto& tag : reply->tags) names.push_back(tag.name);
        request.after = reply->next;
    } while (!request.after.empty());
    EXPECT_EQ(names.size(), 10U);
    EXPECT_TRUE(std::ranges::is_sorted(names));
}

TEST_P(LocalSession, ReadsTheNewestValue) {
    plant_.deliver(0, 41.5);
    const auto item = read("pump.speed");
    EXPECT_EQ(item.code, ErrorCode{});
    EXPECT_TRUE(item.value.value.identical(Value(41.5)));
    EXPECT_EQ(item.value.quality, QualityCode::good);
    EXPECT_EQ(item.value.cause, "");
    EXPECT_EQ(item.value.unit, "m");
}

TEST_P(LocalSession, ATagThatNeverHadAValueSaysSo) {
    const auto item = read("pump.speed");
    EXPECT_FALSE(item.value.value.has_value());
    EXPECT_EQ(item.value.quality, QualityCode::bad_waiting_for_initial);
    EXPECT_NE(item.value.cause, "");
}

TEST_P(LocalSession, AnUnknownTagIsAnsweredWithTheNearest) {
    const auto item = read("pump.sped");
    EXPECT_EQ(item.code, ErrorCode::not_found);
    EXPECT_EQ(item.hint, "pump.speed");
    EXPECT_EQ(item.value.tag, "pump.sped");
    EXPECT_EQ(item.value.cause, "there is no tag \"pump.sped\"; did you mean \"pump.speed\"?");
}

TEST_P(LocalSession, OnlyTheFirstUnknownTagsGetAHint) {
    ReadRequest request;
    request.tags.assign(kMaxHints + 1, "pump.sped");
    const auto reply = ask(std::move(request));
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->items[kMaxHints - 1].hint, "pump.speed");
    EXPECT_EQ(reply->items[kMaxHints].hint, "");
}

TEST_P(LocalSession, ReadsAtMostTenThousandTags) {
    ReadRequest request;
    request.tags.assign(kMaxReadTags + 1, "pump.speed");
    const auto reply = ask(std::move(request));
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().sentence(), "10001 tags to read, at most 10000");
}

TEST_P(LocalSession, WriteIsAnsweredWhenTheDeviceHas) {
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

TEST_P(LocalSession, AWriteAskedAgainUnderItsNumberIsAnsweredAsTheFirstTime) {
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

TEST_P(LocalSession, EveryItemOfAGroupHasItsOwnOutcome) {
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

TEST_P(LocalSession, AWriteThatNoDeviceAnswersIsUnknownInBoundedTime) {
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

TEST_P(LocalSession, EveryValueSurvivesWriteAndRead) {
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

TEST_P(LocalSession, ExplainNamesDeviceAndLink) {
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

TEST_P(LocalSession, ExplainOfAnUnknownTagSuggests) {
    ExplainRequest request;
    request.tag = "pmp.speed";
    const auto reply = ask(request);
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code(), ErrorCode::not_found);
    EXPECT_EQ(reply.error().sentence(), "there is no tag \"pmp.speed\"; did you mean \"pump.speed\"?");
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
    EXPECT_EQ(reply->tags, 10U);
    EXPECT_EQ(reply->tags_bad, 10U);
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

// --- subscriptions ---

struct Watched {
    std::vector<SubscribedTag> tags;
    std::map<std::uint32_t, Value> values;
    std::map<std::uint32_t, std::string> causes;
    int starts = 0;
    int updates = 0;
    std::size_t rows = 0;

    Session::LatestHandler handler() {
        return {[this](Result<SubscribeReply> reply) {
                    ++starts;
                    ASSERT_TRUE(reply) << reply.error().text();
                    tags = reply->tags;
                },
                [this](const LatestUpdate& update) {
                    ++updates;
                    rows += update.index.size();
                    for (std::size_t i = 0; i < update.index.size(); ++i) {
                        values[update.index[i]] = update.value[i];
                        causes[update.index[i]] = update.cause[i];
                    }
                }};
    }
};

SubscribeRequest tags_of(std::vector<std::string> names) {
    SubscribeRequest request;
    request.tags = std::move(names);
    return request;
}

TEST_P(LocalSession, SubscriptionBeginsWithAllValues) {
    plant_.deliver(0, 1.5);
    Watched watched;
    const auto subscription = session_->subscribe(tags_of({"pump.speed", "pump.nam", "pump.count"}), watched.handler());
    session_->poll();
    ASSERT_EQ(watched.tags.size(), 3U);
    EXPECT_TRUE(watched.tags[0].found);
    EXPECT_EQ(watched.tags[0].unit, "m");
    EXPECT_FALSE(watched.tags[1].found);
    EXPECT_EQ(watched.tags[1].hint, "pump.name");
    EXPECT_EQ(watched.values.size(), 2U);
    EXPECT_TRUE(watched.values[0].identical(Value(1.5)));
    EXPECT_FALSE(watched.values[2].has_value());
    EXPECT_NE(watched.causes[2], "");
}

TEST_P(LocalSession, SubscriptionByPatternNamesItsTags) {
    Watched watched;
    SubscribeRequest request;
    request.pattern = "pump.*";
    const auto subscription = session_->subscribe(request, watched.handler());
    session_->poll();
    ASSERT_EQ(watched.tags.size(), 3U);
    EXPECT_EQ(watched.tags[0].name, "pump.count");
    EXPECT_EQ(watched.values.size(), 3U);
}

TEST_P(LocalSession, ChangesWakeTheOwnerAndArriveConflated) {
    Watched watched;
    const auto subscription = session_->subscribe(tags_of({"pump.speed", "memory.int"}), watched.handler());
    session_->poll();
    const auto updates = watched.updates;
    for (int i = 0; i < 100; ++i) plant_.deliver(0, i);
    session_->wait(std::chrono::milliseconds(0));
    session_->poll();
    EXPECT_EQ(watched.updates, updates + 1);
    EXPECT_TRUE(watched.values[0].identical(Value(99.0)));
    session_->poll();
    EXPECT_EQ(watched.updates, updates + 1) << "nothing changed since";
}

TEST_P(LocalSession, AnEndedSubscriptionIsSilent) {
    Watched watched;
    auto subscription = session_->subscribe(tags_of({"pump.speed"}), watched.handler());
    session_->poll();
    const auto updates = watched.updates;
    plant_.deliver(0, 3.0);
    subscription.reset();
    session_->poll();
    EXPECT_EQ(watched.updates, updates);
}

TEST_P(LocalSession, ASubscriptionEndedBeforeItsReplyNeverStarts) {
    Watched watched;
    auto subscription = session_->subscribe(tags_of({"pump.speed"}), watched.handler());
    subscription.reset();
    session_->poll();
    EXPECT_EQ(watched.starts, 0);
}

TEST_P(LocalSession, ASubscriptionMayEndItselfInItsCallback) {
    std::unique_ptr<Subscription> subscription;
    int updates = 0;
    Session::LatestHandler handler;
    handler.on_start = [](const Result<SubscribeReply>&) {};
    handler.on_update = [&](const LatestUpdate&) {
        ++updates;
        subscription.reset();
    };
    subscription = session_->subscribe(tags_of({"pump.speed"}), handler);
    session_->poll();
    plant_.deliver(0, 3.0);
    session_->poll();
    EXPECT_EQ(updates, 1);
}

TEST_P(LocalSession, ASubscriptionMayOutliveItsSession) {
    Watched watched;
    const auto subscription = session_->subscribe(tags_of({"pump.speed"}), watched.handler());
    session_->poll();
    session_.reset();
}

TEST_P(LocalSession, RefusesASixtyFifthSubscription) {
    std::vector<Watched> watched(64);
    std::vector<std::unique_ptr<Subscription>> subscriptions;
    for (auto& each : watched) subscriptions.push_back(session_->subscribe(tags_of({"pump.speed"}), each.handler()));
    std::optional<Error> refusal;
    Session::LatestHandler handler;
    handler.on_start = [&](Result<SubscribeReply> reply) { refusal = reply.error(); };
    subscriptions.push_back(session_->subscribe(tags_of({"pump.speed"}), handler));
    session_->poll();
    ASSERT_TRUE(refusal);
    EXPECT_EQ(refusal->code(), ErrorCode::unavailable);
}

TEST_P(LocalSession, HistoryOfAnUnknownTagNamesTheNearest) {
    HistoryRequest request;
    request.tag = "pump.sped";
    request.to = utc_from_ns(1);
    const auto reply = ask(request);
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code(), ErrorCode::not_found);
    EXPECT_EQ(reply.error().sentence(), "there is no tag \"pump.sped\"; did you mean \"pump.speed\"?");
    EXPECT_TRUE(plant_.history.asked.empty());
}

TEST_P(LocalSession, HistoryBeyondItsLimitsIsRefusedInWords) {
    HistoryRequest request;
    request.tag = "pump.speed";
    request.to = utc_from_ns(1);
    request.limit = kMaxHistoryRows + 1;
    EXPECT_EQ(ask(request).error().sentence(), "limit is 32769, wanted 1 to 32768");
    request.limit = 1;
    request.aggregate = Aggregate::average;
    EXPECT_EQ(ask(request).error().sentence(), "the interval of an aggregate is at least 1 ms");
    request.from = request.to;
    EXPECT_EQ(ask(request).error().code(), ErrorCode::invalid_argument);
    TrendRequest trend;
    trend.tags = std::vector<std::string>(32, "pump.speed");
    trend.to = utc_from_ns(1);
    trend.columns = 2'000;
    EXPECT_EQ(ask(trend).error().sentence(), "64000 points (tags x columns), at most 40000");
}

TEST_P(LocalSession, AStreamOfSeriesHandsOverEveryUpdateInOrder) {
    SubscribeSeriesRequest request;
    request.tags = {"pump.speed", "pump.count"};
    request.from = utc_from_ns(5);
    bool has_started = false;
    std::vector<std::int64_t> times;
    std::optional<Error> end;
    Session::SeriesHandler handler;
    handler.on_start = [&](const Result<SubscribeSeriesReply>& reply) {
        if (reply)
            has_started = true;
        else
            end = reply.error();
    };
    handler.on_update = [&](const SeriesUpdate& update) { times.push_back(update.rows.time.at(0)); };
    const auto subscription = session_->subscribe_series(request, handler);
    session_->poll();
    ASSERT_TRUE(has_started);
    ASSERT_EQ(plant_.history.last_places.size(), 2U);
    EXPECT_EQ(plant_.history.last_places[1].time, utc_from_ns(5));
    for (std::int64_t n = 0; n < 20; ++n) {
        SeriesUpdate update;
        update.rows.time = {n};
        update.rows.status = {0};
        update.rows.word = {1};
        plant_.history.feed->push(update);
    }
    for (int n = 0; n < 20; ++n) session_->poll();
    ASSERT_EQ(times.size(), 20U);
    EXPECT_TRUE(std::ranges::is_sorted(times));
    plant_.history.feed->push(fail(ErrorCode::unavailable, "the archive is closed"));
    session_->poll();
    ASSERT_TRUE(end);
    EXPECT_EQ(end->sentence(), "the archive is closed");
    EXPECT_TRUE(plant_.history.feed->is_over);
}

TEST_P(LocalSession, AStreamOfSeriesEndsWithItsHandle) {
    SubscribeSeriesRequest request;
    request.tags = {"pump.speed"};
    auto subscription = session_->subscribe_series(request, {[](const auto&) {}, [](const SeriesUpdate&) { FAIL(); }});
    session_->poll();
    plant_.history.feed->push(SeriesUpdate());
    subscription.reset();
    session_->poll();
    EXPECT_TRUE(plant_.history.feed->is_over);
}

}  // namespace
}  // namespace penstock::sessions

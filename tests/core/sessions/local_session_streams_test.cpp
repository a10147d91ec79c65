#include "core/sessions/local_session.hpp"

#include <algorithm>
#include <optional>

#include <gtest/gtest.h>

#include "core/sessions/handlers.hpp"
#include "tests/core/sessions/local_session_fixture.hpp"

namespace penstock::sessions {
namespace {

using namespace testing;

// Subscriptions, history and series.
class LocalSessionStreams : public LocalSessionTest {};
INSTANTIATE_TEST_SUITE_P(Both, LocalSessionStreams, both_codecs(), codec_name);

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

TEST_P(LocalSessionStreams, SubscriptionBeginsWithAllValues) {
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

TEST_P(LocalSessionStreams, SubscriptionByPatternNamesItsTags) {
    Watched watched;
    SubscribeRequest request;
    request.pattern = "pump.*";
    const auto subscription = session_->subscribe(request, watched.handler());
    session_->poll();
    ASSERT_EQ(watched.tags.size(), 3U);
    EXPECT_EQ(watched.tags[0].name, "pump.count");
    EXPECT_EQ(watched.values.size(), 3U);
}

TEST_P(LocalSessionStreams, ChangesWakeTheOwnerAndArriveConflated) {
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

TEST_P(LocalSessionStreams, AnEndedSubscriptionIsSilent) {
    Watched watched;
    auto subscription = session_->subscribe(tags_of({"pump.speed"}), watched.handler());
    session_->poll();
    const auto updates = watched.updates;
    plant_.deliver(0, 3.0);
    subscription.reset();
    session_->poll();
    EXPECT_EQ(watched.updates, updates);
}

TEST_P(LocalSessionStreams, ASubscriptionEndedBeforeItsReplyNeverStarts) {
    Watched watched;
    auto subscription = session_->subscribe(tags_of({"pump.speed"}), watched.handler());
    subscription.reset();
    session_->poll();
    EXPECT_EQ(watched.starts, 0);
}

TEST_P(LocalSessionStreams, ASubscriptionMayEndItselfInItsCallback) {
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

TEST_P(LocalSessionStreams, ASubscriptionMayOutliveItsSession) {
    Watched watched;
    const auto subscription = session_->subscribe(tags_of({"pump.speed"}), watched.handler());
    session_->poll();
    session_.reset();
}

TEST_P(LocalSessionStreams, RefusesASixtyFifthSubscription) {
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

TEST_P(LocalSessionStreams, HistoryOfAnUnknownTagNamesTheNearest) {
    HistoryRequest request;
    request.tag = "pump.sped";
    request.to = utc_from_ns(1);
    const auto reply = ask(request);
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code(), ErrorCode::not_found);
    EXPECT_EQ(reply.error().sentence(), "there is no tag \"pump.sped\"; did you mean \"pump.speed\"?");
    EXPECT_TRUE(plant_.history.asked.empty());
}

TEST_P(LocalSessionStreams, HistoryBeyondItsLimitsIsRefusedInWords) {
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

TEST_P(LocalSessionStreams, AStreamOfSeriesHandsOverEveryUpdateInOrder) {
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

TEST_P(LocalSessionStreams, AStreamOfSeriesEndsWithItsHandle) {
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

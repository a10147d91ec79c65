#include "core/client/trend_watch.hpp"

#include <gtest/gtest.h>

#include "tests/core/client/fake_session.hpp"

namespace penstock::client {
namespace {

using testing::FakeSession;

constexpr std::int64_t kServerNs = 1'700'000'000'000'000'000;

class Trends : public ::testing::Test {
protected:
    // The server's clock is a whole second at 0 of ours.
    void tell_time() {
        StatusReply status;
        status.now = utc_from_ns(kServerNs + to_ns(now));
        session.next<StatusRequest>();
        session.answer(AnyReply(status));
        poll();
    }
    void poll() {
        session.poll();
        watch.poll(now);
    }
    void look(const TrendKey& at) {
        watch.want(at, now);
        poll();
    }
    void answer(double value) {
        const auto asked = session.next<TrendRequest>();
        TrendReply reply;
        TrendLine line;
        line.tag = asked.tags.at(0);
        line.minimum.assign(asked.columns, value);
        line.maximum.assign(asked.columns, value);
        line.worst.assign(asked.columns, QualityCode::good);
        reply.lines.push_back(std::move(line));
        reply.durable_until = asked.to;
        session.answer(AnyReply(reply));
        poll();
    }

    FakeSession session;
    TrendWatch watch{session};
    MonotonicTime now = monotonic_from_ns(0);
    const TrendKey key{"tank.level", 600, 10min};  // a second a column
};

TEST_F(Trends, AskForWholeColumnsByTheServersClock) {
    now += 400ms;
    look(key);
    tell_time();
    const auto asked = session.next<TrendRequest>();
    EXPECT_EQ(asked.tags, std::vector<std::string>{"tank.level"});
    EXPECT_EQ(asked.columns, 600U);
    EXPECT_EQ(asked.to, utc_from_ns(kServerNs) + 1s);
    EXPECT_EQ(asked.from, asked.to - 10min);
    answer(4.5);
    ASSERT_NE(watch.find(key), nullptr);
    EXPECT_EQ(watch.find(key)->line.maximum.at(599), 4.5);
}

TEST_F(Trends, FollowTimeAtMostOnceASecond) {
    look(key);
    tell_time();
    answer(1);
    now += 900ms;
    look(key);
    EXPECT_TRUE(session.calls.empty());
    now += 100ms;
    look(key);
    EXPECT_EQ(session.next<TrendRequest>().to, utc_from_ns(kServerNs) + 2s);
}

TEST_F(Trends, ALongSpanIsAskedForWhenItMovesByAColumn) {
    const TrendKey day{"tank.level", 864, 24h};  // 100 s a column
    look(day);
    tell_time();
    answer(1);
    for (int i = 0; i < 99; ++i) {
        now += 1s;
        look(day);
    }
    EXPECT_TRUE(session.calls.empty());
    now += 1s;
    look(day);
    EXPECT_EQ(session.calls.size(), 1U);
}

TEST_F(Trends, OneIsNotAskedForAgainBeforeItIsAnswered) {
    look(key);
    tell_time();
    now += 30s;
    look(key);
    EXPECT_EQ(session.calls.size(), 1U);
}

TEST_F(Trends, WhatNobodyLooksAtIsForgotten) {
    look(key);
    tell_time();
    answer(1);
    now += 11s;
    poll();
    EXPECT_EQ(watch.find(key), nullptr);
    EXPECT_TRUE(session.calls.empty());
}

TEST_F(Trends, AnAnswerOfAnEarlierConnectionIsNotTaken) {
    look(key);
    tell_time();
    watch.connected_anew();
    answer(1);
    ASSERT_NE(watch.find(key), nullptr);
    EXPECT_TRUE(watch.find(key)->line.minimum.empty());
    tell_time();
    answer(2);
    EXPECT_EQ(watch.find(key)->line.minimum.at(0), 2);
}

TEST_F(Trends, WhatCannotBeHadIsSaid) {
    look(key);
    tell_time();
    session.answer(fail(ErrorCode::unsupported, "this plant has no memory"));
    poll();
    EXPECT_EQ(watch.find(key)->fault, "this plant has no memory");
    now += 1s;
    look(key);
    TrendReply reply;
    reply.lines.emplace_back().minimum = {1};
    session.answer(AnyReply(reply));
    poll();
    EXPECT_EQ(watch.find(key)->fault, "the server answered with a wrong number of columns");
}

TEST_F(Trends, AScreenWithTooManyIsToldSo) {
    for (std::uint32_t i = 0; i <= TrendWatch::kMostTrends; ++i) watch.want({"tag", i + 1, 10min}, now);
    EXPECT_NE(watch.find({"tag", TrendWatch::kMostTrends + 1, 10min})->fault, "");
}

}  // namespace
}  // namespace penstock::client

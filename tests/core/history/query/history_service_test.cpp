#include "core/history/history_service.hpp"
#include "core/history/aggregate_unit.hpp"

#include <condition_variable>
#include <map>
#include <mutex>
#include <random>
#include <thread>

#include <gtest/gtest.h>

#include "tests/core/history/query/query_plant.hpp"

namespace penstock::history {
namespace {

using namespace testing;

// Waits for what other threads do, without sleeping.
class Signal {
public:
    void notify() {
        const std::lock_guard lock(mutex_);
        ++count_;
        changed_.notify_all();
    }
    void wait() {
        std::unique_lock lock(mutex_);
        ASSERT_TRUE(changed_.wait_for(lock, std::chrono::seconds(30), [this] { return count_ > seen_; }));
        seen_ = count_;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t count_ = 0, seen_ = 0;
};

class HistoryServiceTest : public ::testing::Test {
protected:
    // Takes updates until it has so many rows.
    void take(SeriesSubscription& subscription, std::size_t rows, std::map<std::uint32_t, std::vector<Sample>>& into,
              std::vector<SeriesPlace>* places = nullptr) {
        std::size_t taken = 0;
        while (taken < rows) {
            const auto update = subscription.take();
            ASSERT_TRUE(update) << update.error().text();
            if (!*update) {
                ready_.wait();
                if (HasFatalFailure()) return;
                continue;
            }
            taken += (*update)->rows.size();
            note(**update, into, places);
        }
        EXPECT_EQ(taken, rows);
    }
    static void note(const SeriesUpdate& update, std::map<std::uint32_t, std::vector<Sample>>& into,
                     std::vector<SeriesPlace>* places) {
        for (std::size_t row = 0; row < update.rows.size(); ++row) {
            const auto time = update.rows.time[row];
            into[update.index].push_back({time, double_of(update.rows.word[row]), update.rows.quality(row), {}});
            if (places == nullptr) continue;
            auto& place = (*places)[update.index];
            if (utc_from_ns(time) > place.time) place = {utc_from_ns(time), 0, place.position};
            if (utc_from_ns(time) == place.time) ++place.skip;
        }
        if (places != nullptr) (*places)[update.index].position = update.position;
    }
    // As a set: late ones come when they come.
    void expect_all(std::vector<Sample> found, tags::TagId tag) {
        const auto by = [](const Sample& each) { return std::pair(each.time, each.value); };
        auto wanted = plant_.all(tag);
        std::ranges::sort(found, {}, by);
        std::ranges::sort(wanted, {}, by);
        ASSERT_EQ(found.size(), wanted.size()) << "tag " << tag;
        for (std::size_t i = 0; i < found.size(); ++i) {
            ASSERT_EQ(found[i].time, wanted[i].time);
            ASSERT_EQ(found[i].value, wanted[i].value);
        }
    }
    std::function<void()> on_ready() {
        return [this] { ready_.notify(); };
    }
    [[nodiscard]] std::vector<SeriesPlace> from_the_beginning(std::size_t tags) const {
        return std::vector<SeriesPlace>(tags, SeriesPlace{utc_from_ns(0), 0, 0});
    }

    Signal ready_;
    QueryPlant plant_{3};
};

TEST_F(HistoryServiceTest, AnswersOnItsOwnThreads) {
    plant_.add(0, {kStart, 5});
    plant_.commit();
    HistoryService service(*plant_.lane, plant_, plant_.catalog, plant_.clock);
    HistoryRequest request;
    request.from = utc_from_ns(kStart);
    request.to = utc_from_ns(kStart + kMs);
    std::thread::id thread;
    Result<HistoryReply> answer = fail(ErrorCode::timeout, "none");
    service.history(1, 0, request, [&](Result<HistoryReply> reply) {
        thread = std::this_thread::get_id();
        answer = std::move(reply);
        ready_.notify();
    });
    ready_.wait();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->rows.size(), 1U);
    EXPECT_EQ(answer->unit, "m");
    EXPECT_NE(thread, std::this_thread::get_id());
}

TEST(AggregateUnit, IsThatOfTheAnswerAndNotOfTheSamples) {
    EXPECT_EQ(aggregate_unit(Aggregate::none, "m"), "m");
    EXPECT_EQ(aggregate_unit(Aggregate::average, "m"), "m");
    EXPECT_EQ(aggregate_unit(Aggregate::count, "m"), "");
    EXPECT_EQ(aggregate_unit(Aggregate::percent_good, "m"), "%");
    EXPECT_EQ(aggregate_unit(Aggregate::duration_in_state_zero, ""), "s");
    EXPECT_EQ(aggregate_unit(Aggregate::total, "l/s"), "l/s s");
}

TEST_F(HistoryServiceTest, AnAggregateHasItsOwnUnit) {
    HistoryService service(*plant_.lane, plant_, plant_.catalog, plant_.clock);
    HistoryRequest request;
    request.from = utc_from_ns(kStart);
    request.to = utc_from_ns(kStart + kMs);
    request.aggregate = Aggregate::count;
    request.interval = 1s;
    std::string unit = "none";
    service.history(1, 0, request, [&](const Result<HistoryReply>& reply) {
        if (reply) unit = reply->unit;
        ready_.notify();
    });
    ready_.wait();
    EXPECT_EQ(unit, "");
}

TEST_F(HistoryServiceTest, SessionsTakeTurns) {
    HistoryServiceOptions options;
    options.workers = 1;
    HistoryService service(*plant_.lane, plant_, plant_.catalog, plant_.clock, options);
    HistoryRequest request;
    request.to = utc_from_ns(1);
    std::mutex gate;
    std::unique_lock closed(gate);
    std::mutex mutex;
    std::vector<int> order;
    std::size_t open = 1 + 4 + 1;
    const auto done = [&](int session) {
        return [&, session](const Result<HistoryReply>&) {
            if (session == 0) const std::lock_guard wait(gate);
            const std::lock_guard lock(mutex);
            order.push_back(session);
            if (--open == 0) ready_.notify();
        };
    };
    service.history(0, 0, request, done(0));  // keeps the worker busy until all wait
    for (int n = 0; n < 4; ++n) service.history(1, 0, request, done(1));
    service.history(2, 0, request, done(2));
    closed.unlock();
    ready_.wait();
    EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 1, 1, 1}));
}

TEST_F(HistoryServiceTest, WhatIsTooMuchIsRefusedInWords) {
    HistoryServiceOptions options;
    options.workers = 0;
    options.waiting_of_a_session = 2;
    HistoryService service(*plant_.lane, plant_, plant_.catalog, plant_.clock, options);
    HistoryRequest request;
    request.to = utc_from_ns(1);
    std::vector<std::string> answers;
    for (int n = 0; n < 3; ++n)
        service.history(1, 0, request, [&](const Result<HistoryReply>& reply) { answers.push_back(reply.error().sentence()); });
    EXPECT_EQ(answers, std::vector<std::string>{"so many queries wait that this one was not taken"});
    EXPECT_EQ(service.status().refused, 1U);
    EXPECT_EQ(service.status().waiting, 2U);
}

TEST_F(HistoryServiceTest, AStreamHasWhatIsStoredThenWhatBecomesDurable) {
    for (int n = 0; n < 10; ++n) {
        plant_.add(0, {kStart + n * kMs, static_cast<double>(n)});
        plant_.commit();
        if (n == 4) plant_.store_all();
    }
    HistoryService service(*plant_.lane, plant_, plant_.catalog, plant_.clock);
    plant_.lane->on_advance([&] { service.wake(); });
    std::map<std::uint32_t, std::vector<Sample>> rows;
    const auto stream = service.open_series(1, {0, 1}, from_the_beginning(2), on_ready()).value();
    take(*stream, 10, rows);
    for (int n = 10; n < 30; ++n) {
        plant_.add(0, {kStart + n * kMs, static_cast<double>(n)});
        plant_.add(1, {kStart + n * kMs, static_cast<double>(n)});
        plant_.add(2, {kStart + n * kMs, static_cast<double>(n)});  // not subscribed
        plant_.commit();
        if (n == 20) plant_.store_all();
        take(*stream, 2, rows);
    }
    expect_all(rows[0], 0);
    expect_all(rows[1], 1);
    plant_.lane->on_advance([] {});
}

// Random groups with late and equal times; the stream is cut after any update and goes on at its places; the store grows meanwhile.
TEST_F(HistoryServiceTest, AStreamThatIsCutAnywhereHasEverySampleOnce) {
    HistoryService service(*plant_.lane, plant_, plant_.catalog, plant_.clock);
    plant_.lane->on_advance([&] { service.wake(); });
    std::mt19937_64 random(17);
    auto places = from_the_beginning(3);
    std::map<std::uint32_t, std::vector<Sample>> rows;
    std::unique_ptr<SeriesSubscription> stream;
    for (int group = 0; group < 400; ++group) {
        for (tags::TagId tag = 0; tag < 3; ++tag) {
            const auto count = random() % 4;
            for (std::size_t n = 0; n < count; ++n) {
                const auto late = random() % 3 == 0 ? static_cast<std::int64_t>(random() % 30) : 0;
                plant_.add(tag, {kStart + (group - late) * kMs, static_cast<double>(random() % 1'000'000)});
            }
        }
        plant_.add(0, {kStart + group * kMs, static_cast<double>(group)});
        plant_.commit();
        if (random() % 10 == 0) plant_.store_until(random() % (plant_.lane->durable() + 1));
        if (random() % 5 == 0) stream.reset();
        if (!stream) stream = service.open_series(1, {0, 1, 2}, places, on_ready()).value();
        for (auto n = random() % 4; n > 0; --n) {
            const auto update = stream->take().value();
            if (update) note(*update, rows, &places);
        }
    }
    plant_.store_all();
    std::size_t had = 0;
    std::size_t wanted = 0;
    for (const auto& [index, each] : rows) had += each.size();
    for (tags::TagId tag = 0; tag < 3; ++tag) wanted += plant_.all(tag).size();
    stream = service.open_series(1, {0, 1, 2}, places, on_ready()).value();
    take(*stream, wanted - had, rows, &places);
    for (tags::TagId tag = 0; tag < 3; ++tag) expect_all(rows[tag], tag);
}

TEST_F(HistoryServiceTest, AStreamOfAHistorianThatDoesNotAnswerGoesOnWhenItDoes) {
    plant_.add(0, {kStart, 1});
    plant_.commit();
    plant_.is_frozen = true;
    HistoryService service(*plant_.lane, plant_, plant_.catalog, plant_.clock);
    const auto stream = service.open_series(1, {0}, from_the_beginning(1), on_ready()).value();
    EXPECT_FALSE(stream->take().value());
    plant_.add(0, {kStart + kMs, 2});
    plant_.commit();
    {
        std::map<std::uint32_t, std::vector<Sample>> rows;
        plant_.thaw();
        plant_.clock.advance(10s);
        service.wake();
        take(*stream, 2, rows);
        expect_all(rows[0], 0);
    }
}

TEST_F(HistoryServiceTest, AStreamMayEndAtAnyMoment) {
    HistoryService service(*plant_.lane, plant_, plant_.catalog, plant_.clock);
    plant_.lane->on_advance([&] { service.wake(); });
    for (int n = 0; n < 200; ++n) {
        plant_.add(0, {kStart + n * kMs, 1});
        const auto stream = service.open_series(1, {0}, from_the_beginning(1), on_ready()).value();
        plant_.commit();
        if (n % 3 == 0) (void)stream->take();
    }
    EXPECT_EQ(service.status().streams, 0U);
}

}  // namespace
}  // namespace penstock::history

#include <atomic>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/clock.hpp"
#include "core/journal/lane.hpp"
#include "core/journal/lane_reader.hpp"
#include "core/journal/lane_thread.hpp"
#include "tests/core/journal/lane_fixture.hpp"
#include "tests/support/program.hpp"

namespace penstock::journal {
namespace {

Result<void> wait_until_durable(Lane& lane, Position position) {
    std::promise<Result<void>> durable;
    lane.when_durable(position, [&durable](Result<void> done) { durable.set_value(std::move(done)); });
    return durable.get_future().get();
}

TEST(LaneThread, MakesWhatIsAppendedDurable) {
    const penstock::testing::ScratchFolder folder;
    const base::SystemClock clock;
    const auto lane = open_lane(base::real_file_system(), small_lane(folder / "events"));
    LaneThread thread(*lane, clock);
    for (int round = 0; round < 20; ++round) {
        append_some(*lane, 10);
        ASSERT_TRUE(wait_until_durable(*lane, lane->appended()));
        ASSERT_EQ(lane->durable(), lane->appended());
    }
    EXPECT_EQ(expect_records(*lane, 0), 200U);
}

TEST(LaneThread, CommitsWhatIsLeftWhenItStops) {
    const penstock::testing::ScratchFolder folder;
    const base::SystemClock clock;
    auto options = small_lane(folder / "values", LaneKind::values);
    options.group = 5s;
    const auto lane = open_lane(base::real_file_system(), options);
    LaneThread thread(*lane, clock, [&](Now now) -> Duration {
        EXPECT_TRUE(lane->append(RecordType::values, bytes_of("gathered"), now));
        return 1s;
    });
    append_some(*lane, 3);
    thread.stop();
    thread.stop();
    EXPECT_GE(lane->durable(), 4U);
    EXPECT_EQ(lane->durable(), lane->appended());
}

TEST(LaneThread, HurriesWhenAsked) {
    const penstock::testing::ScratchFolder folder;
    const base::SystemClock clock;
    auto options = small_lane(folder / "values", LaneKind::values);
    options.group = 5s;
    const auto lane = open_lane(base::real_file_system(), options);
    LaneThread thread(*lane, clock);
    append_some(*lane, 3);
    const auto start = std::chrono::steady_clock::now();
    thread.hurry();
    ASSERT_TRUE(wait_until_durable(*lane, 3));
    EXPECT_LT(std::chrono::steady_clock::now() - start, 4s);
}

// Counts how often the thread wakes: it asks for the time then.
class CountingClock final : public base::Clock {
public:
    Now now() const noexcept override {
        ++asked;
        asked.notify_all();
        return clock_.now();
    }
    void wait_for(int count) const {
        for (int seen = asked; seen < count; seen = asked) asked.wait(seen);
    }
    mutable std::atomic<int> asked{0};

private:
    base::SystemClock clock_;
};

TEST(LaneThread, SleepsWhileNothingHappens) {
    for (const auto kind : {LaneKind::events, LaneKind::values}) {
        const penstock::testing::ScratchFolder folder;
        const CountingClock clock;
        const auto lane = open_lane(base::real_file_system(), small_lane(folder / "lane", kind));
        const auto begun = std::chrono::steady_clock::now();
        LaneThread thread(*lane, clock);
        clock.wait_for(3);
        EXPECT_GT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(2))
            << to_string(kind) << ": it turns in circles";
    }
}

TEST(LaneThread, SaysThatItLivesWhileNothingHappens) {
    const penstock::testing::ScratchFolder folder;
    const base::SystemClock clock;
    const auto lane = open_lane(base::real_file_system(), small_lane(folder / "values", LaneKind::values));
    LaneThread thread(*lane, clock);
    ASSERT_TRUE(wait_until_durable(*lane, 2));
    const auto reader = lane->reader(0);
    Record record;
    const auto found = reader->next(record);
    ASSERT_TRUE(found && *found);
    EXPECT_EQ(record.type, RecordType::alive);
}

TEST(LaneThread, SaysAtTheEndUntilWhenItLived) {
    const penstock::testing::ScratchFolder folder;
    base::ManualClock clock;
    const auto lane = open_lane(base::real_file_system(), small_lane(folder / "values", LaneKind::values));
    LaneThread thread(*lane, clock);
    append_some(*lane, 1);
    ASSERT_TRUE(wait_until_durable(*lane, 1));
    clock.advance(700ms);
    thread.stop();
    const auto reader = lane->reader(lane->durable() - 1);
    Record record;
    const auto found = reader->next(record);
    ASSERT_TRUE(found && *found);
    EXPECT_EQ(record.type, RecordType::alive);
    EXPECT_EQ(record.time.utc, clock.now().utc);
}

TEST(LaneThread, GathersOnWhileThereIsMore) {
    const penstock::testing::ScratchFolder folder;
    const base::SystemClock clock;
    auto options = small_lane(folder / "values", LaneKind::values);
    options.group = 5s;
    const auto lane = open_lane(base::real_file_system(), options);
    int left = 4;
    LaneThread thread(
        *lane, clock,
        [&](Now now) -> Duration {
            if (left == 0) return 1h;
            EXPECT_TRUE(lane->append(RecordType::values, bytes_of("gathered"), now));
            return --left == 0 ? Duration(1h) : Duration::zero();
        },
        1h);
    const auto start = std::chrono::steady_clock::now();
    thread.hurry();
    ASSERT_TRUE(wait_until_durable(*lane, 4));
    EXPECT_LT(std::chrono::steady_clock::now() - start, 4s);
}

// For the thread sanitizer as much as for the result: four append, two read, one asks for the status, one trims.
TEST(LaneThread, ServesAppendersAndReadersAtOnce) {
    constexpr std::uint64_t kEach = 1'500;
    constexpr std::uint64_t kAppenders = 4;
    const penstock::testing::ScratchFolder folder;
    const base::SystemClock clock;
    auto options = small_lane(folder / "events");
    options.group = 1ms;
    const auto lane = open_lane(base::real_file_system(), options);
    LaneThread thread(*lane, clock);
    std::atomic<std::uint64_t> released{0};
    const auto append_all = [&](std::uint64_t appender) {
        for (std::uint64_t i = 0; i < kEach;) {
            const auto text = std::to_string(appender) + ":" + std::to_string(i);
            const auto position = lane->append(RecordType::event, bytes_of(text), clock.now());
            if (!position) {
                std::this_thread::yield();  // the buffer is full
                continue;
            }
            ++i;
            lane->when_durable(*position, [&, at = *position](Result<void> done) {
                if (done && lane->durable() >= at) ++released;
            });
        }
    };
    const auto read_all = [&] {
        const auto reader = lane->reader(0);
        std::vector<std::uint64_t> next(kAppenders);
        Record record;
        std::uint64_t seen = 0;
        while (seen < kEach * kAppenders) {
            const auto found = reader->next(record);
            ASSERT_TRUE(found) << found.error().text();
            if (!*found) {
                std::this_thread::yield();
                continue;
            }
            ASSERT_EQ(record.sequence, seen++);
            const auto text = text_of(record.body);
            const auto colon = text.find(':');
            auto& expected = next.at(std::stoul(text.substr(0, colon)));
            ASSERT_EQ(std::stoul(text.substr(colon + 1)), expected++);
        }
    };
    {
        std::vector<std::jthread> threads;
        for (std::uint64_t i = 0; i < kAppenders; ++i) threads.emplace_back(append_all, i);
        for (int i = 0; i < 2; ++i) threads.emplace_back(read_all);
        threads.emplace_back([&] {
            while (lane->status().durable < kEach * kAppenders) std::this_thread::yield();
        });
    }
    thread.stop();
    EXPECT_EQ(released, kEach * kAppenders);
}

}  // namespace
}  // namespace penstock::journal

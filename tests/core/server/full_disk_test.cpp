// Row D10 on a real file system: the journal's disk fills up under load, and gets room again.

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include <fcntl.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "core/base/clock.hpp"
#include "core/journal/event_record.hpp"
#include "core/journal/lane_thread.hpp"
#include "core/journal/lost_record.hpp"
#include "core/server/journal_watch.hpp"
#include "tests/core/journal/lane_fixture.hpp"
#include "tests/support/fault_row.hpp"
#include "tests/support/program.hpp"
#include "tests/support/small_disk.hpp"

namespace penstock::server {
namespace {

using journal::RecordType;
using testing::eventually;
using testing::report_row;
using testing::Seconds;
using Steady = std::chrono::steady_clock;

constexpr std::uint64_t kMiB = 1024 * 1024;

struct Sizes {
    std::uint64_t disk, segment, reserve, ballast;
};
// The nightly one is the row's own. What the ballast frees has room for the reserve and for what waits.
constexpr Sizes kSmall{36 * kMiB, 2 * kMiB, 8 * kMiB, 16 * kMiB};
constexpr Sizes kFull{256 * kMiB, 16 * kMiB, 64 * kMiB, 112 * kMiB};
Sizes sizes() { return penstock::testing::is_nightly() ? kFull : kSmall; }

journal::LaneOptions options_of(const std::string& folder, journal::LaneKind kind, std::uint64_t reserve) {
    auto options = journal::small_lane(folder, kind);
    options.segment_bytes = sizes().segment;
    options.reserve_bytes = reserve;
    options.buffer_bytes = sizes().segment;
    return options;
}

// What only fills the disk.
class Ballast {
public:
    Ballast(std::string path, std::uint64_t bytes) : path_(std::move(path)) {
        const int file = ::open(path_.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
        EXPECT_EQ(::posix_fallocate(file, 0, static_cast<off_t>(bytes)), 0);
        ::close(file);
    }
    void remove() const { std::filesystem::remove(path_); }

private:
    std::string path_;
};

// Threads that load a lane; slow ones leave room on the disk.
using Pace = std::atomic<bool>;
void keep_pace(const Pace& is_slow) {
    if (is_slow) testing::pause_between_looks();
}

// Events of 1 KiB, the next as soon as one is durable: what an acknowledgement waits for. Once `values` finds the disk full it writes
// `share` more and then waits for the slow pace: at full speed the reserve would be gone in a second, whoever watches.
class EventLoad {
public:
    static constexpr std::size_t kBytes = 1'024;

    EventLoad(journal::Lane& lane, const journal::Lane& values, std::uint64_t share, const base::Clock& clock,
              const Pace& is_slow)
        : lane_(lane), values_(values), share_(share), clock_(clock) {
        thread_ = std::jthread([this, &is_slow](const std::stop_token& stop) {
            while (!stop.stop_requested()) {
                look_for_full_disk();
                if (has_written_share() && !is_slow) {
                    testing::pause_between_looks();
                    continue;
                }
                (is_taken(stop) ? acknowledged_ : refused_) += 1;
                keep_pace(is_slow);
            }
        });
    }
    void stop() { thread_ = {}; }
    [[nodiscard]] bool has_written_share() const { return acknowledged_ >= most_; }
    [[nodiscard]] std::uint64_t acknowledged() const { return acknowledged_.load(); }
    [[nodiscard]] std::uint64_t refused() const { return refused_.load(); }

private:
    void look_for_full_disk() {
        if (most_ == ~std::uint64_t{0} && values_.status().state == journal::LaneState::disk_full)
            most_ = acknowledged_ + share_;
    }
    [[nodiscard]] bool is_taken(const std::stop_token& stop) {
        Event event;
        event.kind = EventKind::comment;
        event.object = std::to_string(acknowledged_.load());
        event.parameters.emplace_back(kBytes, 'e');
        const auto position = journal::append_event(lane_, event, clock_.now());
        if (!position) {
            testing::pause_between_looks();
            return false;
        }
        // Shared: a lane without room keeps who waits, longer than this does.
        const auto promise = std::make_shared<std::promise<bool>>();
        auto synced = promise->get_future();
        lane_.when_durable(*position, [promise](const Result<void>& done) { promise->set_value(done.has_value()); });
        while (synced.wait_for(std::chrono::seconds(1)) != std::future_status::ready) {
            // Slow is not refused. A lane without room takes no other either; one that does may hold it twice, as after a crash.
            if (!journal::append_event(lane_, event, clock_.now())) return false;
            if (stop.stop_requested()) return false;
        }
        return synced.get();
    }

    journal::Lane& lane_;
    const journal::Lane& values_;
    const std::uint64_t share_;
    const base::Clock& clock_;
    std::atomic<std::uint64_t> acknowledged_{0}, refused_{0}, most_{~std::uint64_t{0}};
    std::jthread thread_;  // last: it uses the rest
};

// Values as fast as the disk takes them, and once it is full, on and on.
class ValueLoad {
public:
    ValueLoad(journal::Lane& lane, const base::Clock& clock, const Pace& is_slow) {
        thread_ = std::jthread([this, &lane, &clock, &is_slow](const std::stop_token& stop) {
            const std::string body(16'384, 'v');
            while (!stop.stop_requested()) {
                keep_pace(is_slow);
                const bool is_ahead = lane.appended() > lane.durable() + 32;
                if (is_ahead && lane.status().state == journal::LaneState::good) {
                    std::this_thread::yield();
                } else if (lane.append(RecordType::values, journal::bytes_of(body), clock.now())) {
                    ++accepted_;
                } else {
                    ++refused_;
                    testing::pause_between_looks();
                }
            }
        });
    }
    void stop() { thread_ = {}; }
    [[nodiscard]] std::uint64_t accepted() const { return accepted_.load(); }
    [[nodiscard]] std::uint64_t refused() const { return refused_.load(); }

private:
    std::atomic<std::uint64_t> accepted_{0}, refused_{0};
    std::jthread thread_;
};

// What a reader of the lane finds.
struct Found {
    std::uint64_t values = 0, given_up = 0, next_event = 0;
    bool is_in_order = true;
};
Found read_all(const journal::Lane& lane) {
    Found found;
    const auto reader = lane.reader(lane.first());
    journal::Record record;
    while (reader->next(record).value_or(false)) {
        if (record.type == RecordType::values) ++found.values;
        if (record.type == RecordType::lost) found.given_up += journal::decode_lost_record(record.body).value().records;
        if (record.type != RecordType::event) continue;
        const auto event = journal::decode_event(record).value();
        if (event.kind != EventKind::comment) continue;
        // One that nobody was told of may be there too, and is tried again under the same number.
        const auto number = std::stoull(event.object);
        found.is_in_order = found.is_in_order && number <= found.next_event;
        found.next_event = std::max<std::uint64_t>(found.next_event, number + 1);
    }
    return found;
}

// When the watch's events were durable.
class Told {
public:
    void note(journal::Lane& events, const Event& event, const base::Clock& clock) {
        const auto position = journal::append_event(events, event, clock.now());
        if (!position) return;
        events.when_durable(*position, [this, key = event.object + ' ' + event.text](const Result<void>& done) {
            const std::scoped_lock lock(mutex_);
            if (done) at_.emplace(key, Steady::now());
        });
    }
    [[nodiscard]] std::optional<Steady::time_point> at(const std::string& key) const {
        const std::scoped_lock lock(mutex_);
        const auto found = at_.find(key);
        return found == at_.end() ? std::nullopt : std::optional(found->second);
    }

private:
    mutable std::mutex mutex_;  // guards at_
    std::map<std::string, Steady::time_point> at_;
};

struct Outcome {
    std::uint64_t acknowledged = 0, events_refused = 0, values_given_up = 0;
    double told_after = 0, recovered_after = 0;
};

Outcome fill_up_and_free(const std::string& disk, std::uint64_t reserve) {
    Outcome outcome;
    auto& files = base::real_file_system();
    const base::SystemClock clock;
    const auto events_options = options_of(disk + "/events", journal::LaneKind::events, reserve);
    const auto values_options = options_of(disk + "/values", journal::LaneKind::values, 0);
    Found events_found, values_found;
    std::uint64_t accepted = 0;
    {
        const auto events = journal::open_lane(files, events_options);
        const auto values = journal::open_lane(files, values_options);
        journal::LaneThread events_thread(*events, clock);
        journal::LaneThread values_thread(*values, clock);
        EXPECT_TRUE(eventually([&] { return !events->wants_prepare() && !values->wants_prepare(); }));
        const Ballast ballast(disk + "/ballast", sizes().ballast);
        Told told;
        JournalWatch watch(
            {events.get(), values.get()}, [&](const Event& event) { told.note(*events, event, clock); }, nullptr);
        watch.start();

        Pace is_slow = false;
        // More than the segments in use can hold.
        EventLoad event_load(*events, *values, 3 * sizes().segment / EventLoad::kBytes, clock, is_slow);
        ValueLoad value_load(*values, clock, is_slow);
        // A lane knows it from the first segment that cannot be allocated.
        EXPECT_TRUE(eventually([&] { return values->status().state == journal::LaneState::disk_full; }, Seconds(60)));
        const auto full_at = Steady::now();
        (void)eventually([&] { return told.at("values journal.disk_full") || event_load.refused() > 0; });
        outcome.told_after = Seconds(told.at("values journal.disk_full").value_or(Steady::now()) - full_at).count();
        // Values are given up meanwhile.
        EXPECT_TRUE(eventually(
            [&] { return value_load.refused() >= 10 && (event_load.has_written_share() || event_load.refused() > 0); },
            Seconds(120)));
        outcome.events_refused = event_load.refused();

        is_slow = true;
        ballast.remove();
        const auto freed_at = Steady::now();
        (void)eventually([&] { return told.at("values journal.good").has_value(); });
        outcome.recovered_after = Seconds(told.at("values journal.good").value_or(Steady::now()) - freed_at).count();
        value_load.stop();
        event_load.stop();
        watch.stop();
        values_thread.stop();
        events_thread.stop();
        outcome.acknowledged = event_load.acknowledged();
        outcome.values_given_up = value_load.refused();
        accepted = value_load.accepted();
    }
    // After a start: everything that was acknowledged, in order; every value, or how many were given up.
    events_found = read_all(*journal::open_lane(files, events_options));
    values_found = read_all(*journal::open_lane(files, values_options));
    EXPECT_GE(events_found.next_event, outcome.acknowledged);
    EXPECT_TRUE(events_found.is_in_order);
    EXPECT_EQ(values_found.values, accepted);
    EXPECT_EQ(values_found.given_up, outcome.values_given_up);
    return outcome;
}

// Says so where there can be no such file system: the journal's own test then stands for it, on a disk in memory.
void run_on_small_disk(const std::function<void(const std::string&)>& body) {
    std::string why_not;
    const bool passed = testing::on_small_disk(sizes().disk, body, why_not);
    if (why_not.empty()) {
        EXPECT_TRUE(passed);
    } else {
        std::printf("row D10: 0 times on a real file system, which this machine does not allow: %s\n", why_not.c_str());
    }
}

TEST(FullFileSystem, D10_EventsGoOnClientsAreToldAndItRecoversAlone) {
    run_on_small_disk([](const std::string& disk) {
        const auto outcome = fill_up_and_free(disk, sizes().reserve);
        EXPECT_EQ(outcome.events_refused, 0U);
        EXPECT_LT(outcome.told_after, 2.0);
        EXPECT_LT(outcome.recovered_after, 5.0);
        const auto what = "events acknowledged on a tmpfs of " + std::to_string(sizes().disk / kMiB)
                          + " MiB that was full meanwhile, none lost; " + std::to_string(outcome.values_given_up)
                          + " values records given up and counted; told after " + std::to_string(outcome.told_after)
                          + " s, recovered after " + std::to_string(outcome.recovered_after) + " s";
        report_row("D10", outcome.acknowledged, what.c_str());
    });
}

TEST(FullFileSystem, D10_ControlNoReserve) {
    run_on_small_disk([](const std::string& disk) { EXPECT_GT(fill_up_and_free(disk, 0).events_refused, 0U); });
}

}  // namespace
}  // namespace penstock::server

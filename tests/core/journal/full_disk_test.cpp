// Row D10: the disk is full, and gets room again.

#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "core/base/clock.hpp"
#include "core/journal/lane.hpp"
#include "core/journal/lane_thread.hpp"
#include "core/journal/lost_record.hpp"
#include "tests/core/journal/lane_fixture.hpp"
#include "tests/support/fault_row.hpp"
#include "tests/support/program.hpp"
#include "tests/support/recording_file_system.hpp"

namespace penstock::journal {
namespace {

using penstock::testing::eventually;
using penstock::testing::RecordingFileSystem;
using penstock::testing::Seconds;

constexpr std::uint64_t kReserve = 16 * 64 * 1024;

LaneOptions events_with_reserve(std::uint64_t reserve) {
    auto options = small_lane("/events", LaneKind::events);
    options.reserve_bytes = reserve;
    return options;
}

// How many more events go in and become durable once the disk is full.
std::uint64_t events_on_a_full_disk(Lane& events, std::uint64_t most) {
    std::uint64_t accepted = 0;
    while (accepted < most) {
        const auto sequence = events.appended();
        const auto body = body_of(sequence);
        if (!events.append(RecordType::event, bytes_of(body), time_of(sequence)) || !events.commit()) break;
        ++accepted;
    }
    return accepted;
}

TEST(FullDisk, D10_EventsGoOnInTheirReserve) {
    RecordingFileSystem disk;
    disk.set_recording(false);
    const auto lane = open_lane(disk, events_with_reserve(kReserve));
    disk.set_capacity(0);
    const auto accepted = events_on_a_full_disk(*lane, 1'000'000);
    // A record here takes 72 + 12 to 412 bytes.
    EXPECT_GT(accepted, kReserve / 512);
    EXPECT_EQ(lane->durable(), accepted);
    EXPECT_EQ(lane->status().state, LaneState::disk_full);
    EXPECT_NE(lane->status().sentence.find("no space left"), std::string::npos) << lane->status().sentence;
    const auto refused = lane->append(RecordType::event, bytes_of("x"), time_of(0));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), ErrorCode::unavailable);
    EXPECT_TRUE(refused.error().retryable());
    EXPECT_EQ(expect_records(*lane, 0), accepted);
    penstock::testing::report_row("D10", accepted, "events taken into the reserve of a full disk");
}

TEST(FullDisk, D10_ControlNoReserve) {
    RecordingFileSystem disk;
    disk.set_recording(false);
    const auto lane = open_lane(disk, events_with_reserve(0));
    disk.set_capacity(0);
    EXPECT_LT(events_on_a_full_disk(*lane, 1'000'000), kReserve / 512);
}

TEST(FullDisk, D10_IsToldInTwoSecondsAndOverInFive) {
    RecordingFileSystem disk;
    disk.set_recording(false);
    const base::SystemClock clock;
    const auto events = open_lane(disk, events_with_reserve(kReserve));
    auto values_options = small_lane("/values", LaneKind::values);
    values_options.group = 10ms;
    values_options.buffer_bytes = 200'000;
    const auto values = open_lane(disk, values_options);
    LaneThread events_thread(*events, clock);
    LaneThread values_thread(*values, clock);
    ASSERT_TRUE(eventually([&] { return !events->wants_prepare() && !values->wants_prepare(); }));
    disk.set_capacity(0);
    // Values until some are given up: the segment, the next one, then the buffer fill.
    const std::string body(1'000, 'v');
    std::uint64_t refused = 0;
    while (refused < 10) {
        if (!values->append(RecordType::values, bytes_of(body), clock.now())) ++refused;
    }
    const auto full_at = std::chrono::steady_clock::now();
    EXPECT_TRUE(eventually([&] { return values->status().state == LaneState::disk_full; }, Seconds(2)));
    const auto given_up = refused;
    // Events do not mind.
    const auto event = events->append(RecordType::event, bytes_of("an event"), clock.now());
    ASSERT_TRUE(event);
    EXPECT_TRUE(eventually([&] { return events->durable() >= *event; }, Seconds(2)));
    EXPECT_LT(std::chrono::steady_clock::now() - full_at, std::chrono::seconds(4));

    disk.set_capacity(~std::uint64_t{0});
    EXPECT_TRUE(eventually(
        [&] { return values->status().state == LaneState::good && events->status().state == LaneState::good; }, Seconds(5)));
    EXPECT_TRUE(eventually([&] { return values->durable() == values->appended() && values->status().buffered_bytes == 0; },
                           Seconds(5)));
    events_thread.stop();
    values_thread.stop();

    // On record: how many, and why.
    LostRecord lost;
    std::uint64_t stored = 0, lost_records = 0;
    const auto reader = values->reader(0);
    Record record;
    while (*reader->next(record)) {
        if (record.type == RecordType::values) ++stored;
        if (record.type != RecordType::lost) continue;
        const auto decoded = decode_lost_record(record.body);
        ASSERT_TRUE(decoded);
        lost = *decoded;
        lost_records += lost.records;
    }
    EXPECT_GT(stored, 0U);
    EXPECT_EQ(lost_records, given_up);
    EXPECT_EQ(lost_records, values->status().records_lost);
    EXPECT_EQ(lost.bytes % body.size(), 0U);
    EXPECT_LE(lost.first, lost.last);
    EXPECT_FALSE(lost.cause.empty());
}

TEST(FullDisk, AServerStartsOnAFullDisk) {
    RecordingFileSystem disk;
    disk.set_recording(false);
    disk.set_capacity(0);
    const auto lane = open_lane(disk, events_with_reserve(kReserve));
    ASSERT_NE(lane, nullptr);
    EXPECT_EQ(lane->status().state, LaneState::disk_full);
    EXPECT_FALSE(lane->append(RecordType::event, bytes_of("x"), time_of(0)));
    disk.set_capacity(~std::uint64_t{0});
    ASSERT_TRUE(lane->prepare());
    const auto position = lane->append(RecordType::event, bytes_of("x"), time_of(1));
    ASSERT_TRUE(position);
    EXPECT_TRUE(lane->commit());
    EXPECT_EQ(lane->status().state, LaneState::good);
}

}  // namespace
}  // namespace penstock::journal

// Row D7: bits flipped, blocks zeroed, files cut short, anywhere in a lane at rest.

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "core/journal/lane.hpp"
#include "core/journal/segment_check.hpp"
#include "core/journal/segment_format.hpp"
#include "core/journal/segment_scan.hpp"
#include "core/journal/verify.hpp"
#include "tests/core/journal/lane_fixture.hpp"
#include "tests/support/fault_row.hpp"
#include "tests/support/recording_file_system.hpp"

namespace penstock::journal {
namespace {

using penstock::testing::Contents;
using penstock::testing::RecordingFileSystem;
using Files = std::map<std::string, Contents>;

using penstock::testing::is_nightly;

constexpr Position kRecords = 1'500;

Files healthy_files(const LaneOptions& options) {
    RecordingFileSystem disk;
    disk.set_recording(false);
    const auto lane = open_lane(disk, options);
    while (lane->appended() < kRecords) {
        append_some(*lane, 25);
        EXPECT_TRUE(lane->commit());
    }
    EXPECT_TRUE(lane->seal());
    auto files = disk.files();
    std::erase_if(files, [](const auto& file) { return !file.first.ends_with(".seg"); });
    return files;
}

struct Damage {
    std::string file;
    std::uint64_t from = 0, size = 0;  // bytes
    bool truncates = false;
    std::string text;
};

Damage damage_one(Files& files, std::mt19937_64& random, int kind) {
    auto at = files.begin();
    std::advance(at, static_cast<std::ptrdiff_t>(random() % files.size()));
    auto& contents = at->second;
    const auto place = random() % contents.size();
    Damage damage{at->first, place, 1, false, {}};
    if (kind == 0) {
        contents[place] ^= std::byte{1} << (random() % 8);
        damage.text = "a bit flipped";
    } else if (kind == 1) {
        const std::uint64_t block = random() % 2 == 0 ? 512 : 4096;
        damage.from = place / block * block;
        damage.size = block;
        std::memset(contents.data() + damage.from, 0, block);
        damage.text = std::to_string(block) + " bytes zeroed";
    } else {
        damage.size = contents.size() - place;
        damage.truncates = true;
        contents.resize(place);
        damage.text = "cut short";
    }
    damage.text = damage.file + ", byte " + std::to_string(damage.from) + ": " + damage.text;
    return damage;
}

struct Extent {
    std::string file;
    std::uint64_t offset = 0, end = 0;
};

// Where the records of healthy files lie.
std::vector<Extent> records_of(const Files& healthy) {
    std::vector<Extent> extents;
    RecordingFileSystem disk(healthy, {"/lane"});
    for (const auto& [path, contents] : healthy) {
        const auto segment = open_segment(disk, path, base::OpenMode::read);
        SegmentScan scan(*segment->file, segment->head.head, kPageBytes, segment->records_end(), segment->head.head.first);
        ScannedRecord record;
        while (*scan.next(record)) extents.push_back({path, record.offset, record.end});
    }
    return extents;
}

// Those must all be served.
std::uint64_t untouched_records(const std::vector<Extent>& records, const Damage& damage) {
    return static_cast<std::uint64_t>(std::ranges::count_if(records, [&](const Extent& record) {
        return record.file != damage.file || record.end <= damage.from || record.offset >= damage.from + damage.size;
    }));
}

bool is_seal(const Damage& damage, const Files& healthy) {
    const auto size = healthy.at(damage.file).size();
    return damage.from >= size - 2 * kPageBytes && damage.from < size - kPageBytes;
}

// What is wrong with how the journal takes the damage; empty if nothing is.
std::string judge(const Files& healthy, const std::vector<Extent>& records, const Files& damaged, const Damage& damage,
                  const LaneOptions& options) {
    RecordingFileSystem disk(damaged, {"/lane"});
    disk.set_recording(false);
    const auto verified = verify(disk, "/lane");
    if (!verified) return "is not verified: " + verified.error().text();
    const bool is_reported = !verified->findings.empty() || verified->unsynced_bytes != 0;
    const bool is_changed = healthy != damaged;
    // A seal that is gone altogether looks like one that was never written; nothing is lost with it.
    const bool may_be_silent = !is_changed || (is_seal(damage, healthy) && damage.size > 1);
    if (!is_reported && !may_be_silent) return "is not noticed";
    if (is_reported && !is_changed) return "is reported where nothing is: " + verified->findings.front();
    auto opened = Lane::open(disk, options);
    if (!opened) return "does not open: " + opened.error().text();
    const auto back = read_back(**opened, 0);
    if (!back.wrong.empty()) return "serves what is wrong: " + back.wrong;
    const auto least = untouched_records(records, damage);
    if (back.records < least) {
        return "costs " + std::to_string(kRecords - back.records) + " records; it touched " + std::to_string(kRecords - least);
    }
    return {};
}

TEST(JournalDamage, D7_CostsOnlyWhatItTouchesAndIsReported) {
    std::uint64_t places = 0;
    std::mt19937_64 random(7);
    for (const auto kind : {LaneKind::events, LaneKind::values}) {
        const auto options = small_lane("/lane", kind);
        const auto healthy = healthy_files(options);
        ASSERT_GT(healthy.size(), 5U);
        const auto records = records_of(healthy);
        ASSERT_EQ(records.size(), kRecords);
        for (int i = 0; i < (is_nightly() ? 5'000 : 150); ++i) {
            auto damaged = healthy;
            const auto damage = damage_one(damaged, random, i % 3);
            EXPECT_EQ(judge(healthy, records, damaged, damage, options), "") << damage.text;
            ++places;
        }
    }
    penstock::testing::report_row("D7", places, "damaged places of the journal, all reported, nothing wrong served");
}

// With its checksum made to fit, a flipped bit is what it would be without any: served.
TEST(JournalDamage, D7_ControlChecksumOff) {
    const auto options = small_lane("/lane", LaneKind::values);
    const auto healthy = healthy_files(options);
    std::mt19937_64 random(8);
    int noticed = 0;
    constexpr int kFlips = 100;
    for (int i = 0; i < kFlips; ++i) {
        auto damaged = healthy;
        auto& [path, contents] = *std::next(damaged.begin(), 1);
        RecordingFileSystem before({{path, contents}}, {"/lane"});
        const auto segment = open_segment(before, path, base::OpenMode::read);
        SegmentScan scan(*segment->file, segment->head.head, kPageBytes, segment->records_end(), segment->head.head.first);
        ScannedRecord record;
        for (auto skip = random() % 50; skip > 0; --skip) ASSERT_TRUE(*scan.next(record));
        ASSERT_TRUE(*scan.next(record));
        const std::span bytes(contents.data() + record.offset, record.end - record.offset);
        bytes[kRecordHeadBytes + random() % record.body.size()] ^= std::byte{1};
        put_record_crc(bytes, segment->head.head.crc);
        RecordingFileSystem disk(damaged, {"/lane"});
        const auto lane = open_lane(disk, options);
        if (!read_back(*lane, 0).wrong.empty()) ++noticed;
    }
    EXPECT_EQ(noticed, kFlips);
}

// The events lane notices even that: the digest of the next record does not continue this one's.
TEST(JournalDamage, AForgedRecordBreaksTheChain) {
    const auto options = small_lane("/lane", LaneKind::events);
    auto files = healthy_files(options);
    auto& [path, contents] = *std::next(files.begin(), 1);
    RecordingFileSystem before({{path, contents}}, {"/lane"});
    const auto segment = open_segment(before, path, base::OpenMode::read);
    SegmentScan scan(*segment->file, segment->head.head, kPageBytes, segment->records_end(), segment->head.head.first);
    ScannedRecord record;
    for (int i = 0; i < 9; ++i) ASSERT_TRUE(*scan.next(record));
    const std::span bytes(contents.data() + record.offset, record.end - record.offset);
    bytes[kRecordHeadBytes + sizeof(base::Digest)] ^= std::byte{1};
    put_record_crc(bytes, segment->head.head.crc);
    RecordingFileSystem disk(files, {"/lane"});
    const auto verified = verify(disk, "/lane");
    ASSERT_TRUE(verified);
    ASSERT_EQ(verified->findings.size(), 2U);
    EXPECT_NE(verified->findings[0].find("digest does not continue"), std::string::npos) << verified->findings[0];
    EXPECT_NE(verified->findings[1].find("the segment before it has the digest"), std::string::npos) << verified->findings[1];
}

TEST(JournalVerify, FindsNothingInAHealthyLane) {
    for (const auto kind : {LaneKind::events, LaneKind::values}) {
        RecordingFileSystem disk(healthy_files(small_lane("/lane", kind)), {"/lane"});
        std::uint64_t steps = 0;
        const auto report = verify(disk, "/lane", [&](const VerifyProgress& progress) { return ++steps <= progress.segments; });
        ASSERT_TRUE(report) << report.error().text();
        EXPECT_TRUE(report->findings.empty()) << report->findings.front();
        EXPECT_EQ(report->records, kRecords);
        EXPECT_EQ(report->end, kRecords);
        EXPECT_EQ(report->kind, kind);
        EXPECT_EQ(report->server_id, "test-server");
        EXPECT_EQ(report->segments, steps);
        EXPECT_EQ(report->unsynced_bytes, 0U);
        EXPECT_EQ(report->last_time.utc, time_of(kRecords - 1).utc);
    }
}

TEST(JournalVerify, ReadsTheLaneOfARunningServer) {
    RecordingFileSystem disk;
    const auto lane = open_lane(disk, small_lane("/lane"));
    for (int i = 0; i < 50; ++i) {
        append_some(*lane, 10);
        ASSERT_TRUE(lane->commit());
        const auto report = verify(disk, "/lane");
        ASSERT_TRUE(report);
        EXPECT_TRUE(report->findings.empty()) << report->findings.front();
        EXPECT_EQ(report->end, lane->durable());
    }
}

TEST(JournalVerify, SaysThatAFolderHoldsNoJournal) {
    RecordingFileSystem disk({}, {"/lane"});
    const auto report = verify(disk, "/lane");
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code(), ErrorCode::not_found);
}

}  // namespace
}  // namespace penstock::journal

// Row D6: the power fails at every write, sync and rename of a recorded run.

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "core/journal/lane.hpp"
#include "tests/core/journal/lane_fixture.hpp"
#include "tests/support/crash_disk.hpp"
#include "tests/support/fault_row.hpp"
#include "tests/support/recording_file_system.hpp"

namespace penstock::journal {
namespace {

using penstock::testing::CrashDisk;
using penstock::testing::FileOperation;
using penstock::testing::RecordingFileSystem;

enum class Habit : std::uint8_t {
    careful,          // as the journal is
    no_sync,          // controls: what it must not do
    no_folder_sync,
    name_before_contents,
};

// Turns the log of a careful run into that of a careless one: the journal itself has no such switch.
std::vector<FileOperation> with_habit(std::vector<FileOperation> log, Habit habit) {
    using Kind = FileOperation::Kind;
    std::vector<FileOperation> out;
    for (std::size_t i = 0; i < log.size(); ++i) {
        const bool is_sync = log[i].kind == Kind::sync;
        const bool name_follows = is_sync && i + 1 < log.size() && log[i + 1].kind == Kind::rename;
        // Nothing is taken out: the marks of the run count operations.
        auto nothing = FileOperation{Kind::make_folder, 0, 0, {}, "/lane", {}};
        if (habit == Habit::no_sync && is_sync) log[i] = nothing;
        if (habit == Habit::no_folder_sync && log[i].kind == Kind::sync_folder) log[i] = nothing;
        // write, sync, rename, sync of the folder -> write, rename, sync of the folder, sync
        if (habit == Habit::name_before_contents && name_follows && i + 2 < log.size()) {
            std::rotate(log.begin() + static_cast<std::ptrdiff_t>(i), log.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                        log.begin() + static_cast<std::ptrdiff_t>(i) + 3);
        }
        out.push_back(std::move(log[i]));
    }
    return out;
}

// What was true when this many operations had been done.
struct Mark {
    std::size_t operations = 0;
    Position acknowledged = 0, appended = 0, trimmed = 0;
};

struct Run {
    LaneOptions options;
    std::vector<FileOperation> log;
    std::vector<Mark> marks;
};

// Groups of all sizes, segments that fill up, trimming, proper ends and restarts.
Run record_run(LaneKind kind) {
    Run run;
    run.options = small_lane("/lane", kind);
    RecordingFileSystem disk;
    Mark mark;
    const auto note = [&] {
        mark.operations = disk.operations();
        run.marks.push_back(mark);
    };
    note();
    for (int round = 0; round < 3; ++round) {
        const auto lane = open_lane(disk, run.options);
        for (int group = 0; group < 30; ++group) {
            append_some(*lane, static_cast<std::uint64_t>(1 + group * group % 37));
            mark.appended = lane->appended();
            note();
            EXPECT_TRUE(lane->commit());
            mark.acknowledged = lane->durable();
            note();
            if (group % 10 != 9) continue;
            mark.trimmed = lane->durable() / 2;
            note();
            EXPECT_TRUE(lane->trim(mark.trimmed));
        }
        if (round == 1) {
            EXPECT_TRUE(lane->seal());
        }
    }
    note();
    run.log = disk.take_log();
    return run;
}

// What is wrong with the lane that is found after the cut; empty if nothing is.
std::string judge(RecordingFileSystem& disk, const Run& run, const Mark& before, const Mark& after, bool go_on) {
    auto opened = Lane::open(disk, run.options);
    if (!opened) return "does not open: " + opened.error().text();
    auto& lane = **opened;
    const auto& recovery = lane.recovery();
    const auto range = std::to_string(recovery.first) + " to " + std::to_string(recovery.end);
    if (recovery.end < before.acknowledged)
        return "holds " + range + "; acknowledged was " + std::to_string(before.acknowledged);
    if (recovery.end > after.appended) return "holds " + range + "; appended was " + std::to_string(after.appended);
    if (recovery.first > after.trimmed) return "holds " + range + "; trimmed was up to " + std::to_string(after.trimmed);
    for (const auto& finding : recovery.findings) {
        if (finding.find("interrupted") == std::string::npos) return "takes a power cut for damage: " + finding;
    }
    if (go_on) {
        append_some(lane, 3);
        if (auto done = lane.commit(); !done) return "does not go on: " + done.error().text();
    }
    const auto back = read_back(lane, recovery.first);
    if (!back.wrong.empty()) return back.wrong;
    if (back.missing != 0) return std::to_string(back.missing) + " records are missing";
    return {};
}

struct Outcome {
    std::uint64_t images = 0, bad = 0;
    std::string first_fault;
};

// A control ends with the first image that fails.
Outcome cut_everywhere(const Run& run, Habit habit, std::uint64_t seeds) {
    using Kept = CrashDisk::Kept;
    Outcome outcome;
    CrashDisk disk(with_habit(run.log, habit));
    const auto try_image = [&](Kept kept, std::uint64_t seed) {
        const auto done = disk.operations_done();
        auto after = std::ranges::lower_bound(run.marks, done, {}, &Mark::operations);
        const auto before = std::prev(std::ranges::upper_bound(run.marks, done, {}, &Mark::operations));
        if (after == run.marks.end()) --after;
        const auto image = disk.image(kept, seed);
        const auto fault = judge(*image, run, *before, *after, seed % 4 == 0);
        ++outcome.images;
        if (fault.empty()) return;
        ++outcome.bad;
        if (outcome.first_fault.empty()) {
            outcome.first_fault = "cut after operation " + std::to_string(done) + ", kept "
                                  + std::to_string(static_cast<int>(kept)) + ", seed " + std::to_string(seed) + ": " + fault;
        }
    };
    while (disk.step()) {
        try_image(Kept::synced_only, 0);
        try_image(Kept::all, 0);
        for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
            for (const auto kept : {Kept::some_writes, Kept::torn_512, Kept::torn_4k}) {
                try_image(kept, seed * 1'000'003 + disk.operations_done());
            }
        }
        if (habit != Habit::careful && outcome.bad != 0) break;
    }
    return outcome;
}

using penstock::testing::is_nightly;

TEST(JournalPowerCut, D6_NothingAcknowledgedIsLost) {
    std::uint64_t images = 0;
    const auto start = std::chrono::steady_clock::now();
    for (const auto kind : {LaneKind::events, LaneKind::values}) {
        const auto run = record_run(kind);
        const auto outcome = cut_everywhere(run, Habit::careful, is_nightly() ? 60 : 1);
        EXPECT_EQ(outcome.bad, 0U) << outcome.first_fault;
        images += outcome.images;
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    std::printf("%.0f crash images/s\n", static_cast<double>(images) / took.count());
    penstock::testing::report_row("D6", images, "crash images of the journal, 0 acknowledged records lost");
}

// The power fails again while the lane is being recovered from the first cut.
TEST(JournalPowerCut, D6_ACutDuringRecoveryLosesNothingEither) {
    using Kept = CrashDisk::Kept;
    const auto run = record_run(LaneKind::events);
    CrashDisk first(run.log);
    std::uint64_t images = 0;
    while (first.step()) {
        const auto done = first.operations_done();
        if (done % (is_nightly() ? 3 : 23) != 0) continue;
        auto after = std::ranges::lower_bound(run.marks, done, {}, &Mark::operations);
        const auto before = std::prev(std::ranges::upper_bound(run.marks, done, {}, &Mark::operations));
        if (after == run.marks.end()) --after;
        const auto disk = first.image(Kept::torn_512, done);
        CrashDisk::Start start{{}, {}, {"/lane"}};
        for (const auto& [path, contents] : disk->files()) {
            start.names[path] = disk->number_of(path);
            start.files[disk->number_of(path)] = contents;
        }
        disk->set_recording(true);
        ASSERT_EQ(judge(*disk, run, *before, *after, false), "");
        CrashDisk second(start, disk->take_log());
        while (second.step()) {
            for (const auto kept : {Kept::synced_only, Kept::torn_512, Kept::torn_4k}) {
                const auto image = second.image(kept, done * 31 + images);
                ASSERT_EQ(judge(*image, run, *before, *after, true), "") << "first cut after operation " << done;
                ++images;
            }
        }
    }
    EXPECT_GT(images, 100U);
    penstock::testing::report_row("D6", images, "crash images of a recovery, 0 acknowledged records lost");
}

// The same test must fail for each of these.
TEST(JournalPowerCut, D6_ControlSyncOff) { EXPECT_GT(cut_everywhere(record_run(LaneKind::events), Habit::no_sync, 1).bad, 0U); }
TEST(JournalPowerCut, D6_ControlNoSyncOfTheFolder) {
    EXPECT_GT(cut_everywhere(record_run(LaneKind::events), Habit::no_folder_sync, 1).bad, 0U);
}
TEST(JournalPowerCut, D6_ControlNameBeforeContents) {
    EXPECT_GT(cut_everywhere(record_run(LaneKind::events), Habit::name_before_contents, 1).bad, 0U);
}

}  // namespace
}  // namespace penstock::journal

// Row D6, the archive's part: the power fails at every write and sync of a historian's life. What was confirmed is there, each sample
// once, and nobody has to mend anything.

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "store/database.hpp"
#include "tests/plugins/historians/sqlite/story.hpp"
#include "tests/support/crash_disk.hpp"
#include "tests/support/fault_row.hpp"
#include "tests/support/recording_file_system.hpp"
#include "tests/support/sqlite_disk.hpp"

namespace penstock::sqlite {
namespace {

using penstock::testing::CrashDisk;
using penstock::testing::FileOperation;
using penstock::testing::RecordingFileSystem;
using penstock::testing::SqliteDisk;
using testing::kRecordsPerStep;
using testing::kStoryFolder;
using testing::Story;

// What was true when so many operations had been done.
struct Mark {
    std::size_t operations = 0;
    JournalPosition confirmed = 0, begun = 0;
};

struct Run {
    Story story{48};
    std::vector<FileOperation> log;
    std::vector<Mark> marks;
    std::set<JournalPosition> flushed = {0};
};

// Flushes, merges, retention, a copy, checkpoints, a restart.
Run record_run() {
    Run run;
    RecordingFileSystem files;
    EXPECT_TRUE(files.make_folder(kStoryFolder) && files.make_folder("/copy"));
    const SqliteDisk disk(files);
    auto historian = Story::open();
    Mark mark;
    const auto flush = [&](JournalPosition appended) {
        mark.begun = appended;
        mark.operations = files.operations();
        run.marks.push_back(mark);
        historian->flush();
        mark.confirmed = historian->persisted();
        mark.operations = files.operations();
        run.marks.push_back(mark);
        run.flushed.insert(mark.confirmed);
    };
    run.marks.push_back(mark);
    for (std::size_t step = 0; step < run.story.steps(); ++step) {
        run.story.append(*historian, step);
        if (step % 2 == 1) flush((step + 1) * kRecordsPerStep);
        if (step % 5 == 4) (void)historian->tidy(Story::time_after(step));
        if (step >= 20 && step < 24) (void)historian->back_up("/copy");
        if (step % 12 == 11) Database(std::string(kStoryFolder) + "/archive.db", Access::write).run("PRAGMA wal_checkpoint");
        if (step == 29) {
            historian.reset();
            historian = Story::open();
        }
    }
    EXPECT_EQ(run.story.fault_of(*historian), "");
    historian.reset();
    mark.operations = files.operations();
    run.marks.push_back(mark);
    run.log = files.take_log();
    return run;
}

enum class Habit : std::uint8_t { careful, no_sync };

std::vector<FileOperation> with_habit(std::vector<FileOperation> log, Habit habit) {
    if (habit == Habit::careful) return log;
    // Nothing is taken out: the marks of the run count operations.
    for (auto& operation : log)
        if (operation.kind == FileOperation::Kind::sync)
            operation = {FileOperation::Kind::make_folder, 0, 0, {}, kStoryFolder, {}};
    return log;
}

std::string judge(RecordingFileSystem& files, const Run& run, const Mark& before, const Mark& after, bool go_on) {
    const SqliteDisk disk(files);
    try {
        auto historian = Story::open();
        const auto position = historian->persisted();
        if (position < before.confirmed) return "holds up to " + std::to_string(position) + "; confirmed was more";
        if (position > after.begun || !run.flushed.contains(position)) return "holds up to " + std::to_string(position);
        if (auto fault = run.story.fault_of(*historian); !fault.empty() || !go_on) return fault;
        for (auto step = position / kRecordsPerStep; step < run.story.steps(); ++step) run.story.append(*historian, step);
        historian->flush();
        return historian->persisted() == run.story.end() ? run.story.fault_of(*historian) : "does not go on";
    } catch (const std::exception& fault) {
        return fault.what();
    }
}

struct Outcome {
    std::uint64_t images = 0, bad = 0;
    std::string first_fault;
};

// At each `every`th operation, and at each sync.
Outcome cut(const Run& run, Habit habit, std::size_t every) {
    using Kept = CrashDisk::Kept;
    Outcome outcome;
    CrashDisk disk(with_habit(run.log, habit));
    while (disk.step()) {
        const auto done = disk.operations_done();
        const bool is_sync = run.log[done - 1].kind == FileOperation::Kind::sync;
        if (done % every != 0 && !is_sync) continue;
        auto after = std::ranges::lower_bound(run.marks, done, {}, &Mark::operations);
        const auto before = std::prev(std::ranges::upper_bound(run.marks, done, {}, &Mark::operations));
        if (after == run.marks.end()) --after;
        for (const auto kept : {Kept::synced_only, Kept::all, Kept::some_writes, Kept::torn_512, Kept::torn_4k}) {
            // All of them at a sync and in the nights, else in turn.
            if (every > 1 && !is_sync && static_cast<std::size_t>(kept) != done / every % 5) continue;
            const auto image = disk.image(kept, done);
            const auto fault = judge(*image, run, *before, *after, outcome.images % 8 == 0);
            ++outcome.images;
            if (fault.empty()) continue;
            ++outcome.bad;
            if (outcome.first_fault.empty())
                outcome.first_fault = "cut after operation " + std::to_string(done) + ", kept "
                                      + std::to_string(static_cast<int>(kept)) + ": " + fault;
        }
        if (habit != Habit::careful && outcome.bad != 0) break;
    }
    return outcome;
}

TEST(ArchivePowerCut, D6_NothingConfirmedIsLostAndNothingIsThereTwice) {
    const bool is_nightly = penstock::testing::is_nightly();
    const auto run = record_run();
    const auto outcome = cut(run, Habit::careful, is_nightly ? 1 : 12);
    EXPECT_EQ(outcome.bad, 0U) << outcome.first_fault;
    EXPECT_GT(outcome.images, 200U);
    std::printf("D6 archive: %zu operations\n", run.log.size());
    penstock::testing::report_row("D6", outcome.images, "crash images of the archive, 0 confirmed samples lost");
}

TEST(ArchivePowerCut, D6_ControlSyncOff) { EXPECT_GT(cut(record_run(), Habit::no_sync, 12).bad, 0U); }

}  // namespace
}  // namespace penstock::sqlite

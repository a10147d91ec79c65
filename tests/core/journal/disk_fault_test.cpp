// Row D8: the n-th call of the file system fails, for every n of five scenarios, once and for good.

#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/journal/lane.hpp"
#include "tests/core/journal/lane_fixture.hpp"
#include "tests/support/crash_disk.hpp"
#include "tests/support/failing_file_system.hpp"
#include "tests/support/fault_row.hpp"
#include "tests/support/recording_file_system.hpp"

namespace penstock::journal {
namespace {

using penstock::testing::CrashDisk;
using penstock::testing::FailingFileSystem;
using penstock::testing::FileCall;
using penstock::testing::FilePlan;
using penstock::testing::RecordingFileSystem;

struct Plant {
    explicit Plant(LaneKind kind) : options(small_lane("/lane", kind)) {}

    // Appends a group and commits it; what is durable then has been promised. False if the lane has failed or refused.
    bool group(Lane& lane, std::uint64_t count) {
        for (std::uint64_t i = 0; i < count; ++i) {
            const auto sequence = lane.appended();
            const auto body = body_of(sequence);
            if (!lane.append(RecordType::event, bytes_of(body), time_of(sequence))) return false;
        }
        lane.when_durable(lane.appended(), [this, position = lane.appended()](Result<void> done) {
            if (done) promised = std::max(promised, position);
        });
        const bool done = lane.commit().has_value();
        promised = std::max(promised, lane.durable());
        return done;
    }
    std::unique_ptr<Lane> open() {
        auto lane = Lane::open(files, options);
        return lane ? std::move(*lane) : nullptr;
    }

    LaneOptions options;
    RecordingFileSystem disk;
    FailingFileSystem files{disk};
    Position promised = 0;
};

using Scenario = void (*)(Plant&);

void first_start(Plant& plant) {
    if (const auto lane = plant.open()) plant.group(*lane, 5);
}

void long_run(Plant& plant) {
    const auto lane = plant.open();
    if (!lane) return;
    for (int i = 0; i < 20; ++i) plant.group(*lane, 15);
}

void restart(Plant& plant) {
    for (int i = 0; i < 3; ++i) {
        const auto lane = plant.open();
        if (!lane) continue;
        plant.group(*lane, 40);
        (void)lane->seal();
    }
}

void restart_after_a_torn_write(Plant& plant) {
    if (const auto lane = plant.open()) plant.group(*lane, 40);
    for (auto& [path, contents] : plant.disk.files()) {
        auto torn = contents;
        if (!path.ends_with(".seg")) continue;
        for (std::size_t i = 0; i < 300; ++i) torn[torn.size() - 10'000 + i] = std::byte{0x5A};
        const auto file = plant.disk.open(path, base::OpenMode::read_write);
        ASSERT_TRUE((*file)->write(torn.size() - 10'000, std::span(torn).subspan(torn.size() - 10'000, 300)));
        ASSERT_TRUE((*file)->sync());
    }
    if (const auto lane = plant.open()) plant.group(*lane, 40);
}

void trimming(Plant& plant) {
    const auto lane = plant.open();
    if (!lane) return;
    for (int i = 0; i < 10; ++i) {
        plant.group(*lane, 60);
        (void)lane->prepare();
        (void)lane->trim(lane->durable() > 200 ? lane->durable() - 200 : 0);
    }
}

constexpr Scenario kScenarios[] = {first_start, long_run, restart, restart_after_a_torn_write, trimming};

struct Outcome {
    std::uint64_t faults = 0, lost = 0;
    std::string first_loss;
};

// What the disk holds in the end if the power fails, compared with what was promised.
void judge(Plant& plant, const FilePlan& plan, std::size_t scenario, Outcome& outcome) {
    ++outcome.faults;
    CrashDisk cut(plant.disk.take_log());
    while (cut.step()) {
    }
    const auto image = cut.image(CrashDisk::Kept::synced_only, 0);
    const auto lane = Lane::open(*image, plant.options);
    std::string fault;
    if (!lane) {
        fault = "does not open: " + lane.error().text();
        // Never promised anything: there may be no folder of any use yet.
        if (plant.promised == 0) return;
    } else if ((*lane)->recovery().end < plant.promised) {
        fault = "holds " + std::to_string((*lane)->recovery().end) + "; promised was " + std::to_string(plant.promised);
    } else {
        const auto back = read_back(**lane, (*lane)->first());
        if (back.missing != 0) fault = std::to_string(back.missing) + " records are missing";
        if (!back.wrong.empty()) fault = back.wrong;
    }
    if (fault.empty()) return;
    ++outcome.lost;
    if (!outcome.first_loss.empty()) return;
    outcome.first_loss = "scenario " + std::to_string(scenario) + ", call " + std::to_string(plan.nth)
                         + (plan.for_good ? " for good" : " once") + (plan.is_full ? ", full" : ", broken") + ": " + fault;
}

Outcome fail_everywhere(LaneKind kind, const std::vector<FilePlan>& plans, std::uint64_t stride) {
    Outcome outcome;
    for (std::size_t scenario = 0; scenario < std::size(kScenarios); ++scenario) {
        for (auto plan : plans) {
            Plant dry(kind);
            dry.files.set_plan({.touches = plan.touches});
            kScenarios[scenario](dry);
            const auto calls = dry.files.calls();
            for (std::uint64_t nth = 1; nth <= calls; nth += stride) {
                Plant plant(kind);
                plan.nth = nth;
                plant.files.set_plan(plan);
                kScenarios[scenario](plant);
                judge(plant, plan, scenario, outcome);
            }
        }
    }
    return outcome;
}

TEST(JournalDiskFault, D8_NothingPromisedIsLostWhicheverCallFails) {
    const std::vector<FilePlan> plans = {{},
                                         {.for_good = true},
                                         {.is_full = true},
                                         {.for_good = true, .is_full = true},
                                         {.short_write = true, .touches = static_cast<std::uint16_t>(FileCall::write)},
                                         {.touches = static_cast<std::uint16_t>(FileCall::sync)}};
    std::uint64_t faults = 0;
    const bool nightly = penstock::testing::is_nightly();
    for (const auto kind : {LaneKind::events, LaneKind::values}) {
        const auto outcome = fail_everywhere(kind, plans, nightly || kind == LaneKind::events ? 1 : 3);
        EXPECT_EQ(outcome.lost, 0U) << outcome.first_loss;
        faults += outcome.faults;
    }
    penstock::testing::report_row("D8", faults, "failed calls of the file system, 0 acknowledged records lost");
}

TEST(JournalDiskFault, D8_ControlRetryOfAFailedSync) {
    const auto outcome = fail_everywhere(
        LaneKind::events, {{.touches = static_cast<std::uint16_t>(FileCall::sync), .repeat_failed_sync = true}}, 1);
    EXPECT_GT(outcome.lost, 0U);
}

TEST(JournalDiskFault, GoesOnInANewSegmentAfterAFailedSync) {
    Plant plant(LaneKind::events);
    const auto lane = plant.open();
    ASSERT_TRUE(plant.group(*lane, 10));
    plant.files.set_plan({.nth = 1, .touches = static_cast<std::uint16_t>(FileCall::sync)});
    ASSERT_TRUE(plant.group(*lane, 10));
    EXPECT_EQ(plant.files.failures(), 1U);
    EXPECT_EQ(lane->durable(), 20U);
    EXPECT_EQ(lane->status().segments, 2U);
    EXPECT_EQ(lane->status().failed_syncs, 1U);
    EXPECT_EQ(lane->status().state, LaneState::good);
    EXPECT_EQ(expect_records(*lane, 0), 20U);
}

TEST(JournalDiskFault, TellsWhoWaitsWhenTheNewSegmentFailsToo) {
    Plant plant(LaneKind::events);
    const auto lane = plant.open();
    ASSERT_TRUE(plant.group(*lane, 10));
    plant.files.set_plan({.nth = 1, .for_good = true, .touches = static_cast<std::uint16_t>(FileCall::sync)});
    append_some(*lane, 1);
    std::string told;
    lane->when_durable(11, [&](Result<void> done) { told = done ? "done" : done.error().text(); });
    EXPECT_FALSE(lane->commit());
    EXPECT_NE(told.find("takes nothing more"), std::string::npos) << told;
    EXPECT_EQ(lane->status().state, LaneState::failed);
    const auto refused = lane->append(RecordType::event, bytes_of("x"), time_of(0));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), ErrorCode::internal);
    // What was durable stays readable.
    EXPECT_EQ(expect_records(*lane, 0), 10U);
}

}  // namespace
}  // namespace penstock::journal

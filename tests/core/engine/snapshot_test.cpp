// The state comes back from snapshot and journal, whatever was cut or damaged.

#include "core/engine/snapshot.hpp"

#include <atomic>
#include <cstdlib>
#include <random>
#include <thread>

#include "core/base/clock.hpp"
#include "core/engine/engine_thread.hpp"
#include "core/engine/memory_record.hpp"
#include "core/journal/lane_thread.hpp"
#include "tests/core/engine/journalled_plant.hpp"
#include "tests/support/fault_row.hpp"

namespace penstock::engine {
namespace {

const std::filesystem::path kFolder = "/data/snapshots";

SnapshotHead head() {
    SnapshotHead head;
    head.server_id = "test-server";
    head.epoch = 1;
    return head;
}

// A plant that stops and comes back on the same folder.
class Restarting {
public:
    explicit Restarting(std::vector<tags::TagDefinition> tags) : definitions(std::move(tags)) {
        files.set_recording(false);
        start();
    }

    void start() { run = std::make_unique<JournalledPlant>(definitions); }
    void take() {
        const auto snapshot = take_snapshot(run->plant->engine, head(), run->plant->now);
        EXPECT_TRUE(save_snapshot(files, kFolder, snapshot));
    }
    // kill -9: what was not synced is gone. The journal of the former run is read where it is.
    RestoreReport restart() {
        const auto former = std::exchange(run, nullptr);
        const auto now = former->plant->now;
        former->plant.reset();
        start();
        run->plant->now = {now.utc + 1h, monotonic_from_ns(5)};
        auto snapshot = load_newest_snapshot(files, kFolder, head(), findings);
        EXPECT_TRUE(snapshot);
        const auto* found = *snapshot ? &**snapshot : nullptr;
        const auto reader = former->lane->reader(found != nullptr ? found->head.events : 0);
        return run->plant->engine.restore(found, *reader, run->plant->now);
    }
    [[nodiscard]] Plant& plant() const { return *run->plant; }
    [[nodiscard]] std::vector<std::string> snapshots() { return files.list(kFolder).value(); }

    penstock::testing::RecordingFileSystem files;
    std::vector<tags::TagDefinition> definitions;
    std::vector<std::string> findings;
    std::unique_ptr<JournalledPlant> run;
};

std::vector<tags::TagDefinition> some_tags() {
    auto speed = setpoint();
    speed.name = "speed";
    return {device_tag("level"), device_tag("label", ValueType::string), speed, memory_tag("limit"),
            memory_tag("note", ValueType::string)};
}

TEST(Restore, MemoryTagsKeepTheirValueOverARestart) {
    Restarting plant(some_tags());
    plant.run->ask("limit", Value(2.5));
    plant.run->ask("note", Value("filter 2 is being washed"));
    plant.run->settle();
    const auto before = plant.plant().read("limit");
    plant.take();
    const auto report = plant.restart();
    EXPECT_EQ(report.memory_tags, 2U);
    const auto after = plant.plant().read("limit");
    EXPECT_TRUE(after.value().identical(Value(2.5)));
    EXPECT_EQ(after.quality, QualityCode::good);
    EXPECT_EQ(after.time, before.time);
    EXPECT_EQ(after.since, before.since);
    EXPECT_TRUE(plant.plant().read("note").value().identical(Value("filter 2 is being washed")));
    EXPECT_EQ(plant.plant().engine.counters().tags_bad, 3U);
}

TEST(Restore, WithoutASnapshotTheRecordsAloneGiveTheState) {
    Restarting plant(some_tags());
    plant.run->ask("limit", Value(1.0));
    plant.run->ask("limit", Value(2.0));
    plant.run->settle();
    const auto before = plant.plant().read("limit");
    const auto report = plant.restart();
    EXPECT_EQ(report.records, 6U);
    const auto after = plant.plant().read("limit");
    EXPECT_TRUE(after.value().identical(Value(2.0)));
    EXPECT_EQ(after.time, before.time);
    EXPECT_EQ(after.quality, QualityCode::good);
}

TEST(Restore, ADeviceTagShowsItsLastValueAsUncertainUntilItsDeviceSpeaks) {
    Restarting plant(some_tags());
    plant.plant().deliver(0, 3.5);
    const auto before = plant.plant().read("level");
    plant.take();
    plant.restart();
    auto level = plant.plant().read("level");
    EXPECT_TRUE(level.value().identical(Value(3.5)));
    EXPECT_EQ(level.quality, QualityCode::uncertain_last_usable);
    EXPECT_EQ(plant.plant().cause("level"), "not updated since the server started");
    EXPECT_EQ(level.time, before.time);
    EXPECT_EQ(level.since, plant.plant().now.utc);
    EXPECT_EQ(plant.plant().engine.counters().tags_bad, 4U);
    plant.plant().deliver(0, 3.5);
    level = plant.plant().read("level");
    EXPECT_EQ(level.quality, QualityCode::good);
    EXPECT_EQ(plant.plant().changes(), std::vector<tags::TagId>{plant.plant().id("level")});
}

TEST(Restore, AValueThatWasBadIsKeptAndNotMadeBetter) {
    Restarting plant(some_tags());
    plant.plant().deliver(1, std::string_view("pump runs"));
    plant.plant().producers[0]->all_bad(QualityCode::bad_not_connected, "the link is down", plant.plant().now);
    plant.plant().cycle();
    plant.take();
    plant.restart();
    const auto label = plant.plant().read("label");
    EXPECT_TRUE(label.value().identical(Value("pump runs")));
    EXPECT_TRUE(is_bad(label.quality));
    EXPECT_EQ(plant.plant().engine.counters().tags_bad, 5U);
}

TEST(Restore, ATagOfAnotherTypeStartsAnew) {
    Restarting plant(some_tags());
    plant.plant().deliver(0, 3.5);
    plant.run->ask("limit", Value(2.5));
    plant.run->settle();
    plant.take();
    plant.run->ask("limit", Value(3.5));  // and a record after the snapshot
    plant.run->settle();
    plant.definitions[0].type = plant.definitions[0].native_type = ValueType::uint64;
    plant.definitions[3].type = ValueType::string;
    const auto report = plant.restart();
    EXPECT_GE(report.left_out, 2U);
    EXPECT_FALSE(plant.plant().read("level").value().has_value());
    EXPECT_FALSE(plant.plant().read("limit").value().has_value());
}

TEST(Restore, AMemoryTagsHistoryGoesOnWithWhatItIs) {
    Restarting plant(some_tags());
    plant.run->ask("limit", Value(2.5));
    plant.run->settle();
    const auto former = std::exchange(plant.run, nullptr);
    plant.start();
    Capture capture(plant.plant().engine.catalog().id_limit());
    plant.plant().engine.set_capture(capture, [](tags::TagId) { return CaptureMode::changes; });
    const auto reader = former->lane->reader(0);
    plant.plant().engine.restore(nullptr, *reader, plant.plant().now);
    auto* block = capture.pop();
    ASSERT_NE(block, nullptr);
    ASSERT_EQ(block->count, 1U);
    EXPECT_EQ(block->tag[0], plant.plant().id("limit"));
    EXPECT_EQ(block->word[0], word_of(2.5));
    EXPECT_EQ(block->time[0], to_ns(plant.plant().now.utc)) << "its time: from now on it is known again";
}

TEST(Restore, AnAnsweredCommandIsNotCarriedOutAgain) {
    for (const bool with_snapshot : {false, true}) {
        Restarting plant(some_tags());
        plant.run->ask("speed", Value(2.5), 7);
        plant.run->settle();
        plant.run->device.waiting.at(0)(WriteOutcome::refused("locked"));
        plant.run->settle();
        if (with_snapshot) plant.take();
        plant.restart();
        const auto answer = plant.run->ask("speed", Value(2.5), 7);
        plant.run->settle();
        ASSERT_TRUE(*answer);
        EXPECT_EQ((*answer)->outcome, WriteResult::refused);
        EXPECT_EQ((*answer)->reason, "locked");
        EXPECT_EQ((*answer)->code, ErrorCode::denied);
        EXPECT_TRUE(plant.run->device.waiting.empty());
    }
}

TEST(Restore, ACommandThatHadLeftHasAnUnknownOutcomeAndIsNotSentAgain) {
    Restarting plant(some_tags());
    plant.run->ask("speed", Value(2.5), 7);
    plant.run->settle();
    ASSERT_EQ(plant.run->device.waiting.size(), 1U);
    plant.take();
    plant.restart();
    const auto answer = plant.run->ask("speed", Value(2.5), 7);
    plant.run->settle();
    ASSERT_TRUE(*answer);
    EXPECT_EQ((*answer)->outcome, WriteResult::unknown);
    EXPECT_NE((*answer)->reason.find("stopped before the device had answered"), std::string::npos);
    EXPECT_TRUE(plant.run->device.waiting.empty());
}

TEST(Restore, AMemoryCommandWhoseEffectIsDurableIsDone) {
    Restarting plant(some_tags());
    plant.run->ask("limit", Value(2.5), 7);
    plant.run->cycle();
    plant.run->sync();  // asked and value; no cycle, so no answer
    plant.restart();
    EXPECT_TRUE(plant.plant().read("limit").value().identical(Value(2.5)));
    const auto answer = plant.run->ask("limit", Value(2.5), 7);
    plant.run->settle();
    ASSERT_TRUE(*answer);
    EXPECT_EQ((*answer)->outcome, WriteResult::done);
}

// Random writes, cycles, syncs and snapshots, then the power goes: what was answered is there, and what is there was asked.
TEST(Restore, AtAnyCutSnapshotAndRecordsGiveTheState) {
    const std::uint32_t plants = penstock::testing::is_nightly() ? 1000 : 25;
    for (std::uint32_t seed = 0; seed < plants; ++seed) {
        std::mt19937 random(seed);
        Restarting plant(some_tags());
        struct Write {
            double value;
            JournalledPlant::Answer answer;
        };
        std::vector<Write> writes;
        const auto steps = random() % 60;
        for (std::uint32_t step = 0; step < steps; ++step) {
            plant.plant().advance(1ms);
            switch (random() % 6) {
                case 0:
                case 1: {
                    const auto value = static_cast<double>(writes.size());
                    writes.push_back({value, plant.run->ask("limit", Value(value))});
                    break;
                }
                case 2:
                case 3: plant.run->cycle(); break;
                case 4: plant.run->sync(); break;
                default: plant.take(); break;
            }
        }
        double least = -1;  // the newest that was answered
        for (const auto& write : writes) {
            if (*write.answer) least = write.value;
        }
        const auto durable = [&] {
            double newest = -1;
            const auto reader = plant.run->lane->reader(0);
            journal::Record record;
            while (reader->next(record).value_or(false)) {
                if (record.type == journal::RecordType::memory_value)
                    newest = decode_memory(record).value().value.as_double_or(-2);
            }
            return newest;
        }();
        const auto report = plant.restart();
        EXPECT_TRUE(report.findings.empty());
        const auto value = plant.plant().read("limit").value().as_double_or(-1);
        EXPECT_EQ(value, durable) << "seed " << seed;
        EXPECT_GE(value, least) << "seed " << seed;
    }
}

TEST(Snapshot, TheNewestTwoAreKept) {
    Restarting plant(some_tags());
    for (int i = 0; i < 5; ++i) {
        plant.run->ask("limit", Value(i));
        plant.run->settle();
        plant.take();
    }
    const auto kept = plant.snapshots();
    ASSERT_EQ(kept.size(), 2U);
    EXPECT_EQ(kept[1], "00000000000000000015.snap");
}

TEST(Snapshot, ADamagedOneFallsBackToTheOneBeforeAndSaysSo) {
    Restarting plant(some_tags());
    for (int i = 0; i < 2; ++i) {
        plant.run->ask("limit", Value(i));
        plant.run->settle();
        plant.take();
    }
    const auto newest = plant.snapshots().at(1);
    const auto path = (kFolder / newest).string();
    auto bytes = plant.files.files().at(path);
    bytes.resize(bytes.size() / 2);
    plant.files.set_file(path, std::move(bytes));
    const auto report = plant.restart();
    ASSERT_EQ(plant.findings.size(), 1U);
    EXPECT_NE(plant.findings[0].find(newest + ": its checksum is wrong"), std::string::npos);
    EXPECT_EQ(report.records, 3U) << "those after the older snapshot";
    EXPECT_TRUE(plant.plant().read("limit").value().identical(Value(1.0)));
}

TEST(Snapshot, OfAnotherServerIsNotUsed) {
    Restarting plant(some_tags());
    plant.take();
    auto other = head();
    other.server_id = "other";
    std::vector<std::string> findings;
    const auto found = load_newest_snapshot(plant.files, kFolder, other, findings);
    ASSERT_TRUE(found);
    EXPECT_FALSE(*found);
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_NE(findings[0].find("of server test-server, epoch 1; this is other, epoch 1"), std::string::npos);
}

TEST(Snapshot, EveryDamageOfOneByteIsFound) {
    Restarting plant(some_tags());
    plant.plant().deliver(0, 3.5);
    plant.run->ask("note", Value("text"), 1);
    plant.run->settle();
    wire::Buffer bytes;
    encode_snapshot(take_snapshot(plant.plant().engine, head(), plant.plant().now), bytes);
    ASSERT_TRUE(decode_snapshot(bytes));
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        auto damaged = bytes;
        damaged[i] ^= std::byte{0x10};
        EXPECT_FALSE(decode_snapshot(damaged)) << "byte " << i;
        EXPECT_FALSE(decode_snapshot(wire::Bytes(bytes).first(i))) << "cut at " << i;
    }
}

TEST(Snapshot, SectionsOfLaterVersionsAreKeptApart) {
    Snapshot snapshot;
    snapshot.head = head();
    snapshot.sections.emplace_back("alarms", wire::Buffer(1000, std::byte{7}));
    wire::Buffer bytes;
    encode_snapshot(snapshot, bytes);
    const auto read = decode_snapshot(bytes);
    ASSERT_TRUE(read);
    ASSERT_NE(read->section("alarms"), nullptr);
    EXPECT_EQ(*read->section("alarms"), snapshot.sections[0].second);
    EXPECT_EQ(read->section("tags"), nullptr);
}

// The engine, the journal and the snapshots each on their thread; then everything that was answered is there.
TEST(Snapshot, WhileTheEngineWorksMissesNothing) {
    constexpr int kWrites = 300;
    base::SystemClock clock;
    Restarting plant({memory_tag("a"), memory_tag("b"), device_tag("level")});
    std::atomic<int> answered{0};
    {
        journal::LaneThread lane_thread(*plant.run->lane, clock);
        EngineThread engine_thread(plant.plant().engine, clock);
        std::atomic<bool> done{false};
        std::thread snapshots([&] {
            while (!done) {
                const auto snapshot = take_snapshot(plant.plant().engine, head(), clock.now());
                EXPECT_TRUE(save_snapshot(plant.files, kFolder, snapshot));
            }
        });
        for (int i = 1; i <= kWrites; ++i) {
            WriteCommand command{plant.plant().id(i % 2 == 0 ? "a" : "b"), Value(i), [&](WriteAnswer answer) {
                                     if (answer.outcome == WriteResult::done) ++answered;
                                     answered.notify_all();
                                 }};
            ASSERT_TRUE(plant.plant().engine.post(std::move(command)));
        }
        for (int seen = answered; seen < kWrites; seen = answered) answered.wait(seen);
        done = true;
        snapshots.join();
    }
    plant.restart();
    EXPECT_TRUE(plant.plant().read("a").value().identical(Value(300.0)));
    EXPECT_TRUE(plant.plant().read("b").value().identical(Value(299.0)));
}

}  // namespace
}  // namespace penstock::engine

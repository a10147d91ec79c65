// What is written down for the archive, and that neither side loses its place.

#include "core/engine/capture.hpp"

#include <atomic>
#include <random>
#include <thread>

#include "tests/core/engine/plant.hpp"

namespace penstock::engine {
namespace {

struct Row {
    tags::TagId tag = 0;
    std::int64_t time = 0;
    QualityCode quality{};
    tags::CauseId cause = 0;
    std::uint64_t word = 0;
    std::string bytes;
};

// What the other thread finds, block by block.
std::vector<Row> empty(Capture& capture, const tags::TagCatalog* catalog = nullptr) {
    std::vector<Row> rows;
    while (auto* block = capture.pop()) {
        for (std::uint32_t i = 0; i < block->count; ++i) {
            Row row{block->tag[i],
                    block->time[i],
                    capture_quality(block->state[i]),
                    capture_cause(block->state[i]),
                    block->word[i],
                    {}};
            const bool is_blob = catalog != nullptr && !is_scalar_word(catalog->type(row.tag));
            if (is_blob && !is_bad(row.quality)) row.bytes = block->blob_at(i);
            rows.push_back(std::move(row));
        }
        capture.give_back(block);
    }
    return rows;
}

class Archived : public Plant {
public:
    explicit Archived(const std::vector<tags::TagDefinition>& definitions, CaptureMode mode = CaptureMode::changes)
        : Plant(definitions), capture(engine.catalog().id_limit()) {
        engine.set_capture(capture, [mode](tags::TagId) { return mode; });
    }
    [[nodiscard]] std::vector<Row> rows() { return empty(capture, &engine.catalog()); }
    [[nodiscard]] std::int64_t now_ns() const { return to_ns(now.utc); }

    Capture capture;
};

TEST(EngineCapture, ChangesAreWrittenDownWithTheFinalValue) {
    auto level = device_tag("level", ValueType::uint64, ValueType::float64);
    level.scaling = tags::Scaling{0, 27648, 0, 6, false};
    Archived plant({level});
    plant.deliver(0, std::uint64_t{13824});
    plant.deliver(0, std::uint64_t{13824});
    const auto rows = plant.rows();
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].tag, plant.id("level"));
    EXPECT_EQ(rows[0].time, plant.now_ns());
    EXPECT_EQ(rows[0].quality, QualityCode::good);
    EXPECT_EQ(rows[0].cause, tags::kNoCause);
    EXPECT_EQ(rows[0].word, word_of(3.0));
}

TEST(EngineCapture, TagsThatAreNotArchivedAreLeftOut) {
    Plant plant({device_tag("a"), device_tag("b"), memory_tag("m")});
    Capture capture(plant.engine.catalog().id_limit());
    plant.engine.set_capture(capture,
                             [&](tags::TagId tag) { return tag == plant.id("b") ? CaptureMode::changes : CaptureMode::off; });
    SampleBatch batch;
    batch.add(0, 1.0);
    batch.add(1, 2.0);
    plant.deliver(batch);
    plant.write("m", Value(3.0));
    const auto rows = empty(capture);
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].tag, plant.id("b"));
}

TEST(EngineCapture, AllSamplesIncludeTheUnchangedAndThoseWithinTheDeadband) {
    auto tag = device_tag("a");
    tag.deadband_kind = tags::DeadbandKind::absolute;
    tag.deadband = 0.5;
    Archived plant({tag}, CaptureMode::all_samples);
    for (const auto value : {1.0, 1.0, 1.2}) {
        plant.advance(1s);
        plant.deliver(0, value);
    }
    const auto rows = plant.rows();
    ASSERT_EQ(rows.size(), 3U);
    for (const auto& row : rows) EXPECT_EQ(row.word, word_of(1.0)) << "what the tag shows is what is archived";
    EXPECT_EQ(rows[2].time - rows[0].time, 2'000'000'000);
}

TEST(EngineCapture, ABadSampleHasNoValueAndItsReceiveTime) {
    Archived plant({device_tag("a")});
    plant.deliver(0, 7.0);
    plant.advance(1s);
    SampleBatch batch;
    batch.add_bad(0, QualityCode::bad_timeout, "no answer within 200 ms");
    plant.deliver(batch);
    const auto rows = plant.rows();
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[1].quality, QualityCode::bad_timeout);
    EXPECT_EQ(rows[1].word, 0U);
    EXPECT_EQ(rows[1].time, plant.now_ns());
    EXPECT_EQ(plant.reader.cause(rows[1].cause), "no answer within 200 ms");
    EXPECT_LT(to_ns(plant.read("a").time), rows[1].time) << "the tag itself keeps the time of its last value";
}

TEST(EngineCapture, ADeviceThatTurnsBadIsWrittenDownForEachOfItsTagsOnce) {
    Archived plant({device_tag("a"), device_tag("b")});
    for (int i = 0; i < 2; ++i) {
        plant.producers[0]->all_bad(QualityCode::bad_not_connected, "the link is down", plant.now);
        plant.cycle();
    }
    const auto rows = plant.rows();
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(plant.reader.cause(rows[1].cause), "the link is down");
}

TEST(EngineCapture, AValueThatDoesNotFitTheTagIsABadSample) {
    Archived plant({device_tag("a", ValueType::float64, ValueType::uint64)});
    plant.deliver(0, -1.0);
    const auto rows = plant.rows();
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].quality, QualityCode::bad_out_of_range);
    EXPECT_EQ(rows[0].word, 0U);
}

TEST(EngineCapture, ASourceTimeFurtherOffThanTheTagAllowsIsArchivedUnderReceiveTime) {
    Archived plant({device_tag("a")});
    const auto deliver = [&](double value, Duration off, QualityCode quality) {
        SampleBatch batch;
        batch.add_word(0, word_of(value), quality, to_ns(plant.now.utc + off));
        plant.deliver(batch);
    };
    deliver(1, -59min, QualityCode::good);
    deliver(2, 2h, QualityCode::good);
    deliver(3, -2h, QualityCode::uncertain_sensor_not_accurate);
    const auto rows = plant.rows();
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[0].time, to_ns(plant.now.utc - 59min));
    EXPECT_EQ(rows[1].time, plant.now_ns());
    EXPECT_EQ(rows[1].quality, QualityCode::uncertain_source_time);
    EXPECT_EQ(rows[2].time, plant.now_ns());
    EXPECT_EQ(rows[2].quality, QualityCode::uncertain_sensor_not_accurate) << "a worse word of the device stands";
    EXPECT_EQ(plant.read("a").time, plant.now.utc - 2h) << "the live tag shows what the device said";
}

TEST(EngineCapture, ATimeThatTheHostMadeIsCutToMilliseconds) {
    Archived plant({device_tag("a")});
    plant.advance(Duration(1'234'567));
    plant.deliver(0, 1.0);
    EXPECT_EQ(plant.rows().at(0).time, kStartNs + 1'000'000);
}

TEST(EngineCapture, StringsArraysAndMemoryTagsAreWrittenDown) {
    Archived plant({device_tag("text", ValueType::string), memory_tag("m"), memory_tag("label", ValueType::string)});
    plant.deliver(0, std::string_view("pump runs"));
    plant.write("m", Value(2.5));
    plant.write("label", Value("line 2"));
    const auto rows = plant.rows();
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[0].bytes, "pump runs");
    EXPECT_EQ(rows[1].word, word_of(2.5));
    EXPECT_EQ(rows[2].bytes, "line 2");
}

TEST(Capture, SmallCyclesShareABlockUntilItIsTaken) {
    Capture capture(1, 1);
    for (std::uint64_t i = 0; i < 100; ++i) {
        capture.reserve(1);
        capture.add(0, 1, 0, i);
        capture.end_cycle({});
    }
    const auto rows = empty(capture);
    ASSERT_EQ(rows.size(), 100U);
    EXPECT_EQ(capture.samples(), 100U);
    EXPECT_EQ(capture.lost(), 0U);
    EXPECT_TRUE(empty(capture).empty());
}

TEST(Capture, WhenEveryBlockIsFullItSaysWhichTagsLostSamplesAndFromWhenOn) {
    Capture capture(10, 2);
    const auto add = [&](tags::TagId tag, std::int64_t time) {
        capture.reserve(1);
        capture.add(tag, time, 0, 0);
    };
    for (std::uint32_t i = 0; i < 2 * CaptureBlock::kRows; ++i) add(1, 100);
    for (const auto time : {205, 203, 204}) add(7, time);
    add(3, 206);
    capture.end_cycle({});
    EXPECT_EQ(empty(capture).size(), 2 * CaptureBlock::kRows);
    EXPECT_EQ(capture.lost(), 4U);
    capture.end_cycle({});  // without a further sample

    auto* block = capture.pop();
    ASSERT_NE(block, nullptr);
    EXPECT_EQ(block->lost, (std::vector<tags::TagId>{7, 3}));
    EXPECT_EQ(block->lost_from, 203);
    capture.give_back(block);
    add(7, 300);
    capture.end_cycle({});
    block = capture.pop();
    ASSERT_NE(block, nullptr);
    EXPECT_TRUE(block->lost.empty()) << "said once";
    EXPECT_EQ(block->count, 1U);
}

TEST(Capture, AFewLargeTextsFillABlockAndNoneIsCut) {
    Capture capture(1, 64);
    const std::string text(60'000, 'x');
    for (int i = 0; i < 100; ++i) {
        capture.reserve(1);
        capture.add_blob(0, 1, 0, text);
    }
    capture.end_cycle({});
    int found = 0;
    while (auto* block = capture.pop()) {
        EXPECT_LE(block->blob.size(), CaptureBlock::kBlobBytes);
        for (std::uint32_t i = 0; i < block->count; ++i) found += block->blob_at(i) == text ? 1 : 0;
        capture.give_back(block);
    }
    EXPECT_EQ(found, 100);
}

// Random cycles on one thread, random absences on the other: all samples arrive or are counted, and in order.
TEST(Capture, NothingIsLostUncountedOrReorderedBetweenTwoThreads) {
    constexpr std::uint64_t kCycles = 20'000;
    for (const std::uint32_t blocks : {1U, 3U, 64U}) {
        Capture capture(4, blocks);
        std::atomic<bool> done{false};
        std::uint64_t added = 0;
        std::thread engine([&] {
            std::mt19937 random(blocks);
            for (std::uint64_t cycle = 0; cycle < kCycles; ++cycle) {
                const auto rows = static_cast<std::uint32_t>(random() % 64);
                capture.reserve(rows);
                for (std::uint32_t i = 0; i < rows; ++i) {
                    ++added;
                    capture.add(static_cast<tags::TagId>(added % 4), static_cast<std::int64_t>(added), 0, added);
                }
                capture.end_cycle({});
            }
            done = true;
        });
        std::uint64_t taken = 0, last = 0, disorders = 0;
        while (true) {
            const bool is_last = done;
            while (auto* block = capture.pop()) {
                for (std::uint32_t i = 0; i < block->count; ++i) {
                    disorders += block->word[i] <= last ? 1 : 0;
                    last = block->word[i];
                }
                taken += block->count;
                capture.give_back(block);
            }
            if (is_last) break;
        }
        engine.join();
        EXPECT_EQ(disorders, 0U);
        EXPECT_EQ(taken, capture.samples());
        EXPECT_EQ(taken + capture.lost(), added);
        if (blocks == 64) EXPECT_EQ(capture.lost(), 0U);
    }
}

}  // namespace
}  // namespace penstock::engine

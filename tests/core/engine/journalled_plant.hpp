#pragma once

// A plant whose commands go through a journal on a disk in memory. The test says when the disk is done.

#include <memory>

#include "core/journal/event_record.hpp"
#include "tests/core/engine/plant.hpp"
#include "tests/core/journal/lane_fixture.hpp"
#include "tests/support/failing_file_system.hpp"
#include "tests/support/recording_file_system.hpp"

namespace penstock::engine {

class JournalledPlant {
public:
    explicit JournalledPlant(const std::vector<tags::TagDefinition>& definitions, EngineOptions options = {},
                             ProducerOptions producer = {}) {
        disk.set_recording(false);
        lane = journal::open_lane(files, journal::small_lane("/data/journal/events"));
        plant = std::make_unique<Plant>(definitions, producer, options);
        plant->engine.set_journal(*lane);
        if (!plant->engine.catalog().devices().empty()) plant->engine.set_writer(0, &device);
    }

    // A command that is taken up in the next cycle; the answer, once there is one.
    using Answer = std::shared_ptr<std::optional<WriteAnswer>>;
    Answer ask(std::string_view tag, Value value, std::uint64_t command = 0, std::uint32_t item = 0) {
        auto answer = std::make_shared<std::optional<WriteAnswer>>();
        WriteCommand wish{plant->id(tag), std::move(value), [answer](WriteAnswer a) {
                              EXPECT_FALSE(*answer) << "answered twice";
                              *answer = std::move(a);
                          }};
        wish.user = "anna";
        wish.station = "control room";
        wish.command = command;
        wish.item = item;
        EXPECT_TRUE(plant->engine.post(std::move(wish)));
        return answer;
    }
    void sync() { EXPECT_TRUE(lane->commit()); }
    void cycle() { plant->cycle(); }
    // Until nothing moves by itself any more.
    void settle() {
        for (int i = 0; i < 4; ++i) {
            cycle();
            sync();
        }
        cycle();
    }
    [[nodiscard]] std::vector<Event> events() const {
        std::vector<Event> found;
        const auto reader = lane->reader(0);
        journal::Record record;
        while (reader->next(record).value_or(false)) {
            if (record.type == journal::RecordType::event) found.push_back(journal::decode_event(record).value());
        }
        return found;
    }

    penstock::testing::RecordingFileSystem disk;
    penstock::testing::FailingFileSystem files{disk};
    std::unique_ptr<journal::Lane> lane;  // outlives the plant
    Device device;
    std::unique_ptr<Plant> plant;
};

}  // namespace penstock::engine

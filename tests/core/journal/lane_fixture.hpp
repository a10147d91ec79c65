#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/file_system.hpp"
#include "core/journal/lane.hpp"
#include "core/journal/lane_reader.hpp"
#include "tests/core/journal/lane_bodies.hpp"

namespace penstock::journal {

inline std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }
inline std::string text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline std::unique_ptr<Lane> open_lane(base::FileSystem& files, const LaneOptions& options) {
    auto lane = Lane::open(files, options);
    if (!lane) {
        ADD_FAILURE() << lane.error().text();
        return nullptr;
    }
    return std::move(*lane);
}

inline void append_some(Lane& lane, std::uint64_t count) {
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto sequence = lane.appended();
        const auto body = body_of(sequence);
        const auto position = lane.append(RecordType::event, bytes_of(body), time_of(sequence));
        ASSERT_TRUE(position) << position.error().text();
        ASSERT_EQ(*position, sequence + 1);
    }
}

// What a reader found from `position` to the end.
struct ReadBack {
    std::uint64_t records = 0;
    std::uint64_t missing = 0;  // passed over, and said so
    std::string wrong;          // anything that is not what append_some() wrote, or was passed over in silence
};
inline ReadBack read_back(const Lane& lane, Position position) {
    ReadBack back;
    const auto reader = lane.reader(position);
    Record record;
    for (;;) {
        const auto found = reader->next(record);
        if (!found) back.wrong = found.error().text();
        if (!found || !*found) break;
        const auto what = "record " + std::to_string(record.sequence);
        if (record.sequence < position) back.wrong = what + " came after " + std::to_string(position);
        if (record.type == RecordType::event && text_of(record.body) != body_of(record.sequence))
            back.wrong = what + " has a wrong body";
        if (record.type == RecordType::event && record.time.utc != time_of(record.sequence).utc)
            back.wrong = what + " has a wrong time";
        back.missing += record.sequence - position;
        position = record.sequence + 1;
        ++back.records;
    }
    back.missing += lane.durable() - position;
    const auto skip = reader->take_skip();
    if (back.missing != 0 && skip.from == skip.to)
        back.wrong = std::to_string(back.missing) + " records are missing in silence";
    return back;
}

// Reads from `position` to the end; every record must be what append_some() wrote, none missing. How many there were.
inline std::uint64_t expect_records(const Lane& lane, Position position) {
    const auto back = read_back(lane, position);
    EXPECT_EQ(back.wrong, "");
    EXPECT_EQ(back.missing, 0U);
    return back.records;
}

}  // namespace penstock::journal

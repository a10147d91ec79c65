#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
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

namespace penstock::journal {

inline std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }
inline std::string text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Times that tell the sequence, so that a wrong record is seen at once.
inline Now time_of(std::uint64_t number) {
    return {utc_from_ns(1'700'000'000'000'000'000 + static_cast<std::int64_t>(number) * 1'000'000),
            monotonic_from_ns(1'000'000'000 + static_cast<std::int64_t>(number) * 1'000'000)};
}

// A folder of its own, gone afterwards.
class TempFolder {
public:
    TempFolder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "penstock-journal-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    ~TempFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

inline LaneOptions small_lane(const std::filesystem::path& folder, LaneKind kind = LaneKind::events) {
    LaneOptions options;
    options.kind = kind;
    options.folder = folder;
    options.server_id = "test-server";
    options.segment_bytes = 64 * 1024;
    options.reserve_bytes = 64 * 1024;
    options.buffer_bytes = 1024 * 1024;
    options.hash_chain = kind == LaneKind::events;
    return options;
}

inline std::unique_ptr<Lane> open_lane(base::FileSystem& files, const LaneOptions& options) {
    auto lane = Lane::open(files, options);
    if (!lane) {
        ADD_FAILURE() << lane.error().text();
        return nullptr;
    }
    return std::move(*lane);
}

// A body that tells its sequence, of a length that follows from it.
inline std::string body_of(Position sequence) {
    auto text = "record " + std::to_string(sequence) + " ";
    text.append(static_cast<std::size_t>(sequence * 37 % 400), static_cast<char>('a' + sequence % 26));
    return text;
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

// Reads from `position` to the end; every record must be what append_some() wrote. How many there were.
inline std::uint64_t expect_records(const Lane& lane, Position position) {
    const auto reader = lane.reader(position);
    std::uint64_t count = 0;
    Record record;
    for (;;) {
        const auto found = reader->next(record);
        EXPECT_TRUE(found) << found.error().text();
        if (!found || !*found) break;
        EXPECT_EQ(record.sequence, position);
        EXPECT_EQ(text_of(record.body), body_of(record.sequence));
        EXPECT_EQ(record.time.utc, time_of(record.sequence).utc);
        EXPECT_EQ(record.time.monotonic, time_of(record.sequence).monotonic);
        position = record.sequence + 1;
        ++count;
    }
    const auto skip = reader->take_skip();
    EXPECT_EQ(skip.from, skip.to) << skip.cause;
    return count;
}

}  // namespace penstock::journal

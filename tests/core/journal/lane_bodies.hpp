#pragma once

// Records that tell themselves: who reads one knows from its sequence what must be in it.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

#include "core/journal/lane.hpp"

namespace penstock::journal {

// Times that tell the sequence, so that a wrong record is seen at once.
inline Now time_of(std::uint64_t number) {
    return {utc_from_ns(1'700'000'000'000'000'000 + static_cast<std::int64_t>(number) * 1'000'000),
            monotonic_from_ns(1'000'000'000 + static_cast<std::int64_t>(number) * 1'000'000)};
}

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

// A body that tells its sequence, of a length that follows from it.
inline std::string body_of(Position sequence) {
    auto text = "record " + std::to_string(sequence) + " ";
    text.append(static_cast<std::size_t>(sequence * 37 % 400), static_cast<char>('a' + sequence % 26));
    return text;
}

}  // namespace penstock::journal

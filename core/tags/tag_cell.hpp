#pragma once

// One live tag: 64 aligned bytes of atomic words, one cache line, one writer (the engine), any number of readers.
//
// Protocol, without fences because the thread sanitizer cannot see them:
//   writer: sequence := s + 1 (odd) relaxed; words, each with release; sequence := s + 2 with release
//   reader: a := sequence with acquire; words, each with acquire; good if a is even and sequence is still a
// A reader that met a new word thereby sees the sequence that was stored before it, and tries again.

#include <atomic>
#include <cstdint>

#include <penstock/quality.hpp>

#include "core/tags/cause_table.hpp"

namespace penstock::tags {

struct alignas(64) TagCell {
    using Word = std::atomic<std::uint64_t>;
    Word sequence;
    Word value;         // scalars by their bits; strings and arrays: BlobRef
    Word raw;           // what the device sent, before scaling; equal to `value` for blobs
    Word source_time;   // ns UTC
    Word received;      // ms UTC << 20 | cause
    Word since;         // ms UTC << 20 | has value << 16 | quality
    Word quiet_low, quiet_high;  // doubles: only values outside concern somebody (engine/watch.hpp)
};
static_assert(sizeof(TagCell) == 64);

// What a cell holds besides value, raw value and source time, unpacked. Times are cut to 1 ms, and to the years 1970 to 2527.
struct CellState {
    static constexpr std::uint64_t kMaxMs = (std::uint64_t{1} << 44U) - 1;

    std::uint64_t received_ms = 0;
    CauseId cause = kNoCause;
    std::uint64_t since_ms = 0;
    QualityCode quality = QualityCode::bad_waiting_for_initial;
    bool has_value = false;

    [[nodiscard]] static constexpr std::uint64_t ms_of(std::int64_t ns) noexcept {
        const auto ms = ns > 0 ? static_cast<std::uint64_t>(ns) / 1'000'000U : 0U;
        return ms < kMaxMs ? ms : kMaxMs;
    }
    [[nodiscard]] static constexpr std::int64_t ns_of(std::uint64_t ms) noexcept {  // saturates at the year 2262
        constexpr auto kLast = static_cast<std::uint64_t>(INT64_MAX) / 1'000'000U;
        return static_cast<std::int64_t>((ms < kLast ? ms : kLast) * 1'000'000U);
    }
    [[nodiscard]] static constexpr std::uint64_t pack_received(std::uint64_t ms, CauseId cause) noexcept {
        return (ms << 20U) | cause;
    }
    [[nodiscard]] static constexpr std::uint64_t pack_since(std::uint64_t ms, QualityCode quality, bool has_value) noexcept {
        return (ms << 20U) | (static_cast<std::uint64_t>(has_value) << 16U) | static_cast<std::uint64_t>(quality);
    }
    [[nodiscard]] static constexpr CellState unpack(std::uint64_t received, std::uint64_t since) noexcept {
        return {received >> 20U, static_cast<CauseId>(received & 0xFFFFFU), since >> 20U,
                static_cast<QualityCode>(since & 0xFFFFU), ((since >> 16U) & 1U) != 0};
    }
};

}  // namespace penstock::tags

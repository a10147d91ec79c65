#pragma once

// Why values are bad or uncertain: texts by number. Append-only and bounded, so that readers need no lock.

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace penstock::tags {

using CauseId = std::uint32_t;
inline constexpr CauseId kNoCause = 0;

class CauseTable final {
public:
    // Limits: a million texts (ids have 20 bits in a cell), 64 MiB in all, 1,000 bytes each (longer ones are cut between
    // characters).
    static constexpr CauseId kMaxCauses = (1U << 20U) - 1;
    static constexpr std::size_t kMaxBytes = 64U << 20U;
    static constexpr std::size_t kMaxTextBytes = 1000;
    // What every further text becomes when the table is full.
    static constexpr CauseId kTooMany = 1;

    CauseTable();
    ~CauseTable();
    CauseTable(const CauseTable&) = delete;
    CauseTable& operator=(const CauseTable&) = delete;

    // The number of a text, the same for equal texts; "" is kNoCause. Allocates only for texts that are new. [engine]
    [[nodiscard]] CauseId intern(std::string_view text);

    // The text; "" for kNoCause and for numbers never given. Valid as long as the table. Lock-free [any-thread], for numbers
    // that were read from a cell.
    [[nodiscard]] std::string_view text(CauseId id) const noexcept;
    [[nodiscard]] CauseId size() const noexcept { return size_.load(std::memory_order_acquire); }  // numbers are below

private:
    static constexpr std::size_t kChunk = 1024;
    using Chunk = std::array<std::string_view, kChunk>;

    CauseId append(std::string_view text);

    std::array<std::atomic<Chunk*>, (kMaxCauses + 1) / kChunk> chunks_{};
    std::atomic<CauseId> size_{0};
    // The writer's own:
    std::unordered_map<std::string_view, CauseId> ids_;
    std::vector<std::unique_ptr<char[]>> texts_;
    std::size_t bytes_ = 0;
};

}  // namespace penstock::tags

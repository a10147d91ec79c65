#pragma once

// Where strings and arrays of live tags lie. Blocks of twelve sizes (32 bytes to 64 KiB), each size in a region of its own
// that is never unmapped and never holds anything but blocks of that size: a reader that follows an old reference reads
// wrong words at worst, and the sequence of the cell it came from tells it so (tag_cell.hpp).

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <penstock/value.hpp>

#include "core/tags/virtual_array.hpp"

namespace penstock::tags {

// size class << 56 | block << 24 | length. 0 = none: an empty text has a block too.
using BlobRef = std::uint64_t;

class BlobPool final {
public:
    static constexpr std::size_t kClasses = 12;
    static constexpr std::size_t kMaxClassBytes = 1U << 30U;  // of one size

    // Room for `owners` tags that hold one block each, within kMaxClassBytes of each size.
    explicit BlobPool(std::size_t owners);

    // Writes `bytes` (at most kMaxValueBytes) into the block of `old` if it has the right size, else into another. The
    // caller stores the result in the cell and then gives `old` back, if it is another block. nullopt: that size is used
    // up. Call it while the cell's sequence is odd. [engine]
    [[nodiscard]] std::optional<BlobRef> write(BlobRef old, std::string_view bytes);
    void give_back(BlobRef ref);
    [[nodiscard]] bool equals(BlobRef ref, std::string_view bytes) const noexcept;  // [engine]

    // Copies what lies there now. The cell's sequence says afterwards whether it was the value. [any-thread]
    void read(BlobRef ref, std::string& into) const;

    [[nodiscard]] static bool same_block(BlobRef a, BlobRef b) noexcept { return (a >> 24U) == (b >> 24U) && a != 0 && b != 0; }

private:
    using Word = std::atomic<std::uint64_t>;
    struct SizeClass {
        std::unique_ptr<VirtualArray<Word>> words;
        std::uint32_t used = 0;  // blocks ever taken
        std::uint32_t limit = 0;
        std::vector<std::uint32_t> free;  // given back
    };
    [[nodiscard]] static std::size_t class_of(std::size_t bytes) noexcept;
    [[nodiscard]] std::optional<std::uint32_t> take(SizeClass& size_class);
    [[nodiscard]] Word* block(BlobRef ref) noexcept;
    [[nodiscard]] const Word* block(BlobRef ref) const noexcept;

    std::array<SizeClass, kClasses> classes_;
};

}  // namespace penstock::tags

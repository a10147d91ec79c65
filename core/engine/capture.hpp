#pragma once

// What the engine writes down for the journal: every sample that an archived tag took over, in order, as columns. The engine fills
// blocks, one other thread empties them; neither waits for the other. When that thread does not keep up, samples are given up,
// and which tags lost some from when on is known.
//
// The engine knows only whether a tag is captured at all, and whether unchanged samples are too (for rules that count samples);
// what is kept in the end is the archiver's business (core/history/archiver.hpp).

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <penstock/quality.hpp>
#include <penstock/time.hpp>

#include "core/tags/cause_table.hpp"
#include "core/tags/tag_catalog.hpp"

namespace penstock::engine {

enum class CaptureMode : std::uint8_t { off, changes, all_samples };

// Columns of equal length `count`. `state` is quality << 20 | cause (of the table's CauseTable). A bad sample's word is 0.
// Strings and arrays: word = offset << 32 | length into `blob`.
struct CaptureBlock {
    static constexpr std::uint32_t kRows = 16'384;

    std::uint32_t count = 0;
    Now at{};  // of the engine's cycle
    std::unique_ptr<tags::TagId[]> tag;
    std::unique_ptr<std::int64_t[]> time;  // source time, ns UTC; never 0
    std::unique_ptr<std::uint64_t[]> state;
    std::unique_ptr<std::uint64_t[]> word;
    std::string blob;
    std::vector<tags::TagId> lost;  // tags of which samples were given up before this block
    std::int64_t lost_from = 0;  // ns UTC, the first of them
};

class Capture final {
public:
    // `blocks`: how many may wait. The default holds 4 million samples, 120 MB, allocated as needed and kept.
    explicit Capture(tags::TagId id_limit, std::uint32_t blocks = 256);
    ~Capture();

    // --- [engine] ---
    // Room for at least `rows` more in the current block, so that a run of add() needs no test. False: everything is full; the
    // rows must be given up by lose().
    [[nodiscard]] bool reserve(std::uint32_t rows);
    [[gnu::always_inline]] void add(tags::TagId tag, std::int64_t time, std::uint64_t state, std::uint64_t word) noexcept;
    [[nodiscard]] bool add_blob(tags::TagId tag, std::int64_t time, std::uint64_t state, std::string_view bytes);
    void lose(tags::TagId tag, std::int64_t time);
    // Hands over what is there; at the end of every cycle.
    void end_cycle(Now now);

    // --- the archiver's thread ---
    // The oldest full block, or null. Give it back when it is done with.
    [[nodiscard]] CaptureBlock* pop();
    void give_back(CaptureBlock* block);

    [[nodiscard]] std::uint64_t samples() const noexcept;  // [any-thread]
    [[nodiscard]] std::uint64_t lost() const noexcept;  // [any-thread]

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
    CaptureBlock* current_ = nullptr;
};

}  // namespace penstock::engine

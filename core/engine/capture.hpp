#pragma once

// What the engine writes down for the journal: every sample that an archived tag took over, in order, as columns. The engine fills
// blocks, one other thread empties them; neither waits for the other. When that thread does not keep up, samples are given up,
// and which tags lost some, and from when on, is known.
//
//     capture.begin_cycle(now);              // the engine
//     capture.reserve(32);                   // once for many samples
//     capture.add(tag, time, state, word);
//     capture.end_cycle(now);
//     while (auto* block = capture.pop()) {  // the other thread
//         archive(*block);
//         capture.give_back(block);
//     }
//
// A block may hold the samples of several cycles: the one that is being filled lies open between cycles, for whoever comes first.
// So nothing waits for a block to be full, and a thread that was away finds full blocks instead of many small ones.
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

// Columns of equal length `count`. `state` is quality << 20 | cause (of the table's CauseTable). A bad sample's word is 0, its time
// the one at which it was received. Strings and arrays: word = offset << 32 | length into `blob`.
struct CaptureBlock {
    static constexpr std::uint32_t kRows = 16'384;
    static constexpr std::size_t kBlobBytes = 1U << 20U;  // at most, of strings and arrays

    std::uint32_t count = 0;
    Now at{};  // of the last of its cycles
    std::unique_ptr<tags::TagId[]> tag;
    std::unique_ptr<std::int64_t[]> time;  // source time, ns UTC; never 0
    std::unique_ptr<std::uint64_t[]> state;
    std::unique_ptr<std::uint64_t[]> word;
    std::string blob;
    std::vector<tags::TagId> lost;  // tags of which samples were given up before this block, each once
    std::int64_t lost_from = 0;  // ns UTC, the earliest of them

    [[nodiscard]] std::string_view blob_at(std::uint32_t row) const noexcept {
        return {blob.data() + (word[row] >> 32U), static_cast<std::size_t>(word[row] & 0xFFFF'FFFFU)};
    }
};

[[nodiscard]] constexpr std::uint64_t capture_state(QualityCode quality, tags::CauseId cause) noexcept {
    return static_cast<std::uint64_t>(quality) << 20U | cause;
}
[[nodiscard]] constexpr QualityCode capture_quality(std::uint64_t state) noexcept {
    return static_cast<QualityCode>(state >> 20U);
}
[[nodiscard]] constexpr tags::CauseId capture_cause(std::uint64_t state) noexcept {
    return static_cast<tags::CauseId>(state & tags::CauseTable::kMaxCauses);
}

class Capture final {
public:
    // `blocks`: how many there may be. The default holds 4 million samples, 120 MB, allocated as needed and kept.
    explicit Capture(tags::TagId id_limit, std::uint32_t blocks = 256);
    ~Capture();
    Capture(const Capture&) = delete;
    Capture& operator=(const Capture&) = delete;

    // --- [engine] ---
    void begin_cycle(Now now);
    // Room for `rows` more, at most kRows, so that as many add() need no test. False: every block is full; what is added then
    // is given up and counted.
    bool reserve(std::uint32_t rows) {
        if (current_ != nullptr && CaptureBlock::kRows - current_->count >= rows) [[likely]]
            return !is_full_;
        return make_room(rows);
    }
    [[gnu::always_inline]] void add(tags::TagId tag, std::int64_t time, std::uint64_t state, std::uint64_t word) noexcept {
        auto& block = *current_;
        const auto row = block.count++;
        block.tag[row] = tag;
        block.time[row] = time;
        block.state[row] = state;
        block.word[row] = word;
    }
    // A string or array, in one reserved row.
    void add_blob(tags::TagId tag, std::int64_t time, std::uint64_t state, std::string_view bytes);
    // Gives one sample up, as if there were no room.
    void lose(tags::TagId tag, std::int64_t time);
    // Makes what is there visible to the other thread; at the end of every cycle.
    void end_cycle(Now now);

    // --- the archiver's thread ---
    // The oldest block with something in it, or null. Give it back when it is done with.
    [[nodiscard]] CaptureBlock* pop();
    void give_back(CaptureBlock* block);

    [[nodiscard]] std::uint64_t samples() const noexcept;  // handed over, without those that were lost [any-thread]
    [[nodiscard]] std::uint64_t lost() const noexcept;  // [any-thread]

private:
    struct Slot;
    struct Parts;
    bool make_room(std::uint32_t rows);
    void finish_block();
    bool begin_block();
    void count_samples();

    std::unique_ptr<Parts> parts_;
    Slot* open_block_ = nullptr;  // what current_ is, unless it is the bin
    CaptureBlock* current_ = nullptr;  // null between cycles
    bool is_full_ = false;  // current_ is the bin, whose rows are given up
};

}  // namespace penstock::engine

#pragma once

// Reads the values lane for one historian: what comes next is a batch, or a gap, or nothing yet. Positions join without a hole: each
// begins where the one before ended.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <penstock/historian.hpp>
#include <penstock/result.hpp>
#include <penstock/time.hpp>

#include "core/history/batch_builder.hpp"
#include "core/journal/lane_reader.hpp"
#include "core/journal/record.hpp"

namespace penstock::history {

// Records that cannot be had any more, whatever was in them.
struct JournalGap {
    JournalPosition begin = 0, end = 0;
    std::int64_t from = 0;  // ns UTC; time of the record before, 0 if that is not known
    std::int64_t to = 0;  // of the record behind it, 0 if there is none yet
    std::string cause;
};

class JournalFeed final {
public:
    explicit JournalFeed(const WantedSeries& wanted) : builder_(wanted) {}

    // From `position` on. `reader` begins there, or later if that was trimmed.
    void begin(std::unique_ptr<journal::LaneReader> reader, JournalPosition position);
    [[nodiscard]] bool is_open() const noexcept { return reader_ != nullptr; }
    [[nodiscard]] std::unique_ptr<journal::LaneReader> close() noexcept;

    enum class Kind : std::uint8_t { nothing, batch, gap };
    // Errors: those of the file system. A record that makes no sense is a gap.
    [[nodiscard]] Result<Kind> next(std::size_t most_rows);
    [[nodiscard]] const HistoryBatch& batch() const noexcept { return batch_; }  // after Kind::batch, until the next next()
    [[nodiscard]] const JournalGap& gap() const noexcept { return *gap_; }  // after Kind::gap
    [[nodiscard]] JournalPosition position() const noexcept { return position_; }  // behind what next() gave
    [[nodiscard]] std::int64_t last_time() const noexcept { return last_time_; }  // of the record before it; 0 = not known
    [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }  // of all bodies read since begin()

private:
    struct Held {
        journal::RecordType type;
        journal::Position sequence;
        Now time;
        std::vector<std::byte> body;
    };

    [[nodiscard]] Result<bool> read_one();
    void take(const journal::Record& record);
    void note_gap(JournalPosition begin, JournalPosition end, std::int64_t to, std::string cause);

    BatchBuilder builder_;
    std::unique_ptr<journal::LaneReader> reader_;
    HistoryBatch batch_;
    std::optional<JournalGap> gap_;
    bool is_gap_given_ = false;
    std::optional<Held> held_;  // a record behind a gap that must be told first
    JournalPosition begin_ = 0, position_ = 0;
    std::int64_t last_time_ = 0;
    std::uint64_t bytes_ = 0;
};

}  // namespace penstock::history

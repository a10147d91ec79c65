#pragma once

// What the in-memory historian stores: an immutable state per flush, so that a reader keeps the one that it was opened with.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <penstock/historian.hpp>

namespace penstock::testing {

// Rows of one series that came between two flushes, sorted by time; equal times in the order in which they came.
struct MemorySegment {
    std::vector<std::int64_t> time;
    std::vector<StatusWord> status;  // causes: of this segment
    std::vector<std::uint64_t> word;
    std::string blob;
    std::vector<std::string> causes;

    void add(const SampleView& from, std::size_t row, bool uses_blob);
    void sort();
    [[nodiscard]] std::string_view blob_at(std::size_t row) const;
    // The rows that are not older.
    [[nodiscard]] MemorySegment since(std::int64_t oldest, bool uses_blob) const;

private:
    void add_row(std::int64_t at, StatusWord quality, std::string_view why, std::uint64_t value);
    [[nodiscard]] std::uint64_t add_bytes(std::string_view bytes);
    [[nodiscard]] std::uint16_t cause(std::string_view text);
};

struct MemorySeries {
    std::string name, unit;
    ValueType type = ValueType::none;
    Duration keep_raw{};
    std::vector<std::shared_ptr<const MemorySegment>> segments;  // in the order in which they were stored
};

struct MemoryState {
    std::map<SeriesId, std::shared_ptr<const MemorySeries>> series;
    JournalPosition position = 0;
    std::uint64_t samples = 0;
};

// What is the same for all of a series' readers.
class MemoryReader final : public HistoryReader {
public:
    MemoryReader(std::shared_ptr<const MemoryState> state, bool has_summaries)
        : state_(std::move(state)), has_summaries_(has_summaries) {}

    [[nodiscard]] JournalPosition position() const noexcept override { return state_->position; }
    void read(const SampleRange& range, SampleSink& into) override;
    void read_before(SeriesId series, std::int64_t time, SampleSink& into) override;
    [[nodiscard]] bool has_summaries() const noexcept override { return has_summaries_; }
    void summarise(const SampleRange& range, Duration most_span, SummarySink& into) override;

private:
    [[nodiscard]] const MemorySeries* find(SeriesId series) const;

    std::shared_ptr<const MemoryState> state_;
    bool has_summaries_;
};

}  // namespace penstock::testing

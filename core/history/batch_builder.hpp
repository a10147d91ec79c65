#pragma once

// Several values records as one batch for a historian: only its series, one run each, in order of series and of arrival.
//
// Runs are copied whole, so a busy tag costs a copy of its columns and a rare one a few moves; nothing is allocated once the room
// has grown.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <penstock/historian.hpp>
#include <penstock/result.hpp>

#include "core/history/values_record.hpp"
#include "core/history/wanted_series.hpp"

namespace penstock::history {

class BatchBuilder final {
public:
    explicit BatchBuilder(const WantedSeries& wanted) : wanted_(wanted), count_(wanted.id_limit()) {}

    // Adds a record's samples; the body is not needed afterwards. Error protocol: the record cannot be read, and nothing of it was
    // added.
    [[nodiscard]] Result<void> add(std::span<const std::byte> body);
    [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
    [[nodiscard]] std::size_t blob_bytes() const noexcept { return blob_.size(); }
    // Room for another record is left: causes are numbered in 16 bits, and offsets into the blob in 32.
    [[nodiscard]] bool is_full(std::size_t most_rows) const noexcept;

    // Valid until the next clear() or add().
    [[nodiscard]] HistoryBatch build(JournalPosition begin, JournalPosition end);
    void clear() noexcept;

private:
    // A run as it stands in one of the records.
    struct Piece {
        SeriesId series;
        std::uint32_t first, count;  // rows of the record
        std::uint32_t record;
    };
    struct Record {
        DecodedValues values;
        std::vector<std::uint16_t> causes;  // the batch's number of each of the record's
        std::uint64_t blob_offset = 0;
        bool uses_blob = false;
    };

    [[nodiscard]] std::uint16_t cause(std::string_view text);
    void order_runs();
    void copy(const Piece& piece, std::size_t to);

    const WantedSeries& wanted_;
    std::vector<std::unique_ptr<Record>> records_;  // the first used_ of them hold something
    std::size_t used_ = 0, rows_ = 0;
    std::vector<Piece> pieces_;  // in order of arrival
    std::vector<SeriesId> touched_;  // series with rows, each once
    std::vector<std::uint32_t> count_;  // by series: rows; while building, the row that comes next
    std::string blob_;
    std::vector<std::string> cause_texts_;
    std::unordered_map<std::string, std::uint16_t> cause_numbers_;

    std::vector<SeriesRun> runs_;
    std::vector<std::int64_t> time_;
    std::vector<StatusWord> status_;
    std::vector<std::uint64_t> word_;
    std::vector<std::string_view> causes_;
};

}  // namespace penstock::history

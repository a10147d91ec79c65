#pragma once

// Newest per item wins: what becomes of samples that find the queue full.

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/engine/batch.hpp"

namespace penstock::engine {

// Belongs to the producer. Allocates when there is the first overflow, not before.
class BatchMerger final {
public:
    // blob_items[i]: item i is a string or array. An empty list means that none is.
    BatchMerger(std::size_t items, std::vector<bool> blob_items);

    // Begins a new overflow batch.
    void begin(Batch& batch);
    // Adds rows or replaces those of the same items; returns how many samples were given up. Rows without a source time
    // keep their own receive time as such, since a batch has only one.
    std::uint64_t merge(Batch& into, const abi::Columns& columns, Now received);
    // All rows so far are outdated by the device's turning bad; returns how many.
    std::uint64_t merge_all_bad(Batch& into, QualityCode quality, std::string_view cause, Now received);

private:
    [[nodiscard]] bool is_blob(std::uint32_t item) const noexcept { return !blob_items_.empty() && blob_items_[item]; }
    [[nodiscard]] std::uint16_t cause_number(Batch& batch, std::string_view text);
    void compact(Batch& batch) const;

    std::size_t items_;
    std::vector<bool> blob_items_;
    std::vector<std::uint32_t> row_of_;  // item -> row; counts only if that row is the item's
    std::unordered_map<std::string, std::uint16_t> causes_;  // of the batch begun last
    std::vector<std::uint16_t> numbers_;  // of the causes of one batch that is merged in
};

}  // namespace penstock::engine

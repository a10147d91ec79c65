#pragma once

// Columns that come from a guest may hold anything. What the host goes on with has been looked at here.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <penstock/abi/plain.hpp>

#include "core/guests/device_config.hpp"

namespace penstock::guests {

class ColumnChecker {
public:
    static constexpr std::size_t kMaxCauseText = 1000;

    // The items' types say which words point into the blob.
    explicit ColumnChecker(std::span<const DeviceItem> items);

    // The rows that make sense: the item exists, the cause exists, a string or array lies inside the blob and is not too
    // long, and there are no more than SampleBatch::kMaxSamples. Rows that do not are left out and counted in `cut_off`. Points into
    // `raw` if nothing was wrong, else into copies; valid until the next call.
    [[nodiscard]] abi::Columns check(const abi::Columns& raw, std::uint64_t& cut_off);

private:
    [[nodiscard]] bool is_good_row(const abi::Columns& columns, std::uint32_t row) const noexcept;
    void take_causes(const abi::Columns& raw, abi::Columns& checked);
    [[nodiscard]] abi::Columns copy_good_rows(const abi::Columns& columns);

    std::vector<std::uint8_t> uses_blob_;  // by item
    std::vector<abi::Text> causes_;
    std::vector<std::uint32_t> items_;
    std::vector<std::int64_t> times_;
    std::vector<std::uint32_t> statuses_;
    std::vector<std::uint64_t> words_;
};

}  // namespace penstock::guests

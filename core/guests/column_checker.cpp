#include "core/guests/column_checker.hpp"

#include <algorithm>

#include <penstock/quality.hpp>
#include <penstock/sample_batch.hpp>

namespace penstock::guests {

ColumnChecker::ColumnChecker(std::span<const DeviceItem> items) : uses_blob_(items.size()) {
    for (std::size_t i = 0; i < items.size(); ++i) uses_blob_[i] = is_scalar_word(items[i].type) ? 0 : 1;
}

abi::Columns ColumnChecker::check(const abi::Columns& raw, std::uint64_t& cut_off) {
    abi::Columns checked = raw;
    checked.count = std::min<std::uint32_t>(raw.count, SampleBatch::kMaxSamples);
    if (raw.item == nullptr || raw.status == nullptr || raw.word == nullptr) checked.count = 0;
    if (raw.blob.data == nullptr) checked.blob.size = 0;
    take_causes(raw, checked);
    bool is_all_good = true;
    for (std::uint32_t row = 0; row < checked.count; ++row) is_all_good = is_all_good && is_good_row(checked, row);
    if (!is_all_good) checked = copy_good_rows(checked);
    cut_off += raw.count - checked.count;
    return checked;
}

// An item without a known type (none) counts as one that points into the blob: its word is believed only if it fits.
bool ColumnChecker::is_good_row(const abi::Columns& columns, std::uint32_t row) const noexcept {
    const auto item = columns.item[row];
    if (item >= uses_blob_.size()) return false;
    if (status_cause(columns.status[row]) > columns.cause_count) return false;
    if (uses_blob_[item] == 0 || is_bad(status_quality(columns.status[row]))) return true;
    const auto offset = columns.word[row] >> 32U;
    const auto length = columns.word[row] & 0xFFFF'FFFFU;
    return length <= kMaxValueBytes && offset <= columns.blob.size && length <= columns.blob.size - offset;
}

void ColumnChecker::take_causes(const abi::Columns& raw, abi::Columns& checked) {
    checked.cause_count = raw.causes == nullptr ? 0 : std::min<std::uint32_t>(raw.cause_count, SampleBatch::kMaxCauses);
    if (checked.cause_count == 0) return;
    causes_.assign(raw.causes, raw.causes + checked.cause_count);
    for (auto& cause : causes_) cause.size = cause.data == nullptr ? 0 : std::min<std::uint64_t>(cause.size, kMaxCauseText);
    checked.causes = causes_.data();
}

abi::Columns ColumnChecker::copy_good_rows(const abi::Columns& columns) {
    items_.clear();
    times_.clear();
    statuses_.clear();
    words_.clear();
    for (std::uint32_t row = 0; row < columns.count; ++row) {
        if (!is_good_row(columns, row)) continue;
        items_.push_back(columns.item[row]);
        if (columns.time != nullptr) times_.push_back(columns.time[row]);
        statuses_.push_back(columns.status[row]);
        words_.push_back(columns.word[row]);
    }
    abi::Columns copy = columns;
    copy.count = static_cast<std::uint32_t>(items_.size());
    copy.item = items_.data();
    copy.time = columns.time == nullptr ? nullptr : times_.data();
    copy.status = statuses_.data();
    copy.word = words_.data();
    return copy;
}

}  // namespace penstock::guests

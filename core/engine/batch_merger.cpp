#include "core/engine/batch_merger.hpp"

#include <algorithm>

namespace penstock::engine {
namespace {

constexpr std::size_t kCompactFrom = 1U << 20U;

}  // namespace

BatchMerger::BatchMerger(std::size_t items, std::vector<bool> blob_items) : items_(items), blob_items_(std::move(blob_items)) {}

void BatchMerger::begin(Batch& batch) {
    batch.clear();
    causes_.clear();
    if (row_of_.empty()) row_of_.resize(items_);
}

std::uint16_t BatchMerger::cause_number(Batch& batch, std::string_view text) {
    const auto known = causes_.find(std::string(text));
    if (known != causes_.end()) return known->second;
    if (batch.cause_ends.size() == 0xFFFF) return 0;
    batch.add_cause(text);
    const auto number = static_cast<std::uint16_t>(batch.cause_ends.size());
    causes_.emplace(text, number);
    return number;
}

std::uint64_t BatchMerger::merge(Batch& into, const abi::Columns& columns, Now received) {
    into.received = received;
    numbers_.assign(columns.cause_count + 1, 0);
    for (std::uint32_t c = 0; c < columns.cause_count; ++c) numbers_[c + 1] = cause_number(into, columns.causes[c].view());

    std::uint64_t given_up = 0;
    const auto columns_blob = columns.blob.view();
    for (std::uint32_t i = 0; i < columns.count; ++i) {
        const auto item = columns.item[i];
        auto row = row_of_[item];
        if (row < into.size() && into.items[row] == item) {
            ++given_up;
        } else {
            row = row_of_[item] = static_cast<std::uint32_t>(into.size());
            into.items.push_back(item);
            into.times.emplace_back();
            into.statuses.emplace_back();
            into.words.emplace_back();
        }
        const auto time = columns.time == nullptr ? 0 : columns.time[i];
        into.times[row] = time == 0 ? to_ns(received.utc) : time;
        into.statuses[row] = status_word(status_quality(columns.status[i]), numbers_[status_cause(columns.status[i])]);
        auto word = columns.word[i];
        if (is_blob(item)) {
            const auto bytes = columns_blob.substr(word >> 32U, word & 0xFFFF'FFFFU);
            word = (static_cast<std::uint64_t>(into.blob.size()) << 32U) | bytes.size();
            into.blob.append(bytes);
        }
        into.words[row] = word;
    }
    compact(into);
    return given_up;
}

std::uint64_t BatchMerger::merge_all_bad(Batch& into, QualityCode quality, std::string_view cause, Now received) {
    const auto given_up = into.size();
    begin(into);
    into.received = received;
    into.all_bad = true;
    into.all_bad_quality = quality;
    into.all_bad_cause = cause;
    return given_up;
}

// Replaced strings leave holes: without this a full queue would grow for ever.
void BatchMerger::compact(Batch& batch) const {
    if (batch.blob.size() < kCompactFrom) return;
    std::size_t live = 0;
    for (std::size_t row = 0; row < batch.size(); ++row) {
        if (is_blob(batch.items[row])) live += batch.words[row] & 0xFFFF'FFFFU;
    }
    if (batch.blob.size() < 2 * live + kCompactFrom) return;
    std::string kept;
    kept.reserve(live);
    for (std::size_t row = 0; row < batch.size(); ++row) {
        if (!is_blob(batch.items[row])) continue;
        const auto bytes = batch.blob_at(batch.words[row]);
        batch.words[row] = (static_cast<std::uint64_t>(kept.size()) << 32U) | bytes.size();
        kept.append(bytes);
    }
    batch.blob = std::move(kept);
}

}  // namespace penstock::engine

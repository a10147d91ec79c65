#pragma once

// One batch on its way from a producer to the engine: a copy of the columns, in buffers that are used again.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <penstock/abi/plain.hpp>
#include <penstock/quality.hpp>
#include <penstock/time.hpp>

namespace penstock::engine {

struct Batch {
    Now received{};
    // First the whole device turns bad, if so said, ...
    bool all_bad = false;
    QualityCode all_bad_quality = QualityCode::bad;
    std::string all_bad_cause;
    // ... then come the rows, as in abi::Columns. `times` is empty if no row has one.
    std::vector<std::uint32_t> items;
    std::vector<std::int64_t> times;
    std::vector<StatusWord> statuses;
    std::vector<std::uint64_t> words;
    std::string blob;
    std::string cause_bytes;
    std::vector<std::uint32_t> cause_ends;  // into cause_bytes

    std::uint64_t after = 0;     // merged batches: the queue's position that they come after
    Batch* next_free = nullptr;

    [[nodiscard]] std::size_t size() const noexcept { return items.size(); }
    [[nodiscard]] std::string_view cause(std::size_t i) const noexcept {
        const auto begin = i == 0 ? 0 : cause_ends[i - 1];
        return std::string_view(cause_bytes).substr(begin, cause_ends[i] - begin);
    }
    void add_cause(std::string_view text) {
        cause_bytes.append(text);
        cause_ends.push_back(static_cast<std::uint32_t>(cause_bytes.size()));
    }
    [[nodiscard]] std::string_view blob_at(std::uint64_t word) const noexcept {
        return {blob.data() + (word >> 32U), static_cast<std::size_t>(word & 0xFFFF'FFFFU)};
    }

    void clear() noexcept {
        all_bad = false;
        items.clear();
        times.clear();
        statuses.clear();
        words.clear();
        blob.clear();
        cause_bytes.clear();
        cause_ends.clear();
    }
    void copy(const abi::Columns& columns) {
        items.assign(columns.item, columns.item + columns.count);
        statuses.assign(columns.status, columns.status + columns.count);
        words.assign(columns.word, columns.word + columns.count);
        if (columns.time != nullptr) times.assign(columns.time, columns.time + columns.count);
        blob.assign(columns.blob.view());
        for (const auto& text : std::span(columns.causes, columns.cause_count)) add_cause(text.view());
    }
};

}  // namespace penstock::engine

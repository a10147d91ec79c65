#pragma once

// Samples that own their columns, gathered from several places.

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <penstock/historian.hpp>

namespace penstock::sqlite {

// Part of a view; causes and blob stay.
[[nodiscard]] inline SampleView rows_at(const SampleView& rows, std::size_t first, std::size_t count) {
    return {rows.time.subspan(first, count), rows.status.subspan(first, count), rows.word.subspan(first, count), rows.blob,
            rows.causes};
}

class Columns {
public:
    // Causes get this object's numbers. Words of texts still count from the view's blob: shift_texts() moves them.
    void append(const SampleView& samples);
    // Rows that came with a blob that now begins at `shift`.
    void shift_texts(std::size_t first, std::size_t count, std::uint64_t shift) noexcept;
    void sort_by_time();  // equal times keep their order
    void clear() noexcept;

    [[nodiscard]] SampleView view();
    [[nodiscard]] std::size_t size() const noexcept { return time_.size(); }
    [[nodiscard]] std::size_t blob_size() const noexcept { return blob_.size(); }
    [[nodiscard]] std::size_t cause_count() const noexcept { return causes_.size(); }
    [[nodiscard]] std::size_t bytes() const noexcept { return time_.size() * kRowBytes + blob_.size() + cause_bytes_; }

private:
    static constexpr std::size_t kRowBytes = 20;
    [[nodiscard]] std::uint16_t number_of(std::string_view cause);

    std::vector<std::int64_t> time_;
    std::vector<StatusWord> status_;
    std::vector<std::uint64_t> word_;
    std::string blob_;
    std::vector<std::string> causes_;
    std::vector<std::string_view> cause_views_;
    std::unordered_map<std::string, std::uint16_t> numbers_;
    std::size_t cause_bytes_ = 0;
};

}  // namespace penstock::sqlite

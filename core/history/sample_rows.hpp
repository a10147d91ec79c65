#pragma once

// Samples of one tag in columns of one's own, as they are gathered from several places.

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include <penstock/historian.hpp>
#include <penstock/history_operations.hpp>

namespace penstock::history {

// Appends rows [first, first + count) of `from` to `into`, in bulk. `uses_blob`: words are places in the blob.
class RowAppender {
public:
    RowAppender(SampleColumns& into, bool uses_blob) : into_(&into), uses_blob_(uses_blob) {}
    void append(const SampleView& from, std::size_t first, std::size_t count);

private:
    void append_statuses(const SampleView& from, std::size_t first, std::size_t count);
    void append_blobs(const SampleView& from, std::size_t first, std::size_t count);
    [[nodiscard]] std::uint16_t cause(std::string_view text);

    SampleColumns* into_;
    bool uses_blob_;
    std::unordered_map<std::string, std::uint16_t> causes_;
};

class SampleRows final {
public:
    explicit SampleRows(bool uses_blob) : appender_(columns_, uses_blob) {}
    SampleRows(const SampleRows&) = delete;
    SampleRows& operator=(const SampleRows&) = delete;

    void append(const SampleView& from) { appender_.append(from, 0, from.size()); }
    // By time; equal times keep their order.
    void sort();
    void assign_reversed(const SampleRows& from);
    [[nodiscard]] std::size_t size() const noexcept { return columns_.size(); }
    // Valid until it is changed.
    [[nodiscard]] SampleView view() const;

private:
    void arrange(std::span<const std::uint32_t> order, const SampleRows& from);

    SampleColumns columns_;
    RowAppender appender_;
    mutable std::vector<std::string_view> causes_;
};

[[nodiscard]] SampleView part(const SampleView& view, std::size_t first, std::size_t count);

}  // namespace penstock::history

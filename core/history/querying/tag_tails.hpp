#pragma once

// What the journal's tail has of single tags, decoded and in order: the pages of a query, and the next question to the same tag, find it
// and decode only what became durable since. Internal to series_view.cpp; lives in a JournalTail.

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include <penstock/history_operations.hpp>
#include <penstock/result.hpp>

#include "core/history/sample_rows.hpp"
#include "core/journal/record.hpp"
#include "core/tags/tag_catalog.hpp"

namespace penstock::history {

class JournalTail;

// Records in [from, end) of the values lane.
struct TagTail {
    TagTail(tags::TagId the_tag, journal::Position begin, bool uses_blob)
        : tag(the_tag), from(begin), end(begin), rows(uses_blob) {}

    tags::TagId tag;
    journal::Position from, end;
    std::optional<UtcTime> first_time;  // of the first record of values, whatever its tags
    std::vector<IncompleteRange> missing;
    SampleRows rows;
    SampleView view;  // of the rows: many may look at once
};

// [any-thread]
class TagTails final {
public:
    static constexpr std::size_t kMost = 64;  // tags; those that were not asked for go first
    static constexpr std::size_t kMostRows = 20'000;  // of a tag that is kept

    // Error unavailable: more than `most_rows`.
    [[nodiscard]] Result<std::shared_ptr<const TagTail>> get(JournalTail& journal, tags::TagId tag, bool uses_blob,
                                                             journal::Position from, journal::Position end,
                                                             std::size_t most_rows);
    // Records that were looked into so far.
    [[nodiscard]] std::uint64_t looked_into() const noexcept { return looked_into_.load(); }

private:
    using Kept = std::shared_ptr<const TagTail>;
    [[nodiscard]] Kept find(tags::TagId tag, journal::Position from, journal::Position end);
    void keep(Kept tail);
    [[nodiscard]] Result<void> extend(TagTail& tail, JournalTail& journal, journal::Position end, std::size_t most_rows);

    std::atomic<std::uint64_t> looked_into_ = 0;
    std::mutex mutex_;  // guards kept_
    std::vector<Kept> kept_;  // the last one asked for is the last
};

}  // namespace penstock::history

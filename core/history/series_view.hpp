#pragma once

// One tag's samples at one moment: what a historian has stored up to its position, and the journal's durable records after it. Put
// together there is no sample twice and none missing, because the position is stored with the samples.
//
//     auto view = SeriesView::open(stores, tail, tag, type, "");
//     view->read({from, to, false}, sink);

#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/history/journal_tail.hpp"
#include "core/history/sample_rows.hpp"
#include "core/history/store_reader.hpp"

namespace penstock::history {

inline constexpr std::int64_t kEarliest = std::numeric_limits<std::int64_t>::min();
inline constexpr std::int64_t kLatest = std::numeric_limits<std::int64_t>::max();

// Not movable: its rows are borrowed. One thread, [worker].
class SeriesView final {
public:
    // Rows of one tag that the journal has and the store has not, at most; a historian that is so far behind is no good for queries.
    static constexpr std::size_t kMaxTailRows = 8'000'000;

    [[nodiscard]] static Result<std::unique_ptr<SeriesView>> open(HistoryStores& stores, JournalTail& tail, tags::TagId tag,
                                                                  ValueType type, std::string_view historian);
    SeriesView(OpenStore store, JournalTail& tail, tags::TagId tag, ValueType type);
    SeriesView(const SeriesView&) = delete;
    SeriesView& operator=(const SeriesView&) = delete;

    // Rows in [from, to), in order of (time, order of arrival), or all of that reversed.
    [[nodiscard]] Result<void> read(std::int64_t from, std::int64_t to, bool newest_first, SampleSink& into);
    // The stored ones as summaries where the store has them and nothing of the journal lies before `to`; the rest as rows.
    [[nodiscard]] Result<void> summarise(std::int64_t from, std::int64_t to, Duration most_span, SummarySink& into);
    [[nodiscard]] bool has_summaries() const noexcept { return store_.reader->has_summaries(); }

    [[nodiscard]] tags::TagId tag() const noexcept { return tag_; }
    [[nodiscard]] ValueType type() const noexcept { return type_; }
    [[nodiscard]] const std::string& historian() const noexcept { return store_.historian; }
    // The view has everything before this position of the values lane.
    [[nodiscard]] journal::Position end() const noexcept { return end_; }
    [[nodiscard]] UtcTime durable_until() const noexcept { return durable_until_; }
    // Up to here the historian had it. Reads the journal's tail.
    [[nodiscard]] Result<UtcTime> stored_until();
    // What reading found missing so far.
    [[nodiscard]] std::vector<IncompleteRange> incomplete(UtcTime from, UtcTime to);

private:
    [[nodiscard]] Result<void> load_tail();

    OpenStore store_;
    JournalTail* journal_;
    tags::TagId tag_;
    ValueType type_;
    journal::Position end_;
    UtcTime durable_until_;
    UtcTime stored_until_;
    std::shared_ptr<const TagTail> tail_;  // null until it is needed
    SampleRows reversed_;  // made when it is asked for
};

}  // namespace penstock::history

#pragma once

// A subscription of series that one historian keeps: what is stored from each tag's place on, then what becomes durable. Internal to
// history_service.*.
//
// One rule serves beginning, going on after a cut and catching up after a slow time (resume): for a tag at place {time, skip, position}
// the next update has the samples of the journal from `position` on whose times were passed already, then those from `time` on but
// `skip`, all as far as the journal reached at that moment. Once every tag has reached the journal's tail, records are read once for
// all tags.

#include <functional>
#include <vector>

#include <penstock/history_operations.hpp>

#include "core/history/querying/update_queue.hpp"
#include "core/history/series_view.hpp"

namespace penstock::history {

class SeriesStream final {
public:
    static constexpr std::size_t kMaxRows = 4'096;  // of history in one update
    static constexpr std::size_t kMaxTailRows = 16'384;  // of all tags, when the tail is read; the last record may exceed it
    static constexpr std::size_t kMaxUpdates = 8;  // that wait to be taken, before more are made
    static constexpr Duration kRetryAfter = 1s;  // where a historian does not answer

    struct Tag {
        tags::TagId id = 0;
        ValueType type = ValueType::none;
        SeriesPlace place;
        std::uint32_t index = 0;  // which of the subscription's it is
    };
    using Queue = detail::UpdateQueue<SeriesUpdate>;
    SeriesStream(std::vector<Tag> tags, std::function<void()> on_ready);

    [[nodiscard]] Queue& queue() noexcept { return queue_; }

    // --- a worker, between begin_step() and end_step() of the queue ---
    // Makes more updates. True: there may be more to do at once.
    bool step(HistoryStores& stores, JournalTail& journal, MonotonicTime now);
    // The next step asks the historian; otherwise it reads the journal alone.
    [[nodiscard]] bool needs_store() const noexcept { return behind_ > 0; }

private:
    [[nodiscard]] std::size_t next_behind();
    [[nodiscard]] Result<bool> advance(HistoryStores& stores, JournalTail& journal);
    [[nodiscard]] Result<bool> resume(std::size_t index, HistoryStores& stores, JournalTail& journal);
    [[nodiscard]] Result<void> add_late(RowAppender& into, const Tag& tag, const SeriesView& view, JournalTail& journal);
    void fall_behind(journal::Position first);
    [[nodiscard]] Result<bool> follow(JournalTail& journal);
    void push(SeriesUpdate update);

    std::vector<Tag> tags_;
    std::vector<std::uint32_t> by_id_;  // indices in order of tag id
    std::vector<tags::TagId> ids_;  // in order, each once
    std::vector<bool> is_at_tail_;
    std::size_t behind_ = 0;  // tags that are not
    std::size_t last_resumed_ = 0;
    MonotonicTime retry_at_{};
    journal::Position followed_ = 0;  // records before it are done with, for tags at the tail
    Queue queue_;
};

}  // namespace penstock::history

#pragma once

// Answers one history request from a view: a page of raw samples, or of aggregates.

#include <functional>

#include <penstock/history_operations.hpp>

#include "core/history/aggregates.hpp"
#include "core/history/series_view.hpp"

namespace penstock::history {

// A page ends at this many bytes of columns and blob even if it has fewer rows than asked for.
inline constexpr std::size_t kMaxPageBytes = 900 * 1024;

// True: the asker is gone, or the time is over; what reads stops soon. Asked now and then.
using IsOver = std::function<bool()>;

// Preconditions: the request's range, limit and interval are sound (core/sessions/handle_history.cpp checks them). Errors:
// invalid_argument for an `after` that we did not make, unsupported for an aggregate of another type, timeout, those of the store.
// `options` for aggregates. [worker]
[[nodiscard]] Result<HistoryReply> answer_history(SeriesView& view, const HistoryRequest& request,
                                                  const AggregateOptions& options, const IsOver& is_over);

}  // namespace penstock::history

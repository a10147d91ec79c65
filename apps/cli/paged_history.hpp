#pragma once

// Fetches what a history request covers, page by page, so that a year needs no more memory than a page.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <penstock/session.hpp>

namespace penstock::cli {

// What all pages said together.
struct HistoryTotals {
    std::uint64_t rows = 0;
    bool is_cut = false;  // the limit ended it; there is more
    UtcTime durable_until, stored_until;
    std::string historian;
    std::vector<IncompleteRange> incomplete;
};

// Calls `on_page` for every page, in order, also for one without rows (so it is called once at least). `limit`: rows in all.
// It ends early where on_page returns an error.
[[nodiscard]] Result<HistoryTotals> fetch_history(Session& session, HistoryRequest request, std::uint64_t limit,
                                                  const std::function<Result<void>(const HistoryReply&)>& on_page);

}  // namespace penstock::cli

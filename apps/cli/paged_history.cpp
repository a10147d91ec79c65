#include "apps/cli/paged_history.hpp"

#include <algorithm>

#include "apps/cli/context.hpp"

namespace penstock::cli {
namespace {

bool same(const IncompleteRange& a, const IncompleteRange& b) { return a.from == b.from && a.to == b.to && a.cause == b.cause; }

// Each page names what its own stretch lacks; neighbours may name the same.
void add_incomplete(HistoryTotals& totals, const std::vector<IncompleteRange>& ranges) {
    for (const auto& range : ranges)
        if (!std::ranges::any_of(totals.incomplete, [&](const auto& known) { return same(known, range); }))
            totals.incomplete.push_back(range);
}

}  // namespace

Result<HistoryTotals> fetch_history(Session& session, HistoryRequest request, std::uint64_t limit,
                                    const std::function<Result<void>(const HistoryReply&)>& on_page) {
    HistoryTotals totals;
    for (;;) {
        request.limit = static_cast<std::uint32_t>(std::min<std::uint64_t>(limit - totals.rows, kMaxHistoryRows));
        const auto page = session.call_and_wait(request, kQueryTimeout);
        if (!page) return std::unexpected(page.error());
        totals.rows += page->rows.size();
        totals.durable_until = page->durable_until;
        totals.stored_until = page->stored_until;
        totals.historian = page->historian;
        add_incomplete(totals, page->incomplete);
        if (const auto taken = on_page(*page); !taken) return std::unexpected(taken.error());
        if (page->next.empty()) return totals;
        if (page->next == request.after && page->rows.size() == 0)
            return fail(ErrorCode::protocol, "the server repeats an empty page of \"" + request.tag + '"');
        if (totals.rows >= limit) {
            totals.is_cut = true;
            return totals;
        }
        request.after = page->next;
    }
}

}  // namespace penstock::cli

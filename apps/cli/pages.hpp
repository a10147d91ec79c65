#pragma once

// Lists that a server gives in pages, one behind the other. A request says after which place its page begins (`before`, 0 for the first)
// and how long it may be (`limit`); a reply where the next one begins (`next`, 0 for none).

#include <algorithm>
#include <cstdint>
#include <utility>

#include <penstock/session.hpp>

#include "apps/cli/context.hpp"

namespace penstock::cli {

enum class Pages : std::uint8_t { onward, older };  // each begins at a higher place than the one before it, or at a lower one

// Asks for page after page until there are `limit` rows, or no more. `take` is given each page, and answers how many rows there are now.
// Error protocol: the pages turn in circles.
template <class Request, class Take>
Result<void> fetch_pages(Session& session, Request request, Pages to, std::uint64_t limit, std::uint32_t most_a_page,
                         Take take) {
    std::uint64_t rows = 0;
    for (;;) {
        request.limit = static_cast<std::uint32_t>(std::min<std::uint64_t>(limit - rows, most_a_page));
        auto page = session.call_and_wait(request, kQueryTimeout);
        if (!page) return std::unexpected(page.error());
        const auto next = page->next;
        rows = take(*std::move(page));
        if (next == 0 || rows >= limit) return {};
        const bool goes_on = request.before == 0 || (to == Pages::onward ? next > request.before : next < request.before);
        if (!goes_on) return fail(ErrorCode::protocol, "the server's pages do not go on");
        request.before = next;
    }
}

}  // namespace penstock::cli

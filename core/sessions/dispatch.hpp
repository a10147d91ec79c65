#pragma once

// The one way from a request to its handler: row, areas, authorise(), handler.

#include "core/sessions/operation.hpp"

namespace penstock::sessions {

// Who calls, and with what.
struct Caller {
    Plant plant;
    Principal principal;
    std::string station;
    SessionHost* session;
};

// `reply` is called exactly once: at once or later, on any thread. [strand of the session]
void dispatch(const Caller& caller, AnyRequest request, OnAnyReply reply);

// The reference page of all operations, in Markdown: docs/operations.md, which a test compares.
[[nodiscard]] std::string operations_page();

}  // namespace penstock::sessions

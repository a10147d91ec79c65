#pragma once

// Whether an event is among what a request asks for. The file's rows are found by SQL over the same conditions; a test compares both.

#include <string>
#include <string_view>

#include <penstock/history_operations.hpp>

#include "core/base/folded.hpp"

namespace penstock::history {

using base::folded;

class EventFilter {
public:
    explicit EventFilter(const EventsRequest& request) : request_(&request), text_(folded(request.text)) {}
    [[nodiscard]] bool matches(const Event& event) const;
    [[nodiscard]] const std::string& text() const noexcept { return text_; }  // folded

private:
    const EventsRequest* request_;
    std::string text_;
};

}  // namespace penstock::history

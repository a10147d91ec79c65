#include "core/history/indexing/event_filter.hpp"

#include <algorithm>

namespace penstock::history {
namespace {

bool is_in(std::string_view area, std::string_view below) {
    return below.empty() || area == below || (area.starts_with(below) && area[below.size()] == '/');
}

}  // namespace

bool EventFilter::matches(const Event& event) const {
    const auto& wanted = *request_;
    if (event.time < wanted.from || (wanted.to != UtcTime() && event.time >= wanted.to)) return false;
    if (wanted.before != 0 && event.position >= wanted.before) return false;
    if (!wanted.user.empty() && event.user != wanted.user) return false;
    if (!wanted.object.empty() && event.object != wanted.object) return false;
    if (!wanted.kinds.empty() && std::ranges::find(wanted.kinds, event.kind) == wanted.kinds.end()) return false;
    if (!is_in(event.area, wanted.area)) return false;
    return text_.empty() || folded(event.sentence()).find(text_) != std::string::npos;
}

}  // namespace penstock::history

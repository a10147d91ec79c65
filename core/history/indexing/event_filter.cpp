#include "core/history/indexing/event_filter.hpp"

#include <algorithm>

#include "core/tags/area_path.hpp"

namespace penstock::history {
bool EventFilter::matches(const Event& event) const {
    const auto& wanted = *request_;
    if (event.time < wanted.from || (wanted.to != UtcTime() && event.time >= wanted.to)) return false;
    if (wanted.before != 0 && event.position >= wanted.before) return false;
    if (!wanted.user.empty() && event.user != wanted.user) return false;
    if (!wanted.object.empty() && event.object != wanted.object) return false;
    if (!wanted.kinds.empty() && std::ranges::find(wanted.kinds, event.kind) == wanted.kinds.end()) return false;
    if (!tags::is_inside(event.area, wanted.area)) return false;
    return text_.empty() || folded(event.sentence()).find(text_) != std::string::npos;
}

}  // namespace penstock::history

#include "core/sessions/rights.hpp"

#include <algorithm>

#include "core/tags/area_path.hpp"

namespace penstock::sessions {

std::string_view to_string(Right right) noexcept {
    switch (right) {
        case Right::connect: return "connect";
        case Right::browse: return "browse";
        case Right::read: return "read";
        case Right::write: return "write";
        case Right::explain: return "explain";
        case Right::status: return "status";
        case Right::definitions: return "definitions";
        case Right::history: return "history";
        case Right::events: return "events";
        case Right::journal: return "journal";
        case Right::administer: return "administer";
        case Right::alarms: return "see alarms";
        case Right::acknowledge_alarms: return "acknowledge alarms";
        case Right::shelve_alarms: return "shelve alarms";
        case Right::take_out_alarms: return "take alarms out of service";
    }
    return "unknown";
}

Grant Grant::of_areas(std::vector<std::string> areas) {
    Grant grant;
    grant.areas_ = std::make_shared<const std::vector<std::string>>(std::move(areas));
    return grant;
}

bool Grant::covers(std::string_view area) const noexcept {
    return areas_ == nullptr
           || std::ranges::any_of(*areas_, [area](const std::string& own) { return tags::is_inside(area, own); });
}

Result<Grant> authorise(const Principal& principal, Right right, std::span<const std::string>) {
    if (principal.is_administrator) return Grant::everywhere();
    return fail(ErrorCode::denied,
                "\"" + principal.name + "\" has no right to " + std::string(to_string(right)) + " on this server");
}

}  // namespace penstock::sessions

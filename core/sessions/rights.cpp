#include "core/sessions/rights.hpp"

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
        case Right::act_on_alarms: return "act on alarms";
    }
    return "unknown";
}

Result<Grant> authorise(const Principal& principal, Right right, std::span<const std::string>) {
    if (principal.is_administrator) return Grant::everywhere();
    return fail(ErrorCode::denied,
                "\"" + principal.name + "\" has no right to " + std::string(to_string(right)) + " on this server");
}

}  // namespace penstock::sessions

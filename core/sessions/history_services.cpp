#include "core/sessions/history_services.hpp"

namespace penstock::sessions {

Result<std::unique_ptr<EventFeed>> HistoryServices::open_events(const Asker&, SubscribeEventsRequest, Grant,
                                                                std::function<void()>) {
    return fail(ErrorCode::unsupported, "this plant has no journal to follow");
}

}  // namespace penstock::sessions

#include "core/engine/state_requests.hpp"

namespace penstock::engine {

bool StateRequests::put(Answer answer) {
    const std::scoped_lock lock(mutex_);
    if (is_closed_) return false;
    waiting_.push_back(std::move(answer));
    return true;
}

void StateRequests::take(std::vector<Answer>& into) {
    into.clear();
    const std::scoped_lock lock(mutex_);
    into.swap(waiting_);
}

void StateRequests::close() {
    std::vector<Answer> dropped;  // dies after the lock is released
    const std::scoped_lock lock(mutex_);
    is_closed_ = true;
    dropped.swap(waiting_);
}

}  // namespace penstock::engine

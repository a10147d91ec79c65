#include "core/sessions/change_bell.hpp"

#include <algorithm>

namespace penstock::sessions {

void ChangeBell::add(Listener& listener) {
    const std::lock_guard lock(mutex_);
    listeners_.push_back(&listener);
}

void ChangeBell::remove(Listener& listener) noexcept {
    const std::lock_guard lock(mutex_);
    std::erase(listeners_, &listener);
}

void ChangeBell::wake() noexcept {
    const std::lock_guard lock(mutex_);
    for (auto* listener : listeners_) listener->on_changes();
}

}  // namespace penstock::sessions

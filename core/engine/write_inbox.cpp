#include "core/engine/write_inbox.hpp"

#include "core/engine/doorbell.hpp"

namespace penstock::engine {

void WriteInbox::put(Note note) {
    const std::scoped_lock lock(mutex_);
    if (bell_ == nullptr) return;
    notes_.push_back(std::move(note));
    bell_->command_waits();  // under the lock, so that the bell is still there
}

void WriteInbox::take(std::vector<Note>& into) {
    into.clear();
    const std::scoped_lock lock(mutex_);
    into.swap(notes_);
}

void WriteInbox::close() {
    const std::scoped_lock lock(mutex_);
    bell_ = nullptr;
    notes_.clear();
}

}  // namespace penstock::engine

#include "core/history/reader_lease.hpp"

#include <utility>

namespace penstock::history {

using Readers = std::vector<std::unique_ptr<guests::HistorianReader>>;

std::unique_ptr<guests::HistorianReader> ReaderPool::take() {
    const std::scoped_lock lock(mutex_);
    if (idle_.empty()) return nullptr;
    auto reader = std::move(idle_.back());
    idle_.pop_back();
    return reader;
}

void ReaderPool::give_back(std::unique_ptr<guests::HistorianReader> reader) {
    // What one query passed over is not to be told to the next.
    const auto damage = reader->damage();
    if (!damage || !damage->empty()) return;
    const std::scoped_lock lock(mutex_);
    if (is_open_ && reader->position() == position_ && idle_.size() < kMost) idle_.push_back(std::move(reader));
}

void ReaderPool::set_position(JournalPosition position) {
    Readers gone;  // ended without the lock: that is the plugin's code
    const std::scoped_lock lock(mutex_);
    if (position_ != position) gone.swap(idle_);
    position_ = position;
}

void ReaderPool::purge() {
    Readers gone;
    const std::scoped_lock lock(mutex_);
    gone.swap(idle_);
}

void ReaderPool::open() {
    const std::scoped_lock lock(mutex_);
    is_open_ = true;
}

void ReaderPool::close() {
    Readers gone;
    const std::scoped_lock lock(mutex_);
    is_open_ = false;
    gone.swap(idle_);
}

ReaderLease& ReaderLease::operator=(ReaderLease&& other) noexcept {
    if (this == &other) return *this;
    reset();
    reader_ = std::move(other.reader_);
    pool_ = std::move(other.pool_);
    return *this;
}

void ReaderLease::reset() {
    if (reader_ != nullptr && pool_ != nullptr) pool_->give_back(std::move(reader_));
    reader_.reset();
}

}  // namespace penstock::history

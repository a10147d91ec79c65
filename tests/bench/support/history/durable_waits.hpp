#pragma once

// How long each sample took until it was durable: three threads tell what they did, one after the other.

#include <algorithm>
#include <cstdint>
#include <deque>
#include <mutex>

#include <penstock/time.hpp>

#include "core/journal/record.hpp"

namespace penstock::bench {

class DurableWaits {
public:
    // Whoever puts: samples up to `samples` (since the beginning) are there at `now`.
    void put(std::uint64_t samples, MonotonicTime now) {
        const std::scoped_lock lock(mutex_);
        waiting_.push_back({samples, now});
    }
    // The lane's thread: samples up to `samples` are in records before `end`.
    void gathered(std::uint64_t samples, journal::Position end) {
        const std::scoped_lock lock(mutex_);
        gathered_ = samples;
        end_ = end;
    }
    // The same: records before `position` are durable.
    void durable(journal::Position position, MonotonicTime now) {
        const std::scoped_lock lock(mutex_);
        if (position < end_) return;
        for (; !waiting_.empty() && waiting_.front().samples <= gathered_; waiting_.pop_front())
            longest_ = std::max(longest_, now - waiting_.front().since);
    }
    [[nodiscard]] Duration longest() const {
        const std::scoped_lock lock(mutex_);
        return longest_;
    }

private:
    struct Batch {
        std::uint64_t samples;
        MonotonicTime since;
    };
    mutable std::mutex mutex_;  // guards all below
    std::deque<Batch> waiting_;
    std::uint64_t gathered_ = 0;
    journal::Position end_ = 0;
    Duration longest_{};
};

}  // namespace penstock::bench

#pragma once

// Jobs for later, of one strand.

#include <algorithm>
#include <optional>
#include <vector>

#include "core/base/strand.hpp"

namespace penstock::sessions {

class Reminders {
public:
    void add(MonotonicTime due, base::Job job) {
        heap_.push_back({due, std::move(job)});
        std::ranges::push_heap(heap_, later);
    }
    [[nodiscard]] std::optional<MonotonicTime> next_due() const {
        return heap_.empty() ? std::nullopt : std::optional(heap_.front().due);
    }
    // Runs what is due, in order of due time.
    void run_due(MonotonicTime now) {
        while (!heap_.empty() && heap_.front().due <= now) {
            std::ranges::pop_heap(heap_, later);
            auto job = std::move(heap_.back().job);
            heap_.pop_back();
            job();
        }
    }

private:
    struct Entry {
        MonotonicTime due;
        base::Job job;
    };
    static bool later(const Entry& a, const Entry& b) noexcept { return a.due > b.due; }
    std::vector<Entry> heap_;
};

}  // namespace penstock::sessions

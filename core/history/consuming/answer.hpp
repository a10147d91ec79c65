#pragma once

// What one thread asks of another and waits for, no longer than it has patience.

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>

#include <penstock/result.hpp>
#include <penstock/time.hpp>

namespace penstock::history::consuming {

template <class T>
class Answer {
public:
    void give(Result<T> result) {
        const std::scoped_lock lock(mutex_);
        if (!is_left_) result_.emplace(std::move(result));
        changed_.notify_all();
    }
    // Nothing if it did not come in time; then nobody waits for it any more.
    [[nodiscard]] std::optional<Result<T>> wait(Duration patience) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, patience, [this] { return result_.has_value(); });
        is_left_ = true;
        return std::move(result_);
    }
    [[nodiscard]] bool is_left() {
        const std::scoped_lock lock(mutex_);
        return is_left_;
    }

private:
    std::mutex mutex_;  // guards what follows
    std::condition_variable changed_;
    std::optional<Result<T>> result_;
    bool is_left_ = false;
};

}  // namespace penstock::history::consuming

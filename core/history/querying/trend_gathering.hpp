#pragma once

// A trend whose lines come from several crews: the last part to be done answers. Internal to history_service.cpp.

#include <algorithm>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>

#include <penstock/history_operations.hpp>
#include <penstock/result.hpp>

namespace penstock::history::detail {

// [any-thread]
class TrendGathering final {
public:
    using OnReply = std::move_only_function<void(Result<TrendReply>)>;

    TrendGathering(std::size_t lines, std::size_t parts, OnReply done) : done_(std::move(done)), open_(parts) {
        reply_.lines.resize(lines);
    }
    void put(std::size_t index, TrendLine line, std::optional<UtcTime> durable_until = {}) {
        const std::lock_guard lock(mutex_);
        reply_.lines[index] = std::move(line);
        if (!durable_until) return;
        reply_.durable_until = std::exchange(is_known_, true) ? std::min(reply_.durable_until, *durable_until) : *durable_until;
    }
    // The first reason is the one that is told.
    void fail(Error why) {
        const std::lock_guard lock(mutex_);
        if (!failure_) failure_ = std::move(why);
    }
    [[nodiscard]] bool has_failed() const {
        const std::lock_guard lock(mutex_);
        return failure_.has_value();
    }
    // True for the last part: it calls answer().
    [[nodiscard]] bool finish_part() {
        const std::lock_guard lock(mutex_);
        return --open_ == 0;
    }
    void answer() {
        if (failure_)
            done_(std::unexpected(*std::move(failure_)));
        else
            done_(std::move(reply_));
    }

private:
    OnReply done_;
    mutable std::mutex mutex_;  // guards what follows, until the last part is done
    std::size_t open_;
    TrendReply reply_;
    bool is_known_ = false;  // durable_until
    std::optional<Error> failure_;
};

}  // namespace penstock::history::detail

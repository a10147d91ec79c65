#pragma once

// The joint between the worker that makes a stream's updates and the strand that takes them: a few updates that wait, and who runs when.
// One step of the worker at a time, and none while enough updates wait; the strand is told once when it found nothing and there is
// something now.

#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>

#include <penstock/result.hpp>

namespace penstock::history::detail {

template <class Update>
class UpdateQueue final {
public:
    // `most`: so many that wait keep further steps from beginning. `on_ready` is called when take() would find something after it found
    // nothing; never twice without a take() between.
    UpdateQueue(std::size_t most, std::function<void()> on_ready) : most_(most), on_ready_(std::move(on_ready)) {}

    // --- the owner's strand ---
    [[nodiscard]] Result<std::optional<Update>> take() {
        const std::lock_guard lock(mutex_);
        if (!updates_.empty()) {
            auto update = std::move(updates_.front());
            updates_.pop_front();
            return std::optional(std::move(update));
        }
        if (failure_) return std::unexpected(*failure_);
        is_waiting_ = true;
        return std::optional<Update>();
    }
    // No call of on_ready after it; waits for one that is under way.
    void close() {
        {
            const std::lock_guard lock(mutex_);
            is_closed_ = true;
        }
        const std::lock_guard calling(calling_);
        on_ready_ = nullptr;
    }

    // --- scheduling [any-thread] ---
    // True if a step should run; and then it is counted as running until end_step().
    [[nodiscard]] bool begin_step(bool has_news) {
        const std::lock_guard lock(mutex_);
        has_news_ |= has_news;
        return !is_stepping_ && begin(true);
    }
    // True: begin again at once.
    [[nodiscard]] bool end_step(bool wants_more) {
        const std::lock_guard lock(mutex_);
        is_stepping_ = false;
        return begin(wants_more || has_news_);
    }

    // --- a worker, within a step ---
    void push(Update update) {
        bool is_wanted = false;
        {
            const std::lock_guard lock(mutex_);
            if (is_closed_) return;
            updates_.push_back(std::move(update));
            is_wanted = std::exchange(is_waiting_, false);
        }
        if (is_wanted) call();
    }
    // After the updates that wait, take() gives this; no step begins any more.
    void fail(Error why) {
        {
            const std::lock_guard lock(mutex_);
            failure_ = std::move(why);
            is_waiting_ = false;
        }
        call();
    }

private:
    [[nodiscard]] bool begin(bool is_wanted) {
        if (is_closed_ || failure_ || updates_.size() >= most_ || !is_wanted) return false;
        is_stepping_ = true;
        has_news_ = false;
        return true;
    }
    void call() {
        const std::lock_guard calling(calling_);
        if (on_ready_) on_ready_();
    }

    const std::size_t most_;
    std::mutex mutex_;  // guards what follows
    std::deque<Update> updates_;
    std::optional<Error> failure_;
    bool is_waiting_ = true;  // take() found nothing
    bool is_stepping_ = false, has_news_ = false, is_closed_ = false;
    std::mutex calling_;  // held while on_ready_ runs, so that close() waits for it
    std::function<void()> on_ready_;
};

}  // namespace penstock::history::detail

#include "core/journal/waiters.hpp"

#include <utility>

namespace penstock::journal {

void Waiters::add(Position position, Done done) {
    std::optional<Error> failure;
    {
        const std::scoped_lock lock(mutex_);
        if (position > reached_ && !failure_) {
            waiting_.emplace_hint(waiting_.end(), position, std::move(done));
            return;
        }
        if (position > reached_) failure = failure_;
    }
    done(failure ? Result<void>(std::unexpected(*failure)) : Result<void>());
}

void Waiters::reach(Position position) {
    std::multimap<Position, Done> ready;
    {
        const std::scoped_lock lock(mutex_);
        reached_ = position;
        while (!waiting_.empty() && waiting_.begin()->first <= position) {
            auto node = waiting_.extract(waiting_.begin());
            ready.insert(ready.end(), std::move(node));
        }
    }
    for (auto& [at, done] : ready) done({});
}

void Waiters::fail_all(const Error& error) {
    std::multimap<Position, Done> ready;
    {
        const std::scoped_lock lock(mutex_);
        failure_ = error;
        ready.swap(waiting_);
    }
    for (auto& [at, done] : ready) done(std::unexpected(error));
}

}  // namespace penstock::journal

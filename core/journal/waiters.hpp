#pragma once

// Who waits for a position to become durable. [any-thread]

#include <functional>
#include <map>
#include <mutex>
#include <optional>

#include <penstock/result.hpp>

#include "core/journal/record.hpp"

namespace penstock::journal {

class Waiters {
public:
    using Done = std::move_only_function<void(Result<void>)>;

    // Calls `done` here and now if `position` has been reached or the lane has failed.
    void add(Position position, Done done);
    // Calls who waits for `position` or less, in order of position.
    void reach(Position position);
    // Tells everybody, now and from now on.
    void fail_all(const Error& error);

private:
    std::mutex mutex_;  // guards all below; never held over a call
    std::multimap<Position, Done> waiting_;
    Position reached_ = 0;
    std::optional<Error> failure_;
};

}  // namespace penstock::journal

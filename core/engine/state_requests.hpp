#pragma once

// Those who want a copy of what only the engine's thread may read (snapshot_part.hpp). The engine answers at the end of a cycle.

#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <penstock/time.hpp>

#include "core/journal/record.hpp"
#include "core/wire/buffer.hpp"

namespace penstock::engine {

struct EngineState {
    journal::Position appended = 0;  // of the events lane, then
    journal::Position replay = 0;  // where replaying has to begin
    std::vector<std::pair<std::string, wire::Buffer>> sections;
};

class StateRequests final {
public:
    using Answer = std::move_only_function<void(EngineState)>;

    // False: no cycle comes any more. [any-thread]
    [[nodiscard]] bool put(Answer answer);
    // Those that wait; `into` is replaced. [engine]
    void take(std::vector<Answer>& into);
    // Refuses all that come from now on, and drops those that wait.
    void close();

private:
    std::mutex mutex_;  // guards what follows
    std::vector<Answer> waiting_;
    bool is_closed_ = false;
};

}  // namespace penstock::engine

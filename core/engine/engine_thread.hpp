#pragma once

// Runs an engine: sleeps until somebody sends something, then runs a cycle - at once after a command, and for values at
// most one every `period`. So a value is published within a period of its arrival, and an idle plant costs nothing.

#include <memory>

#include <penstock/time.hpp>

namespace penstock::base {
class Clock;
}

namespace penstock::engine {

class Engine;

class EngineThread final {
public:
    static constexpr Duration kPeriod = 5ms;

    // Engine and clock must outlive this.
    EngineThread(Engine& engine, const base::Clock& clock, Duration period = kPeriod);
    ~EngineThread();  // stop()
    EngineThread(const EngineThread&) = delete;
    EngineThread& operator=(const EngineThread&) = delete;

    // Refuses further commands, runs one last cycle so that those taken are answered or sent, and joins the thread: bounded
    // by one cycle. Twice is fine. [any-thread] but the engine's own
    void stop();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace penstock::engine

#include "core/engine/engine_thread.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include "core/base/clock.hpp"
#include "core/engine/engine_parts.hpp"

namespace penstock::engine {

struct EngineThread::State {
    Engine& engine;
    Engine::Parts& parts;
    const base::Clock& clock;
    Duration period;
    std::atomic<bool> stopping{false};
    std::once_flag stopped;
    std::thread thread;

    void run();
    void wait_for_work(MonotonicTime last, const CycleReport& report);
};

EngineThread::EngineThread(Engine& engine, const base::Clock& clock, Duration period)
    : state_(new State{engine, *engine.parts_, clock, period, {}, {}, {}}) {
    state_->thread = std::thread([state = state_.get()] { state->run(); });
}

EngineThread::~EngineThread() { stop(); }

void EngineThread::stop() {
    std::call_once(state_->stopped, [this] {
        state_->parts.close_commands();
        state_->stopping = true;
        state_->parts.bell.command_waits();
        state_->thread.join();
        state_->parts.state_requests.close();
    });
}

void EngineThread::State::run() {
    bool is_last = false;
    while (!is_last) {
        is_last = stopping;
        const auto now = clock.now();
        const auto report = engine.run_cycle(now);
        // Asked again: the cycle may have lowered the flag that a stop had raised, and nobody would raise another.
        if (!stopping) wait_for_work(now.monotonic, report);
    }
}

// Until there is a command; or values, or the time that something waits for, and a period since the last cycle began.
void EngineThread::State::wait_for_work(MonotonicTime last, const CycleReport& report) {
    auto& bell = parts.bell;
    if (!report.work_left && report.due == MonotonicTime::max()) bell.sleep(Doorbell::For::anything, std::nullopt);
    if (!report.work_left && report.due != MonotonicTime::max()) {
        const auto rest = report.due - clock.now().monotonic;
        if (rest > Duration::zero()) bell.sleep(Doorbell::For::anything, rest);
    }
    while (!bell.has_command()) {
        const auto rest = last + period - clock.now().monotonic;
        if (rest <= Duration::zero()) return;
        bell.sleep(Doorbell::For::command, rest);
    }
}

}  // namespace penstock::engine

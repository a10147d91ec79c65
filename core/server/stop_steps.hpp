#pragma once

// Says what a stop is waiting for. Nobody can end a thread from outside, so a step that never ends holds the program; whoever looks at the
// log then has to see which.
//
//     StopSteps steps;
//     steps.begin("the engine");
//     engine_thread.reset();
//     steps.begin("the I/O threads");
//     threads->stop();

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include <penstock/time.hpp>

namespace penstock::server {

class StopSteps final {
public:
    using Tell = std::function<void(const std::string& sentence)>;

    // A step that takes longer than `patience` is told, and told again whenever it has taken twice as long.
    explicit StopSteps(Duration patience = 10s, Tell tell = warn);
    ~StopSteps();  // end()
    StopSteps(const StopSteps&) = delete;
    StopSteps& operator=(const StopSteps&) = delete;

    // Ends the step before. `what` is waited for, and is a literal.
    void begin(const char* what);
    // Nothing is waited for.
    void end() { begin(nullptr); }

private:
    static void warn(const std::string& sentence);
    void run();

    const Duration patience_;
    const Tell tell_;
    std::mutex mutex_;  // guards what follows
    std::condition_variable changed_;
    const char* what_ = nullptr;
    unsigned step_ = 0;  // how many have begun
    bool is_over_ = false;
    std::thread thread_;
};

}  // namespace penstock::server

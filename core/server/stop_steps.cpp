#include "core/server/stop_steps.hpp"

#include <chrono>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "core/base/log.hpp"

namespace penstock::server {

void StopSteps::warn(const std::string& sentence) { base::log::warning("{}", sentence); }

StopSteps::StopSteps(Duration patience, Tell tell) : patience_(patience), tell_(std::move(tell)) {
    try {
        thread_ = std::thread([this] { run(); });
    } catch (const std::system_error&) {
        // A stop must go on; it only has nobody who tells of it.
    }
}

StopSteps::~StopSteps() {
    {
        const std::scoped_lock lock(mutex_);
        is_over_ = true;
    }
    changed_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void StopSteps::begin(const char* what) {
    {
        const std::scoped_lock lock(mutex_);
        what_ = what;
        ++step_;
    }
    changed_.notify_one();
}

void StopSteps::run() {
    std::unique_lock lock(mutex_);
    while (!is_over_) {
        const auto step = step_;
        const auto is_done = [&] { return is_over_ || step_ != step; };
        if (what_ == nullptr) {
            changed_.wait(lock, is_done);
            continue;
        }
        Duration waited{};
        for (Duration next = patience_; !changed_.wait_for(lock, next, is_done); next = waited) {
            waited += next;
            const auto seconds = std::chrono::duration<double>(waited).count();
            const auto sentence = fmt::format("the stop has been waiting for {} for {:g} s", what_, seconds);
            lock.unlock();
            tell_(sentence);
            lock.lock();
        }
    }
}

}  // namespace penstock::server

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "core/guests/driver_calls.hpp"

namespace penstock::guests {
namespace {

// What the worker and the strand share. A worker that is stuck in the driver keeps it alive, and the driver with it, when
// everybody else has gone.
struct Worker {
    Worker(const DeviceConfig& device, std::unique_ptr<DriverInstance> driver) : config(device), instance(std::move(driver)) {}

    // By value: the device may be gone when a stuck call returns.
    const DeviceConfig config;
    std::unique_ptr<DriverInstance> instance;
    CallBuffers buffers;  // the strand's between calls, the worker's during one

    std::mutex mutex;  // guards what follows
    std::condition_variable has_changed;
    std::deque<std::move_only_function<void()>> jobs;
    bool is_given_up = false;

    void push(std::move_only_function<void()> job) {
        {
            const std::lock_guard lock(mutex);
            jobs.push_back(std::move(job));
        }
        has_changed.notify_one();
    }
    void give_up() {
        {
            const std::lock_guard lock(mutex);
            is_given_up = true;
            jobs.clear();
        }
        has_changed.notify_one();
    }
    // Nothing once the driver was given up.
    std::move_only_function<void()> next() {
        std::unique_lock lock(mutex);
        has_changed.wait(lock, [this] { return is_given_up || !jobs.empty(); });
        if (is_given_up) return {};
        auto job = std::move(jobs.front());
        jobs.pop_front();
        return job;
    }
    static void run(const std::shared_ptr<Worker>& worker) {
        while (auto job = worker->next()) job();
        worker->instance->guest().abandon();
        worker->instance.reset();
    }
};

// A blocking call ends before it returns, so nothing is ever completed.
class NoCompletion final : public abi::Completion {
    void complete(const abi::IoResult&) noexcept override {}
};

class BlockingCalls final : public DriverCalls {
    // Carries an action from the worker to the strand, where it runs if this object is still there. A worker that was given
    // up posts nothing: the strand may be gone by then.
    auto back_to_strand() {
        return [worker = worker_.get(), strand = &strand_, weak = std::weak_ptr(alive_)](auto action) {
            const std::lock_guard lock(worker->mutex);
            if (worker->is_given_up) return;
            strand->post([weak, action = std::move(action)]() mutable {
                if (const auto self = weak.lock()) action(**self);
            });
        };
    }

public:
    BlockingCalls(const DeviceConfig& config, std::unique_ptr<DriverInstance> instance, base::Strand& strand,
                  Listener& listener)
        : worker_(std::make_shared<Worker>(config, std::move(instance))),
          alive_(std::make_shared<BlockingCalls*>(this)),
          strand_(strand),
          listener_(listener) {
        std::thread([worker = worker_] { Worker::run(worker); }).detach();
    }
    ~BlockingCalls() { abandon(); }

    CallBuffers& buffers() noexcept override { return worker_->buffers; }

    bool start() override {
        worker_->push([worker = worker_.get(), reply = back_to_strand()]() mutable {
            NoCompletion completion;
            auto& guest = worker->instance->guest();
            (void)make_call(guest, *guest.blocking(), worker->config, worker->buffers, completion);
            reply([](BlockingCalls& self) { self.listener_.call_ended(); });
        });
        return false;
    }
    void disconnect() override {
        worker_->push([worker = worker_.get()] { worker->instance->guest().blocking()->disconnect(); });
    }
    void cancel() noexcept override {}  // nothing can: its call has a deadline
    void abandon() noexcept override {
        alive_.reset();
        worker_->give_up();
        for (auto& [id, reply] : std::exchange(describing_, {})) reply({}, {});
    }
    void describe(ItemId item, std::function<void(std::string, std::string)> reply) override {
        if (describing_.size() >= kMaxDescribing || !alive_) return reply({}, {});
        const auto id = next_description_++;
        describing_.emplace(id, std::move(reply));
        worker_->push([worker = worker_.get(), item, id, back = back_to_strand()]() mutable {
            auto& guest = worker->instance->guest();
            back([id, request = last_request(guest, item), answer = last_answer(guest, item)](BlockingCalls& self) {
                const auto node = self.describing_.extract(id);
                if (!node.empty()) node.mapped()(request, answer);
            });
        });
    }
    std::weak_ptr<const void> life() const noexcept override { return worker_; }

private:
    static constexpr std::size_t kMaxDescribing = 100;

    std::shared_ptr<Worker> worker_;
    std::shared_ptr<BlockingCalls*> alive_;
    base::Strand& strand_;
    Listener& listener_;
    std::map<std::uint64_t, std::function<void(std::string, std::string)>> describing_;
    std::uint64_t next_description_ = 0;
};

}  // namespace

std::unique_ptr<DriverCalls> make_blocking_calls(const DeviceConfig& config, std::unique_ptr<DriverInstance> instance,
                                                 base::Strand& strand, DriverCalls::Listener& listener) {
    return std::make_unique<BlockingCalls>(config, std::move(instance), strand, listener);
}

}  // namespace penstock::guests

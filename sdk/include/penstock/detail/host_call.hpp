#pragma once

// One coroutine that runs for the host. start() runs it to its first real wait; if it ends later, the host's completion is
// called, exactly once. Whatever it throws becomes the fault.

#include <coroutine>

#include <penstock/abi/plain.hpp>
#include <penstock/task.hpp>

namespace penstock::detail {

class HostCall {
public:
    HostCall() = default;
    HostCall(const HostCall&) = delete;
    HostCall& operator=(const HostCall&) = delete;
    ~HostCall() { drop(); }

    // `make_task()` gives the Task<void>; it may throw. True: ended already, `completion` is not called. `fault` and `completion`
    // stay valid until the end. The completion's code repeats the fault's. One call at a time.
    template <class MakeTask>
    [[nodiscard]] bool start(abi::Fault& fault, abi::Completion& completion, MakeTask make_task) noexcept;

    // Destroys a suspended coroutine; its waits withdraw, its completion is not called. Not from inside the coroutine.
    void drop() noexcept;

    [[nodiscard]] bool is_running() const noexcept { return static_cast<bool>(root_); }

private:
    struct Root;
    struct RootPromise;
    static Root run(HostCall* self);
    bool begin();
    void ended() noexcept;

    Task<void> task_;
    std::coroutine_handle<> root_;
    abi::Fault* fault_ = nullptr;
    abi::Completion* completion_ = nullptr;
    bool is_starting_ = false;
};

}  // namespace penstock::detail

#include <penstock/detail/guard.hpp>

namespace penstock::detail {

template <class MakeTask>
bool HostCall::start(abi::Fault& fault, abi::Completion& completion, MakeTask make_task) noexcept {
    fault_ = &fault;
    completion_ = &completion;
    bool has_ended = true;
    guarded(fault, [&] {
        task_ = make_task();
        has_ended = begin();
    });
    return has_ended;
}

}  // namespace penstock::detail

#include <penstock/detail/host_call.hpp>

#include <utility>

namespace penstock::detail {

struct HostCall::RootPromise {
    explicit RootPromise(HostCall* call) noexcept : self(call) {}
    Root get_return_object() noexcept;
    [[nodiscard]] std::suspend_always initial_suspend() const noexcept { return {}; }
    [[nodiscard]] auto final_suspend() const noexcept {
        struct Ended {
            [[nodiscard]] bool await_ready() const noexcept { return false; }
            // The frame is suspended by now: ended() may destroy it, and the host may start the next call.
            void await_suspend(std::coroutine_handle<RootPromise> root) const noexcept { root.promise().self->ended(); }
            void await_resume() const noexcept {}
        };
        return Ended{};
    }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { describe_current_exception(*self->fault_); }

    HostCall* self;
};

struct HostCall::Root {
    using promise_type = RootPromise;
    explicit Root(std::coroutine_handle<RootPromise> root) noexcept : handle(root) {}
    std::coroutine_handle<RootPromise> handle;
};

HostCall::Root HostCall::RootPromise::get_return_object() noexcept {
    return Root(std::coroutine_handle<RootPromise>::from_promise(*this));
}

HostCall::Root HostCall::run(HostCall* self) { co_await self->task_; }

bool HostCall::begin() {
    root_ = run(this).handle;
    is_starting_ = true;
    root_.resume();
    is_starting_ = false;
    return !root_;
}

void HostCall::ended() noexcept {
    drop();
    if (is_starting_) return;
    abi::IoResult result;
    result.code = fault_->code;
    completion_->complete(result);  // may destroy *this
}

void HostCall::drop() noexcept {
    task_ = Task<void>();
    if (root_) std::exchange(root_, nullptr).destroy();
}

}  // namespace penstock::detail

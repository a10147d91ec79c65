#pragma once

// Task<T>: the coroutine that a plugin writes where it has to wait.
//
// Lazy: nothing runs before the task is awaited. Dropping a suspended task is safe: its frame is destroyed and its
// waits withdraw. Never resumed from two threads: a task lives on its instance's strand. An exception leaves through
// co_await; a result is moved out once.
//
// g++ 12.2 miscompiles some forms without a warning, so keep to `const auto reply = co_await f(named);`: no co_await in
// the condition of if/while/do/switch, no braced aggregate in the same expression. Parameters by value; no capturing lambda.

#include <coroutine>
#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

namespace penstock {

template <class T>
class Task;

// Stands in for an exception that no C++ code threw (another language's panic), of which nothing can be kept.
class ForeignException final : public std::exception {
public:
    [[nodiscard]] const char* what() const noexcept override { return "an exception that no C++ code made"; }
};

namespace detail {

// Never null: a foreign exception has no exception_ptr, and would otherwise look like success.
[[nodiscard]] inline std::exception_ptr exception_in_flight() noexcept {
    auto exception = std::current_exception();
    return exception ? exception : std::make_exception_ptr(ForeignException());
}

class TaskPromiseBase {
public:
    // Going in, the awaiter resumes the child itself and asks whether it finished (no symmetric transfer: at -O0 and under
    // sanitizers it is no tail call, and a long run of immediate awaits would overflow the stack). Going out is symmetric,
    // unless the starter is still below us on the stack and will see finished().
    struct FinalAwaiter {
        [[nodiscard]] bool await_ready() const noexcept { return false; }
        template <class Promise>
        std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> self) const noexcept {
            auto& promise = self.promise();
            promise.finished_ = true;
            if (promise.starter_on_stack_ || !promise.continuation_) return std::noop_coroutine();
            return promise.continuation_;
        }
        void await_resume() const noexcept {}
    };

    [[nodiscard]] std::suspend_always initial_suspend() const noexcept { return {}; }
    [[nodiscard]] FinalAwaiter final_suspend() const noexcept { return {}; }

    // Runs until the first real wait. True if it ran to the end.
    bool start(std::coroutine_handle<> self, std::coroutine_handle<> continuation) {
        continuation_ = continuation;
        starter_on_stack_ = true;
        self.resume();
        starter_on_stack_ = false;
        return finished_;
    }

private:
    std::coroutine_handle<> continuation_;
    bool starter_on_stack_ = false;
    bool finished_ = false;
};

template <class T>
class TaskPromise final : public TaskPromiseBase {
public:
    Task<T> get_return_object() noexcept;
    void unhandled_exception() noexcept { exception_ = exception_in_flight(); }
    template <class U>
    void return_value(U&& value) {
        value_.emplace(std::forward<U>(value));
    }
    T take() {
        if (exception_) std::rethrow_exception(std::exchange(exception_, nullptr));
        return std::move(*value_);
    }

private:
    std::optional<T> value_;
    std::exception_ptr exception_;
};

template <>
class TaskPromise<void> final : public TaskPromiseBase {
public:
    Task<void> get_return_object() noexcept;
    void unhandled_exception() noexcept { exception_ = exception_in_flight(); }
    void return_void() noexcept {}
    void take() {
        if (exception_) std::rethrow_exception(std::exchange(exception_, nullptr));
    }

private:
    std::exception_ptr exception_;
};

}  // namespace detail

template <class T = void>
class [[nodiscard]] Task {
public:
    using promise_type = detail::TaskPromise<T>;
    using Handle = std::coroutine_handle<promise_type>;

    Task() = default;
    explicit Task(Handle handle) noexcept : handle_(handle) {}
    Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
    Task& operator=(Task&& other) noexcept {
        if (this != &other) {
            drop();
            handle_ = std::exchange(other.handle_, nullptr);
        }
        return *this;
    }
    Task(const Task&) = delete;
    Task& operator=(const Task&) = delete;
    ~Task() { drop(); }

    [[nodiscard]] bool valid() const noexcept { return static_cast<bool>(handle_); }

    // Awaited once, by one awaiter.
    class Awaiter {
    public:
        explicit Awaiter(Handle handle) noexcept : handle_(handle) {}
        [[nodiscard]] bool await_ready() const noexcept { return false; }
        bool await_suspend(std::coroutine_handle<> parent) {
            if (!handle_) throw std::logic_error("a task was awaited that was never made, or was moved from");
            return !handle_.promise().start(handle_, parent);
        }
        T await_resume() { return handle_.promise().take(); }

    private:
        Handle handle_;
    };
    [[nodiscard]] Awaiter operator co_await() const noexcept { return Awaiter(handle_); }

private:
    void drop() noexcept {
        if (handle_) std::exchange(handle_, nullptr).destroy();
    }
    Handle handle_;
};

namespace detail {
template <class T>
Task<T> TaskPromise<T>::get_return_object() noexcept {
    return Task<T>(std::coroutine_handle<TaskPromise>::from_promise(*this));
}
inline Task<void> TaskPromise<void>::get_return_object() noexcept {
    return Task<void>(std::coroutine_handle<TaskPromise>::from_promise(*this));
}
}  // namespace detail

}  // namespace penstock

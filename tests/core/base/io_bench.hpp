#pragma once

// An AsioIo on a thread of its own, with its waits as futures.

#include <cstring>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>

#include <gtest/gtest.h>
#include <penstock/result.hpp>

#include "core/base/asio_io.hpp"

namespace penstock::base::test {

struct Outcome {
    ErrorCode code{};  // 0: done
    int system_error = 0;
    std::uint64_t value = 0;
    std::string data;
};

class Waiter final : public abi::Completion {
public:
    void complete(const abi::IoResult& result) noexcept override {
        Outcome outcome{static_cast<ErrorCode>(result.code), result.system_error, result.value, {}};
        if (result.data.size != 0) {
            outcome.data.assign(reinterpret_cast<const char*>(result.data.data), static_cast<std::size_t>(result.data.size));
        }
        is_inside_start = inside_start;
        promise_.set_value(std::move(outcome));
    }
    [[nodiscard]] std::future<Outcome> future() { return promise_.get_future(); }

    bool is_inside_start = false;  // must never become true
    static inline thread_local bool inside_start = false;

private:
    std::promise<Outcome> promise_;
};

class IoBench {
public:
    IoBench() : io(std::make_unique<AsioIo>(thread, "bench")) {}
    ~IoBench() {
        on_strand([this] { io.reset(); });
        thread.stop();
    }

    // Runs on the strand and waits for it.
    void on_strand(std::move_only_function<void()> action) {
        std::promise<void> done;
        thread.post([&] {
            action();
            done.set_value();
        });
        done.get_future().get();
    }

    using Start = std::function<void(AsioIo&, abi::Completion&)>;
    // Starts a wait and returns before it has ended.
    [[nodiscard]] std::shared_ptr<Waiter> start(const Start& start_wait) {
        auto waiter = std::make_shared<Waiter>();
        on_strand([&] {
            Waiter::inside_start = true;
            start_wait(*io, *waiter);
            Waiter::inside_start = false;
        });
        return waiter;
    }
    // Starts a wait and waits for its end.
    [[nodiscard]] Outcome call(const Start& start_wait) {
        const auto waiter = start(start_wait);
        auto outcome = waiter->future().get();
        if (waiter->is_inside_start) std::terminate();  // the contract of abi/plain.hpp
        return outcome;
    }

    [[nodiscard]] std::int64_t in(Duration duration) const { return to_ns(clock.now().monotonic + duration); }
    [[nodiscard]] Outcome open(const std::string& endpoint, Duration within = 5s) {
        return call([&](AsioIo& host, abi::Completion& waiter) { host.open(abi::text(endpoint), in(within), waiter); });
    }
    [[nodiscard]] Outcome listen(const std::string& endpoint) {
        return call([&](AsioIo& host, abi::Completion& waiter) { host.listen(abi::text(endpoint), waiter); });
    }
    [[nodiscard]] Outcome accept(abi::Handle listener, Duration within = 5s) {
        return call([&](AsioIo& host, abi::Completion& waiter) { host.accept(listener, in(within), waiter); });
    }
    [[nodiscard]] Outcome read(abi::Handle handle, std::uint64_t most = 65'536, Duration within = 5s) {
        return call([&](AsioIo& host, abi::Completion& waiter) { host.read(handle, most, in(within), waiter); });
    }
    [[nodiscard]] Outcome write(abi::Handle handle, std::string_view text, Duration within = 5s) {
        const abi::Bytes part{reinterpret_cast<const std::byte*>(text.data()), text.size()};
        return call([&](AsioIo& host, abi::Completion& waiter) { host.write(handle, &part, 1, in(within), waiter); });
    }
    void close(abi::Handle handle) {
        on_strand([&] { io->close(handle); });
    }
    [[nodiscard]] std::string address(abi::Handle handle) {
        std::string text;
        on_strand([&] { text = io->address(handle).view(); });
        return text;
    }
    [[nodiscard]] abi::PeerInfo peer(abi::Handle handle) {
        abi::PeerInfo info{};
        on_strand([&] { EXPECT_TRUE(io->peer(handle, info)); });
        return info;
    }

    SystemClock clock;
    IoThread thread{"io-bench", clock};
    std::unique_ptr<AsioIo> io;
};

// A listener and both ends of one stream.
struct StreamPair {
    explicit StreamPair(IoBench& bench, const std::string& endpoint = "tcp://127.0.0.1:0") {
        listener = static_cast<abi::Handle>(bench.listen(endpoint).value);
        near = static_cast<abi::Handle>(bench.open(bench.address(listener)).value);
        far = static_cast<abi::Handle>(bench.accept(listener).value);
    }
    abi::Handle listener = 0, near = 0, far = 0;
};

}  // namespace penstock::base::test

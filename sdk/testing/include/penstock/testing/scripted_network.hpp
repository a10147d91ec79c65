#pragma once

// A network and a clock that exist in memory alone. Peers are coroutines written with the SDK's own Stream and Io; faults are
// switched on by a word. Nothing sleeps: time jumps to the next event when everybody waits, so an hour of polls takes milliseconds,
// and every run with the same seed is the same run.
//
//     ScriptedNetwork network;
//     network.serve("tcp://scale:4001", line_device([](std::string line) { return line == "W" ? "21.5" : "?"; }));
//     ScriptedIo io(network);                       // what a plugin's instance is given
//     network.set_faults({.split = 1});             // each byte in a segment of its own
//
// One thread; not thread-safe.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include <penstock/io.hpp>
#include <penstock/task.hpp>

namespace penstock::testing {

class ScriptedIo;

// Serves one incoming connection until it returns or throws. A function or non-capturing coroutine; state goes by argument.
using Device = std::function<Task<void>(Stream, Io)>;

inline constexpr std::size_t kNever = std::numeric_limits<std::size_t>::max();

// What is wrong with the network. "Requests" are bytes of the side that connected, "replies" bytes of the other.
struct LinkFaults {
    bool refuse = false;  // nobody listens
    bool black_hole = false;  // a connection attempt gets no answer at all
    bool swallow_requests = false;  // requests vanish: a half-open link
    bool stall_writes = false;  // writes never complete: the peer does not take any more
    Duration connect_delay{};
    Duration reply_delay{};
    std::size_t split = 0;  // bytes per segment in both directions; 0: as sent
    std::size_t cut_request_after =
        kNever;  // the link breaks when so many bytes of requests have passed, counted from set_faults()
    std::size_t cut_reply_after = kNever;
    std::function<std::string(std::string)> garble_reply = {};  // what the connecting side gets instead
};

class ScriptedNetwork {
public:
    explicit ScriptedNetwork(std::uint64_t seed = 1);
    ScriptedNetwork(const ScriptedNetwork&) = delete;
    ScriptedNetwork& operator=(const ScriptedNetwork&) = delete;
    ~ScriptedNetwork();

    // Lets a device answer at an endpoint, from now on.
    void serve(std::string endpoint, Device device);
    // Replaces all faults and counts bytes anew.
    void set_faults(LinkFaults faults);
    // Breaks all connections now; new ones are welcome.
    void cut_all();

    // The next event in time; false if there is none, or none up to `until`.
    bool step(MonotonicTime until = MonotonicTime::max());
    // Runs until `done()`; false if that did not happen within `most` of virtual time.
    template <class Done>
    bool run_until(Done done, Duration most) {
        const auto until = now() + most;
        while (!done()) {
            if (!step(until)) return done();
        }
        return true;
    }
    void run_for(Duration time);

    [[nodiscard]] MonotonicTime now() const noexcept { return monotonic_from_ns(now_ns_); }
    [[nodiscard]] UtcTime utc_now() const noexcept;
    [[nodiscard]] std::uint64_t random() noexcept;

    // Since the last set_faults().
    [[nodiscard]] std::size_t request_bytes() const noexcept { return request_bytes_; }
    [[nodiscard]] std::size_t reply_bytes() const noexcept { return reply_bytes_; }
    [[nodiscard]] std::size_t connects() const noexcept { return connects_; }

private:
    friend class ScriptedIo;
    struct End;  // one end of a connection
    struct Listening;
    using EventKey = std::pair<std::int64_t, std::uint64_t>;
    static constexpr EventKey kNoEvent{-1, 0};

    EventKey at(std::int64_t time_ns, std::move_only_function<void()> action);
    void cancel(EventKey& key) noexcept;

    void transfer(const std::shared_ptr<End>& from, std::string bytes, bool& is_cut);
    void arrive(const std::shared_ptr<End>& at_end, std::string bytes);
    static void break_link(const std::shared_ptr<End>& end);

    class Server;

    std::map<EventKey, std::move_only_function<void()>> events_;
    std::map<std::string, std::weak_ptr<Listening>, std::less<>> listening_;
    std::list<std::weak_ptr<End>> ends_;
    LinkFaults faults_;
    std::size_t request_bytes_ = 0, reply_bytes_ = 0, connects_ = 0;
    std::int64_t now_ns_ = 1'000'000'000;
    std::uint64_t next_event_ = 0;
    std::uint64_t random_state_;
    std::unique_ptr<ScriptedIo> device_io_;
    std::list<std::unique_ptr<Server>> servers_;
};

// Answers each line, without its end, by another line. An empty answer keeps silent.
[[nodiscard]] Device line_device(std::function<std::string(std::string)> answer, char end = '\n');

// Answers each request of a binary protocol. `size_of` says how long the first request in the bytes is, 0 while that cannot be known.
[[nodiscard]] Device request_device(std::function<std::size_t(std::string_view)> size_of,
                                    std::function<std::string(std::string_view)> answer);

}  // namespace penstock::testing

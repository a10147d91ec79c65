#pragma once

// What an IoThread is made of, for the few sources that use Asio directly. Include it in .cpp files only.

#include <array>
#include <cstddef>
#include <mutex>
#include <string>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "core/base/io_threads.hpp"
#include "core/base/name_resolver.hpp"

namespace penstock::base {

struct IoThread::Loop {
    Loop(std::string thread_name, const Clock& loop_clock);

    void run() noexcept;
    // Makes sure that the loop wakes for the earliest timer. [strand]
    void schedule_wake();
    void on_wake() noexcept;

    std::string name;
    const Clock& clock;
    TimerHeap timers;  // before the context: jobs that never ran may hold timers, and are destroyed with it
    // Only this thread uses sockets and timers, so the reactor needs no locks; post() from elsewhere stays safe.
    boost::asio::io_context context{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{context.get_executor()};
    boost::asio::steady_timer alarm{context};
    MonotonicTime alarm_due = MonotonicTime::max();  // max: not armed
    NameResolver resolver;
    // Reads of all streams of this thread land here and are handed on at once: no buffer per stream.
    std::array<std::byte, std::size_t{64} * 1024> read_buffer;
    std::mutex stop_mutex;  // guards joining
    std::thread thread;
};

}  // namespace penstock::base

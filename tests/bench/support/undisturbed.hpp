#pragma once

// For benches whose figure is lateness: with a compiler on each core any timer is late by milliseconds, and modbus_poll had 30 to 85 %
// of its scans in time instead of 100 %. Where the system allows it (root, or a limit for real-time priority), this process and
// all that it starts, subject and peer alike, run before other programs.

#include <sched.h>

#include <cstdio>

namespace penstock::bench {

// First thing in main(): threads and processes inherit it.
inline void run_undisturbed(const char* bench) {
    const sched_param lowest{.sched_priority = 1};
    if (::sched_setscheduler(0, SCHED_FIFO, &lowest) == 0) return;
    std::fprintf(stderr, "%s: no real-time priority here, so what else this machine does makes the figure worse\n", bench);
}

}  // namespace penstock::bench

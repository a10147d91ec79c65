#pragma once

// Waits for what other threads do in microseconds by looking at it: to fall asleep and be woken costs more than that, most of all on a
// virtual machine. What does not come at once is waited for asleep, so an idle thread looks at nothing.
//
//     if (!base::watch_for(50us, [&] { return has_items.load(); })) sleep_until_woken();

#include <chrono>
#include <thread>

#include <penstock/time.hpp>

namespace penstock::base {

inline void pause_processor() noexcept {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
}

// Whether it became so within `most`. With one processor it asks once: whoever is to do it needs the processor.
template <class IsSo>
[[nodiscard]] bool watch_for(Duration most, IsSo is_so) {
    static const bool has_others = std::thread::hardware_concurrency() > 1;
    if (is_so()) return true;
    if (!has_others) return false;
    const auto until = std::chrono::steady_clock::now() + most;
    do {
        for (int n = 0; n < 16; ++n) pause_processor();
        if (is_so()) return true;
    } while (std::chrono::steady_clock::now() < until);
    return false;
}

}  // namespace penstock::base

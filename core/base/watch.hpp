#pragma once

// Waits for what other threads do in microseconds by looking at it: to fall asleep and be woken costs more than that, most of all on a
// virtual machine. Where it looks in vain (nothing is asked, or no processor is free for who is to answer) it looks ever less often,
// so that an idle or a crowded machine hardly notices it.
//
//     if (!watch_.for_up_to(100us, [&] { return has_items.load(); })) sleep_until_woken();

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <thread>

#include <penstock/time.hpp>

namespace penstock::base {

// One thread at a time.
class Watch final {
public:
    // Whether it became so within `most`; looks at least once.
    template <class IsSo>
    [[nodiscard]] bool for_up_to(Duration most, IsSo is_so) {
        if (is_so()) return true;
        if (passes_ > 0 || !has_company()) {
            passes_ -= passes_ > 0 ? 1U : 0U;
            return false;
        }
        const auto until = std::chrono::steady_clock::now() + most;
        do {
            for (int n = 0; n < 16; ++n) pause();
            if (is_so()) {
                in_vain_ = 0;
                return true;
            }
        } while (std::chrono::steady_clock::now() < until);
        passes_ = (1U << in_vain_) - 1;  // once may happen: every row of questions ends
        in_vain_ = std::min(in_vain_ + 1, 6U);
        return false;
    }

private:
    [[nodiscard]] static bool has_company() {
        static const bool has = std::thread::hardware_concurrency() > 1;
        return has;
    }
    static void pause() noexcept {
#if defined(__x86_64__)
        __builtin_ia32_pause();
#elif defined(__aarch64__)
        asm volatile("yield");
#endif
    }

    std::uint32_t in_vain_ = 0;  // times in a row, 6 at most
    std::uint32_t passes_ = 0;  // calls that will not watch
};

}  // namespace penstock::base

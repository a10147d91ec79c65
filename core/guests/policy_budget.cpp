#include "core/guests/policy_budget.hpp"

#include <ctime>

namespace penstock::guests {
namespace {

std::string in_ms(Duration time) {
    const auto tenths = time / std::chrono::microseconds(100);
    return std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10) + " ms";
}

std::string spent(Duration took, std::size_t rows) {
    return "it took " + in_ms(took) + " for " + std::to_string(rows) + " rows; its budget was " + in_ms(PolicyBudget::of(rows));
}

}  // namespace

Duration thread_cpu_time() noexcept {
    timespec time{};
    if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) != 0) return Duration::zero();
    return std::chrono::seconds(time.tv_sec) + Duration(time.tv_nsec);
}

std::optional<std::string> PolicyBudget::spend(Duration took, std::size_t rows, MonotonicTime now) {
    if (took <= of(rows)) return std::nullopt;
    if (took > kMost) return spent(took, rows);
    strikes_[count_++ % kStrikes] = now;
    if (count_ < kStrikes || now - strikes_[count_ % kStrikes] > kWindow) return std::nullopt;
    return spent(took, rows) + ", for the third time within 10 s";
}

}  // namespace penstock::guests

#include "core/base/thread_priority.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>

namespace penstock::base {
namespace {

constexpr int kSteps = 5;  // of niceness, each about a factor of 1.25

}  // namespace

// Linux keeps niceness by thread. To become nicer is never refused.
void give_way() noexcept {
    const auto self = static_cast<id_t>(::gettid());
    errno = 0;
    const int now = ::getpriority(PRIO_PROCESS, self);
    if (now == -1 && errno != 0) return;
    static_cast<void>(::setpriority(PRIO_PROCESS, self, now + kSteps));
}

}  // namespace penstock::base

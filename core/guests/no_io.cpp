#include "core/guests/no_io.hpp"

#include <algorithm>

#include <penstock/result.hpp>

namespace penstock::guests {

void NoIo::fail_waits() noexcept {
    abi::IoResult result;
    result.code = static_cast<std::int32_t>(ErrorCode::unsupported);
    for (int round = 0; round < kMaxRounds && !waits_.empty(); ++round) {
        // One at a time: a completion may withdraw its neighbours.
        auto* const next = waits_.front();
        waits_.erase(waits_.begin());
        next->complete(result);
    }
}

void NoIo::open(abi::Text, std::int64_t, abi::Completion& completion) noexcept { waits_.push_back(&completion); }
void NoIo::listen(abi::Text, abi::Completion& completion) noexcept { waits_.push_back(&completion); }
void NoIo::accept(abi::Handle, std::int64_t, abi::Completion& completion) noexcept { waits_.push_back(&completion); }
void NoIo::read(abi::Handle, std::uint64_t, std::int64_t, abi::Completion& completion) noexcept {
    waits_.push_back(&completion);
}
void NoIo::write(abi::Handle, const abi::Bytes*, std::uint32_t, std::int64_t, abi::Completion& completion) noexcept {
    waits_.push_back(&completion);
}
void NoIo::sleep_until(std::int64_t, abi::Completion& completion) noexcept { waits_.push_back(&completion); }
void NoIo::withdraw(abi::Completion& completion) noexcept { std::erase(waits_, &completion); }

}  // namespace penstock::guests

#pragma once

// An Io that offers nothing, for instances that only answer questions: every wait fails with `unsupported`.
//
// As the rules of abi::HostIo want it, no wait completes inside the call that started it: fail_waits() does. One thread.

#include <vector>

#include <penstock/abi/io.hpp>

namespace penstock::guests {

class NoIo : public abi::HostIo {
public:
    virtual ~NoIo() = default;

    // Completes what was started, and what is started by that, at most kMaxRounds times over: a guest that tries again
    // and again is parked.
    void fail_waits() noexcept;
    static constexpr int kMaxRounds = 100;

    void open(abi::Text endpoint, std::int64_t deadline_ns, abi::Completion& completion) noexcept override;
    void listen(abi::Text endpoint, abi::Completion& completion) noexcept override;
    void accept(abi::Handle listener, std::int64_t deadline_ns, abi::Completion& completion) noexcept override;
    void read(abi::Handle, std::uint64_t most, std::int64_t deadline_ns, abi::Completion& completion) noexcept override;
    void write(abi::Handle, const abi::Bytes* parts, std::uint32_t part_count, std::int64_t deadline_ns,
               abi::Completion& completion) noexcept override;
    void sleep_until(std::int64_t monotonic_ns, abi::Completion& completion) noexcept override;
    void withdraw(abi::Completion& completion) noexcept override;
    void close(abi::Handle) noexcept override {}

    bool peer(abi::Handle, abi::PeerInfo&) noexcept override { return false; }
    abi::Text address(abi::Handle) noexcept override { return {"", 0}; }

    // Time stands still: nothing here may depend on it.
    std::int64_t monotonic_ns() noexcept override { return 0; }
    std::int64_t utc_ns() noexcept override { return 0; }
    std::uint64_t random() noexcept override { return 0; }
    void log(std::uint32_t, abi::Text) noexcept override {}

private:
    std::vector<abi::Completion*> waits_;
};

}  // namespace penstock::guests

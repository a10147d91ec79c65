#pragma once

// The alarm policy's side of the library boundary. Plugin authors use alarm_policy.hpp, which says what each of these means.

#include <penstock/abi/plain.hpp>
#include <penstock/abi/settings.hpp>

namespace penstock::abi {

inline constexpr std::uint32_t kAlarmPolicyInterface = 2;

// Columns of equal length `count`.
struct PolicyInputColumns final {
    std::uint64_t count;
    const std::uint32_t* point;
    const double* number;
    const std::uint16_t* quality;  // QualityCode
    const std::int64_t* time_ns;  // monotonic: when it was so
    std::int64_t now_ns;  // monotonic
    const double* const* parameter;  // a column for each parameter of the shape, NaN where there is none
};

// Columns of the same length, the host's, filled with "nothing holds, never quiet, no look".
struct PolicyVerdictColumns final {
    std::uint8_t* holds;  // a bit an output
    double* quiet_low;
    double* quiet_high;
    std::int64_t* look_at_ns;
};

struct HeldColumns final {
    std::uint64_t count;
    const std::uint32_t* point;
    const std::uint8_t* holds;  // a bit an output
};

struct PolicyShapePlain final {
    const Text* outputs;
    const Text* parameters;
    std::uint32_t output_count, parameter_count;
    std::uint32_t wants_bad;  // 0 or 1
    std::uint32_t reserved;
};

// All on the engine's thread.
struct AlarmPolicyGuest {
    virtual void shape(PolicyShapePlain&, Fault&) noexcept = 0;  // valid as long as the guest
    virtual void resize(std::uint32_t points, Fault&) noexcept = 0;
    virtual void evaluate(const PolicyInputColumns& in, const PolicyVerdictColumns& out, Fault&) noexcept = 0;
    // Bytes valid until the next call.
    virtual Bytes save(std::int64_t now_ns, Fault&) noexcept = 0;
    virtual void restore(Bytes state, std::int64_t now_ns, Fault&) noexcept = 0;
    virtual void recall(const HeldColumns& held, Fault&) noexcept = 0;
    virtual void release() noexcept = 0;

protected:
    ~AlarmPolicyGuest() = default;
};

}  // namespace penstock::abi

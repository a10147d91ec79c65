#include <penstock/alarm_policy.hpp>
#include <penstock/detail/guard.hpp>

#include <utility>

namespace penstock::detail {
namespace {

// Columns cross as they are: what the class calls MonotonicTime and QualityCode is the number that crosses.
static_assert(sizeof(MonotonicTime) == sizeof(std::int64_t) && sizeof(QualityCode) == sizeof(std::uint16_t));

class AlarmPolicyAdapter final : public abi::AlarmPolicyGuest {
public:
    explicit AlarmPolicyAdapter(std::unique_ptr<AlarmPolicy> policy) : policy_(std::move(policy)) {}

    void shape(abi::PolicyShapePlain& plain, abi::Fault& fault) noexcept override {
        plain = {};
        guarded(fault, [&] {
            shape_ = policy_->shape();
            names_.clear();
            for (const auto& name : shape_.outputs) names_.push_back(abi::text(name));
            for (const auto& name : shape_.parameters) names_.push_back(abi::text(name));
            plain = {.outputs = names_.data(),
                     .parameters = names_.data() + shape_.outputs.size(),
                     .output_count = static_cast<std::uint32_t>(shape_.outputs.size()),
                     .parameter_count = static_cast<std::uint32_t>(shape_.parameters.size()),
                     .wants_bad = shape_.wants_bad ? 1U : 0U,
                     .reserved = 0};
        });
    }
    void resize(std::uint32_t points, abi::Fault& fault) noexcept override {
        guarded(fault, [&] { policy_->resize(points); });
    }
    void evaluate(const abi::PolicyInputColumns& in, const abi::PolicyVerdictColumns& out,
                  abi::Fault& fault) noexcept override {
        guarded(fault, [&] {
            const auto count = static_cast<std::size_t>(in.count);
            PolicyVerdicts verdicts{.holds = {out.holds, count},
                                    .quiet_low = {out.quiet_low, count},
                                    .quiet_high = {out.quiet_high, count},
                                    .look_at = {out.look_at_ns, count}};
            policy_->evaluate({.point = {in.point, count},
                               .number = {in.number, count},
                               .quality = {in.quality, count},
                               .time = {in.time_ns, count},
                               .now = monotonic_from_ns(in.now_ns),
                               .parameters = {in.parameter, shape_.parameters.size()}},
                              verdicts);
        });
    }
    abi::Bytes save(std::int64_t now_ns, abi::Fault& fault) noexcept override {
        guarded(fault, [&] { saved_ = policy_->save(monotonic_from_ns(now_ns)); });
        return {reinterpret_cast<const std::byte*>(saved_.data()), saved_.size()};
    }
    void restore(abi::Bytes state, std::int64_t now_ns, abi::Fault& fault) noexcept override {
        guarded(fault, [&] {
            policy_->restore({reinterpret_cast<const char*>(state.data), static_cast<std::size_t>(state.size)},
                             monotonic_from_ns(now_ns));
        });
    }
    void recall(const abi::HeldColumns& held, abi::Fault& fault) noexcept override {
        guarded(fault, [&] {
            for (std::uint64_t i = 0; i < held.count; ++i) policy_->recall(held.point[i], held.holds[i]);
        });
    }
    void release() noexcept override { delete this; }

private:
    std::unique_ptr<AlarmPolicy> policy_;
    PolicyShape shape_;
    std::vector<abi::Text> names_;
    std::string saved_;
};

}  // namespace

abi::AlarmPolicyGuest* adapt_alarm_policy(std::unique_ptr<AlarmPolicy> policy) {
    return new AlarmPolicyAdapter(std::move(policy));
}

}  // namespace penstock::detail

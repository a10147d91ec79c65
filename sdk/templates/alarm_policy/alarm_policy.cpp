// Tells when something has run for too long without a pause: a sump pump that no longer gets the water down.
#include <penstock/alarm_policy.hpp>
#include <penstock/plugin.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace {

using namespace penstock;

class RunsLong final : public AlarmPolicy {
public:
    explicit RunsLong(Settings) {}
    [[nodiscard]] PolicyShape shape() const override { return {.outputs = {"too_long"}, .parameters = {"minutes"}}; }
    void resize(std::size_t count) override { began_.assign(count, kStands); }

    void evaluate(const PolicyInputs& in, PolicyVerdicts& out) override {
        const auto minutes = in.parameter(0);
        for (std::size_t row = 0; row < in.size(); ++row) {
            auto& began = began_[in.point[row]];
            if (!(in.number[row] > 0)) {
                began = kStands;
                out.stay_quiet(row, -kInfinity, 0);
                continue;
            }
            if (began == kStands) began = in.time[row];
            const auto end = monotonic_from_ns(began) + longest(minutes[row]);
            if (in.now >= end)
                out.holds[row] = 1;
            else
                out.look_again(row, end);  // no value has to change for it
            out.stay_quiet(row, std::nextafter(0.0, 1.0), kInfinity);
        }
    }

    // How long each has run: times of this machine's clock mean nothing after a restart.
    [[nodiscard]] std::string save(MonotonicTime now) const override {
        std::string state;
        for (const auto began : began_) {
            const std::int64_t age = began == kStands ? kStands : to_ns(now) - began;
            state.append(reinterpret_cast<const char*>(&age), sizeof age);
        }
        return state;
    }
    void restore(std::string_view state, MonotonicTime now) override {
        if (state.size() != began_.size() * sizeof(std::int64_t))
            throw LinkError(ErrorCode::protocol, "the state is of another number of points");
        for (auto& began : began_) {
            std::int64_t age = 0;
            std::memcpy(&age, state.data(), sizeof age);
            state.remove_prefix(sizeof age);
            began = age == kStands ? kStands : to_ns(now) - age;
        }
    }

private:
    // What the site leaves out is NaN: then nothing is too long.
    static Duration longest(double minutes) {
        constexpr double kMost = 1e6;
        return Duration(std::llround(60e9 * (minutes >= 0 ? std::min(minutes, kMost) : kMost)));
    }

    static constexpr std::int64_t kStands = -1;
    std::vector<std::int64_t> began_;  // by point: since when it runs, ns of the monotonic clock
};

constexpr std::string_view kSchema = R"({"type": "object", "additionalProperties": false})";

}  // namespace

PENSTOCK_PLUGIN(RunsLong, "alarm_policy.runs_long", "1.0.0", kSchema);

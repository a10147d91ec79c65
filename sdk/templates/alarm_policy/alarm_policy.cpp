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
    void resize(std::size_t count) override { points_.resize(count); }

    // What the site leaves out is NaN: then nothing is too long.
    void set(PointId point, std::size_t, double minutes) override {
        constexpr double kMost = 1e6;
        points_[point].longest = Duration(std::llround(60e9 * (minutes >= 0 ? std::min(minutes, kMost) : kMost)));
    }

    void evaluate(const PolicyInputs& in, PolicyVerdicts& out) override {
        for (std::size_t row = 0; row < in.size(); ++row) {
            auto& point = points_[in.point[row]];
            if (!(in.number[row] > 0)) {
                point.began = kStands;
                out.stay_quiet(row, -kInfinity, 0);
                continue;
            }
            if (point.began == kStands) point.began = in.time[row];
            const auto end = monotonic_from_ns(point.began) + point.longest;
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
        for (const auto& point : points_) {
            const std::int64_t age = point.began == kStands ? kStands : now.time_since_epoch().count() - point.began;
            state.append(reinterpret_cast<const char*>(&age), sizeof age);
        }
        return state;
    }
    void restore(std::string_view state, MonotonicTime now) override {
        if (state.size() != points_.size() * sizeof(std::int64_t))
            throw LinkError(ErrorCode::protocol, "the state is of another number of points");
        for (auto& point : points_) {
            std::int64_t age = 0;
            std::memcpy(&age, state.data(), sizeof age);
            state.remove_prefix(sizeof age);
            point.began = age == kStands ? kStands : now.time_since_epoch().count() - age;
        }
    }

private:
    static constexpr std::int64_t kStands = -1;
    struct Point {
        Duration longest = std::chrono::hours(24 * 365);
        std::int64_t began = kStands;  // ns of the monotonic clock
    };
    std::vector<Point> points_;
};

constexpr std::string_view kSchema = R"({"type": "object", "additionalProperties": false})";

}  // namespace

PENSTOCK_PLUGIN(RunsLong, "alarm_policy.runs_long", "1.0.0", kSchema);

#pragma once

// More alarms than an operator can take (ISA-18.2, 16.5.2; EEMUA 191): the input counts starts of alarms, of an area say. A flood begins
// with more than `begins` starts within the window, and ends when there are fewer than `ends` in it.

#include <cstdint>
#include <vector>

#include <penstock/alarm_policy.hpp>

namespace penstock::flood {

// The newest starts of a counter: as many as can matter, so that a count up to `capacity` within any window is exact.
class Starts final {
public:
    explicit Starts(std::size_t capacity = 0) : times_(capacity) {}

    void add(std::int64_t time, std::size_t count);
    void keep(std::size_t capacity);  // from now on; the newest stay
    [[nodiscard]] std::size_t capacity() const noexcept { return times_.size(); }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] std::int64_t newest(std::size_t n) const noexcept;  // the n-th, from 1; precondition: n <= size()

private:
    std::vector<std::int64_t> times_;  // ns of the monotonic clock, a ring
    std::size_t next_ = 0, size_ = 0;
};

class Flood final : public AlarmPolicy {
public:
    static constexpr double kMostStarts = 10'000;  // that are counted

    explicit Flood(Settings) {}
    [[nodiscard]] PolicyShape shape() const override {
        return {.outputs = {"flood"}, .parameters = {"begins", "ends", "window_s"}, .wants_bad = false};
    }
    void resize(std::size_t count) override { points_.resize(count); }
    void evaluate(const PolicyInputs& in, PolicyVerdicts& out) override;
    [[nodiscard]] std::string save(MonotonicTime now) const override;
    void restore(std::string_view state, MonotonicTime now) override;
    void recall(PointId point, std::uint8_t holds) override { points_[point].holds = (holds & 1U) != 0; }

private:
    struct Point {
        double counter = 0;
        bool is_known = false;  // the counter
        bool holds = false;
        Starts starts;  // as many as make a flood

        void count(double number, std::int64_t time);
        // At least n starts are newer.
        [[nodiscard]] bool has(std::size_t n, std::int64_t since) const noexcept;
    };
    std::vector<Point> points_;
};

}  // namespace penstock::flood

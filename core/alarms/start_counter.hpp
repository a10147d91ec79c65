#pragma once

// How often something began: in steps of 10 s over an hour, in steps of 10 minutes over a day, and whether that is a flood.

#include <array>
#include <cstdint>

namespace penstock::alarms {

class StartCounter final {
public:
    // ISA-18.2 16.5: a flood begins above 10 in 10 minutes, and ends below 5.
    static constexpr std::uint32_t kFloodBegins = 10, kFloodEnds = 5;

    // Seconds UTC. Time that goes back stands still.
    void count(std::int64_t second, bool is_urgent);
    void move_to(std::int64_t second);

    [[nodiscard]] std::uint32_t in_10min() const noexcept { return in_10min_; }
    [[nodiscard]] std::uint32_t in_hour() const noexcept { return in_hour_; }
    [[nodiscard]] std::uint32_t in_day() const noexcept;
    [[nodiscard]] std::uint32_t urgent_in_day() const noexcept;
    [[nodiscard]] std::uint32_t peak_10min() const noexcept;  // of the last day
    [[nodiscard]] bool is_in_flood() const noexcept { return is_flood_; }
    [[nodiscard]] double share_in_flood() const noexcept;  // of the last day, 0 to 1

private:
    static constexpr std::int64_t kSecondsAStep = 10, kStepsACoarse = 60;
    static constexpr std::int64_t kSteps = 360, kCoarses = 144;
    struct Coarse {
        std::uint32_t starts = 0, urgent = 0, peak = 0, flood_steps = 0;
    };
    [[nodiscard]] std::uint32_t& fine(std::int64_t step) { return fine_[static_cast<std::size_t>(step % kSteps)]; }
    [[nodiscard]] Coarse& coarse() { return coarse_[static_cast<std::size_t>(step_ / kStepsACoarse % kCoarses)]; }
    void next_step();
    void judge_flood();

    std::array<std::uint32_t, kSteps> fine_{};
    std::array<Coarse, kCoarses> coarse_{};
    std::int64_t step_ = -1;  // that is being counted
    std::uint32_t in_10min_ = 0, in_hour_ = 0;
    bool is_flood_ = false;
};

}  // namespace penstock::alarms

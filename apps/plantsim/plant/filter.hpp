// One rapid sand filter: it clogs with what it holds back, and a backwash sequence makes it clean again.
//
//   filtering -> closing -> scouring (air) -> washing (clear water, backwards) -> settling -> rinsing -> filtering
//
// A wash goes on from `closing` only while the filter has the turn (one filter at a time) and its inlet is closed; with
// an inlet that is stuck it stays in `closing`, filters on as far as the valve is open, and shows the valve fault.
#pragma once

#include <cstdint>

#include "apps/plantsim/plant/units.hpp"
#include "apps/plantsim/plant/valve.hpp"

namespace penstock::plantsim {

enum class FilterState : std::uint8_t { filtering, closing, scouring, washing, settling, rinsing };

class Filter {
public:
    struct Inputs {
        double share_m3h;  // what the filtration control asks of this filter
        double raw_level_m;
        bool has_turn;
    };

    static constexpr double kWashFlow_m3h = 250.0;
    static constexpr double kRinseFlow_m3h = 60.0;

    // `clogging` is the share of the dirt capacity in use, 0 clean to 1 full.
    explicit Filter(double clogging) : inlet_(Seconds{40}, true), clogging_(clogging) {}

    // Starts a backwash; ignored while one is under way.
    void start_wash();
    void step(const Inputs& inputs, Seconds dt);

    // Tells the filter how much water of which turbidity went through it in this step.
    void load(double volume_m3, double turbidity_ntu);

    FilterState state() const { return state_; }
    double clogging() const { return clogging_; }
    Seconds since_wash() const { return since_wash_; }
    std::uint32_t washes() const { return washes_; }
    // Pressure lost across the bed at the present flow.
    double head_loss_bar() const;

    // The flows of this step: raw water to clear tank, clear water to sewer, raw water to sewer.
    double filtered_m3h() const { return filtered_m3h_; }
    double wash_m3h() const { return state_ == FilterState::washing ? kWashFlow_m3h : 0.0; }
    double rinse_m3h() const { return state_ == FilterState::rinsing ? kRinseFlow_m3h * inlet_.position() : 0.0; }

    Valve& inlet() { return inlet_; }
    const Valve& inlet() const { return inlet_; }

private:
    void advance(bool has_turn, Seconds dt);
    void enter(FilterState state);

    Valve inlet_;
    FilterState state_ = FilterState::filtering;
    Seconds in_state_{0};
    Seconds since_wash_{0};
    double clogging_;
    double filtered_m3h_ = 0.0;
    std::uint32_t washes_ = 0;
};

}  // namespace penstock::plantsim

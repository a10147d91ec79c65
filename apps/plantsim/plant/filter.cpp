#include "apps/plantsim/plant/filter.hpp"

#include <algorithm>
#include <cmath>

namespace penstock::plantsim {
namespace {

constexpr Seconds kScour{180};
constexpr Seconds kWash{360};
constexpr Seconds kSettle{60};
constexpr Seconds kRinse{180};

constexpr double kCapacity_m3h = 160.0;  // clean bed, raw tank at its usual 3.4 m
constexpr double kUsualLevel_m = 3.4;
constexpr double kUsualFlow_m3h = 80.0;
constexpr double kDirtCapacity = 2800.0;  // NTU * m3 until the bed is full

}  // namespace

void Filter::start_wash() {
    if (state_ == FilterState::filtering) enter(FilterState::closing);
}

void Filter::step(const Inputs& inputs, Seconds dt) {
    advance(inputs.has_turn, dt);
    inlet_.step(dt);
    since_wash_ += dt;
    filtered_m3h_ = 0.0;
    if (state_ != FilterState::filtering && state_ != FilterState::closing) return;
    const double head = std::sqrt(std::max(0.0, inputs.raw_level_m) / kUsualLevel_m);
    const double capacity_m3h = kCapacity_m3h * head / (1.0 + clogging_);
    filtered_m3h_ = std::min(inputs.share_m3h, capacity_m3h) * inlet_.position();
}

void Filter::load(double volume_m3, double turbidity_ntu) { clogging_ += volume_m3 * turbidity_ntu / kDirtCapacity; }

double Filter::head_loss_bar() const { return (0.06 + 0.29 * clogging_) * filtered_m3h_ / kUsualFlow_m3h; }

void Filter::enter(FilterState state) {
    state_ = state;
    in_state_ = Seconds{0};
    inlet_.command(state == FilterState::filtering || state == FilterState::rinsing);
}

void Filter::advance(bool has_turn, Seconds dt) {
    in_state_ += dt;
    switch (state_) {
        case FilterState::filtering: return;
        case FilterState::closing:
            if (inlet_.is_closed() && has_turn) enter(FilterState::scouring);
            return;
        case FilterState::scouring:
            if (in_state_ >= kScour) enter(FilterState::washing);
            return;
        case FilterState::washing:
            clogging_ *= std::exp(-dt.count() / 90.0);
            if (in_state_ >= kWash) enter(FilterState::settling);
            return;
        case FilterState::settling:
            if (in_state_ >= kSettle) enter(FilterState::rinsing);
            return;
        case FilterState::rinsing:
            if (in_state_ < kRinse || !inlet_.is_open()) return;
            since_wash_ = Seconds{0};
            ++washes_;
            enter(FilterState::filtering);
    }
}

}  // namespace penstock::plantsim

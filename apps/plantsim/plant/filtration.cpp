#include "apps/plantsim/plant/filtration.hpp"

#include <algorithm>
#include <numeric>

namespace penstock::plantsim {
namespace {

// Head loss must be over its limit for so long: a gust of flow is no reason to wash.
constexpr Seconds kOverLimit{60};

bool is_in_service(const Filter& filter) { return filter.state() == FilterState::filtering; }

// It could begin to wash, or waits in `closing` for its turn with the inlet already shut.
bool is_waiting(const Filter& filter) {
    return is_in_service(filter) || (filter.state() == FilterState::closing && filter.inlet().is_closed());
}

template <class Flow>
double sum(const std::array<Filter, Filtration::kFilters>& filters, Flow flow) {
    return std::accumulate(filters.begin(), filters.end(), 0.0,
                           [&](double total, const Filter& filter) { return total + (filter.*flow)(); });
}

}  // namespace

// Staggered beds, so that the filters come due one after the other.
Filtration::Filtration() : filters_{Filter{0.94}, Filter{0.62}, Filter{0.36}, Filter{0.12}} {}

void Filtration::step(const Inputs& inputs, Seconds dt) {
    give_turn(inputs.wash_permitted);
    const auto in_service = std::ranges::count_if(filters_, is_in_service);
    const double wanted_m3h = inputs.enabled ? inputs.wanted_m3h : 0.0;
    const double share_m3h = wanted_m3h / static_cast<double>(std::max<std::ptrdiff_t>(in_service, 1));
    for (std::size_t i = 0; i < kFilters; ++i) {
        filters_[i].step({share_m3h, inputs.raw_level_m, turn_ == i}, dt);
        const bool over = filters_[i].head_loss_bar() > wash_head_loss_bar_;
        over_limit_[i] = over ? over_limit_[i] + dt : Seconds{0};
    }
}

void Filtration::give_turn(bool wash_permitted) {
    if (turn_ != kNobody) {
        const Filter& washing = filters_[turn_];
        // A filter whose inlet does not close must not keep the others dirty.
        if (!is_in_service(washing) && !washing.inlet().has_travel_fault()) return;
        turn_ = kNobody;
    }
    if (!wash_permitted) return;
    turn_ = next_to_wash();
    if (turn_ == kNobody) return;
    requested_[turn_] = false;
    filters_[turn_].start_wash();
}

void Filtration::request_wash(std::size_t index, bool wish) { requested_[index] = wish && is_in_service(filters_[index]); }

bool Filtration::wants_wash(std::size_t index) const {
    const Filter& filter = filters_[index];
    if (!is_waiting(filter)) return false;
    return !is_in_service(filter) || requested_[index] || over_limit_[index] > kOverLimit
           || filter.since_wash() > wash_interval_;
}

std::size_t Filtration::next_to_wash() const {
    std::size_t best = kNobody;
    for (std::size_t i = 0; i < kFilters; ++i) {
        if (!wants_wash(i)) continue;
        if (requested_[i]) return i;
        if (best == kNobody || filters_[i].clogging() > filters_[best].clogging()) best = i;
    }
    return best;
}

double Filtration::filtered_m3h() const { return sum(filters_, &Filter::filtered_m3h); }
double Filtration::wash_m3h() const { return sum(filters_, &Filter::wash_m3h); }
double Filtration::rinse_m3h() const { return sum(filters_, &Filter::rinse_m3h); }

}  // namespace penstock::plantsim

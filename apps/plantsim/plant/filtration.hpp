// The filter house: shares the wanted flow among the filters and gives them the backwash turn, one at a time.
#pragma once

#include <array>
#include <cstddef>

#include "apps/plantsim/plant/filter.hpp"

namespace penstock::plantsim {

class Filtration {
public:
    static constexpr std::size_t kFilters = 4;

    struct Inputs {
        bool enabled;
        double wanted_m3h;   // all filters together
        double raw_level_m;
        bool wash_permitted; // enough clear water in store
    };

    Filtration();

    void step(const Inputs& inputs, Seconds dt);

    // The operator's wish to wash filter `index`; it waits for its turn and can be taken back until then. A filter that is
    // being washed takes no further wish.
    void request_wash(std::size_t index, bool wish);
    bool is_wash_requested(std::size_t index) const { return requested_[index]; }

    void set_wash_head_loss_bar(double limit) { wash_head_loss_bar_ = limit; }
    double wash_head_loss_bar() const { return wash_head_loss_bar_; }
    void set_wash_interval(Seconds interval) { wash_interval_ = interval; }
    Seconds wash_interval() const { return wash_interval_; }

    double filtered_m3h() const;
    double wash_m3h() const;
    double rinse_m3h() const;

    std::array<Filter, kFilters>& filters() { return filters_; }
    const std::array<Filter, kFilters>& filters() const { return filters_; }

private:
    static constexpr std::size_t kNobody = kFilters;

    void give_turn(bool wash_permitted);
    bool wants_wash(std::size_t index) const;
    std::size_t next_to_wash() const;

    std::array<Filter, kFilters> filters_;
    std::array<bool, kFilters> requested_{};
    std::array<Seconds, kFilters> over_limit_{};
    std::size_t turn_ = kNobody;
    double wash_head_loss_bar_ = 0.35;
    Seconds wash_interval_{24 * 3600};
};

}  // namespace penstock::plantsim

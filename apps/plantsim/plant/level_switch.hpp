// A float switch with a dead band: on at one level, off again at another.
#pragma once

namespace penstock::plantsim {

class LevelSwitch {
public:
    // `on` below `off` makes a low-level switch, `on` above `off` a high-level switch.
    LevelSwitch(double on_m, double off_m) : on_m_(on_m), off_m_(off_m) {}

    bool update(double level_m) {
        const bool low = on_m_ < off_m_;
        if (low ? level_m <= on_m_ : level_m >= on_m_) active_ = true;
        if (low ? level_m >= off_m_ : level_m <= off_m_) active_ = false;
        return active_;
    }

    bool is_active() const { return active_; }

private:
    double on_m_;
    double off_m_;
    bool active_ = false;
};

}  // namespace penstock::plantsim

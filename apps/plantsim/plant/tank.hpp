// A tank with vertical walls and an overflow weir at its rim.
#pragma once

namespace penstock::plantsim {

class Tank {
public:
    // `height_m` is the height of the weir; `level_m` is the level to begin with.
    Tank(double area_m2, double height_m, double level_m);

    double level_m() const { return volume_m3_ / area_m2_; }
    double volume_m3() const { return volume_m3_; }
    double height_m() const { return height_m_; }

    // Fills in `volume`; answers what ran over the weir.
    [[nodiscard]] double add(double volume_m3);

    // Takes out up to `volume`; answers what was really there to take.
    [[nodiscard]] double take(double volume_m3);

private:
    double area_m2_;
    double height_m_;
    double volume_m3_;
};

}  // namespace penstock::plantsim

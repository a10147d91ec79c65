#include "apps/plantsim/point.hpp"

#include <array>

namespace penstock::plantsim {

std::string Point::address_text() const {
    static constexpr std::array kKinds{"coil", "discrete", "input", "holding"};
    static constexpr std::array kRaws{"", "", ":int16", ":uint32", ":float32"};
    std::string text = kKinds[static_cast<std::size_t>(kind)];
    text += ":" + std::to_string(address);
    if (bit >= 0) text += "." + std::to_string(bit);
    text += kRaws[static_cast<std::size_t>(raw)];
    if (order == WordOrder::cdab) text += ":cdab";
    return text;
}

}  // namespace penstock::plantsim

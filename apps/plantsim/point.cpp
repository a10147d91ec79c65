#include "apps/plantsim/point.hpp"

#include <array>

namespace penstock::plantsim {

namespace {

constexpr std::array kKinds{"coil", "discrete", "input", "holding"};
constexpr std::array kRaws{"", "", ":int16", ":uint32", ":float32"};

}  // namespace

std::string Point::address_text() const {
    std::string text = kKinds[static_cast<std::size_t>(kind)];
    text += ":" + std::to_string(address);
    if (bit >= 0) text += "." + std::to_string(bit);
    text += kRaws[static_cast<std::size_t>(raw)];
    if (order == WordOrder::cdab) text += ":cdab";
    return text;
}

}  // namespace penstock::plantsim

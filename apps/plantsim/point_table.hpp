// The register map, in one place: the server, `plantsim --map` and the tests are made from this table.
//
// Input registers and discrete inputs are what the works measure, holding registers and coils are what an operator sets.
// Analog values are 0..27648 in an unsigned register, as many controllers give them, or float32 in two registers; counters
// are uint32 in two registers. The upper register comes first, except in the block of the chlorine analyser
// (input 110..113, holding 4..5), which has the lower one first. Registers between the points read as 0.
#pragma once

#include <span>

#include "apps/plantsim/point.hpp"

namespace penstock::plantsim {

// Sorted by area of the works, from the river to the town.
std::span<const Point> point_table();

}  // namespace penstock::plantsim

// The register map for people (`--map`) and for programs (`--map=csv`).
#pragma once

#include <string>

namespace penstock::plantsim {

// A table with aligned columns, one line per point.
std::string map_table();

// The same with a header line, separated by commas, texts with commas or quotes in double quotes:
// name,address,type,unit,access,low,high,raw_low,raw_high,area,scan_class,description
// Scaling applies where low..high and raw_low..raw_high differ.
std::string map_csv();

}  // namespace penstock::plantsim

#pragma once

#include <cstdint>
#include <filesystem>

namespace penstock::bench {

// A data folder as if the site had run for long: `values` values of the signals in the archive, the last of them a moment ago. Written by
// the server's own parts, through journal and historian. Ends the program if that fails.
void fill_plant(const std::filesystem::path& data, const std::filesystem::path& site, std::uint64_t values);

}  // namespace penstock::bench

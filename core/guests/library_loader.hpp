#pragma once

#include <filesystem>

#include <penstock/abi/plugin.hpp>
#include <penstock/result.hpp>

namespace penstock::guests {

// Maps the library for good, with its own symbols to itself and all of them resolved now, and finds its factory. Its static
// constructors run here. Error invalid_config: the dynamic linker's own words. [worker]
[[nodiscard]] Result<abi::Factory*> load_for_good(const std::filesystem::path& library);

}  // namespace penstock::guests

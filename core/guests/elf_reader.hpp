#pragma once

// Finds one section of an ELF shared library in memory, believing nothing that the file says about itself.

#include <cstddef>
#include <span>
#include <string_view>

#include <penstock/result.hpp>

namespace penstock::guests {

// The bytes of the section `name` of a 64-bit library for this machine; they lie in `file`. Also makes sure that every
// loadable segment lies inside the file, so that a cut-off library is refused here and not by a crash when it is mapped.
// Error invalid_config: what was found and what was wanted, without the file's name. Never throws otherwise, never reads
// outside `file`. [any-thread]
[[nodiscard]] Result<std::span<const std::byte>> find_elf_section(std::span<const std::byte> file, std::string_view name);

}  // namespace penstock::guests

#pragma once

// An ELF shared library in memory, read without believing anything that it says about itself.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <penstock/result.hpp>

namespace penstock::guests {

// A view: the bytes outlive it. Never throws but for memory, never reads outside the bytes. [any-thread]
class ElfLibrary {
public:
    using Bytes = std::span<const std::byte>;

    // A 64-bit library for this machine, all of whose loadable segments lie inside the bytes: one that was cut off is refused
    // here and not by a crash when it is mapped. Error invalid_config: what was found and wanted, without the file's name.
    [[nodiscard]] static Result<ElfLibrary> open(Bytes file);

    // The bytes of the only section with this name. Error invalid_config.
    [[nodiscard]] Result<Bytes> section(std::string_view name) const;

    // True if the library defines this symbol for others.
    [[nodiscard]] bool exports(std::string_view symbol) const;

private:
    ElfLibrary(Bytes file, Bytes headers, Bytes names) : file_(file), headers_(headers), names_(names) {}
    Bytes file_;
    Bytes headers_;  // the section headers, side by side
    Bytes names_;  // the names of the sections
};

}  // namespace penstock::guests

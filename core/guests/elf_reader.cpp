#include "core/guests/elf_reader.hpp"

#include <elf.h>

#include <cstring>
#include <optional>
#include <string>
#include <type_traits>

// ELF: System V ABI, edition 4.1, chapters 4 and 5; constants from the system's <elf.h>.

namespace penstock::guests {
namespace {

using File = ElfLibrary::Bytes;

#if defined(__x86_64__)
constexpr unsigned kMachine = EM_X86_64;
constexpr std::string_view kMachineName = "x86-64";
#elif defined(__aarch64__)
constexpr unsigned kMachine = EM_AARCH64;
constexpr std::string_view kMachineName = "AArch64";
#elif defined(__riscv)
constexpr unsigned kMachine = EM_RISCV;
constexpr std::string_view kMachineName = "RISC-V";
#else
#error "plugins are not known to work on this processor: add its ELF machine number"
#endif

std::unexpected<Error> refuse(std::string sentence) { return fail(ErrorCode::invalid_config, std::move(sentence)); }

// True if [offset, offset + size) lies in the file; no sum that could overflow.
bool lies_inside(File file, std::uint64_t offset, std::uint64_t size) {
    return offset <= file.size() && size <= file.size() - offset;
}

// A structure of the file, copied out because nothing says that it is aligned.
template <class T>
std::optional<T> copy_at(File file, std::uint64_t offset) {
    static_assert(std::is_trivially_copyable_v<T>);
    if (!lies_inside(file, offset, sizeof(T))) return std::nullopt;
    T object;
    std::memcpy(&object, file.data() + offset, sizeof(T));
    return object;
}

std::string number(std::uint64_t n) { return std::to_string(n); }

Result<Elf64_Ehdr> read_header(File file) {
    if (file.empty()) return refuse("the file is empty; wanted an ELF shared library");
    if (file.size() < SELFMAG || std::memcmp(file.data(), ELFMAG, SELFMAG) != 0) {
        return refuse("the file does not begin as an ELF file; wanted a shared library");
    }
    if (file.size() < sizeof(Elf64_Ehdr)) {
        return refuse("the file is cut off: it has " + number(file.size()) + " bytes, less than an ELF header");
    }
    const Elf64_Ehdr header = *copy_at<Elf64_Ehdr>(file, 0);
    if (header.e_ident[EI_CLASS] == ELFCLASS32) return refuse("the library is a 32-bit one; wanted a 64-bit one: rebuild it");
    if (header.e_ident[EI_CLASS] != ELFCLASS64) return refuse("the ELF header is damaged: its class is neither 32 nor 64 bits");
    if (header.e_ident[EI_DATA] != ELFDATA2LSB) return refuse("the library is not little-endian; wanted a little-endian one");
    if (header.e_ident[EI_VERSION] != EV_CURRENT || header.e_version != EV_CURRENT) {
        return refuse("the ELF header is damaged: its version is not 1");
    }
    const unsigned os = header.e_ident[EI_OSABI];
    if (os != ELFOSABI_SYSV && os != ELFOSABI_GNU) {
        return refuse("the library is for operating system number " + number(os) + "; wanted Linux (0 or 3)");
    }
    if (header.e_type != ET_DYN) {
        return refuse("the ELF file is of type " + number(header.e_type) + "; wanted a shared library (3)");
    }
    if (header.e_machine != kMachine) {
        return refuse("the library is for processor number " + number(header.e_machine) + "; wanted "
                      + std::string(kMachineName) + " (" + number(kMachine) + "): rebuild it for this machine");
    }
    return header;
}

Result<void> check_segments(File file, const Elf64_Ehdr& header) {
    if (header.e_phentsize != sizeof(Elf64_Phdr) || header.e_phnum == 0 || header.e_phnum == PN_XNUM) {
        return refuse("the ELF header is damaged: it names no usable program headers");
    }
    bool is_loadable = false;
    for (std::uint64_t i = 0; i < header.e_phnum; ++i) {
        if (header.e_phoff > file.size()) return refuse("the file is cut off: its program headers are missing");
        const auto segment = copy_at<Elf64_Phdr>(file, header.e_phoff + i * sizeof(Elf64_Phdr));
        if (!segment) return refuse("the file is cut off: its program headers are missing");
        if (segment->p_type != PT_LOAD) continue;
        is_loadable = true;
        if (!lies_inside(file, segment->p_offset, segment->p_filesz)) {
            return refuse("the file is cut off or damaged: it has " + number(file.size()) + " bytes, and segment " + number(i)
                          + " does not lie inside them");
        }
        if (segment->p_memsz < segment->p_filesz)
            return refuse("the file is damaged: segment " + number(i) + " is larger than its memory");
    }
    if (!is_loadable) return refuse("the file is damaged: it has nothing to load");
    return {};
}

// The section's name in the table of names; empty if it does not lie there or does not end.
std::string_view name_of(File names, std::uint32_t offset) {
    if (offset >= names.size()) return {};
    const auto* start = reinterpret_cast<const char*>(names.data()) + offset;
    const auto room = names.size() - offset;
    const auto* end = static_cast<const char*>(std::memchr(start, '\0', room));
    return end == nullptr ? std::string_view() : std::string_view(start, static_cast<std::size_t>(end - start));
}

Result<File> bytes_of(File file, const Elf64_Shdr& section, std::string_view what) {
    if (section.sh_type == SHT_NOBITS || !lies_inside(file, section.sh_offset, section.sh_size)) {
        return refuse("the file is cut off or damaged: " + std::string(what) + " does not lie inside its " + number(file.size())
                      + " bytes");
    }
    return file.subspan(section.sh_offset, section.sh_size);
}

Result<File> section_headers(File file, const Elf64_Ehdr& header) {
    if (header.e_shnum == 0 || header.e_shoff == 0) {
        return refuse("the library has no section headers (sstrip?), so no plugin manifest can be found; link it without");
    }
    const std::uint64_t size = std::uint64_t{header.e_shnum} * sizeof(Elf64_Shdr);
    if (header.e_shentsize != sizeof(Elf64_Shdr) || !lies_inside(file, header.e_shoff, size)) {
        return refuse("the file is cut off or damaged: its section headers do not lie inside its " + number(file.size())
                      + " bytes");
    }
    return file.subspan(header.e_shoff, size);
}

std::size_t count(File section_headers) { return section_headers.size() / sizeof(Elf64_Shdr); }

Elf64_Shdr header_at(File section_headers, std::size_t index) {
    return *copy_at<Elf64_Shdr>(section_headers, index * sizeof(Elf64_Shdr));
}

}  // namespace

Result<ElfLibrary> ElfLibrary::open(Bytes file) {
    const auto header = read_header(file);
    if (!header) return std::unexpected(header.error());
    if (const auto segments = check_segments(file, *header); !segments) return std::unexpected(segments.error());
    const auto headers = section_headers(file, *header);
    if (!headers) return std::unexpected(headers.error());
    if (header->e_shstrndx >= header->e_shnum) return refuse("the file is damaged: its table of section names is not there");
    const auto names = bytes_of(file, header_at(*headers, header->e_shstrndx), "the table of section names");
    if (!names) return std::unexpected(names.error());
    return ElfLibrary(file, *headers, *names);
}

Result<ElfLibrary::Bytes> ElfLibrary::section(std::string_view name) const {
    std::optional<Elf64_Shdr> found;
    for (std::size_t i = 0; i < count(headers_); ++i) {
        const auto section = header_at(headers_, i);
        if (name_of(names_, section.sh_name) != name) continue;
        if (found) {
            return refuse("the library has two sections " + std::string(name)
                          + "; wanted one: PENSTOCK_PLUGIN stands once in a library");
        }
        found = section;
    }
    if (!found) {
        return refuse("the library has no section " + std::string(name)
                      + ": it is no Penstock plugin, or was linked without PENSTOCK_PLUGIN");
    }
    return bytes_of(file_, *found, "section " + std::string(name));
}

bool ElfLibrary::exports(std::string_view symbol) const {
    for (std::size_t i = 0; i < count(headers_); ++i) {
        const auto section = header_at(headers_, i);
        if (section.sh_type != SHT_DYNSYM || section.sh_link >= count(headers_)) continue;
        const auto symbols = bytes_of(file_, section, "the table of symbols");
        const auto names = bytes_of(file_, header_at(headers_, section.sh_link), "the names of symbols");
        if (!symbols || !names) continue;
        for (std::size_t at = 0; at + sizeof(Elf64_Sym) <= symbols->size(); at += sizeof(Elf64_Sym)) {
            const Elf64_Sym entry = *copy_at<Elf64_Sym>(*symbols, at);
            const bool is_shown = ELF64_ST_BIND(entry.st_info) != STB_LOCAL && entry.st_shndx != SHN_UNDEF;
            if (is_shown && name_of(*names, entry.st_name) == symbol) return true;
        }
    }
    return false;
}

}  // namespace penstock::guests

#include "tests/core/guests/support/bytes.hpp"

#include <elf.h>
#include <stdlib.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <span>
#include <stdexcept>

#include "core/guests/elf_reader.hpp"

namespace penstock::guests::testing {
namespace {

template <class T>
void put(Bytes& out, std::size_t offset, const T& object) {
    if (out.size() < offset + sizeof(T)) out.resize(offset + sizeof(T));
    std::memcpy(out.data() + offset, &object, sizeof(T));
}

void put_number(std::string& out, std::uint32_t number) {
    for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(static_cast<unsigned char>(number >> shift)));
}

Bytes to_bytes(const std::string& text) {
    const auto view = std::as_bytes(std::span(text));
    return {view.begin(), view.end()};
}

}  // namespace

Bytes manifest_bytes(const ManifestFields& fields) {
    std::string body;
    put_number(body, fields.interface_version);
    for (const auto* text : {&fields.kind, &fields.id, &fields.version, &fields.build_tag, &fields.compiler,
                             &fields.imgui_version, &fields.settings_schema}) {
        put_number(body, static_cast<std::uint32_t>(text->size()));
        body += *text;
    }
    std::string out = fields.magic;
    put_number(out, fields.format);
    put_number(out, fields.size.value_or(static_cast<std::uint32_t>(fields.magic.size() + 8 + body.size() + 4)));
    out += body;
    put_number(out, detail::crc32(out.data(), out.size()) ^ fields.crc_error);
    return to_bytes(out);
}

Bytes library_with_section(const std::string& name, const Bytes& content) {
    const std::string names = std::string(1, '\0') + name + '\0' + ".shstrtab" + '\0';
    const std::size_t content_at = sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr);
    const std::size_t names_at = content_at + content.size();
    const std::size_t sections_at = names_at + names.size();

    Elf64_Ehdr header = {};
    std::memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = ELFCLASS64;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_ident[EI_VERSION] = EV_CURRENT;
    header.e_type = ET_DYN;
#if defined(__aarch64__)
    header.e_machine = EM_AARCH64;
#elif defined(__riscv)
    header.e_machine = EM_RISCV;
#else
    header.e_machine = EM_X86_64;
#endif
    header.e_version = EV_CURRENT;
    header.e_phoff = sizeof(Elf64_Ehdr);
    header.e_shoff = sections_at;
    header.e_ehsize = sizeof(Elf64_Ehdr);
    header.e_phentsize = sizeof(Elf64_Phdr);
    header.e_phnum = 1;
    header.e_shentsize = sizeof(Elf64_Shdr);
    header.e_shnum = 3;
    header.e_shstrndx = 2;

    Elf64_Phdr segment = {};
    segment.p_type = PT_LOAD;
    segment.p_filesz = segment.p_memsz = names_at;

    Elf64_Shdr section = {};
    section.sh_name = 1;
    section.sh_type = SHT_PROGBITS;
    section.sh_offset = content_at;
    section.sh_size = content.size();
    Elf64_Shdr name_table = {};
    name_table.sh_name = static_cast<std::uint32_t>(name.size() + 2);
    name_table.sh_type = SHT_STRTAB;
    name_table.sh_offset = names_at;
    name_table.sh_size = names.size();

    Bytes out;
    put(out, 0, header);
    put(out, sizeof(Elf64_Ehdr), segment);
    out.insert(out.end(), content.begin(), content.end());
    const auto name_bytes = to_bytes(names);
    out.insert(out.end(), name_bytes.begin(), name_bytes.end());
    put(out, sections_at, Elf64_Shdr{});
    put(out, sections_at + sizeof(Elf64_Shdr), section);
    put(out, sections_at + 2 * sizeof(Elf64_Shdr), name_table);
    return out;
}

Bytes with_manifest(Bytes library, const ManifestFields& fields) {
    const auto elf = ElfLibrary::open(library);
    if (!elf) throw std::runtime_error(elf.error().text());
    const auto section = elf->section(".penstock");
    if (!section) throw std::runtime_error(section.error().text());
    const auto manifest = manifest_bytes(fields);
    if (manifest.size() > section->size()) throw std::runtime_error("the new manifest does not fit into the old one's room");
    const auto offset = section->data() - library.data();
    std::memcpy(library.data() + offset, manifest.data(), manifest.size());
    return library;
}

Bytes read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) throw std::runtime_error("cannot read " + path.string());
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    return to_bytes(text);
}

void write_file(const std::filesystem::path& path, const Bytes& bytes) {
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    if (!out.flush()) throw std::runtime_error("cannot write " + path.string());
}

TemporaryFolder::TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "penstock-test-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a temporary folder");
    path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace penstock::guests::testing

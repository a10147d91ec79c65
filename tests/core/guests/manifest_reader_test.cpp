#include "core/guests/manifest_reader.hpp"

#include <elf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <functional>
#include <random>

#include "core/guests/elf_reader.hpp"
#include "core/guests/plugin_judge.hpp"
#include "tests/core/guests/support/bytes.hpp"

namespace penstock::guests {
namespace {

using testing::Bytes;
using ::testing::HasSubstr;
using testing::ManifestFields;

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr int kMutations = 20'000;
#else
constexpr int kMutations = 200'000;
#endif
#else
constexpr int kMutations = 200'000;
#endif

Bytes good_plugin() { return testing::read_file(PENSTOCK_GUEST_DIR "/good.so"); }

std::string refusal_of(const Bytes& library) {
    const auto manifest = read_manifest(library);
    return manifest ? "no refusal" : manifest.error().sentence();
}

// A small library whose header was bent.
std::string refusal_with(const std::function<void(Elf64_Ehdr&)>& bend) {
    auto library = testing::library_with_section(".penstock", testing::manifest_bytes({}));
    Elf64_Ehdr header;
    std::memcpy(&header, library.data(), sizeof(header));
    bend(header);
    std::memcpy(library.data(), &header, sizeof(header));
    return refusal_of(library);
}

std::string refusal_of_manifest(const ManifestFields& fields) {
    return refusal_of(testing::library_with_section(".penstock", testing::manifest_bytes(fields)));
}

TEST(ManifestReader, ReadsTheManifestOfABuiltPlugin) {
    const auto library = good_plugin();
    const auto manifest = read_manifest(library);
    ASSERT_TRUE(manifest) << manifest.error().text();
    EXPECT_EQ(manifest->kind, "driver");
    EXPECT_EQ(manifest->id, "driver.good");
    EXPECT_EQ(manifest->version, "1.2.3");
    EXPECT_EQ(manifest->interface_version, abi::kDriverInterface);
    EXPECT_EQ(manifest->build_tag, detail::kBuildTag);
    EXPECT_TRUE(manifest->has_factory);
    EXPECT_EQ(manifest->imgui_version, "");
    EXPECT_THAT(manifest->settings_schema, HasSubstr("\"properties\""));
}

TEST(ManifestReader, TakesTheOperatingSystemNumbersOfLinux) {
    EXPECT_EQ(refusal_with([](Elf64_Ehdr& h) { h.e_ident[EI_OSABI] = ELFOSABI_SYSV; }), "no refusal");
    EXPECT_EQ(refusal_with([](Elf64_Ehdr& h) { h.e_ident[EI_OSABI] = ELFOSABI_GNU; }), "no refusal");
    EXPECT_THAT(refusal_with([](Elf64_Ehdr& h) { h.e_ident[EI_OSABI] = ELFOSABI_FREEBSD; }),
                HasSubstr("operating system number 9"));
}

TEST(ManifestReader, RefusesFilesThatAreNoLibrariesOfThisMachine) {
    EXPECT_THAT(refusal_of({}), HasSubstr("empty"));
    EXPECT_THAT(refusal_of(Bytes(100, std::byte{'x'})), HasSubstr("does not begin as an ELF file"));
    EXPECT_THAT(refusal_with([](Elf64_Ehdr& h) { h.e_ident[EI_CLASS] = ELFCLASS32; }), HasSubstr("32-bit"));
    EXPECT_THAT(refusal_with([](Elf64_Ehdr& h) { h.e_ident[EI_DATA] = ELFDATA2MSB; }), HasSubstr("little-endian"));
    EXPECT_THAT(refusal_with([](Elf64_Ehdr& h) { h.e_machine = EM_SPARCV9; }), HasSubstr("processor number 43"));
    EXPECT_THAT(refusal_with([](Elf64_Ehdr& h) { h.e_type = ET_EXEC; }), HasSubstr("wanted a shared library"));
}

TEST(ManifestReader, RefusesHeadersThatPointOutside) {
    constexpr std::uint64_t kFar = 0xFFFFFFFFFFFFFFF0U;
    EXPECT_THAT(refusal_with([](Elf64_Ehdr& h) { h.e_phoff = kFar; }), HasSubstr("cut off"));
    EXPECT_THAT(refusal_with([](Elf64_Ehdr& h) { h.e_phnum = PN_XNUM; }), HasSubstr("damaged"));
    EXPECT_THAT(refusal_with([](Elf64_Ehdr& h) { h.e_phnum = 60'000; }), HasSubstr("cut off"));
    EXPECT_THAT(refusal_with([](Elf64_Ehdr& h) { h.e_shoff = kFar; }), HasSubstr("section headers"));
    EXPECT_THAT(refusal_with([](Elf64_Ehdr& h) { h.e_shnum = 60'000; }), HasSubstr("section headers"));
    EXPECT_THAT(refusal_with([](Elf64_Ehdr& h) { h.e_shnum = 0; }), HasSubstr("no section headers"));
    EXPECT_THAT(refusal_with([](Elf64_Ehdr& h) { h.e_shstrndx = 3; }), HasSubstr("section names"));
}

TEST(ManifestReader, SaysThatALibraryWithoutTheSectionIsNoPlugin) {
    EXPECT_THAT(refusal_of(testing::library_with_section(".other", testing::manifest_bytes({}))),
                HasSubstr("no section .penstock"));
}

TEST(ManifestReader, SaysWhetherThereIsAFactory) {
    const auto without = testing::read_file(PENSTOCK_GUEST_DIR "/no_factory.so");
    const auto manifest = read_manifest(without);
    ASSERT_TRUE(manifest) << manifest.error().text();
    EXPECT_FALSE(manifest->has_factory);
}

TEST(ManifestReader, RefusesManifestsThatAreDamaged) {
    EXPECT_EQ(refusal_of_manifest({}), "no refusal");
    EXPECT_THAT(refusal_of_manifest({.magic = "PENSTICK"}), HasSubstr("does not begin with PENSTOCK"));
    EXPECT_THAT(refusal_of_manifest({.format = 2}), HasSubstr("has format 2; wanted 1"));
    EXPECT_THAT(refusal_of_manifest({.size = 0}), HasSubstr("says that it has 0 bytes"));
    EXPECT_THAT(refusal_of_manifest({.size = 0xFFFFFFFF}), HasSubstr("at most 1048576"));
    EXPECT_THAT(refusal_of_manifest({.crc_error = 1}), HasSubstr("checksum"));
    EXPECT_THAT(refusal_of_manifest({.id = std::string(129, 'a')}), HasSubstr("length of a text"));
}

TEST(ManifestReader, RefusesEveryTruncation) {
    const auto library = good_plugin();
    std::size_t cuts = 0;
    const auto expect_refused = [&](std::size_t size) {
        ++cuts;
        const auto manifest = read_manifest(std::span(library).first(size));
        ASSERT_FALSE(manifest) << "cut to " << size << " of " << library.size() << " bytes";
        EXPECT_FALSE(manifest.error().sentence().empty());
    };
    for (std::size_t size = 0; size < library.size(); size += 1024) expect_refused(size);
    for (std::size_t i = 0; i < 61; ++i) expect_refused(library.size() * i / 61);
    for (std::size_t back = 1; back <= 256; ++back) expect_refused(library.size() - back);
    for (std::size_t size = 0; size < 1024; ++size) expect_refused(size);
    RecordProperty("cuts", static_cast<int>(cuts));
}

// Half of the mutations strike where the reader looks: both header tables and the manifest. Each file lies in a buffer of
// exactly its size, so that an address sanitizer sees a single byte too far.
TEST(ManifestReader, SurvivesMutations) {
    const auto original = testing::library_with_section(".penstock", testing::manifest_bytes({}));
    std::mt19937_64 random(20'26);
    int accepted = 0;
    for (int i = 0; i < kMutations; ++i) {
        Bytes library = original;
        const auto strikes = 1 + random() % 4;
        for (std::uint64_t k = 0; k < strikes; ++k) {
            auto& byte = library[random() % library.size()];
            byte = random() % 4 == 0 ? std::byte{0xFF} : byte ^ static_cast<std::byte>(1U << (random() % 8));
        }
        if (random() % 8 == 0) library.resize(random() % (library.size() + 1));
        library.shrink_to_fit();
        if (const auto manifest = read_manifest(library)) {
            ++accepted;
            // Whatever passed the checksum is what was written: no text was bent.
            EXPECT_EQ(manifest->id, "driver.test");
            EXPECT_EQ(manifest->settings_schema, "{}");
        }
    }
    EXPECT_LT(accepted, kMutations) << "the mutations did nothing";
    RecordProperty("mutations", kMutations);
}

// Control of the two tests above: a reader without its bounds would accept these.
TEST(ManifestReader, BelievesNoLengthInsideAManifestWithTheRightChecksum) {
    auto manifest = testing::manifest_bytes({});
    for (std::size_t at = 20; at + 8 <= manifest.size(); ++at) {
        auto bent = manifest;
        bent[at] = bent[at + 1] = bent[at + 2] = bent[at + 3] = std::byte{0xFF};
        const std::uint32_t crc = detail::crc32(reinterpret_cast<const char*>(bent.data()), bent.size() - 4);
        std::memcpy(bent.data() + bent.size() - 4, &crc, 4);
        if (const auto parsed = parse_manifest(bent)) {
            EXPECT_LE(parsed->settings_schema.size(), bent.size());
        } else {
            EXPECT_THAT(parsed.error().sentence(), HasSubstr("manifest is damaged"));
        }
    }
}

}  // namespace
}  // namespace penstock::guests

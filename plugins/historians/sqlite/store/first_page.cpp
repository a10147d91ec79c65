#include "first_page.hpp"

#include <cstdint>
#include <fstream>
#include <string>

#include "page_seal.hpp"
#include "schema.hpp"

namespace penstock::sqlite {
namespace {

namespace fs = std::filesystem;

// Places in the header, "Database File Format" 1.3.
constexpr std::size_t kChanges = 24, kPages = 28, kFirstFree = 32, kFree = 36, kPagesValidFor = 92;

std::string first_page_of(const fs::path& file) {
    std::string page(kPageBytes, '\0');
    std::ifstream stream(file, std::ios::binary);
    return stream.read(page.data(), static_cast<std::streamsize>(page.size())) ? page : std::string();
}

std::uint32_t number_in(const std::string& page, std::size_t place) {
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < 4; ++i) number = number << 8U | static_cast<unsigned char>(page[place + i]);
    return number;
}

void put_number(std::string& page, std::size_t place, std::uint64_t number) {
    for (std::size_t i = 0; i < 4; ++i) page[place + i] = static_cast<char>(number >> (24 - 8 * i) & 0xFFU);
}

}  // namespace

void restore_length(const fs::path& file) {
    const auto page = first_page_of(file);
    if (page.empty() || !is_page_whole(page, 1)) return;
    const auto wanted = std::uint64_t{number_in(page, kPages)} * kPageBytes;
    if (number_in(page, kChanges) != number_in(page, kPagesValidFor)) return;
    std::error_code ignored;
    if (fs::file_size(file, ignored) < wanted) fs::resize_file(file, wanted, ignored);
}

void restore_first_page(const fs::path& file) {
    const auto found = first_page_of(file);
    if (!found.empty() && is_page_whole(found, 1)) return;
    const auto other = fs::path(file.string() + ".first-page");
    std::error_code ignored;
    fs::remove(other, ignored);
    static_cast<void>(open_archive_file(other));  // made, and closed again
    auto page = first_page_of(other);
    fs::remove(other, ignored);
    if (page.empty()) return;
    put_number(page, kPages, (fs::file_size(file, ignored) + kPageBytes - 1) / kPageBytes);
    put_number(page, kFirstFree, 0);
    put_number(page, kFree, 0);
    seal_page(page.data(), 1);
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.write(page.data(), static_cast<std::streamsize>(page.size()));
}

}  // namespace penstock::sqlite

#include "core/tags/virtual_array.hpp"

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <new>

namespace penstock::tags {
namespace {

constexpr std::size_t kHugePage = 2U << 20U;
constexpr std::size_t kSmallPage = 4096;

}  // namespace

void* reserve_pages(std::size_t bytes) {
    if (bytes == 0) return nullptr;
    const auto spare = bytes < kHugePage ? 0 : kHugePage;  // to begin where a huge page can
    void* mapped = mmap(nullptr, bytes + spare, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mapped == MAP_FAILED) throw std::bad_alloc();
    if (spare == 0) return mapped;
    auto* const begin = static_cast<std::byte*>(mapped);
    const auto before = (kHugePage - reinterpret_cast<std::uintptr_t>(begin) % kHugePage) % kHugePage;
    const auto used = (bytes + kSmallPage - 1) / kSmallPage * kSmallPage;
    if (before != 0) munmap(begin, before);
    if (before + used < bytes + spare) munmap(begin + before + used, bytes + spare - before - used);
    return begin + before;
}

void release_pages(void* pages, std::size_t bytes) noexcept {
    if (pages != nullptr) munmap(pages, bytes);
}

void prefer_huge_pages(void* pages, std::size_t bytes) noexcept {
    const auto whole = bytes / kHugePage * kHugePage;  // the rest in small ones: memory for tags that exist, not for 2 MiB
    if (whole != 0) madvise(pages, whole, MADV_HUGEPAGE);
}

}  // namespace penstock::tags

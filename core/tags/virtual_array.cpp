#include "core/tags/virtual_array.hpp"

#include <sys/mman.h>

#include <new>

namespace penstock::tags {

void* reserve_pages(std::size_t bytes) {
    if (bytes == 0) return nullptr;
    void* pages = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (pages == MAP_FAILED) throw std::bad_alloc();
    return pages;
}

void release_pages(void* pages, std::size_t bytes) noexcept {
    if (pages != nullptr) munmap(pages, bytes);
}

void prefer_huge_pages(void* pages, std::size_t bytes) noexcept {
    constexpr std::size_t kHugePage = 2U << 20U;
    const auto whole = bytes / kHugePage * kHugePage;  // the rest in small ones: memory for tags that exist, not for 2 MiB
    if (whole != 0) madvise(pages, whole, MADV_HUGEPAGE);
}

}  // namespace penstock::tags

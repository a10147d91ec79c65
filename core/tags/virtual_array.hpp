#pragma once

// An array in reserved address space: it never moves, and costs memory only where it was written.

#include <cstddef>
#include <type_traits>

namespace penstock::tags {

// `bytes` of zeroed, page-aligned memory; throws std::bad_alloc. Unwritten pages cost nothing.
[[nodiscard]] void* reserve_pages(std::size_t bytes);
void release_pages(void* pages, std::size_t bytes) noexcept;
// Asks for huge pages below the first `bytes`: random access to a large table otherwise waits for the page tables.
void prefer_huge_pages(void* pages, std::size_t bytes) noexcept;

// T is used as the zeroed memory stands: an implicit-lifetime type for which all zeros is a value, as atomics of integers are.
template <class T>
class VirtualArray final {
public:
    static_assert(std::is_trivially_destructible_v<T>);

    explicit VirtualArray(std::size_t size) : data_(static_cast<T*>(reserve_pages(size * sizeof(T)))), size_(size) {}
    ~VirtualArray() { release_pages(data_, size_ * sizeof(T)); }
    VirtualArray(const VirtualArray&) = delete;
    VirtualArray& operator=(const VirtualArray&) = delete;

    [[nodiscard]] T* data() noexcept { return data_; }
    [[nodiscard]] const T* data() const noexcept { return data_; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] T& operator[](std::size_t i) noexcept { return data_[i]; }
    [[nodiscard]] const T& operator[](std::size_t i) const noexcept { return data_[i]; }

private:
    T* data_;
    std::size_t size_;
};

}  // namespace penstock::tags

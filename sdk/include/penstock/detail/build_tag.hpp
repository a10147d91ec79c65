#pragma once

// What makes two libraries incompatible even across a plain table, as words: "x86_64 elf libstdc++ cxx11 plain". Two libraries
// may share a process only if their tags are equal. The host compares its own with the one in a plugin's manifest.

#include <string_view>
#include <version>

#if defined(__has_feature)
#define PENSTOCK_HAS_FEATURE(x) __has_feature(x)
#else
#define PENSTOCK_HAS_FEATURE(x) 0
#endif

#if defined(__x86_64__)
#define PENSTOCK_TAG_PROCESSOR "x86_64"
#elif defined(__aarch64__)
#define PENSTOCK_TAG_PROCESSOR "aarch64"
#elif defined(__riscv) && __riscv_xlen == 64
#define PENSTOCK_TAG_PROCESSOR "riscv64"
#else
#error "Penstock is built for x86_64, aarch64 and riscv64"
#endif

#if defined(_GLIBCXX_USE_CXX11_ABI) && _GLIBCXX_USE_CXX11_ABI
#define PENSTOCK_TAG_LIBRARY "libstdc++ cxx11"
#elif defined(__GLIBCXX__)
#define PENSTOCK_TAG_LIBRARY "libstdc++ cxx98"
#elif defined(_LIBCPP_VERSION)
#define PENSTOCK_TAG_LIBRARY "libc++"
#else
#error "unknown C++ standard library"
#endif

// A sanitizer has to be in the program too, and each brand of compiler brings a runtime of its own. (_GLIBCXX_ASSERTIONS and NDEBUG
// change no layout, so they are no part of the tag.)
#if defined(__clang__)
#define PENSTOCK_TAG_BRAND "clang"
#else
#define PENSTOCK_TAG_BRAND "gcc"
#endif
#if defined(__SANITIZE_ADDRESS__) || PENSTOCK_HAS_FEATURE(address_sanitizer)
#define PENSTOCK_TAG_SANITIZER PENSTOCK_TAG_BRAND "-address-sanitizer"
#elif defined(__SANITIZE_THREAD__) || PENSTOCK_HAS_FEATURE(thread_sanitizer)
#define PENSTOCK_TAG_SANITIZER PENSTOCK_TAG_BRAND "-thread-sanitizer"
#elif PENSTOCK_HAS_FEATURE(memory_sanitizer)
#define PENSTOCK_TAG_SANITIZER PENSTOCK_TAG_BRAND "-memory-sanitizer"
#elif defined(__SANITIZE_UNDEFINED__) || PENSTOCK_HAS_FEATURE(undefined_behavior_sanitizer)
#define PENSTOCK_TAG_SANITIZER PENSTOCK_TAG_BRAND "-undefined-sanitizer"
#else
#define PENSTOCK_TAG_SANITIZER "plain"
#endif

namespace penstock::detail {

inline constexpr std::string_view kBuildTag = PENSTOCK_TAG_PROCESSOR " elf " PENSTOCK_TAG_LIBRARY " " PENSTOCK_TAG_SANITIZER;

#if defined(__clang__)
inline constexpr std::string_view kCompilerName = __VERSION__;  // "Clang 19.1.7 ..."
#else
inline constexpr std::string_view kCompilerName = "GCC " __VERSION__;
#endif

}  // namespace penstock::detail

#undef PENSTOCK_HAS_FEATURE
#undef PENSTOCK_TAG_PROCESSOR
#undef PENSTOCK_TAG_LIBRARY
#undef PENSTOCK_TAG_BRAND
#undef PENSTOCK_TAG_SANITIZER

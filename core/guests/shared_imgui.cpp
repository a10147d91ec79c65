#include "core/guests/shared_imgui.hpp"

#include <dlfcn.h>

#include <filesystem>
#include <mutex>
#include <system_error>

namespace penstock::guests {

void share_imgui() {
    static std::once_flag once;
    std::call_once(once, [] {
        constexpr auto kName = "libpenstock-imgui.so";
        std::error_code error;
        const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
        const auto beside = program.parent_path().parent_path() / "lib" / kName;
        // Never closed: what it holds is as long-lived as the libraries that use it.
        if (dlopen(beside.c_str(), RTLD_NOW | RTLD_LOCAL) == nullptr) dlopen(kName, RTLD_NOW | RTLD_LOCAL);
    });
}

}  // namespace penstock::guests

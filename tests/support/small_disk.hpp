#pragma once

// A real file system of a given size: a tmpfs in a mount namespace of a child process, for which no rights are needed where user
// namespaces are allowed.

#include <cstdint>
#include <functional>
#include <string>

namespace penstock::testing {

// Runs `body` in a child process with an empty file system of so many bytes mounted at the path it is handed. The child is a copy of this
// process, its failed expectations are shown and make this return false; threads of this process do not exist there.
// `why_not`: set if there can be no such file system here; then nothing was run.
[[nodiscard]] bool on_small_disk(std::uint64_t bytes, const std::function<void(const std::string& path)>& body,
                                 std::string& why_not);

}  // namespace penstock::testing

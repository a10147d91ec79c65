#pragma once

// What is wrong in a site, and where: the sentence an engineer reads, and the same in parts for tools.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace penstock::site {

struct Fault {
    std::string file;  // relative to the site folder, '/'-separated; "--set" for a parameter; "" = the folder itself
    // 1-based; a column counts characters (UTF-8 code points), a tab is one. 0 where a fault has no line: a missing file,
    // a parameter.
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    std::string path;  // JSON pointer (RFC 6901) of the key or value; for CSV "/ROW/COLUMN", ROW counting tags from 0; "" else
    std::string message;  // what was found and what was wanted, no full stop
    std::string hint;  // "did you mean \"bar\"?"; "" for none

    // "tags/pumps.json:14:9: unit \"baar\" is unknown; did you mean \"bar\"?" Control characters are escaped.
    [[nodiscard]] std::string text() const;
    bool operator==(const Fault&) const = default;
};

inline constexpr std::size_t kMaxFaults = 10'000;  // kept of one site; the last then says that there were more

// [{"file", "line", "column", "path", "message", "hint"}, ...]: what `penstock check --json` prints.
[[nodiscard]] std::string to_json(std::span<const Fault> faults);

}  // namespace penstock::site

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace penstock::sqlite {

// "2026-11-21T03:10:20.250Z": UTC, cut to ms, as the command line prints it.
[[nodiscard]] std::string utc_text(std::int64_t ns);

// The same, with as many more digits as there are: 6 or 9 in all.
[[nodiscard]] std::string exact_utc_text(std::int64_t ns);
// Reads either, and with fewer digits or without a fraction; nothing if it is no such time.
[[nodiscard]] std::optional<std::int64_t> parse_utc(std::string_view text);

}  // namespace penstock::sqlite

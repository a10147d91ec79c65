#pragma once

#include <cstdint>
#include <string>

namespace penstock::sqlite {

// "2026-11-21T03:10:20.250Z": UTC, cut to ms, as the command line prints it.
[[nodiscard]] std::string utc_text(std::int64_t ns);

}  // namespace penstock::sqlite

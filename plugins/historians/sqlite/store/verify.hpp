#pragma once

// Reads every page, every chunk and every bundle of an archive: for whoever restored one.

#include <string>
#include <vector>

#include "database.hpp"

namespace penstock::sqlite {

// Sentences; none: all is whole. At most `most`.
[[nodiscard]] std::vector<std::string> verify_archive(Database& database, std::size_t most = 100);

}  // namespace penstock::sqlite

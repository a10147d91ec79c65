#pragma once

// What lies in archive.db; docs/decisions/0005-the-archive.md says why.
//
//   series    what was defined; `longest` is the longest time that one of its chunks covers: how far back a search must begin
//             raw_from, hours_from: raw samples and hours before are gone (NULL: none went yet); held: what held at raw_from
//   chunk     chunks (codec/chunk.hpp) in the order in which they were made
//   summary   one row a chunk, in order of series and time; times of minimum and maximum count from t0; worst is a QualityCode; checksum
//             guards the row (summary.hpp)
//   bundle    short runs of many series together (bundle.hpp), until they are long enough for chunks of their own
//   position  the one row: journal position of all that is here, the number of the last flush, how many samples, the oldest time (NULL:
//             nothing is here)
//   ..._spare  what cannot be made anew from the rest is there twice: no page of a disk takes it away
//   thinned   minutes and hours that stand for raw samples beyond their time (cells.hpp); grain 0 or 1
// Times are ns UTC. NULL is NaN.

#include <filesystem>

#include "database.hpp"

namespace penstock::sqlite {

inline constexpr const char* kArchiveFile = "archive.db";

// Opens or makes it. Throws LinkError where it is not ours or of a later version, Damaged where its first pages make no sense.
[[nodiscard]] Database open_archive(const std::filesystem::path& folder);
[[nodiscard]] Database open_archive_file(const std::filesystem::path& file);

}  // namespace penstock::sqlite

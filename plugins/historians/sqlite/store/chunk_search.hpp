#pragma once

// Every chunk says itself what it is, so that a damaged index costs time and no samples: all chunks of the archive are looked at.

#include <cstdint>
#include <functional>
#include <string>

#include "codec/chunk.hpp"
#include "read_connection.hpp"

namespace penstock::sqlite {

using TakeChunk = std::function<void(std::int64_t id, std::uint64_t sequence, const RowBuffer& rows)>;

// `take` gets each whole chunk of the series, in the order of writing; `tell` what could not be read.
void search_chunks(ReadConnection& connection, Verify verify, SeriesId series, const TakeChunk& take,
                   const std::function<void(const std::string& what)>& tell);

}  // namespace penstock::sqlite

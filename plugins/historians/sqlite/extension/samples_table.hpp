#pragma once

// samples(tag [, since [, until]]): the rows of a tag as a table-valued function.
//
//   time     TEXT  ISO 8601, UTC, to the ms, or as fine as it is: "2026-11-21T03:10:20.250Z"
//   value    TEXT  exactly as `penstock history --csv` prints it; NULL where bad
//   quality  TEXT  good, uncertain, bad
//   cause    TEXT  NULL for none
// and, if they are named: number (REAL, to compute with; NULL for texts), time_ns (INTEGER), code (TEXT: "bad_timeout" ...).
// since and until are such times, or ns; the range is [since, until).

struct sqlite3_module;

namespace penstock::sqlite {

[[nodiscard]] const sqlite3_module* samples_module() noexcept;

}  // namespace penstock::sqlite

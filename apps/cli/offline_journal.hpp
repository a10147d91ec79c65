#pragma once

#include <filesystem>

#include <penstock/history_operations.hpp>
#include <penstock/result.hpp>

namespace penstock::cli {

// The journal in the data folder of a server that does not run, as `penstock journal` shows it; with `verify` every record is read and
// checked. Only reads. Errors: not_found (no data folder, no journal), unavailable (a server runs on it: it can tell better), denied.
[[nodiscard]] Result<JournalReply> read_journal(const std::filesystem::path& data, bool verify);

}  // namespace penstock::cli

#pragma once

// A damaged archive that cannot be written to any more, or not be opened, becomes a whole one: what can be read of it is carried over.
// What cannot leaves its place behind (a summary without its chunk, an empty bundle), so that readers tell of it for as long as
// retention would have kept it. Chunks and bundles are found in the pages of the file, whatever the trees above them look like; series
// and the position are there twice.

#include <filesystem>
#include <string>

namespace penstock::sqlite {

// A write met damage: the next opening rescues. Survives a restart.
void want_rescue(const std::filesystem::path& folder) noexcept;
[[nodiscard]] bool is_rescue_wanted(const std::filesystem::path& folder) noexcept;

// Nobody has the archive open. It takes as long as copying it, and as much room; the damaged one stays under the name that is returned.
// Throws Damaged or LinkError where nothing can be carried over: then nothing has changed.
[[nodiscard]] std::filesystem::path rescue_archive(const std::filesystem::path& folder);

// Gives the archive another name in its folder, which is returned.
std::filesystem::path set_archive_aside(const std::filesystem::path& folder);
// A rescue that a crash has cut short between its last two steps is finished.
void finish_rescue(const std::filesystem::path& folder);

}  // namespace penstock::sqlite

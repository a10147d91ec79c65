#pragma once

// The first page of archive.db says where everything begins, and is the same in every archive but for a few numbers: a spoilt one can
// be made anew.

#include <filesystem>

namespace penstock::sqlite {

// A file that is shorter than its first page says gets its length back: SQLite opens no such file. The pages that it lost are zeros, which
// make no sense to whoever reads them, and all others can be read.
void restore_length(const std::filesystem::path& file);

// Nothing if the first page is whole. A new one knows of no free pages, so the archive is to be read then, not to be gone on with.
void restore_first_page(const std::filesystem::path& file);

}  // namespace penstock::sqlite

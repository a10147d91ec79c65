#include "sealed_files.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>

#include "page_seal.hpp"

namespace penstock::sqlite {
namespace {

constexpr const char* kName = "penstock-sealed";
constexpr std::size_t kWriteVersion = 18, kReserved = 20, kUserVersion = 60;  // places in the header
constexpr char kReadOnlyElsewhere = 3, kWriteAheadLog = 2;

// Lives in memory that SQLite owns: made by open(), ended by close().
struct File {
    sqlite3_file base{};
    std::unique_ptr<char[]> memory;  // of the file below
    std::unique_ptr<char[]> page;  // of a database: a page on its way to the disk
    bool is_sealed = false;
    [[nodiscard]] sqlite3_file* below() const noexcept { return reinterpret_cast<sqlite3_file*>(memory.get()); }
};

File& file_of(sqlite3_file* file) noexcept { return *reinterpret_cast<File*>(file); }
sqlite3_file* below(sqlite3_file* file) noexcept { return file_of(file).below(); }
const sqlite3_io_methods& methods(sqlite3_file* file) noexcept { return *below(file)->pMethods; }
sqlite3_vfs* system_files() noexcept { return sqlite3_vfs_find(nullptr); }

bool is_page(int size, sqlite3_int64 place) noexcept {
    return size == static_cast<int>(kPageBytes) && place % static_cast<sqlite3_int64>(kPageBytes) == 0;
}
std::uint32_t number_at(sqlite3_int64 place) noexcept {
    return static_cast<std::uint32_t>(place / static_cast<sqlite3_int64>(kPageBytes)) + 1;
}

int close_file(sqlite3_file* file) noexcept {
    const int code = methods(file).xClose(below(file));
    file_of(file).~File();
    return code;
}

// What was not written yet reads as zeros; a page of which only a part is there is a broken one.
int judge_short(std::string_view page) noexcept {
    const bool is_behind_the_end = std::ranges::all_of(page, [](char byte) { return byte == 0; });
    return is_behind_the_end ? SQLITE_IOERR_SHORT_READ : kBrokenSeal;
}

int read_file(sqlite3_file* file, void* into, int size, sqlite3_int64 place) noexcept {
    const int code = methods(file).xRead(below(file), into, size, place);
    if (!file_of(file).is_sealed) return code;
    auto* const bytes = static_cast<char*>(into);
    const std::string_view page(bytes, static_cast<std::size_t>(size));
    if (is_page(size, place)) {
        if (code == SQLITE_IOERR_SHORT_READ) return judge_short(page);
        if (code == SQLITE_OK && !is_page_whole(page, number_at(place))) return kBrokenSeal;
        // Or a checkpoint by somebody else would write a seal that no longer fits.
        if (code == SQLITE_OK) std::memset(bytes + kPageBytes - kSealBytes, 0, kSealBytes);
    }
    if (place == 0 && page.size() > kWriteVersion && page[kWriteVersion] == kReadOnlyElsewhere)
        bytes[kWriteVersion] = kWriteAheadLog;
    return code;
}

int write_file(sqlite3_file* file, const void* from, int size, sqlite3_int64 place) noexcept {
    auto& own = file_of(file);
    if (!own.is_sealed || !is_page(size, place)) return methods(file).xWrite(below(file), from, size, place);
    std::memcpy(own.page.get(), from, kPageBytes);
    if (place == 0 && own.page[kWriteVersion] == kWriteAheadLog) own.page[kWriteVersion] = kReadOnlyElsewhere;
    seal_page(own.page.get(), number_at(place));
    return methods(file).xWrite(below(file), own.page.get(), size, place);
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) noexcept { return methods(file).xTruncate(below(file), size); }
int sync_file(sqlite3_file* file, int flags) noexcept { return methods(file).xSync(below(file), flags); }
int file_size(sqlite3_file* file, sqlite3_int64* size) noexcept { return methods(file).xFileSize(below(file), size); }
int lock_file(sqlite3_file* file, int level) noexcept { return methods(file).xLock(below(file), level); }
int unlock_file(sqlite3_file* file, int level) noexcept { return methods(file).xUnlock(below(file), level); }
int is_reserved(sqlite3_file* file, int* answer) noexcept { return methods(file).xCheckReservedLock(below(file), answer); }
int control_file(sqlite3_file* file, int what, void* argument) noexcept {
    return methods(file).xFileControl(below(file), what, argument);
}
int sector_size(sqlite3_file* file) noexcept { return methods(file).xSectorSize(below(file)); }
int traits(sqlite3_file* file) noexcept { return methods(file).xDeviceCharacteristics(below(file)); }
int map_shared(sqlite3_file* file, int page, int size, int extend, void volatile** into) noexcept {
    return methods(file).xShmMap(below(file), page, size, extend, into);
}
int lock_shared(sqlite3_file* file, int first, int count, int flags) noexcept {
    return methods(file).xShmLock(below(file), first, count, flags);
}
void fence_shared(sqlite3_file* file) noexcept { methods(file).xShmBarrier(below(file)); }
int unmap_shared(sqlite3_file* file, int remove) noexcept { return methods(file).xShmUnmap(below(file), remove); }

const sqlite3_io_methods kMethods = {.iVersion = 2,  // and no memory maps: they would go around the seals
                                     .xClose = close_file,
                                     .xRead = read_file,
                                     .xWrite = write_file,
                                     .xTruncate = truncate_file,
                                     .xSync = sync_file,
                                     .xFileSize = file_size,
                                     .xLock = lock_file,
                                     .xUnlock = unlock_file,
                                     .xCheckReservedLock = is_reserved,
                                     .xFileControl = control_file,
                                     .xSectorSize = sector_size,
                                     .xDeviceCharacteristics = traits,
                                     .xShmMap = map_shared,
                                     .xShmLock = lock_shared,
                                     .xShmBarrier = fence_shared,
                                     .xShmUnmap = unmap_shared,
                                     .xFetch = nullptr,
                                     .xUnfetch = nullptr};

// Archives of version 1 have no seals, and are refused in words by whoever opens them. Two places of the header must say so: a
// spoilt one does not.
bool has_seals(sqlite3_file* file) noexcept {
    std::array<char, 100> header{};
    if (file->pMethods->xRead(file, header.data(), static_cast<int>(header.size()), 0) != SQLITE_OK) return true;
    return header[kReserved] != 0 || std::string_view(&header[kUserVersion], 4) != std::string_view("\0\0\0\1", 4);
}

int open_file(sqlite3_vfs* /*files*/, const char* name, sqlite3_file* file, int flags, int* out_flags) noexcept {
    auto* const system = system_files();
    file->pMethods = nullptr;
    auto* const own = new (file) File;
    own->memory.reset(new (std::nothrow) char[static_cast<std::size_t>(system->szOsFile)]());
    const bool is_database = (flags & SQLITE_OPEN_MAIN_DB) != 0;
    if (is_database) own->page.reset(new (std::nothrow) char[kPageBytes]);
    int code = !own->memory || (is_database && !own->page) ? SQLITE_NOMEM : SQLITE_OK;
    if (code == SQLITE_OK) code = system->xOpen(system, name, own->below(), flags, out_flags);
    if (code != SQLITE_OK) {
        if (own->memory && own->below()->pMethods != nullptr) own->below()->pMethods->xClose(own->below());
        own->~File();
        file->pMethods = nullptr;
        return code;
    }
    own->is_sealed = is_database && has_seals(own->below());
    own->base.pMethods = &kMethods;
    return SQLITE_OK;
}

int remove_file(sqlite3_vfs* /*files*/, const char* name, int sync) noexcept {
    return system_files()->xDelete(system_files(), name, sync);
}
int access_file(sqlite3_vfs* /*files*/, const char* name, int flags, int* answer) noexcept {
    return system_files()->xAccess(system_files(), name, flags, answer);
}
int full_name(sqlite3_vfs* /*files*/, const char* name, int size, char* into) noexcept {
    return system_files()->xFullPathname(system_files(), name, size, into);
}

sqlite3_vfs* make() {
    static sqlite3_vfs vfs = *system_files();  // clocks, random numbers and libraries as there
    vfs.pNext = nullptr;
    vfs.zName = kName;
    vfs.szOsFile = sizeof(File);
    vfs.iVersion = 2;
    vfs.xOpen = open_file;
    vfs.xDelete = remove_file;
    vfs.xAccess = access_file;
    vfs.xFullPathname = full_name;
    return &vfs;
}

}  // namespace

const char* sealed_files() {
    static const int kRegistered = sqlite3_vfs_register(make(), 0);
    return kRegistered == SQLITE_OK ? kName : nullptr;
}

}  // namespace penstock::sqlite

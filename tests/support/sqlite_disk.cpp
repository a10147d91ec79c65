#include "tests/support/sqlite_disk.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <mutex>
#include <new>
#include <string>
#include <utility>
#include <vector>

namespace penstock::testing {
namespace {

constexpr int kShmLocks = 8;

struct OpenFile;

// What the connections of one database share. Locks are counted: nobody waits here, who cannot have one is told SQLITE_BUSY.
struct Shared {
    int readers = 0;
    OpenFile* reserved = nullptr;
    OpenFile* exclusive = nullptr;
    std::vector<std::unique_ptr<char[]>> pages;
    std::array<int, kShmLocks> shared{};
    std::array<OpenFile*, kShmLocks> owner{};
};

}  // namespace

struct SqliteDisk::State {
    base::FileSystem& files;
    sqlite3_vfs* before;
    sqlite3_vfs vfs;
    std::mutex mutex;  // guards all of `shared`
    std::map<std::string, Shared> shared;
};

namespace {

// Lives in memory that SQLite owns.
struct OpenFile {
    sqlite3_file base{};
    SqliteDisk::State* disk = nullptr;
    std::unique_ptr<base::File> file;
    std::string name;
    int level = SQLITE_LOCK_NONE;
    std::array<bool, kShmLocks> holds_shared{};
    bool goes_with_its_folder = false;  // the next sync syncs the folder too
    bool is_temporary = false;
};

OpenFile& of(sqlite3_file* file) { return *reinterpret_cast<OpenFile*>(file); }
SqliteDisk::State& disk_of(sqlite3_vfs* vfs) { return *static_cast<SqliteDisk::State*>(vfs->pAppData); }
std::string folder_of(const std::string& name) { return std::filesystem::path(name).parent_path().string(); }

int code_of(const Error& error, int otherwise) { return error.code() == ErrorCode::unavailable ? SQLITE_FULL : otherwise; }

int read_file(sqlite3_file* file, void* into, int size, sqlite3_int64 place) {
    const std::span bytes(static_cast<std::byte*>(into), static_cast<std::size_t>(size));
    const auto found = of(file).file->read(static_cast<std::uint64_t>(place), bytes);
    if (!found) return SQLITE_IOERR_READ;
    std::ranges::fill(bytes.subspan(*found), std::byte{0});
    return *found == bytes.size() ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int write_file(sqlite3_file* file, const void* from, int size, sqlite3_int64 place) {
    const std::span bytes(static_cast<const std::byte*>(from), static_cast<std::size_t>(size));
    const auto done = of(file).file->write(static_cast<std::uint64_t>(place), bytes);
    return done ? SQLITE_OK : code_of(done.error(), SQLITE_IOERR_WRITE);
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    return of(file).file->truncate(static_cast<std::uint64_t>(size)) ? SQLITE_OK : SQLITE_IOERR_TRUNCATE;
}

int sync_file(sqlite3_file* file, int /*flags*/) {
    auto& own = of(file);
    if (!own.file->sync()) return SQLITE_IOERR_FSYNC;
    if (!std::exchange(own.goes_with_its_folder, false)) return SQLITE_OK;
    return own.disk->files.sync_folder(folder_of(own.name)) ? SQLITE_OK : SQLITE_IOERR_DIR_FSYNC;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
    const auto found = of(file).file->size();
    if (!found) return SQLITE_IOERR_FSTAT;
    *size = static_cast<sqlite3_int64>(*found);
    return SQLITE_OK;
}

int unlock_file(sqlite3_file* file, int level) {
    auto& own = of(file);
    const std::scoped_lock lock(own.disk->mutex);
    auto& shared = own.disk->shared[own.name];
    if (shared.exclusive == &own && level < SQLITE_LOCK_EXCLUSIVE) shared.exclusive = nullptr;
    if (shared.reserved == &own && level < SQLITE_LOCK_RESERVED) shared.reserved = nullptr;
    if (own.level >= SQLITE_LOCK_SHARED && level < SQLITE_LOCK_SHARED) --shared.readers;
    own.level = std::min(own.level, level);
    return SQLITE_OK;
}

int lock_file(sqlite3_file* file, int level) {
    auto& own = of(file);
    const std::scoped_lock lock(own.disk->mutex);
    auto& shared = own.disk->shared[own.name];
    if (own.level >= level) return SQLITE_OK;
    if (shared.exclusive != nullptr && shared.exclusive != &own) return SQLITE_BUSY;
    if (level >= SQLITE_LOCK_RESERVED && shared.reserved != nullptr && shared.reserved != &own) return SQLITE_BUSY;
    if (level == SQLITE_LOCK_EXCLUSIVE && shared.readers > 1) return SQLITE_BUSY;
    if (own.level == SQLITE_LOCK_NONE) ++shared.readers;
    if (level >= SQLITE_LOCK_RESERVED) shared.reserved = &own;
    if (level == SQLITE_LOCK_EXCLUSIVE) shared.exclusive = &own;
    own.level = level;
    return SQLITE_OK;
}

int is_reserved(sqlite3_file* file, int* answer) {
    auto& own = of(file);
    const std::scoped_lock lock(own.disk->mutex);
    *answer = own.disk->shared[own.name].reserved != nullptr ? 1 : 0;
    return SQLITE_OK;
}

int control_file(sqlite3_file* /*file*/, int /*what*/, void* /*argument*/) { return SQLITE_NOTFOUND; }
int sector_size(sqlite3_file* /*file*/) { return 4096; }
int traits(sqlite3_file* /*file*/) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

int map_shared(sqlite3_file* file, int page, int size, int extend, void volatile** into) {
    auto& own = of(file);
    const std::scoped_lock lock(own.disk->mutex);
    auto& pages = own.disk->shared[own.name].pages;
    while (extend != 0 && pages.size() <= static_cast<std::size_t>(page))
        pages.push_back(std::make_unique<char[]>(static_cast<std::size_t>(size)));
    *into = pages.size() > static_cast<std::size_t>(page) ? pages[static_cast<std::size_t>(page)].get() : nullptr;
    return SQLITE_OK;
}

int lock_shared(sqlite3_file* file, int first, int count, int flags) {
    auto& own = of(file);
    const std::scoped_lock lock(own.disk->mutex);
    auto& shared = own.disk->shared[own.name];
    const bool takes = (flags & SQLITE_SHM_LOCK) != 0;
    const bool alone = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
    for (auto i = static_cast<std::size_t>(first); takes && i < static_cast<std::size_t>(first + count); ++i) {
        const int others = shared.shared[i] - (own.holds_shared[i] ? 1 : 0);
        if ((shared.owner[i] != nullptr && shared.owner[i] != &own) || (alone && others > 0)) return SQLITE_BUSY;
    }
    for (auto i = static_cast<std::size_t>(first); i < static_cast<std::size_t>(first + count); ++i) {
        if (alone) {
            if (takes || shared.owner[i] == &own) shared.owner[i] = takes ? &own : nullptr;
        } else if (own.holds_shared[i] != takes) {
            own.holds_shared[i] = takes;
            shared.shared[i] += takes ? 1 : -1;
        }
    }
    return SQLITE_OK;
}

void fence_shared(sqlite3_file* file) { const std::scoped_lock lock(of(file).disk->mutex); }

int unmap_shared(sqlite3_file* file, int remove) {
    auto& own = of(file);
    lock_shared(file, 0, kShmLocks, SQLITE_SHM_UNLOCK | SQLITE_SHM_SHARED);
    lock_shared(file, 0, kShmLocks, SQLITE_SHM_UNLOCK | SQLITE_SHM_EXCLUSIVE);
    const std::scoped_lock lock(own.disk->mutex);
    if (remove != 0) own.disk->shared[own.name].pages.clear();
    return SQLITE_OK;
}

int close_file(sqlite3_file* file) {
    auto& own = of(file);
    unlock_file(file, SQLITE_LOCK_NONE);
    const auto name = own.is_temporary ? own.name : std::string();
    auto& files = own.disk->files;
    own.~OpenFile();
    if (!name.empty()) (void)files.remove(name);
    return SQLITE_OK;
}

const sqlite3_io_methods kMethods = {.iVersion = 2,
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

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    auto& disk = disk_of(vfs);
    file->pMethods = nullptr;
    static std::uint64_t temporary = 0;
    const auto path = name != nullptr ? std::string(name) : "/temporary/" + std::to_string(++temporary);
    if (name == nullptr && !disk.files.make_folder("/temporary")) return SQLITE_CANTOPEN;
    const bool writes = (flags & SQLITE_OPEN_READWRITE) != 0;
    auto opened = disk.files.open(path, writes ? base::OpenMode::read_write : base::OpenMode::read);
    bool is_new = false;
    if (!opened && opened.error().code() == ErrorCode::not_found && (flags & SQLITE_OPEN_CREATE) != 0) {
        opened = disk.files.open(path, base::OpenMode::create);
        is_new = true;
    }
    if (!opened) return SQLITE_CANTOPEN;
    auto* const own = new (file) OpenFile;
    own->disk = &disk;
    own->file = std::move(*opened);
    own->name = path;
    own->goes_with_its_folder = is_new && (flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL)) != 0;
    own->is_temporary = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
    own->base.pMethods = &kMethods;
    if (out_flags != nullptr) *out_flags = flags;
    return SQLITE_OK;
}

int remove_file(sqlite3_vfs* vfs, const char* name, int sync) {
    auto& files = disk_of(vfs).files;
    const auto done = files.remove(name);
    if (!done) return done.error().code() == ErrorCode::not_found ? SQLITE_IOERR_DELETE_NOENT : SQLITE_IOERR_DELETE;
    if (sync != 0 && !files.sync_folder(folder_of(name))) return SQLITE_IOERR_DIR_FSYNC;
    return SQLITE_OK;
}

int access_file(sqlite3_vfs* vfs, const char* name, int /*flags*/, int* answer) {
    const auto opened = disk_of(vfs).files.open(name, base::OpenMode::read);
    if (!opened && opened.error().code() != ErrorCode::not_found) return SQLITE_IOERR_ACCESS;
    *answer = opened ? 1 : 0;
    return SQLITE_OK;
}

int full_name(sqlite3_vfs* /*vfs*/, const char* name, int size, char* into) {
    sqlite3_snprintf(size, into, "%s", name);
    return SQLITE_OK;
}

}  // namespace

SqliteDisk::SqliteDisk(base::FileSystem& files)
    : state_(std::make_unique<State>(files, sqlite3_vfs_find(nullptr), *sqlite3_vfs_find(nullptr))) {
    auto& vfs = state_->vfs;
    vfs.pNext = nullptr;
    vfs.zName = "penstock-test-disk";
    vfs.pAppData = state_.get();
    vfs.iVersion = 1;
    vfs.szOsFile = sizeof(OpenFile);
    vfs.xOpen = open_file;
    vfs.xDelete = remove_file;
    vfs.xAccess = access_file;
    vfs.xFullPathname = full_name;
    sqlite3_vfs_register(&vfs, 1);
}

SqliteDisk::~SqliteDisk() {
    sqlite3_vfs_unregister(&state_->vfs);
    sqlite3_vfs_register(state_->before, 1);
}

}  // namespace penstock::testing

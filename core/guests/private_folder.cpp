#include "core/guests/private_folder.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace penstock::guests {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFolderPrefix = "penstock-plugins-";
constexpr const char* kLockName = ".in-use";

std::unexpected<Error> cannot(std::string_view what, const fs::path& path, int error) {
    return fail(ErrorCode::unavailable,
                "cannot " + std::string(what) + " for private copies of plugins: " + std::generic_category().message(error),
                path.string());
}

bool is_ours(const fs::path& folder) {
    struct stat status = {};
    return ::lstat(folder.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == ::geteuid();
}

// Folders of ours whose lock nobody holds. One that is being made right now has no lock file yet and is left alone.
void remove_abandoned(const fs::path& parent) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(parent, fs::directory_options::skip_permission_denied, ignored)) {
        if (!entry.path().filename().string().starts_with(kFolderPrefix) || !is_ours(entry.path())) continue;
        const FileHandle lock(::open((entry.path() / kLockName).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
        if (!lock.is_open() || ::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) continue;
        fs::remove_all(entry.path(), ignored);
    }
}

Result<void> write_all(int file, std::span<const std::byte> bytes, const fs::path& path) {
    while (!bytes.empty()) {
        const auto written = ::write(file, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return cannot("write the file", path, errno);
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return {};
}

// The lock is taken before the file gets its name: a sweeping neighbour never sees it free.
Result<FileHandle> make_lock(const fs::path& folder) {
    const fs::path unfinished = folder / ".new";
    FileHandle lock(::open(unfinished.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!lock.is_open() || ::flock(lock.get(), LOCK_EX | LOCK_NB) != 0
        || ::rename(unfinished.c_str(), (folder / kLockName).c_str()) != 0) {
        return cannot("make the lock file", unfinished, errno);
    }
    return lock;
}

}  // namespace

Result<PrivateFolder> PrivateFolder::create(const fs::path& wanted_parent) {
    std::error_code error;
    const fs::path parent = wanted_parent.empty() ? fs::temp_directory_path(error) : fs::absolute(wanted_parent, error);
    if (error) return cannot("find a folder", wanted_parent, error.value());
    if (!wanted_parent.empty() && ::mkdir(parent.c_str(), 0700) != 0 && errno != EEXIST)
        return cannot("make the folder", parent, errno);
    remove_abandoned(parent);

    std::string pattern = (parent / (std::string(kFolderPrefix) + "XXXXXX")).string();
    if (::mkdtemp(pattern.data()) == nullptr) return cannot("make a folder", parent, errno);
    auto lock = make_lock(pattern);
    if (!lock) {
        fs::remove_all(pattern, error);
        return std::unexpected(lock.error());
    }
    return PrivateFolder(pattern, std::move(*lock));
}

PrivateFolder::~PrivateFolder() {
    std::error_code ignored;
    if (lock_.is_open()) fs::remove_all(path_, ignored);
}

Result<fs::path> PrivateFolder::write(std::string_view name, std::span<const std::byte> bytes) const {
    const fs::path path = path_ / fs::path(name).filename();
    const FileHandle file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file.is_open()) return cannot("make the file", path, errno);
    if (const auto written = write_all(file.get(), bytes, path); !written) return std::unexpected(written.error());
    return path;
}

}  // namespace penstock::guests

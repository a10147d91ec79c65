#include "core/base/file_system.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/base/unique_fd.hpp"

namespace penstock::base {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> system_error(int error, std::string_view what, const fs::path& path) {
    const auto sentence = std::string(what) + ": " + std::system_category().message(error);
    switch (error) {
        case ENOENT:
        case ENOTDIR: return fail(ErrorCode::not_found, sentence, path.string());
        case ENOSPC:
        case EDQUOT: return fail(ErrorCode::unavailable, sentence, path.string(), true);
        case EACCES:
        case EPERM:
        case EROFS:
        case EEXIST: return fail(ErrorCode::denied, sentence, path.string());
        default: return fail(ErrorCode::internal, sentence, path.string());
    }
}

// The call again for as long as a signal interrupts it. Not for close(), and fdatasync() is never interrupted half-way.
template <class Call>
auto uninterrupted(Call call) {
    for (;;) {
        const auto result = call();
        if (result != -1 || errno != EINTR) return result;
    }
}

class RealFile final : public File {
public:
    RealFile(UniqueFd fd, fs::path path) : fd_(std::move(fd)), path_(std::move(path)) {}

    Result<void> write(std::uint64_t offset, std::span<const std::byte> bytes) override {
        while (!bytes.empty()) {
            const auto written =
                uninterrupted([&] { return ::pwrite(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset)); });
            if (written < 0) return system_error(errno, "cannot write", path_);
            // A short write tells its reason at the next attempt; zero bytes would be tried for ever.
            if (written == 0) return system_error(EIO, "cannot write", path_);
            bytes = bytes.subspan(static_cast<std::size_t>(written));
            offset += static_cast<std::uint64_t>(written);
        }
        return {};
    }

    Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> into) const override {
        std::size_t done = 0;
        while (done < into.size()) {
            const auto rest = into.subspan(done);
            const auto got =
                uninterrupted([&] { return ::pread(fd_.get(), rest.data(), rest.size(), static_cast<off_t>(offset + done)); });
            if (got < 0) return system_error(errno, "cannot read", path_);
            if (got == 0) break;
            done += static_cast<std::size_t>(got);
        }
        return done;
    }

    Result<void> sync() override {
        if (::fdatasync(fd_.get()) != 0) return system_error(errno, "cannot sync", path_);
        return {};
    }

    Result<void> allocate(std::uint64_t size) override {
        int error = EINTR;
        while (error == EINTR) error = ::posix_fallocate(fd_.get(), 0, static_cast<off_t>(size));
        if (error != 0) return system_error(error, "cannot allocate " + std::to_string(size) + " bytes", path_);
        return {};
    }

    Result<void> truncate(std::uint64_t size) override {
        if (uninterrupted([&] { return ::ftruncate(fd_.get(), static_cast<off_t>(size)); }) != 0) {
            return system_error(errno, "cannot truncate to " + std::to_string(size) + " bytes", path_);
        }
        return {};
    }

    Result<std::uint64_t> size() const override {
        struct stat info{};
        if (::fstat(fd_.get(), &info) != 0) return system_error(errno, "cannot ask for the size", path_);
        return static_cast<std::uint64_t>(info.st_size);
    }

private:
    UniqueFd fd_;
    fs::path path_;
};

int flags_of(OpenMode mode) {
    switch (mode) {
        case OpenMode::read: return O_RDONLY;
        case OpenMode::read_write: return O_RDWR;
        case OpenMode::create: return O_RDWR | O_CREAT | O_EXCL;
    }
    return O_RDONLY;
}

class RealFileSystem final : public FileSystem {
public:
    Result<std::unique_ptr<File>> open(const fs::path& path, OpenMode mode) override {
        UniqueFd fd(uninterrupted([&] { return ::open(path.c_str(), flags_of(mode) | O_CLOEXEC, 0600); }));
        if (!fd.is_open()) return system_error(errno, mode == OpenMode::create ? "cannot create" : "cannot open", path);
        return std::make_unique<RealFile>(std::move(fd), path);
    }

    Result<std::vector<std::string>> list(const fs::path& folder) override {
        const std::unique_ptr<DIR, int (*)(DIR*)> open_folder(::opendir(folder.c_str()), &::closedir);
        if (!open_folder) return system_error(errno, "cannot list", folder);
        std::vector<std::string> names;
        for (;;) {
            errno = 0;
            const auto* const entry = ::readdir(open_folder.get());
            if (entry == nullptr) break;
            const std::string_view name = entry->d_name;
            if (name != "." && name != "..") names.emplace_back(name);
        }
        if (errno != 0) return system_error(errno, "cannot list", folder);
        std::ranges::sort(names);
        return names;
    }

    Result<void> make_folder(const fs::path& folder) override {
        fs::path made;
        for (const auto& part : folder) {
            made /= part;
            if (::mkdir(made.c_str(), 0700) == 0 || errno == EEXIST) continue;
            const auto error = errno;
            // A parent on a read-only or foreign part of the tree is no fault if it is there.
            std::error_code ignored;
            if (!fs::is_directory(made, ignored)) return system_error(error, "cannot make this folder", made);
        }
        std::error_code ignored;
        if (!fs::is_directory(folder, ignored)) return system_error(ENOTDIR, "cannot make this folder", folder);
        return {};
    }

    Result<void> rename(const fs::path& from, const fs::path& to) override {
        if (::rename(from.c_str(), to.c_str()) != 0) return system_error(errno, "cannot rename to " + to.string(), from);
        return {};
    }

    Result<void> remove(const fs::path& path) override {
        if (::unlink(path.c_str()) != 0) return system_error(errno, "cannot remove", path);
        return {};
    }

    Result<void> sync_folder(const fs::path& folder) override {
        const UniqueFd fd(uninterrupted([&] { return ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
        if (!fd.is_open()) return system_error(errno, "cannot open this folder", folder);
        if (::fsync(fd.get()) != 0) return system_error(errno, "cannot sync this folder", folder);
        return {};
    }

    Result<std::uint64_t> free_bytes(const fs::path& folder) override {
        struct statvfs info{};
        if (uninterrupted([&] { return ::statvfs(folder.c_str(), &info); }) != 0) {
            return system_error(errno, "cannot ask for free space", folder);
        }
        return std::uint64_t{info.f_bavail} * info.f_frsize;
    }
};

}  // namespace

FileSystem& real_file_system() noexcept {
    static RealFileSystem files;
    return files;
}

Result<void> replace_file(FileSystem& files, const fs::path& path, std::span<const std::byte> bytes) {
    auto beside = path;
    beside += ".new";
    // Left behind by a crash: never synced under its real name, so it is worth nothing.
    if (const auto removed = files.remove(beside); !removed && removed.error().code() != ErrorCode::not_found) {
        return std::unexpected(removed.error());
    }
    auto file = files.open(beside, OpenMode::create);
    if (!file) return std::unexpected(file.error());
    auto done = (*file)->write(0, bytes);
    if (done) done = (*file)->sync();
    file->reset();
    if (done) done = files.rename(beside, path);
    if (!done) {
        (void)files.remove(beside);  // the first error is the one to tell
        return done;
    }
    return files.sync_folder(path.parent_path());
}

Result<std::vector<std::byte>> read_file(FileSystem& files, const fs::path& path, std::uint64_t most) {
    const auto file = files.open(path, OpenMode::read);
    if (!file) return std::unexpected(file.error());
    const auto size = (*file)->size();
    if (!size) return std::unexpected(size.error());
    if (*size > most) {
        return fail(ErrorCode::invalid_config,
                    "has " + std::to_string(*size) + " bytes; at most " + std::to_string(most) + " are wanted", path.string());
    }
    std::vector<std::byte> bytes(*size);
    const auto got = (*file)->read(0, bytes);
    if (!got) return std::unexpected(got.error());
    bytes.resize(*got);
    return bytes;
}

}  // namespace penstock::base

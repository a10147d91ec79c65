#include "core/server/data_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace penstock::server {
namespace {

constexpr int kFormat = 1;
constexpr std::size_t kMaxIdentityBytes = 4096;

std::string reason(int error) { return std::strerror(error); }

std::string random_id() {
    std::array<unsigned char, 16> bytes{};
    while (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    }
    std::string id;
    for (const auto byte : bytes) id += fmt::format("{:02x}", byte);
    return id;
}

// Writes, syncs, renames, and syncs the folder: after a crash there is the old file or the new one.
Result<void> replace_file(const std::filesystem::path& file, std::string_view content) {
    const auto fresh = std::filesystem::path(file).concat(".new");
    const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) return fail(ErrorCode::internal, "cannot be written: " + reason(errno), fresh);
    const bool written =
        ::write(fd, content.data(), content.size()) == static_cast<ssize_t>(content.size()) && ::fsync(fd) == 0;
    const int error = errno;
    ::close(fd);
    if (!written) return fail(ErrorCode::internal, "cannot be written: " + reason(error), fresh);
    if (::rename(fresh.c_str(), file.c_str()) != 0)
        return fail(ErrorCode::internal, "cannot be replaced: " + reason(errno), file);
    const int folder = ::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = folder >= 0 && ::fsync(folder) == 0;
    if (folder >= 0) ::close(folder);
    if (!synced) return fail(ErrorCode::internal, "cannot be synced: " + reason(errno), file.parent_path());
    return {};
}

}  // namespace

DataFolder::DataFolder(DataFolder&& other) noexcept
    : path_(std::move(other.path_)),
      server_id_(std::move(other.server_id_)),
      epoch_(other.epoch_),
      owner_(other.owner_),
      lock_fd_(std::exchange(other.lock_fd_, -1)) {}

DataFolder& DataFolder::operator=(DataFolder&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(server_id_, other.server_id_);
    std::swap(epoch_, other.epoch_);
    std::swap(owner_, other.owner_);
    std::swap(lock_fd_, other.lock_fd_);
    return *this;
}

DataFolder::~DataFolder() {
    if (lock_fd_ >= 0) ::close(lock_fd_);
}

Result<DataFolder> DataFolder::open(const std::filesystem::path& path) {
    DataFolder folder;
    std::error_code ignored;
    folder.path_ = std::filesystem::absolute(path, ignored).lexically_normal();
    if (!folder.path_.has_filename()) folder.path_ = folder.path_.parent_path();
    if (auto done = folder.prepare(); !done) return std::unexpected(done.error());
    if (auto done = folder.lock(); !done) return std::unexpected(done.error());
    if (auto done = folder.read_identity(); !done) return std::unexpected(done.error());
    return folder;
}

Result<void> DataFolder::prepare() {
    std::error_code error;
    std::filesystem::create_directories(path_.parent_path(), error);
    if (::mkdir(path_.c_str(), 0700) != 0 && errno != EEXIST)
        return fail(ErrorCode::denied, "cannot be made: " + reason(errno), path_);
    struct stat info{};
    if (::stat(path_.c_str(), &info) != 0) return fail(ErrorCode::denied, "cannot be read: " + reason(errno), path_);
    if (!S_ISDIR(info.st_mode))
        return fail(ErrorCode::invalid_config, "is no folder; wanted a folder for the server's data", path_);
    if ((info.st_mode & 0022U) != 0)
        return fail(ErrorCode::denied,
                    fmt::format("can be written by others (mode {:04o}); make it 0700", info.st_mode & 07777U), path_);
    if (info.st_uid != ::geteuid() && ::geteuid() != 0)
        return fail(ErrorCode::denied, fmt::format("belongs to user {}, and this is user {}", info.st_uid, ::geteuid()), path_);
    owner_ = info.st_uid;
    return {};
}

Result<void> DataFolder::lock() {
    const auto file = path_ / "lock";
    lock_fd_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (lock_fd_ < 0) return fail(ErrorCode::denied, "cannot be opened: " + reason(errno), file);
    if (::flock(lock_fd_, LOCK_EX | LOCK_NB) != 0)
        return fail(ErrorCode::unavailable, "another server is running on this data folder", path_);
    return {};
}

Result<void> DataFolder::read_identity() {
    const auto file = path_ / "server.json";
    struct stat info{};
    if (::lstat(file.c_str(), &info) != 0)
        return errno == ENOENT ? make_identity() : fail(ErrorCode::denied, "cannot be read: " + reason(errno), file);
    if (!S_ISREG(info.st_mode)) return fail(ErrorCode::denied, "is no plain file", file);
    std::string text(kMaxIdentityBytes, '\0');
    std::ifstream stream(file, std::ios::binary);
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    const auto json = nlohmann::json::parse(text, nullptr, false);
    const bool whole = json.is_object() && json.contains("format") && json["format"].is_number_integer()
                       && json.contains("server_id") && json["server_id"].is_string() && json.contains("epoch")
                       && json["epoch"].is_number_unsigned();
    if (!whole)
        return fail(ErrorCode::invalid_config,
                    "is damaged: wanted format, server_id and epoch; restore the folder from a backup", file);
    if (json["format"] != kFormat)
        return fail(ErrorCode::invalid_config,
                    fmt::format("has format {}; this server knows format {}", json["format"].dump(), kFormat), file);
    server_id_ = json["server_id"];
    epoch_ = json["epoch"];
    return {};
}

Result<void> DataFolder::make_identity() {
    server_id_ = random_id();
    epoch_ = 1;
    nlohmann::ordered_json json;
    json["format"] = kFormat;
    json["server_id"] = server_id_;
    json["epoch"] = epoch_;
    return replace_file(path_ / "server.json", json.dump() + '\n');
}

}  // namespace penstock::server

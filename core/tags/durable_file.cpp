#include "core/tags/durable_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace penstock::tags {
namespace {

class Descriptor {
public:
    explicit Descriptor(int fd) : fd_(fd) {}
    ~Descriptor() {
        if (fd_ >= 0) close(fd_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const { return fd_; }
    // Closing may be where the file system first reports a failed write.
    [[nodiscard]] bool close_well() { return close(std::exchange(fd_, -1)) == 0; }

private:
    int fd_;
};

std::unexpected<Error> failed(const char* what, const std::filesystem::path& file, int error) {
    return fail(ErrorCode::internal, std::string("cannot ") + what + ": " + std::generic_category().message(error),
                file.string());
}

bool write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

Result<void> write_synced(const std::filesystem::path& file, std::string_view bytes) {
    Descriptor out(open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (out.get() < 0) return failed("create the file", file, errno);
    if (!write_all(out.get(), bytes)) return failed("write the file", file, errno);
    if (fsync(out.get()) != 0) return failed("sync the file", file, errno);
    if (!out.close_well()) return failed("close the file", file, errno);
    return {};
}

Result<void> sync_folder(const std::filesystem::path& folder) {
    const Descriptor dir(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (dir.get() < 0) return failed("open the folder", folder, errno);
    if (fsync(dir.get()) != 0) return failed("sync the folder", folder, errno);
    return {};
}

}  // namespace

Result<std::optional<std::string>> read_file(const std::filesystem::path& file, std::size_t most) {
    const Descriptor in(open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (in.get() < 0 && errno == ENOENT) return std::nullopt;
    if (in.get() < 0) return failed("open the file", file, errno);
    struct stat info{};
    if (fstat(in.get(), &info) != 0) return failed("read the file", file, errno);
    const auto size = static_cast<std::size_t>(info.st_size);
    if (size > most)
        return fail(ErrorCode::internal,
                    "the file has " + std::to_string(size) + " bytes, at most " + std::to_string(most) + " make sense",
                    file.string());
    std::string bytes(size, '\0');
    std::size_t got = 0;
    while (got < size) {
        const auto count = read(in.get(), bytes.data() + got, size - got);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return failed("read the file", file, errno);
        if (count == 0) break;
        got += static_cast<std::size_t>(count);
    }
    bytes.resize(got);
    return bytes;
}

Result<void> replace_file(const std::filesystem::path& file, std::string_view bytes) {
    auto fresh = file;
    fresh += ".new";
    if (auto written = write_synced(fresh, bytes); !written) return written;
    if (rename(fresh.c_str(), file.c_str()) != 0) return failed("replace the file", file, errno);
    const auto folder = file.parent_path();
    return sync_folder(folder.empty() ? std::filesystem::path(".") : folder);
}

}  // namespace penstock::tags

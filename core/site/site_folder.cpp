#include "core/site/site_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <system_error>

#include "core/site/utf8.hpp"

namespace penstock::site {
namespace {

namespace fs = std::filesystem;

class Descriptor {
public:
    explicit Descriptor(int fd) noexcept : fd_(fd) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    [[nodiscard]] int get() const noexcept { return fd_; }

private:
    int fd_;
};

std::string reason(int error) { return std::generic_category().message(error); }

bool is_below(const fs::path& path, const fs::path& root) {
    const auto [end_of_root, rest] = std::mismatch(root.begin(), root.end(), path.begin(), path.end());
    return end_of_root == root.end();
}

std::string mebibytes(std::size_t bytes) { return std::to_string(bytes / (1024UL * 1024)) + " MiB"; }

// Reads all of an open file, false with errno.
bool read_all(int fd, std::size_t size, std::string& into) {
    bool is_read = true;
    const auto read_into = [&](char* bytes, std::size_t) {
        std::size_t got = 0;
        while (got < size) {
            const ssize_t count = ::read(fd, bytes + got, size - got);
            if (count < 0 && errno == EINTR) continue;
            is_read = count >= 0;
            if (count <= 0) break;  // shorter than it was: what is there counts
            got += static_cast<std::size_t>(count);
        }
        return got;
    };
    into.resize_and_overwrite(size, read_into);  // a large file's memory is not written twice
    return is_read;
}

// `path` is real: its last part is no link (O_NOFOLLOW makes sure), and opening never waits (O_NONBLOCK: a pipe).
std::shared_ptr<const SourceText> read_file(const fs::path& path, const std::string& name, std::size_t most,
                                            FaultList& faults) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
    struct stat status{};
    if (file.get() < 0 || ::fstat(file.get(), &status) != 0) {
        faults.add_file(name, "the file cannot be read: " + reason(errno));
        return nullptr;
    }
    if (!S_ISREG(status.st_mode)) {
        faults.add_file(name, "found something that is no plain file (a pipe, socket or device)");
        return nullptr;
    }
    const auto size = static_cast<std::size_t>(status.st_size);
    if (size > most) {
        faults.add_file(name, "the file has " + mebibytes(size) + "; at most " + mebibytes(kMaxFileBytes) + " a file and "
                                  + mebibytes(kMaxSiteBytes) + " a site are read");
        return nullptr;
    }
    std::string bytes;
    if (!read_all(file.get(), size, bytes)) {
        faults.add_file(name, "the file cannot be read: " + reason(errno));
        return nullptr;
    }
    return std::make_shared<const SourceText>(name, std::move(bytes));
}

}  // namespace

std::unique_ptr<SiteFolder> SiteFolder::open(const fs::path& folder, FaultList& faults) {
    std::error_code error;
    const fs::path root = fs::canonical(folder, error);
    if (error || !fs::is_directory(root, error)) {
        faults.add_file({}, "there is no site folder " + in_quotes(folder.string())
                                + (error ? ": " + error.message() : ": it is no folder"));
        return nullptr;
    }
    return std::unique_ptr<SiteFolder>(new SiteFolder(root));
}

fs::path SiteFolder::resolve(const std::string& name, FaultList& faults) const {
    std::error_code error;
    fs::path real = fs::canonical(root_ / name, error);
    if (error) {
        faults.add_file(name, "the file cannot be reached: " + error.message());
        return {};
    }
    if (!is_below(real, root_)) {
        faults.add_file(name, "the link leads out of the site folder; a site is complete in itself",
                        "copy the file into the site");
        return {};
    }
    return real;
}

std::vector<Entry> SiteFolder::list(std::string_view folder, FaultList& faults) const {
    std::error_code error;
    std::vector<Entry> entries;
    fs::directory_iterator at(root_ / folder, error);
    for (; !error && at != fs::directory_iterator(); at.increment(error)) {
        const std::string own_name = at->path().filename().string();
        if (own_name.starts_with('.')) continue;
        const std::string name = folder.empty() ? own_name : std::string(folder) + '/' + own_name;
        if (find_bad_utf8(name) != std::string::npos) {
            faults.add_file(std::string(folder), "a file's name in this folder is no UTF-8");
            continue;
        }
        const fs::path real = resolve(name, faults);
        if (real.empty()) continue;
        std::error_code unreadable;
        const auto kind = fs::status(real, unreadable).type();
        if (kind != fs::file_type::regular && kind != fs::file_type::directory) {
            faults.add_file(name, "found something that is neither a file nor a folder (a pipe, socket or device)");
            continue;
        }
        entries.push_back({name, own_name, kind == fs::file_type::directory});
    }
    if (error) faults.add_file(std::string(folder), "the folder cannot be read: " + error.message());
    std::ranges::sort(entries, {}, &Entry::name);
    return entries;
}

std::shared_ptr<const SourceText> SiteFolder::read(const std::string& name, FaultList& faults) {
    if (++files_ > kMaxFiles) {
        if (files_ == kMaxFiles + 1)
            faults.add_file(
                name, "a site has at most " + std::to_string(kMaxFiles) + " files; this one and those after it are not read");
        return nullptr;
    }
    const fs::path real = resolve(name, faults);
    if (real.empty()) return nullptr;
    auto source = read_file(real, name, std::min(kMaxFileBytes, kMaxSiteBytes - bytes_), faults);
    if (source) bytes_ += source->text().size();
    return source;
}

std::shared_ptr<const SourceText> read_user_file(const fs::path& path, FaultList& faults) {
    std::error_code error;
    const fs::path real = fs::canonical(path, error);
    if (error) {
        faults.add_file(path.string(), "the file cannot be reached: " + error.message());
        return nullptr;
    }
    return read_file(real, path.string(), kMaxFileBytes, faults);
}

}  // namespace penstock::site

#include "core/guests/library_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "core/guests/file_handle.hpp"

namespace penstock::guests {
namespace {

std::unexpected<Error> cannot(std::string_view verb, int error) {
    const auto code = error == ENOENT ? ErrorCode::not_found : error == EACCES ? ErrorCode::denied : ErrorCode::unavailable;
    return fail(code, "the file cannot be " + std::string(verb) + ": " + std::generic_category().message(error));
}

}  // namespace

Result<std::vector<std::byte>> read_library_file(const std::filesystem::path& path) {
    // Not blocking: a pipe with the name of a library must not hold the host.
    const FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file.is_open()) return cannot("opened", errno);
    struct stat status = {};
    if (::fstat(file.get(), &status) != 0) return cannot("examined", errno);
    if (!S_ISREG(status.st_mode)) return fail(ErrorCode::invalid_config, "it is no regular file; wanted a shared library");
    const auto size = static_cast<std::uint64_t>(status.st_size);
    if (size > kMaxLibraryBytes) {
        return fail(ErrorCode::invalid_config, "the file has " + std::to_string(size) + " bytes; at most "
                                                   + std::to_string(kMaxLibraryBytes) + " are read");
    }
    std::vector<std::byte> bytes(size);
    std::size_t filled = 0;
    while (filled < bytes.size()) {
        const auto got = ::read(file.get(), bytes.data() + filled, bytes.size() - filled);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return cannot("read", errno);
        if (got == 0) break;  // it became shorter meanwhile: the reader judges what there is
        filled += static_cast<std::size_t>(got);
    }
    bytes.resize(filled);
    return bytes;
}

}  // namespace penstock::guests

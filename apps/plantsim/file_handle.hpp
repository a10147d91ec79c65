// The owner of a file descriptor.
#pragma once

#include <unistd.h>

#include <utility>

namespace penstock::plantsim {

class FileHandle {
public:
    FileHandle() = default;
    explicit FileHandle(int fd) : fd_(fd) {}
    FileHandle(FileHandle&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    FileHandle& operator=(FileHandle&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~FileHandle() {
        if (fd_ >= 0) ::close(fd_);
    }

    int get() const { return fd_; }
    explicit operator bool() const { return fd_ >= 0; }
    void reset() { const FileHandle gone = std::move(*this); }

private:
    int fd_ = -1;
};

}  // namespace penstock::plantsim

#include "tests/support/failing_file_system.hpp"

#include <utility>

#include "tests/support/recording_file_system.hpp"

namespace penstock::testing {

class FailingFileSystem::FailingFile final : public base::File {
public:
    FailingFile(FailingFileSystem& disk, std::unique_ptr<base::File> inner) : disk_(disk), inner_(std::move(inner)) {}

    Result<void> write(std::uint64_t offset, std::span<const std::byte> bytes) override {
        if (auto fine = disk_.turn(FileCall::write, "write"); !fine) {
            if (disk_.plan_.short_write) (void)inner_->write(offset, bytes.first(bytes.size() / 2));
            return fine;
        }
        return inner_->write(offset, bytes);
    }
    Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> into) const override {
        if (auto fine = disk_.turn(FileCall::read, "read"); !fine) return std::unexpected(fine.error());
        return inner_->read(offset, into);
    }
    Result<void> sync() override {
        if (auto fine = disk_.turn(FileCall::sync, "sync"); !fine) {
            lose_unsynced(*inner_);
            return disk_.plan_.repeat_failed_sync ? inner_->sync() : fine;
        }
        return inner_->sync();
    }
    Result<void> allocate(std::uint64_t size) override {
        if (auto fine = disk_.turn(FileCall::allocate, "allocate"); !fine) return fine;
        return inner_->allocate(size);
    }
    Result<void> truncate(std::uint64_t size) override {
        if (auto fine = disk_.turn(FileCall::truncate, "truncate"); !fine) return fine;
        return inner_->truncate(size);
    }
    Result<std::uint64_t> size() const override {
        if (auto fine = disk_.turn(FileCall::size, "ask for the size"); !fine) return std::unexpected(fine.error());
        return inner_->size();
    }

private:
    FailingFileSystem& disk_;
    std::unique_ptr<base::File> inner_;
};

void FailingFileSystem::set_plan(FilePlan plan) {
    const std::scoped_lock lock(mutex_);
    plan_ = plan;
    calls_ = failures_ = 0;
}

std::uint64_t FailingFileSystem::calls() const {
    const std::scoped_lock lock(mutex_);
    return calls_;
}

std::uint64_t FailingFileSystem::failures() const {
    const std::scoped_lock lock(mutex_);
    return failures_;
}

Result<void> FailingFileSystem::turn(FileCall call, const std::string& what) {
    const std::scoped_lock lock(mutex_);
    if ((plan_.touches & static_cast<std::uint16_t>(call)) == 0) return {};
    ++calls_;
    if (plan_.nth == 0 || calls_ < plan_.nth || (calls_ > plan_.nth && !plan_.for_good)) return {};
    ++failures_;
    if (plan_.is_full) return fail(ErrorCode::unavailable, "cannot " + what + ": no space left on device", {}, true);
    return fail(ErrorCode::internal, "cannot " + what + ": input/output error");
}

Result<std::unique_ptr<base::File>> FailingFileSystem::open(const std::filesystem::path& path, base::OpenMode mode) {
    if (auto fine = turn(FileCall::open, "open"); !fine) return std::unexpected(fine.error());
    auto inner = inner_.open(path, mode);
    if (!inner) return inner;
    return std::make_unique<FailingFile>(*this, std::move(*inner));
}

Result<std::vector<std::string>> FailingFileSystem::list(const std::filesystem::path& folder) {
    if (auto fine = turn(FileCall::list, "list"); !fine) return std::unexpected(fine.error());
    return inner_.list(folder);
}

Result<void> FailingFileSystem::make_folder(const std::filesystem::path& folder) {
    if (auto fine = turn(FileCall::make_folder, "make this folder"); !fine) return fine;
    return inner_.make_folder(folder);
}

Result<void> FailingFileSystem::rename(const std::filesystem::path& from, const std::filesystem::path& to) {
    if (auto fine = turn(FileCall::rename, "rename"); !fine) return fine;
    return inner_.rename(from, to);
}

Result<void> FailingFileSystem::remove(const std::filesystem::path& path) {
    if (auto fine = turn(FileCall::remove, "remove"); !fine) return fine;
    return inner_.remove(path);
}

Result<void> FailingFileSystem::sync_folder(const std::filesystem::path& folder) {
    if (auto fine = turn(FileCall::sync_folder, "sync this folder"); !fine) return fine;
    return inner_.sync_folder(folder);
}

Result<std::uint64_t> FailingFileSystem::free_bytes(const std::filesystem::path& folder) {
    if (auto fine = turn(FileCall::free_bytes, "ask for free space"); !fine) return std::unexpected(fine.error());
    return inner_.free_bytes(folder);
}

}  // namespace penstock::testing

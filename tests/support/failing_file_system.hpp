#pragma once

// Puts faults before a file system: the n-th call of those that `touches` names fails, once or from then on.
//
// A failed sync takes what was not synced with it, as Linux does: the next one succeeds and proves nothing. The control of a test
// sets `repeat_failed_sync`, which does what the journal must not do.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/base/file_system.hpp"

namespace penstock::testing {

enum class FileCall : std::uint16_t {
    open = 1,
    list = 2,
    make_folder = 4,
    rename = 8,
    remove = 16,
    sync_folder = 32,
    free_bytes = 64,
    write = 128,
    read = 256,
    sync = 512,
    allocate = 1024,
    truncate = 2048,
    size = 4096,
};
inline constexpr std::uint16_t kEveryFileCall = 0x1FFF;
constexpr std::uint16_t operator|(FileCall a, FileCall b) {
    return static_cast<std::uint16_t>(static_cast<std::uint16_t>(a) | static_cast<std::uint16_t>(b));
}

struct FilePlan {
    std::uint64_t nth = 0;  // the first call that fails, counted from 1; 0 = none
    bool for_good = false;
    bool is_full = false;  // no space (unavailable, retryable) instead of a broken disk (internal)
    bool short_write = false;  // the first half of a failing write is written
    std::uint16_t touches = kEveryFileCall;  // FileCall, joined by |
    bool repeat_failed_sync = false;  // control
};

// [any-thread]
class FailingFileSystem final : public base::FileSystem {
public:
    explicit FailingFileSystem(base::FileSystem& inner) : inner_(inner) {}

    // Counts from here.
    void set_plan(FilePlan plan);
    [[nodiscard]] std::uint64_t calls() const;  // that the plan touches, since set_plan()
    [[nodiscard]] std::uint64_t failures() const;  // injected since set_plan()

    Result<std::unique_ptr<base::File>> open(const std::filesystem::path& path, base::OpenMode mode) override;
    Result<std::vector<std::string>> list(const std::filesystem::path& folder) override;
    Result<void> make_folder(const std::filesystem::path& folder) override;
    Result<void> rename(const std::filesystem::path& from, const std::filesystem::path& to) override;
    Result<void> remove(const std::filesystem::path& path) override;
    Result<void> sync_folder(const std::filesystem::path& folder) override;
    Result<std::uint64_t> free_bytes(const std::filesystem::path& folder) override;

private:
    class FailingFile;
    // The failure of this call, if it is its turn.
    [[nodiscard]] Result<void> turn(FileCall call, const std::string& what);

    base::FileSystem& inner_;
    mutable std::mutex mutex_;  // guards all below
    FilePlan plan_;
    std::uint64_t calls_ = 0, failures_ = 0;
};

}  // namespace penstock::testing

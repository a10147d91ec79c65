#include "core/journal/segment_pool.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>

#include "core/journal/segment_format.hpp"

namespace penstock::journal {
namespace {

constexpr std::string_view kSuffix = ".prepared";

std::optional<std::uint64_t> parse_prepared_name(std::string_view name) {
    if (!name.ends_with(kSuffix)) return std::nullopt;
    name.remove_suffix(kSuffix.size());
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error != std::errc{} || end != name.data() + name.size()) return std::nullopt;
    return number;
}

}  // namespace

SegmentPool::SegmentPool(base::FileSystem& files, std::filesystem::path folder, std::uint64_t segment_bytes, std::size_t wanted)
    : files_(files), folder_(std::move(folder)), segment_bytes_(segment_bytes), wanted_(wanted) {}

Result<void> SegmentPool::adopt(const std::vector<std::string>& names) {
    const std::scoped_lock lock(making_);
    std::vector<PreparedSegment> whole;
    for (const auto& name : names) {
        const auto number = parse_prepared_name(name);
        if (!number) continue;
        next_name_ = std::max(next_name_, *number + 1);
        PreparedSegment candidate{folder_ / name, segment_bytes_, nullptr};
        if (whole.size() < wanted_ && is_whole(candidate)) {
            whole.push_back(std::move(candidate));
            continue;
        }
        if (auto removed = files_.remove(candidate.path); !removed) return removed;
    }
    const std::scoped_lock inner(mutex_);
    ready_ = std::move(whole);
    return {};
}

// Its head may have been written by a start of a segment that a crash interrupted; then it is not zero any more.
bool SegmentPool::is_whole(PreparedSegment& candidate) const {
    auto file = files_.open(candidate.path, base::OpenMode::read_write);
    if (!file) return false;
    const auto size = (*file)->size();
    if (!size || *size != segment_bytes_) return false;
    std::array<std::byte, kPageBytes> page{};
    for (const auto at : {std::uint64_t{0}, segment_bytes_ - kPageBytes}) {
        const auto got = (*file)->read(at, page);
        if (!got || *got != page.size() || !is_zero(page)) return false;
    }
    candidate.file = std::move(*file);
    return true;
}

Result<void> SegmentPool::fill() {
    const std::scoped_lock lock(making_);
    for (;;) {
        {
            const std::scoped_lock inner(mutex_);
            if (ready_.size() >= wanted_) {
                error_.reset();
                return {};
            }
        }
        auto made = make(segment_bytes_);
        const std::scoped_lock inner(mutex_);
        if (!made) {
            error_ = made.error();
            return std::unexpected(made.error());
        }
        ready_.push_back(std::move(*made));
    }
}

Result<PreparedSegment> SegmentPool::take(std::uint64_t bytes) {
    const auto take_ready = [&]() -> std::optional<PreparedSegment> {
        const std::scoped_lock lock(mutex_);
        if (bytes > segment_bytes_ || ready_.empty()) return std::nullopt;
        auto taken = std::move(ready_.back());
        ready_.pop_back();
        return taken;
    };
    if (auto ready = take_ready()) return std::move(*ready);
    const std::scoped_lock lock(making_);
    if (auto ready = take_ready()) return std::move(*ready);  // fill() has made one meanwhile
    return make(std::max(bytes, segment_bytes_));
}

Result<PreparedSegment> SegmentPool::make(std::uint64_t bytes) {
    PreparedSegment made{folder_ / (std::to_string(next_name_) + std::string(kSuffix)), bytes, nullptr};
    // A leftover of an attempt that could not even be removed then.
    (void)files_.remove(made.path);
    auto file = files_.open(made.path, base::OpenMode::create);
    if (!file) return std::unexpected(file.error());
    auto done = (*file)->allocate(bytes);
    if (done) done = (*file)->sync();
    if (done) done = files_.sync_folder(folder_);
    if (!done) {
        file->reset();
        (void)files_.remove(made.path);  // the first error is the one to tell
        return std::unexpected(done.error());
    }
    ++next_name_;
    made.file = std::move(*file);
    return made;
}

SegmentPool::Status SegmentPool::status() const {
    const std::scoped_lock lock(mutex_);
    return {ready_.size(), wanted_, ready_.size() * segment_bytes_, error_};
}

}  // namespace penstock::journal

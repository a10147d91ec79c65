#include "tests/support/recording_file_system.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace penstock::testing {

using base::OpenMode;
using Kind = FileOperation::Kind;

struct RecordingFileSystem::Node {
    std::uint64_t number = 0;
    Contents contents;
    bool is_linked = true;
};

class RecordingFileSystem::OpenFile final : public base::File {
public:
    OpenFile(RecordingFileSystem& disk, std::shared_ptr<Node> node, bool writable)
        : disk_(disk), node_(std::move(node)), writable_(writable) {}

    Result<void> write(std::uint64_t offset, std::span<const std::byte> bytes) override {
        const std::scoped_lock lock(disk_.mutex_);
        if (!writable_) return fail(ErrorCode::internal, "cannot write: opened for reading");
        if (auto grown = grow(offset + bytes.size()); !grown) return grown;
        if (!bytes.empty()) std::memcpy(node_->contents.data() + offset, bytes.data(), bytes.size());
        // The copy costs more than all else where nothing is recorded.
        if (disk_.recording_) disk_.record({Kind::write, node_->number, offset, Contents(bytes.begin(), bytes.end()), {}, {}});
        return {};
    }

    Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> into) const override {
        const std::scoped_lock lock(disk_.mutex_);
        if (offset >= node_->contents.size()) return std::size_t{0};
        const auto size = std::min<std::uint64_t>(into.size(), node_->contents.size() - offset);
        if (size != 0) std::memcpy(into.data(), node_->contents.data() + offset, size);
        return static_cast<std::size_t>(size);
    }

    Result<void> sync() override {
        const std::scoped_lock lock(disk_.mutex_);
        disk_.record({Kind::sync, node_->number, 0, {}, {}, {}});
        return {};
    }

    Result<void> allocate(std::uint64_t size) override {
        const std::scoped_lock lock(disk_.mutex_);
        if (auto grown = grow(size); !grown) return grown;
        disk_.record({Kind::allocate, node_->number, size, {}, {}, {}});
        return {};
    }

    Result<void> truncate(std::uint64_t size) override {
        const std::scoped_lock lock(disk_.mutex_);
        if (size < node_->contents.size() && node_->is_linked) disk_.used_ -= node_->contents.size() - size;
        if (auto grown = grow(size); !grown) return grown;
        node_->contents.resize(size);
        disk_.record({Kind::truncate, node_->number, size, {}, {}, {}});
        return {};
    }

    Result<std::uint64_t> size() const override {
        const std::scoped_lock lock(disk_.mutex_);
        return node_->contents.size();
    }

    // As Linux does: the pages count as clean although they never reached the disk.
    void lose_unsynced() {
        const std::scoped_lock lock(disk_.mutex_);
        disk_.record({Kind::failed_sync, node_->number, 0, {}, {}, {}});
    }

private:
    Result<void> grow(std::uint64_t size) {
        if (size <= node_->contents.size()) return {};
        const auto more = size - node_->contents.size();
        if (!disk_.has_room_for(more)) return fail(ErrorCode::unavailable, "cannot write: no space left on device", {}, true);
        disk_.used_ += more;
        node_->contents.resize(size);
        return {};
    }

    RecordingFileSystem& disk_;
    std::shared_ptr<Node> node_;
    bool writable_;
};

RecordingFileSystem::RecordingFileSystem(std::map<std::string, Contents> files, std::set<std::string> folders)
    : folders_(std::move(folders)) {
    for (auto& [path, contents] : files) set_file(path, std::move(contents));
}

void RecordingFileSystem::record(FileOperation operation) {
    if (recording_) log_.push_back(std::move(operation));
}

bool RecordingFileSystem::has_room_for(std::uint64_t more) const { return used_ + more <= capacity_; }

Result<std::unique_ptr<base::File>> RecordingFileSystem::open(const std::filesystem::path& path, OpenMode mode) {
    const std::scoped_lock lock(mutex_);
    const auto name = path.string();
    const auto there = nodes_.find(name);
    if (mode == OpenMode::create) {
        if (there != nodes_.end()) return fail(ErrorCode::denied, "cannot create: there is one", name);
        if (!folders_.contains(path.parent_path().string()))
            return fail(ErrorCode::not_found, "cannot create: no such folder", name);
        auto node = std::make_shared<Node>();
        node->number = next_number_++;
        nodes_[name] = node;
        record({Kind::create, node->number, 0, {}, name, {}});
        return std::make_unique<OpenFile>(*this, std::move(node), true);
    }
    if (there == nodes_.end()) return fail(ErrorCode::not_found, "cannot open: no such file", name);
    return std::make_unique<OpenFile>(*this, there->second, mode == OpenMode::read_write);
}

Result<std::vector<std::string>> RecordingFileSystem::list(const std::filesystem::path& folder) {
    const std::scoped_lock lock(mutex_);
    if (!folders_.contains(folder.string())) return fail(ErrorCode::not_found, "cannot list: no such folder", folder.string());
    std::vector<std::string> names;
    const auto add = [&](const std::filesystem::path& path) {
        if (path.parent_path() == folder) names.push_back(path.filename().string());
    };
    for (const auto& [name, node] : nodes_) add(name);
    for (const auto& name : folders_) add(name);
    std::ranges::sort(names);
    return names;
}

Result<void> RecordingFileSystem::make_folder(const std::filesystem::path& folder) {
    const std::scoped_lock lock(mutex_);
    for (auto made = folder; !made.empty() && made != made.root_path(); made = made.parent_path()) {
        if (folders_.insert(made.string()).second) record({Kind::make_folder, 0, 0, {}, made.string(), {}});
    }
    return {};
}

Result<void> RecordingFileSystem::rename(const std::filesystem::path& from, const std::filesystem::path& to) {
    const std::scoped_lock lock(mutex_);
    const auto there = nodes_.find(from.string());
    if (there == nodes_.end()) return fail(ErrorCode::not_found, "cannot rename: no such file", from.string());
    auto node = std::move(there->second);
    nodes_.erase(there);
    auto& place = nodes_[to.string()];
    if (place) {
        place->is_linked = false;
        used_ -= place->contents.size();
    }
    record({Kind::rename, node->number, 0, {}, from.string(), to.string()});
    place = std::move(node);
    return {};
}

Result<void> RecordingFileSystem::remove(const std::filesystem::path& path) {
    const std::scoped_lock lock(mutex_);
    const auto there = nodes_.find(path.string());
    if (there == nodes_.end()) return fail(ErrorCode::not_found, "cannot remove: no such file", path.string());
    there->second->is_linked = false;
    used_ -= there->second->contents.size();
    record({Kind::remove, there->second->number, 0, {}, path.string(), {}});
    nodes_.erase(there);
    return {};
}

Result<void> RecordingFileSystem::sync_folder(const std::filesystem::path& folder) {
    const std::scoped_lock lock(mutex_);
    record({Kind::sync_folder, 0, 0, {}, folder.string(), {}});
    return {};
}

Result<std::uint64_t> RecordingFileSystem::free_bytes(const std::filesystem::path&) {
    const std::scoped_lock lock(mutex_);
    return capacity_ > used_ ? capacity_ - used_ : 0;
}

void RecordingFileSystem::set_capacity(std::uint64_t bytes) {
    const std::scoped_lock lock(mutex_);
    capacity_ = bytes;
}

void RecordingFileSystem::set_recording(bool on) {
    const std::scoped_lock lock(mutex_);
    recording_ = on;
}

std::size_t RecordingFileSystem::operations() const {
    const std::scoped_lock lock(mutex_);
    return log_.size();
}

std::vector<FileOperation> RecordingFileSystem::take_log() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(log_, {});
}

std::map<std::string, Contents> RecordingFileSystem::files() const {
    const std::scoped_lock lock(mutex_);
    std::map<std::string, Contents> files;
    for (const auto& [name, node] : nodes_) files[name] = node->contents;
    return files;
}

std::uint64_t RecordingFileSystem::number_of(const std::string& path) const {
    const std::scoped_lock lock(mutex_);
    const auto there = nodes_.find(path);
    return there == nodes_.end() ? 0 : there->second->number;
}

void RecordingFileSystem::set_file(const std::string& path, Contents contents) {
    const std::scoped_lock lock(mutex_);
    auto& node = nodes_[path];
    if (node) used_ -= node->contents.size();
    node = std::make_shared<Node>();
    node->number = next_number_++;
    used_ += contents.size();
    node->contents = std::move(contents);
}

void lose_unsynced(base::File& file) {
    if (auto* const open = dynamic_cast<RecordingFileSystem::OpenFile*>(&file)) open->lose_unsynced();
}

}  // namespace penstock::testing

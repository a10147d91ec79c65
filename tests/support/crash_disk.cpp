#include "tests/support/crash_disk.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace penstock::testing {
namespace {

using Kind = FileOperation::Kind;

// splitmix64: any seed is a good one.
std::uint64_t next_random(std::uint64_t& state) {
    auto z = state += 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
}
bool coin(std::uint64_t& state) { return (next_random(state) & 1U) != 0; }

void put(Contents& contents, std::uint64_t offset, const std::byte* bytes, std::size_t size) {
    if (contents.size() < offset + size) contents.resize(offset + size);
    std::copy_n(bytes, size, contents.begin() + static_cast<std::ptrdiff_t>(offset));
}

void apply_whole(Contents& contents, const FileOperation& operation) {
    if (operation.kind == Kind::write) put(contents, operation.offset, operation.bytes.data(), operation.bytes.size());
    if (operation.kind == Kind::allocate) contents.resize(std::max<std::uint64_t>(contents.size(), operation.offset));
    if (operation.kind == Kind::truncate) contents.resize(operation.offset);
}

// Pieces are those of the disk: cut at multiples of their size in the file.
void apply_pieces(Contents& contents, const FileOperation& operation, std::size_t piece, std::uint64_t& random) {
    if (operation.kind != Kind::write) {
        if (coin(random)) apply_whole(contents, operation);
        return;
    }
    const auto end = operation.offset + operation.bytes.size();
    for (auto at = operation.offset; at < end;) {
        const auto next = std::min(end, (at / piece + 1) * piece);
        if (coin(random)) {
            put(contents, at, operation.bytes.data() + (at - operation.offset), static_cast<std::size_t>(next - at));
        }
        at = next;
    }
}

}  // namespace

CrashDisk::CrashDisk(const Start& start, std::vector<FileOperation> log)
    : log_(std::move(log)), synced_names_(start.names), folders_(start.folders) {
    for (const auto& [number, contents] : start.files) files_[number].synced = contents;
}

bool CrashDisk::step() {
    if (done_ == log_.size()) return false;
    const auto& operation = log_[done_++];
    switch (operation.kind) {
        case Kind::write:
        case Kind::allocate:
        case Kind::truncate: files_[operation.file].since.push_back(&operation); break;
        case Kind::sync: {
            auto& file = files_[operation.file];
            for (const auto* const earlier : file.since) apply_whole(file.synced, *earlier);
            file.since.clear();
            break;
        }
        case Kind::failed_sync: files_[operation.file].since.clear(); break;
        case Kind::make_folder: folders_.insert(operation.name); break;
        case Kind::create:
        case Kind::rename:
        case Kind::remove: names_since_.push_back(&operation); break;
        case Kind::sync_folder:
            // Every name of the test lies in the folder that is synced, or in one whose names do not matter.
            std::erase_if(names_since_, [&](const FileOperation* earlier) {
                if (std::filesystem::path(earlier->name).parent_path() != operation.name) return false;
                apply_names(synced_names_, *earlier);
                return true;
            });
            break;
    }
    return true;
}

void CrashDisk::apply_names(std::map<std::string, std::uint64_t>& names, const FileOperation& operation) const {
    if (operation.kind == Kind::create) names[operation.name] = operation.file;
    // A rename that is kept although the creation before it was not: the file has the new name all the same.
    if (operation.kind == Kind::rename) {
        names.erase(operation.name);
        names[operation.to] = operation.file;
    }
    if (operation.kind == Kind::remove) {
        const auto there = names.find(operation.name);
        if (there != names.end() && there->second == operation.file) names.erase(there);
    }
}

Contents CrashDisk::contents_of(const File& file, Kept kept, std::uint64_t& random) const {
    auto contents = file.synced;
    for (const auto* const operation : file.since) {
        if (kept == Kept::all || (kept == Kept::some_writes && coin(random))) apply_whole(contents, *operation);
        if (kept == Kept::torn_512) apply_pieces(contents, *operation, 512, random);
        if (kept == Kept::torn_4k) apply_pieces(contents, *operation, 4096, random);
    }
    return contents;
}

std::unique_ptr<RecordingFileSystem> CrashDisk::image(Kept kept, std::uint64_t seed) const {
    auto random = seed;
    auto names = synced_names_;
    for (const auto* const operation : names_since_) {
        if (kept == Kept::all || (kept != Kept::synced_only && coin(random))) apply_names(names, *operation);
    }
    std::map<std::string, Contents> found;
    for (const auto& [name, number] : names) {
        const auto file = files_.find(number);
        found[name] = file == files_.end() ? Contents{} : contents_of(file->second, kept, random);
    }
    auto disk = std::make_unique<RecordingFileSystem>(std::move(found), folders_);
    disk->set_recording(false);
    return disk;
}

}  // namespace penstock::testing

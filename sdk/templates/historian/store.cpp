#include "store.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <system_error>
#include <type_traits>

namespace {

using namespace penstock;

[[noreturn]] void fail(const std::filesystem::path& path, const char* what) {
    const auto why = std::error_code(errno, std::generic_category()).message();
    throw LinkError(Error(ErrorCode::unavailable, std::string(what) + ": " + why, path.string(), true));
}

// --- bytes -----------------------------------------------------------------------------------------------------------------

template <class T>
    requires std::is_trivially_copyable_v<T>
void put(std::string& out, T value) {
    char bytes[sizeof(T)];
    std::memcpy(bytes, &value, sizeof(T));
    out.append(bytes, sizeof(T));
}
void put(std::string& out, const std::string& text) {
    put(out, static_cast<std::uint32_t>(text.size()));
    out += text;
}

// False where there is not enough.
template <class T>
    requires std::is_trivially_copyable_v<T>
bool take(std::string_view& in, T& value) {
    if (in.size() < sizeof(T)) return false;
    std::memcpy(&value, in.data(), sizeof(T));
    in.remove_prefix(sizeof(T));
    return true;
}
bool take(std::string_view& in, std::string& text) {
    std::uint32_t size = 0;
    if (!take(in, size) || in.size() < size) return false;
    text = in.substr(0, size);
    in.remove_prefix(size);
    return true;
}

std::uint64_t checksum(std::string_view bytes) {  // FNV-1a
    std::uint64_t sum = 0xCBF2'9CE4'8422'2325U;
    for (const char byte : bytes) sum = (sum ^ static_cast<unsigned char>(byte)) * 0x100'0000'01B3U;
    return sum;
}

std::string block_of(const Rows& rows, JournalPosition behind) {
    std::string body;
    put(body, behind);
    for (const auto& row : rows) {
        put(body, row.series);
        put(body, row.time);
        put(body, row.quality);
        put(body, row.word);
        put(body, row.bytes);
        put(body, row.cause);
    }
    std::string block;
    put(block, static_cast<std::uint64_t>(body.size()));
    put(block, checksum(body));
    return block + body;
}

// False at the end, or at what is no block.
bool take_block(std::string_view& in, Rows& rows, JournalPosition& behind) {
    auto rest = in;
    std::uint64_t size = 0, sum = 0;
    if (!take(rest, size) || !take(rest, sum) || rest.size() < size) return false;
    auto body = rest.substr(0, size);
    if (checksum(body) != sum || !take(body, behind)) return false;
    Row row;
    while (take(body, row.series) && take(body, row.time) && take(body, row.quality) && take(body, row.word)
           && take(body, row.bytes) && take(body, row.cause)) {
        rows.push_back(row);
    }
    in = rest.substr(size);
    return body.empty();
}

// --- files -----------------------------------------------------------------------------------------------------------------

void write_and_sync(const std::filesystem::path& path, int mode, std::string_view bytes) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | mode, 0600);
    if (file < 0) fail(path, "cannot be opened");
    bool is_good = true;
    while (is_good && !bytes.empty()) {
        const auto written = ::write(file, bytes.data(), bytes.size());
        is_good = written >= 0 || errno == EINTR;
        if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    is_good = is_good && ::fsync(file) == 0;
    if (::close(file) != 0 || !is_good) fail(path, "cannot be written");
}

void sync_folder(const std::filesystem::path& folder) {
    const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0) fail(folder, "cannot be opened");
    const bool is_good = ::fsync(handle) == 0;
    ::close(handle);
    if (!is_good) fail(folder, "cannot be synced");
}

}  // namespace

State State::with(const Rows& more, JournalPosition behind) const {
    State next = *this;
    next.position = behind;
    std::map<SeriesId, Rows> changed;
    for (const auto& row : more) {
        const auto [found, is_new] = changed.try_emplace(row.series);
        auto& rows = found->second;
        if (const auto old = series.find(row.series); is_new && old != series.end()) rows = *old->second;
        rows.insert(std::ranges::upper_bound(rows, row.time, {}, &Row::time), row);  // behind those of the same time
    }
    for (auto& [id, rows] : changed) next.series[id] = std::make_shared<const Rows>(std::move(rows));
    return next;
}

Rows State::all() const {
    Rows rows;
    for (const auto& entry : series) rows.insert(rows.end(), entry.second->begin(), entry.second->end());
    return rows;
}

State StoreFile::open(const std::filesystem::path& path) {
    path_ = path;
    std::ifstream file(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    std::string_view rest = bytes;
    Rows rows;
    JournalPosition behind = 0;
    for (Rows block; take_block(rest, block, behind); block.clear()) rows.insert(rows.end(), block.begin(), block.end());
    // Two blocks must not have a torn one between them.
    if (!rest.empty() && ::truncate(path.c_str(), static_cast<off_t>(bytes.size() - rest.size())) != 0)
        fail(path, "cannot be cut");
    return State().with(rows, behind);
}

void StoreFile::append(const Rows& rows, JournalPosition behind) {
    write_and_sync(path_, O_APPEND, block_of(rows, behind));
    sync_folder(path_.parent_path());
}

void StoreFile::replace(const Rows& rows, JournalPosition behind) {
    auto other = path_;
    other += ".new";
    write_and_sync(other, O_TRUNC, block_of(rows, behind));
    std::filesystem::rename(other, path_);
    sync_folder(path_.parent_path());
}

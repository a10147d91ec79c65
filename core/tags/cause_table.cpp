#include "core/tags/cause_table.hpp"

#include <algorithm>
#include <cstring>

namespace penstock::tags {
namespace {

constexpr std::string_view kTooManyText =
    "the cause is not known any more: the server has already kept a million different ones";

// Cut to `most` bytes, never inside a character of UTF-8.
std::string_view cut(std::string_view text, std::size_t most) {
    if (text.size() <= most) return text;
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U) --most;
    return text.substr(0, most);
}

}  // namespace

CauseTable::CauseTable() {
    append("");  // kNoCause
    append(kTooManyText);
}

CauseTable::~CauseTable() {
    for (auto& chunk : chunks_) delete chunk.load(std::memory_order_relaxed);
}

CauseId CauseTable::intern(std::string_view text) {
    text = cut(text, kMaxTextBytes);
    if (const auto known = ids_.find(text); known != ids_.end()) return known->second;
    if (size() > kMaxCauses || bytes_ + text.size() > kMaxBytes) return kTooMany;
    return append(text);
}

CauseId CauseTable::append(std::string_view text) {
    auto copy = std::make_unique<char[]>(std::max<std::size_t>(text.size(), 1));
    std::copy(text.begin(), text.end(), copy.get());
    const std::string_view stored(copy.get(), text.size());

    const auto id = size_.load(std::memory_order_relaxed);
    auto* chunk = chunks_[id / kChunk].load(std::memory_order_relaxed);
    if (chunk == nullptr) {
        chunk = new Chunk();
        chunks_[id / kChunk].store(chunk, std::memory_order_release);
    }
    ids_.emplace(stored, id);
    texts_.push_back(std::move(copy));
    bytes_ += text.size();
    (*chunk)[id % kChunk] = stored;
    size_.store(id + 1, std::memory_order_release);  // readers look only below it
    return id;
}

std::string_view CauseTable::text(CauseId id) const noexcept {
    if (id >= size()) return {};
    return (*chunks_[id / kChunk].load(std::memory_order_acquire))[id % kChunk];
}

}  // namespace penstock::tags

#include "core/tags/blob_pool.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace penstock::tags {
namespace {

constexpr std::size_t kSmallest = 32;
constexpr std::size_t bytes_of(std::size_t size_class) { return kSmallest << size_class; }
static_assert(bytes_of(BlobPool::kClasses - 1) == kMaxValueBytes);

constexpr std::size_t length_of(BlobRef ref) { return ref & 0xFF'FFFFU; }
constexpr std::uint32_t number_of(BlobRef ref) { return static_cast<std::uint32_t>(ref >> 24U); }
constexpr std::size_t class_number(BlobRef ref) { return (ref >> 56U) - 1; }

constexpr BlobRef make_ref(std::size_t size_class, std::uint32_t number, std::size_t length) {
    return (static_cast<BlobRef>(size_class + 1) << 56U) | (static_cast<BlobRef>(number) << 24U) | length;
}

std::uint64_t word_at(std::string_view bytes, std::size_t at) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, std::min<std::size_t>(8, bytes.size() - at));
    return word;
}

}  // namespace

BlobPool::BlobPool(std::size_t owners) {
    if (owners == 0) return;
    for (std::size_t c = 0; c < kClasses; ++c) {
        const auto blocks =
            std::min(owners + 1, kMaxClassBytes / bytes_of(c));  // one more: a value changes size by way of a second block
        classes_[c].limit = static_cast<std::uint32_t>(blocks);
        classes_[c].words = std::make_unique<VirtualArray<Word>>(blocks * bytes_of(c) / 8);
    }
}

std::size_t BlobPool::class_of(std::size_t bytes) noexcept {
    const auto blocks = bytes <= kSmallest ? std::size_t{1} : (bytes + kSmallest - 1) / kSmallest;
    return static_cast<std::size_t>(std::bit_width(blocks - 1));
}

std::optional<std::uint32_t> BlobPool::take(SizeClass& size_class) {
    if (!size_class.free.empty()) {
        const auto number = size_class.free.back();
        size_class.free.pop_back();
        return number;
    }
    if (size_class.used == size_class.limit) return std::nullopt;
    return size_class.used++;
}

BlobPool::Word* BlobPool::block(BlobRef ref) noexcept {
    const auto c = class_number(ref);
    return classes_[c].words->data() + number_of(ref) * (bytes_of(c) / 8);
}

const BlobPool::Word* BlobPool::block(BlobRef ref) const noexcept {
    const auto c = class_number(ref);
    return classes_[c].words->data() + number_of(ref) * (bytes_of(c) / 8);
}

std::optional<BlobRef> BlobPool::write(BlobRef old, std::string_view bytes) {
    const auto c = class_of(bytes.size());
    auto number = number_of(old);
    if (old == 0 || class_number(old) != c) {
        const auto taken = take(classes_[c]);
        if (!taken) return std::nullopt;
        number = *taken;
    }
    const auto ref = make_ref(c, number, bytes.size());
    auto* words = block(ref);
    for (std::size_t at = 0; at < bytes.size(); at += 8) words[at / 8].store(word_at(bytes, at), std::memory_order_release);
    return ref;
}

void BlobPool::give_back(BlobRef ref) {
    if (ref != 0) classes_[class_number(ref)].free.push_back(number_of(ref));
}

bool BlobPool::equals(BlobRef ref, std::string_view bytes) const noexcept {
    if (ref == 0 || length_of(ref) != bytes.size()) return false;
    const auto* words = block(ref);
    for (std::size_t at = 0; at < bytes.size(); at += 8) {
        if (words[at / 8].load(std::memory_order_relaxed) != word_at(bytes, at)) return false;
    }
    return true;
}

void BlobPool::read(BlobRef ref, std::string& into) const {
    into.resize(ref == 0 ? 0 : length_of(ref));
    if (into.empty()) return;
    const auto* words = block(ref);
    for (std::size_t at = 0; at < into.size(); at += 8) {
        const auto word = words[at / 8].load(std::memory_order_acquire);
        std::memcpy(into.data() + at, &word, std::min<std::size_t>(8, into.size() - at));
    }
}

}  // namespace penstock::tags

#include "core/tags/tag_reader.hpp"

#include <sched.h>

namespace penstock::tags {
namespace {

constexpr int kSpins = 64;

void pause() noexcept {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
}

Value make_value(ValueType type, std::uint64_t word, const std::string& blob) {
    if (is_scalar_word(type)) return Value::from_word(type, word);
    auto value = Value::from_blob(type, blob);
    return value ? std::move(*value) : Value();  // the engine has checked the bytes
}

}  // namespace

Value TagSnapshot::value() const { return has_value ? make_value(type, word, blob) : Value(); }
Value TagSnapshot::raw_value() const { return has_value ? make_value(native_type, raw, blob) : Value(); }

TagSnapshot TagReader::snapshot(TagId tag) const {
    TagSnapshot copy;
    snapshot(tag, copy);
    return copy;
}

void TagReader::snapshot(TagId tag, TagSnapshot& into) const {
    into.tag = tag;
    into.type = catalog().type(tag);
    into.native_type = catalog().native_type(tag);
    for (int spin = 0; spin < kSpins; ++spin) {
        if (try_copy(tag, into)) return;
        pause();
    }
    for (int yields = 0; yields < kMaxYields; ++yields) {
        if (try_copy(tag, into)) return;
        sched_yield();
    }
    into.has_value = false;
    into.quality = QualityCode::bad_internal;
    into.cause = table_->torn_;
}

bool TagReader::try_copy(TagId tag, TagSnapshot& into) const {
    const auto& cell = table_->cells_[tag];
    const auto sequence = cell.sequence.load(std::memory_order_acquire);
    if ((sequence & 1U) != 0) return false;
    into.word = cell.value.load(std::memory_order_acquire);
    into.raw = cell.raw.load(std::memory_order_acquire);
    const auto source_time = cell.source_time.load(std::memory_order_acquire);
    const auto received = cell.received.load(std::memory_order_acquire);
    const auto since = cell.since.load(std::memory_order_acquire);
    if (is_scalar_word(into.type)) {
        into.blob.clear();
    } else {
        table_->blobs_.read(into.word, into.blob);
    }
    if (cell.sequence.load(std::memory_order_relaxed) != sequence) return false;

    const auto state = CellState::unpack(received, since);
    into.quality = state.quality;
    into.has_value = state.has_value;
    into.cause = state.cause;
    into.time = utc_from_ns(static_cast<std::int64_t>(source_time));
    into.received = utc_from_ns(CellState::ns_of(state.received_ms));
    into.since = utc_from_ns(CellState::ns_of(state.since_ms));
    return true;
}

}  // namespace penstock::tags

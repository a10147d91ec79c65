#include "core/expressions/tag_source.hpp"

namespace penstock::expressions {

void TagSource::read(std::span<const tags::TagId> tags, ValueType type, std::uint64_t* word, State* state, std::string& texts) {
    constexpr std::size_t kAhead = 8;
    for (std::size_t i = 0; i < tags.size(); ++i) {
        if (i + kAhead < tags.size()) __builtin_prefetch(&table_.cell(tags[i + kAhead]));
        // Its only writer reads: no need to look at the sequence.
        auto& cell = table_.cell(tags[i]);
        const auto quality = cell.since.load(std::memory_order_relaxed) & 0xFFFFU;
        const auto cause = cell.received.load(std::memory_order_relaxed) & tags::CauseTable::kMaxCauses;
        state[i] = quality == 0 ? 0 : quality << 20U | cause;
        word[i] = cell.value.load(std::memory_order_relaxed);
    }
    if (type != ValueType::string) return;
    for (std::size_t i = 0; i < tags.size(); ++i) {
        reader_.snapshot(tags[i], copy_);
        word[i] = std::uint64_t{texts.size()} << 32U | copy_.blob.size();
        texts += copy_.blob;
    }
}

}  // namespace penstock::expressions

#include <penstock/sample_batch.hpp>

#include <algorithm>
#include <functional>

namespace penstock {
namespace {

constexpr std::size_t kMaxCauseBytes = 1000;

}  // namespace

void SampleBatch::add(ItemId item, const Value& value) {
    if (!value.has_value()) return add_bad(item, QualityCode::bad_decoding, "the device gave no value");
    if (is_scalar_word(value.type())) return add_word(item, value.word());
    if (const auto* const text = value.get_if<std::string>()) return add_blob(item, *text);
    add_blob(item, value.blob());
}

void SampleBatch::add_parsed(ItemId item, ValueType type, std::string_view text) {
    const auto value = Value::parse(type, text);
    if (value) return add(item, *value);
    add_bad(item, QualityCode::bad_decoding, value.error().sentence());
}

void SampleBatch::add_word(ItemId item, std::uint64_t word, QualityCode quality, std::int64_t source_time_ns,
                           std::uint16_t cause) {
    if (source_time_ns != 0 && !has_times_) {
        times_.assign(items_.size(), 0);
        has_times_ = true;
    }
    items_.push_back(item);
    statuses_.push_back(status_word(quality, cause));
    words_.push_back(word);
    if (has_times_) times_.push_back(source_time_ns);
}

void SampleBatch::add_blob(ItemId item, std::string_view bytes, QualityCode quality, std::int64_t source_time_ns) {
    if (bytes.size() > kMaxValueBytes) {
        return add_bad(
            item, QualityCode::bad_out_of_range,
            "found a value of " + std::to_string(bytes.size()) + " bytes, wanted at most " + std::to_string(kMaxValueBytes));
    }
    const auto offset = static_cast<std::uint64_t>(blob_.size());
    blob_ += bytes;
    add_word(item, offset << 32U | bytes.size(), quality, source_time_ns);
}

void SampleBatch::add_bad(ItemId item, QualityCode quality, std::string_view text) {
    add_word(item, 0, quality, 0, cause(text));
}

std::uint16_t SampleBatch::cause(std::string_view text) {
    text = text.substr(0, kMaxCauseBytes);
    if (text.empty()) return 0;
    // Neighbours mostly fail for the same reason.
    if (!causes_.empty() && causes_.back() == text) return static_cast<std::uint16_t>(causes_.size());
    const auto hash = std::hash<std::string_view>{}(text);
    const auto known = cause_by_hash_.find(hash);
    if (known != cause_by_hash_.end() && causes_[known->second - 1U] == text) return known->second;
    if (causes_.size() >= kMaxCauses) return 0;
    causes_.emplace_back(text);
    const auto index = static_cast<std::uint16_t>(causes_.size());
    cause_by_hash_.insert_or_assign(hash, index);
    return index;
}

void SampleBatch::clear() noexcept {
    items_.clear();
    times_.clear();
    statuses_.clear();
    words_.clear();
    blob_.clear();
    causes_.clear();
    cause_by_hash_.clear();
    has_times_ = false;
}

void SampleBatch::reserve(std::size_t samples) {
    items_.reserve(samples);
    statuses_.reserve(samples);
    words_.reserve(samples);
}

abi::Columns SampleBatch::columns() const {
    cause_texts_.clear();
    for (const auto& text : causes_) cause_texts_.push_back(abi::text(text));
    const auto count = std::min(items_.size(), kMaxSamples);
    return {.count = static_cast<std::uint32_t>(count),
            .cause_count = static_cast<std::uint32_t>(cause_texts_.size()),
            .item = items_.data(),
            .time = has_times_ ? times_.data() : nullptr,
            .status = statuses_.data(),
            .word = words_.data(),
            .blob = abi::text(blob_),
            .causes = cause_texts_.data()};
}

}  // namespace penstock

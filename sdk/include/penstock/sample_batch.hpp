#pragma once

// Values move in columns: one batch, many samples, no allocation or call per value once the buffers have grown.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <penstock/abi/plain.hpp>
#include <penstock/quality.hpp>
#include <penstock/time.hpp>
#include <penstock/value.hpp>

namespace penstock {

// Which item of a device: the host numbers a device's items densely from 0 when it hands them to the driver.
using ItemId = std::uint32_t;

// A batch that a driver fills and the host empties. Rows are samples; several rows of one item are allowed and stay in
// order. Not thread-safe: it belongs to the instance that fills it.
//
//     out.add(item.id, 21.5);
//     out.add_bad(item.id, QualityCode::bad_not_found, "illegal data address 45");
class SampleBatch {
public:
    static constexpr std::size_t kMaxSamples = 65'536;  // columns() hands over no more
    static constexpr std::uint16_t kMaxCauses = 65'535;

    // A good sample. The type must be the item's native type (Item::type): the host believes the column.
    void add(ItemId item, bool value) { add_word(item, value ? 1U : 0U); }
    void add(ItemId item, std::int64_t value) { add_word(item, static_cast<std::uint64_t>(value)); }
    void add(ItemId item, std::uint64_t value) { add_word(item, value); }
    void add(ItemId item, double value) { add_word(item, word_of(value)); }
    void add(ItemId item, std::string_view value) { add_blob(item, value); }
    // Any type, for generic drivers; arrays go this way.
    void add(ItemId item, const Value& value);

    // A value as a text protocol sends it (form: Value::parse). What is no value of this type becomes bad_decoding and says so.
    void add_parsed(ItemId item, ValueType type, std::string_view text);

    // A raw 8-byte word, with a source time where the device has one (0 = none: the host uses its receive time).
    void add_word(ItemId item, std::uint64_t word, QualityCode quality = QualityCode::good, std::int64_t source_time_ns = 0,
                  std::uint16_t cause = 0);
    // Bytes of a string or array in blob form (Value::blob). Longer than kMaxValueBytes becomes bad_out_of_range.
    void add_blob(ItemId item, std::string_view bytes, QualityCode quality = QualityCode::good,
                  std::int64_t source_time_ns = 0);

    // No value, and why: the cause is what `explain` shows. The item keeps its last value, marked bad.
    void add_bad(ItemId item, QualityCode quality, std::string_view cause);

    // The index that add_word's `cause` wants; equal texts share one. 0 when the list is full.
    [[nodiscard]] std::uint16_t cause(std::string_view text);

    void clear() noexcept;
    void reserve(std::size_t samples);
    [[nodiscard]] std::size_t size() const noexcept { return items_.size(); }
    [[nodiscard]] bool empty() const noexcept { return items_.empty(); }

    // The batch as it crosses to the host, at most kMaxSamples; valid until the batch is changed.
    [[nodiscard]] abi::Columns columns() const;

private:
    std::vector<ItemId> items_;
    std::vector<std::int64_t> times_;
    std::vector<StatusWord> statuses_;
    std::vector<std::uint64_t> words_;
    std::string blob_;
    std::vector<std::string> causes_;
    std::unordered_map<std::size_t, std::uint16_t> cause_by_hash_;
    mutable std::vector<abi::Text> cause_texts_;
    bool has_times_ = false;
};

}  // namespace penstock

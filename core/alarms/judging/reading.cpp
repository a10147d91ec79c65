#include "core/alarms/judging/reading.hpp"

#include <bit>
#include <cmath>

namespace penstock::alarms {
namespace {

double number_of(ValueType type, std::uint64_t word) noexcept {
    switch (type) {
        case ValueType::boolean: return word != 0 ? 1 : 0;
        case ValueType::int64: return static_cast<double>(static_cast<std::int64_t>(word));
        case ValueType::uint64: return static_cast<double>(word);
        case ValueType::float64: return std::bit_cast<double>(word);
        default: return 0;
    }
}

}  // namespace

Reading read_cell(const tags::TagCell& cell, ValueType type) noexcept {
    // Its only writer reads: no need to look at the sequence.
    const auto state = tags::CellState::unpack(0, cell.since.load(std::memory_order_relaxed));
    Reading reading;
    reading.quality = state.quality;
    reading.time = static_cast<std::int64_t>(cell.source_time.load(std::memory_order_relaxed));
    if (!is_scalar_word(type)) return reading;
    reading.word = cell.value.load(std::memory_order_relaxed);
    reading.number = number_of(type, reading.word);
    if (!state.has_value || std::isnan(reading.number)) reading.quality = worse(reading.quality, QualityCode::bad_no_data);
    return reading;
}

Reading read_tag(tags::TagTable& table, tags::TagId tag) { return read_cell(table.cell(tag), table.catalog().type(tag)); }

}  // namespace penstock::alarms

#pragma once

// The record of a memory tag's new value: the effect, which recovery applies without asking who wanted it.

#include <cstdint>
#include <tuple>

#include <penstock/fields.hpp>
#include <penstock/value.hpp>

#include "core/journal/record.hpp"
#include "core/wire/buffer.hpp"

namespace penstock::engine {

// Time is the record's own.
struct MemoryRecord {
    std::uint32_t tag = 0;
    Value value;              // of the tag's type at that time; empty: the write did not come about, the tag has no value
    std::uint64_t cause = 0;  // position + 1 of the event that asked for it
    static constexpr auto fields() {
        return std::tuple(field("tag", &MemoryRecord::tag), field("value", &MemoryRecord::value),
                          field("cause", &MemoryRecord::cause));
    }
};

void encode_memory(const MemoryRecord& memory, wire::Buffer& body);
[[nodiscard]] Result<MemoryRecord> decode_memory(const journal::Record& record);

}  // namespace penstock::engine

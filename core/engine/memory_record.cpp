#include "core/engine/memory_record.hpp"

#include "core/wire/codec.hpp"

namespace penstock::engine {

void encode_memory(const MemoryRecord& memory, wire::Buffer& body) {
    body.clear();
    wire::encode(memory, body);
}

Result<MemoryRecord> decode_memory(const journal::Record& record) { return wire::decode<MemoryRecord>(record.body); }

}  // namespace penstock::engine

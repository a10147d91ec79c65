#pragma once

// Between registers as they lie on the wire and values. Pure functions.

#include <cstddef>
#include <span>
#include <vector>

#include <penstock/sample_batch.hpp>
#include <penstock/value.hpp>

#include "address.hpp"

namespace penstock::modbus {

// Reads the item's value out of the data of a reply that began at register (or bit) `first`, and adds it to `out`. The data
// covers the whole item. A string ends at its first NUL; bytes that are no UTF-8 are taken as ISO 8859-1.
void decode(const Item<Address>& item, std::uint32_t first, std::span<const std::byte> data, SampleBatch& out);

// The registers' bytes, as on the wire, that hold `value` (of the item's native type); not for bits. Error invalid_argument where
// it does not fit: "70000 does not fit uint16 (0 to 65535)".
[[nodiscard]] Result<std::vector<std::byte>> encode_registers(const Address& address, const Value& value);

// Packed bits, least significant first, for a coil or an array of coils.
[[nodiscard]] Result<std::vector<std::byte>> encode_bits(const Address& address, const Value& value);

}  // namespace penstock::modbus

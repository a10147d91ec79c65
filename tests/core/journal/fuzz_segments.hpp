#pragma once

#include <cstddef>
#include <cstdint>

// Changes a healthy lane as the input says (fuzz_segments.cpp), opens, reads and verifies it, and appends to it. How many records were
// handed out that were never appended so. Aborts where the lane behaves wrongly in another way.
[[nodiscard]] std::uint64_t wrong_records_of(const std::uint8_t* data, std::size_t size);

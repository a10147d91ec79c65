// The four Modbus data blocks of the plant, filled from the point table, and the judgement of what may be written.
// No I/O here: the server (server.hpp) moves these registers, the tests read them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "apps/plantsim/point.hpp"
#include "apps/plantsim/simulation.hpp"

namespace penstock::plantsim {

// A value as it lies in registers (two for 32 bits) or, for booleans, as 0 or 1 in one word. The value is clamped to the
// point's range; NaN becomes its lower end.
std::vector<std::uint16_t> encode(const Point& point, double value);
// The opposite. `words` has point.width() registers.
double decode(const Point& point, std::span<const std::uint16_t> words);

// What a client asks to write: words for holding registers, 0 and 1 for coils.
struct WriteRequest {
    PointKind kind;
    int address;
    std::vector<std::uint16_t> words;
};

enum class WriteVerdict : std::uint8_t {
    accepted,
    no_such_address,  // some of it is not writable: exception 2
    illegal_value,    // outside the point's range, or no number: exception 3
};

class Registers {
public:
    Registers();

    // Reads every point of the plant.
    void refresh(const Simulation& simulation);

    // Judges the whole request: it is accepted only if each point in it is.
    WriteVerdict judge(const WriteRequest& request) const;
    // Hands an accepted request to the plant. The registers show it with the next refresh.
    void apply(const WriteRequest& request, Simulation& simulation) const;

    // Blocks from address 0 on; one byte per bit, as libmodbus wants it.
    std::vector<std::uint8_t>& coils() { return coils_; }
    std::vector<std::uint8_t>& discretes() { return discretes_; }
    std::vector<std::uint16_t>& holdings() { return holdings_; }
    std::vector<std::uint16_t>& inputs() { return inputs_; }

private:
    void put(const Point& point, double value);
    // The present words of the point with those of the request laid over them; nothing if the request does not touch it.
    std::optional<std::vector<std::uint16_t>> overlay(const Point& point, const WriteRequest& request) const;
    bool is_all_writable(const WriteRequest& request) const;

    std::vector<std::uint8_t> coils_;
    std::vector<std::uint8_t> discretes_;
    std::vector<std::uint16_t> holdings_;
    std::vector<std::uint16_t> inputs_;
};

}  // namespace penstock::plantsim

// One point of the register map: where it lies in Modbus, how its value is written there, and what it means.
#pragma once

#include <cstdint>
#include <string>

namespace penstock::plantsim {

struct Simulation;

enum class PointKind : std::uint8_t { coil, discrete, input, holding };

// `boolean` is a coil, a discrete input, or one bit of a register.
enum class RawType : std::uint8_t { boolean, uint16, int16, uint32, float32 };

// Order of the two registers of a 32-bit value: abcd has the upper one first, cdab the lower one.
enum class WordOrder : std::uint8_t { abcd, cdab };

struct Point {
    using Get = double (*)(const Simulation&, int index);
    using Set = void (*)(Simulation&, int index, double value);

    std::string name;  // the tag, "clear_tank.level"
    PointKind kind = PointKind::input;
    std::uint16_t address = 0;  // zero-based, as on the wire
    int bit = -1;               // in a register; -1 is the whole register
    RawType raw = RawType::uint16;
    WordOrder order = WordOrder::abcd;

    // `raw_low..raw_high` in the register is `low..high` in `unit`; equal numbers where the register has the value itself.
    double raw_low = 0.0;
    double raw_high = 65535.0;
    double low = 0.0;
    double high = 65535.0;

    std::string type;  // of the tag: bool, uint, int or double
    std::string unit;
    std::string area;
    std::string scan_class = "fast";
    std::string description;

    int index = 0;  // which of several equal parts; handed to get and set
    Get get = nullptr;
    Set set = nullptr;  // none: read only

    bool is_writable() const { return set != nullptr; }
    bool is_scaled() const { return raw_low != low || raw_high != high; }
    // How many registers (or bits) it takes.
    int width() const { return raw == RawType::uint32 || raw == RawType::float32 ? 2 : 1; }
    // As a Penstock site writes it: "input:110:float32:cdab", "holding:20.3", "coil:5".
    std::string address_text() const;
};

}  // namespace penstock::plantsim

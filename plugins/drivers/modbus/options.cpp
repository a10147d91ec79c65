#include <algorithm>

#include "driver.hpp"

namespace penstock::modbus {

namespace {
template <class T>
T bounded(const Settings& settings, std::string_view key, std::int64_t otherwise, std::int64_t low, std::int64_t high) {
    return static_cast<T>(std::clamp(settings.integer_or(key, otherwise), low, high));
}
}  // namespace

Options::Options(const Settings& settings)
    : endpoint(settings.text_or("endpoint", "")),
      timeout(std::chrono::milliseconds(bounded<std::int64_t>(settings, "timeout_ms", 1000, 10, 60'000))),
      hole_retry(std::chrono::seconds(bounded<std::int64_t>(settings, "hole_retry_s", 600, 1, 86'400))),
      retries(bounded<std::uint32_t>(settings, "retries", 0, 0, 10)),
      max_gap(bounded<std::uint32_t>(settings, "max_gap", 2000, 0, 2000)),
      max_registers(bounded<std::uint16_t>(settings, "max_registers", kMaxReadRegisters, 1, kMaxReadRegisters)),
      max_bits(bounded<std::uint16_t>(settings, "max_bits", kMaxReadBits, 1, kMaxReadBits)),
      unit(bounded<std::uint8_t>(settings, "unit", 1, 0, 255)),
      always_write_multiple(settings.boolean_or("always_write_multiple", false)) {}

}  // namespace penstock::modbus

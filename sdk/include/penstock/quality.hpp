#pragma once

// How far a value can be trusted: good, uncertain or bad, with a reason.

#include <cstdint>
#include <string_view>

namespace penstock {

// Reason codes are the upper 16 bits of the OPC UA status codes of the same name (OPC UA Part 4, 7.39 and
// Part 8, 6.3), so that gateways and archives translate nothing. Bits 15-14 hold the severity.
enum class QualityCode : std::uint16_t {
    good = 0x0000,
    good_local_override = 0x0096,            // substituted by a person
    uncertain = 0x4000,
    uncertain_last_usable = 0x4090,          // was good, is no longer being updated
    uncertain_substitute = 0x4091,           // substituted by a rule
    uncertain_initial = 0x4092,              // the tag's initial value; nothing has arrived yet
    uncertain_sensor_not_accurate = 0x4093,
    uncertain_range_exceeded = 0x4094,       // outside the engineering range
    uncertain_sub_normal = 0x4095,
    uncertain_data_sub_normal = 0x40A4,      // an aggregate of fewer good samples than it should have
    uncertain_source_time = 0x40B0,          // Penstock's own: source time further off than the tag allows
    bad = 0x8000,
    bad_internal = 0x8002,
    bad_communication = 0x8005,              // the link broke while it was used
    bad_decoding = 0x8007,                   // the device's answer makes no sense
    bad_timeout = 0x800A,                    // the device did not answer in time
    bad_no_communication = 0x8031,           // there is no link, and there was none before
    bad_waiting_for_initial = 0x8032,        // nothing has arrived yet
    bad_not_readable = 0x803A,
    bad_out_of_range = 0x803C,               // the raw value does not fit the tag
    bad_not_found = 0x803E,                  // the device has no such address
    bad_type_mismatch = 0x8074,
    bad_configuration = 0x8089,
    bad_not_connected = 0x808A,
    bad_device_failure = 0x808B,
    bad_sensor_failure = 0x808C,
    bad_out_of_service = 0x808D,
    bad_no_data = 0x809B,                    // an aggregate of nothing
};

enum class QualityLevel : std::uint8_t { good = 0, uncertain = 1, bad = 2 };

[[nodiscard]] constexpr QualityLevel level(QualityCode code) noexcept {
    const auto severity = static_cast<unsigned>(code) >> 14U;
    return severity >= 2 ? QualityLevel::bad : static_cast<QualityLevel>(severity);
}
[[nodiscard]] constexpr bool is_good(QualityCode code) noexcept { return level(code) == QualityLevel::good; }
[[nodiscard]] constexpr bool is_bad(QualityCode code) noexcept { return level(code) == QualityLevel::bad; }

// The worse of two. Equal levels keep the first, and with it the first one's cause.
[[nodiscard]] constexpr QualityCode worse(QualityCode first, QualityCode second) noexcept {
    return level(second) > level(first) ? second : first;
}

// "good", "uncertain", "bad": what the CLI's JSON key `quality` says.
[[nodiscard]] std::string_view to_string(QualityLevel level) noexcept;
// "bad_timeout" and so on; a code that this version does not know gives the word of its level.
[[nodiscard]] std::string_view to_string(QualityCode code) noexcept;

// A quality and a cause in one word, as it travels in columns: code << 16 | cause. The cause is an index into a list
// of texts that travels with the column (0 = no cause, n = text n-1).
using StatusWord = std::uint32_t;
[[nodiscard]] constexpr StatusWord status_word(QualityCode code, std::uint16_t cause = 0) noexcept {
    return (static_cast<StatusWord>(code) << 16U) | cause;
}
[[nodiscard]] constexpr QualityCode status_quality(StatusWord word) noexcept { return static_cast<QualityCode>(word >> 16U); }
[[nodiscard]] constexpr std::uint16_t status_cause(StatusWord word) noexcept {
    return static_cast<std::uint16_t>(word & 0xFFFFU);
}

}  // namespace penstock

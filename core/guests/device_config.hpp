#pragma once

// What the host needs to know of a device to run its driver. All else in the device's file is the driver's own.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <penstock/time.hpp>
#include <penstock/value.hpp>

#include "core/guests/link_teller.hpp"

namespace penstock::guests {

struct ScanClass {
    std::string name;         // "fast"
    Duration period = 1s;     // 10 ms to 1 day; what is outside is moved to the nearest
};

// One item; its number is its place in DeviceConfig::items.
struct DeviceItem {
    std::string_view address;       // what the driver's parse() took
    std::uint16_t scan_class = 0;   // index into scan_classes
    ValueType type = ValueType::none;  // native type, as parse() told it
};

struct DeviceConfig {
    std::string name;      // "plc1"
    std::string driver;    // "driver.modbus", for status and sentences
    std::string endpoint;  // as the site says it, for status and causes
    std::vector<ScanClass> scan_classes;  // at least one where there are items
    std::vector<DeviceItem> items;
    std::shared_ptr<const void> owner;  // keeps alive what the items' addresses point into (the tag catalog)

    // Pause before the next attempt at a broken link: doubled from min to max, each half to whole by chance, so that the
    // devices behind one dead switch don't return in step. The default maximum keeps "good within 2 s of the link's return".
    Duration backoff_min = 200ms;
    Duration backoff_max = 1500ms;
    // The host's own bound for one call into the driver, above the driver's own timeouts. A driver that passes it turns
    // its device bad; one that still hangs a second later is abandoned and created anew.
    Duration read_deadline = 10s;
    // Writes waiting for the driver; more are refused.
    std::uint32_t max_queued_writes = 1000;
    // The link came up, or was lost and why (link_teller.hpp). Called on the device's strand; must not block.
    LinkTeller::OnChange on_link;
};

}  // namespace penstock::guests

#pragma once

// What every driver has to stand, as one line in its test:
//
//     const DriverKit kKit{.settings = R"({"endpoint": "tcp://scale:4001"})",
//                          .endpoint = "tcp://scale:4001",
//                          .device = [] { return scale(); },
//                          .items = {{.address = "weight", .type = ValueType::float64, .value = 21.5}},
//                          .bad_addresses = {"", "wieght"}};
//     PENSTOCK_DRIVER_CONFORMANCE(Scale, kKit);
//
// For drivers that poll. The tests are those of driver_conformance.cpp: addresses, reading and writing, and then everything a network can
// do to a driver. One rule stands above all: whatever arrives, a driver never delivers a wrong value with good quality, and never
// reports a write as done that the device has not confirmed.

#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <penstock/testing/driver_rig.hpp>
#include <penstock/testing/scripted_network.hpp>

namespace penstock::testing {

// One address that the driver can read.
struct KitItem {
    std::string address;
    ValueType type = ValueType::none;  // that parse_address() has to find
    std::optional<Value> value = {};  // what a fresh device holds there; none if it cannot be known
    std::optional<Value> written = {};  // another value to write; none for an item that cannot be written
};

struct DriverKit {
    std::string settings = "{}";
    std::string endpoint = {};  // where the driver connects to; "" for a driver without a link
    std::function<Device()> device = {};  // makes a fresh, well-behaved device
    std::vector<KitItem> items;
    std::vector<std::string> bad_addresses;  // that parse_address() has to refuse
    Duration patience = std::chrono::seconds(30);  // no call may wait longer, whatever the network does
    DriverRig::Factory factory = nullptr;  // filled in by PENSTOCK_DRIVER_CONFORMANCE
};

class DriverConformance : public ::testing::TestWithParam<DriverKit> {
protected:
    void SetUp() override;
    // A new network, device and driver with its items set.
    void begin();
    void begin_connected();
    // Reads all items; each that is good has to be right. True if all were good.
    bool read_is_honest(bool* is_link_broken = nullptr);
    // The same; connects again if the link broke, as the host does.
    void read_or_reconnect();
    void reconnect();
    void expect_everything_reads_well();
    void expect_recovery();
    [[nodiscard]] const KitItem* writable_item(ItemId& id) const;
    [[nodiscard]] bool has_link() const { return !GetParam().endpoint.empty(); }

    std::vector<std::optional<Value>> expected_;
    std::unique_ptr<ScriptedNetwork> network_;
    std::unique_ptr<DriverRig> rig_;
};

// The tests for drivers with a link: what a network can do.
class DriverLinkConformance : public DriverConformance {};

void PrintTo(const DriverKit& kit, std::ostream* out);

// Checks the kit itself; here so that the tests of the kit are linked where they are used.
[[nodiscard]] DriverKit checked_kit(DriverKit kit, DriverRig::Factory factory);
// The same; none for a driver without a link.
[[nodiscard]] std::vector<DriverKit> linked_kits(DriverKit kit, DriverRig::Factory factory);

}  // namespace penstock::testing

// For the plugin whose objects are linked into the test (penstock_add_plugin, TESTS). `name` is the first word of the tests' names.
#define PENSTOCK_DRIVER_CONFORMANCE(name, kit) PENSTOCK_CONFORMANCE_OF(name, kit, &penstock_plugin_factory)
// For a class that is no plugin.
#define PENSTOCK_DRIVER_CLASS_CONFORMANCE(Class, kit) \
    PENSTOCK_CONFORMANCE_OF(Class, kit, &::penstock::detail::make_guest<Class>)

#define PENSTOCK_CONFORMANCE_OF(name, kit, factory)                                                                       \
    using ::penstock::testing::DriverConformance;                                                                         \
    using ::penstock::testing::DriverLinkConformance;                                                                     \
    INSTANTIATE_TEST_SUITE_P(name, DriverConformance, ::testing::Values(::penstock::testing::checked_kit(kit, factory))); \
    INSTANTIATE_TEST_SUITE_P(name, DriverLinkConformance, ::testing::ValuesIn(::penstock::testing::linked_kits(kit, factory)))

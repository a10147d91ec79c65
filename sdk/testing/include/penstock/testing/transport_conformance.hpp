#pragma once

// What every transport has to stand, as one line in its test:
//
//     const TransportKit kKit{.url = "unix:/run/plant.sock"};
//     PENSTOCK_TRANSPORT_CONFORMANCE(Unix, kKit);
//
// Both sides are guests on a scripted network, held through the table that crosses the library boundary.

#include <memory>
#include <ostream>
#include <string>

#include <gtest/gtest.h>

#include <penstock/abi/transport.hpp>
#include <penstock/plugin.hpp>
#include <penstock/testing/driver_rig.hpp>
#include <penstock/testing/json_settings.hpp>
#include <penstock/testing/scripted_io.hpp>

namespace penstock::testing {

struct TransportKit {
    std::string url;  // that it can listen at and connect to, on a scripted network
    std::string settings = "{}";
    DriverRig::Factory factory = nullptr;  // filled in by PENSTOCK_TRANSPORT_CONFORMANCE
};

class TransportConformance : public ::testing::TestWithParam<TransportKit> {
protected:
    struct Call;

    TransportConformance();
    ~TransportConformance() override;
    void SetUp() override;     // listens
    void connect();            // a client and the connection that the server has accepted
    void release_connections();

    // Runs the network until the call has ended; its fault says how.
    CallResult run(Call& call);
    CallResult send(abi::ConnectionGuest& from, std::string_view frame);
    CallResult receive(abi::ConnectionGuest& at, std::string& frame, Duration patience = std::chrono::seconds(10));

    ScriptedNetwork network_;
    ScriptedIo server_io_{network_};
    ScriptedIo client_io_{network_};
    JsonSettings settings_;
    abi::TransportGuest* server_ = nullptr;
    abi::TransportGuest* client_ = nullptr;
    abi::ListenerGuest* listener_ = nullptr;
    abi::ConnectionGuest* at_client_ = nullptr;
    abi::ConnectionGuest* at_server_ = nullptr;
};

void PrintTo(const TransportKit& kit, std::ostream* out);
[[nodiscard]] TransportKit checked_kit(TransportKit kit, DriverRig::Factory factory);

}  // namespace penstock::testing

// For the plugin whose objects are linked into the test (penstock_add_plugin, TESTS).
#define PENSTOCK_TRANSPORT_CONFORMANCE(name, kit)        \
    using ::penstock::testing::TransportConformance;     \
    INSTANTIATE_TEST_SUITE_P(name, TransportConformance, \
                             ::testing::Values(::penstock::testing::checked_kit(kit, &penstock_plugin_factory)))

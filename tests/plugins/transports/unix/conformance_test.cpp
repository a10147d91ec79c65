#include <penstock/testing/transport_conformance.hpp>

namespace penstock::unix_transport {
namespace {

const penstock::testing::TransportKit kKit{.url = "unix:/run/plant/penstock.sock"};
PENSTOCK_TRANSPORT_CONFORMANCE(Unix, kKit);

}  // namespace
}  // namespace penstock::unix_transport

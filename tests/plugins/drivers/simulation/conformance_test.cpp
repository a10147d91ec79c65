#include <penstock/testing/driver_conformance.hpp>

namespace penstock::simulation {
namespace {

const penstock::testing::DriverKit kKit{
    .items = {{.address = "constant:value=5", .type = ValueType::float64, .value = 5.0},
              {.address = "constant:type=string,value=a, b", .type = ValueType::string, .value = "a, b"},
              {.address = "memory:type=int,value=-1", .type = ValueType::int64, .value = -1, .written = 9007199254740993},
              {.address = "memory:name=flag,type=bool", .type = ValueType::boolean, .value = false, .written = true},
              {.address = "sine:period=10s,low=0,high=100", .type = ValueType::float64},
              {.address = "ramp:period=1m,low=-1,high=1", .type = ValueType::float64},
              {.address = "step:period=4s,type=bool", .type = ValueType::boolean},
              {.address = "random_walk:every=1s,step=2,low=0,high=10,type=int", .type = ValueType::int64},
              {.address = "counter:every=100ms", .type = ValueType::uint64}},
    .bad_addresses = {"", "sin:period=1s", "sine:perod=1s", "sine:period=1", "sine:period=0s", "sine:low=2,high=1",
                      "sine:phase=2", "sine:low=nan", "sine:type=string", "sine:type=float", "constant:value=x",
                      "constant:high=1", "memory:type=int,value=1.5"},
};
PENSTOCK_DRIVER_CONFORMANCE(Simulation, kKit);

}  // namespace
}  // namespace penstock::simulation

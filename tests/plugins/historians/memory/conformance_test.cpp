#include <penstock/testing/historian_conformance.hpp>

namespace {

using penstock::testing::HistorianKit;

const HistorianKit kLazy{.settings = "{}"};
PENSTOCK_HISTORIAN_CONFORMANCE(MemoryStoresWhenAsked, kLazy);

}  // namespace

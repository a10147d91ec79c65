#include <penstock/testing/historian_conformance.hpp>

namespace {

using penstock::testing::HistorianKit;

const HistorianKit kKit{.settings = "{}"};
PENSTOCK_HISTORIAN_CONFORMANCE(Sqlite, kKit);

}  // namespace

#include <penstock/testing/historian_conformance.hpp>

namespace {

using penstock::testing::HistorianKit;

const HistorianKit kKit{.settings = R"({"file": "plant"})"};
PENSTOCK_HISTORIAN_CONFORMANCE(File, kKit);

}  // namespace

#include <penstock/plugin.hpp>

#include "counting_driver.hpp"

PENSTOCK_PLUGIN(CountingDriver, "driver.counting", "1.0.0", "{}");

// A library that says what it is and cannot be asked for it.

#include "raw_manifest.hpp"

RAW_MANIFEST("driver.no_factory");

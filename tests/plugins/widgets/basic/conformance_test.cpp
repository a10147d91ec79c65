#include <penstock/testing/widget_conformance.hpp>

PENSTOCK_WIDGET_CONFORMANCE(Basic);

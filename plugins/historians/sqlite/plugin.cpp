#include <penstock/plugin.hpp>

#include "historian.hpp"
#include "schema.hpp"

PENSTOCK_PLUGIN(penstock::sqlite::SqliteHistorian, "historian.sqlite", "0.1.0", penstock::sqlite::kSettingsSchema);

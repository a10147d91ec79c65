#include <penstock/plugin.hpp>

#include "tests/plugins/historians/memory/memory_historian.hpp"

namespace {

constexpr std::string_view kSchema = R"({
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "flush_rows": {"type": "integer", "minimum": 1, "description": "stores by itself after so many rows"},
    "summaries": {"type": "boolean", "default": true},
    "gate": {"type": "string", "description": "a path: as long as there is such a file, the historian stands still"},
    "slow": {"type": "string", "description": "how long each batch takes"},
    "fail_at_row": {"type": "integer", "minimum": 1, "description": "throws in the middle of the batch with this row, once"}
  }
})";

}  // namespace

PENSTOCK_PLUGIN(penstock::testing::MemoryHistorian, "historian.memory", "1.0.0", kSchema);

#pragma once

#include <string_view>

namespace penstock::sqlite {

inline constexpr std::string_view kSettingsSchema = R"({
  "$schema": "http://json-schema.org/draft-07/schema#",
  "title": "historian.sqlite",
  "description": "the embedded archive: one SQLite file in the server's data folder",
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "store_within": {
      "type": "string", "pattern": "^[0-9]+(ms|s)$", "default": "60s",
      "description": "samples are stored no later than this after they came, 1s to 60s; until then they are in the journal alone. Shorter costs disk writes"
    },
    "store_mebibytes": {
      "type": "integer", "minimum": 1, "maximum": 64, "default": 64,
      "description": "and as soon as so many MiB wait in memory"
    }
  }
})";

}  // namespace penstock::sqlite

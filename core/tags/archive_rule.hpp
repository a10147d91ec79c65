#pragma once

// Which samples of a tag are kept, where, and for how long. Shared: equal rules are stored once in the catalog.

#include <cstdint>
#include <string>
#include <vector>

#include <penstock/time.hpp>

namespace penstock::tags {

enum class ArchiveMode : std::uint8_t {
    off,
    on_change,  // what the tag table counts as a change, further thinned by `deadband` and `min_interval`
    cyclic,     // the newest value every `interval`; down to 1 ms, and then every sample that the driver delivers
};

struct ArchiveRule {
    ArchiveMode mode = ArchiveMode::off;
    Duration interval{};      // cyclic: 1 ms to 1 day
    double deadband = 0;      // on_change: less than this from the last kept value is not kept; in the tag's unit
    Duration
        min_interval{};  // on_change: at most one sample in this time, the newest; 0 = none. A change of quality is always kept
    Duration max_interval{};  // on_change: kept again after this time even without a change; 0 = never
    Duration keep_raw{}, keep_minutes{}, keep_hours{};  // retention; never 0 where mode is not off
    std::vector<std::string> historians;  // ids of the site's historians; empty = the site's first

    bool operator==(const ArchiveRule&) const = default;
};

}  // namespace penstock::tags

#pragma once

// What the archiving rules of a catalog mean for the engine (what to capture), for historians (which series), and for codecs.

#include <string_view>
#include <vector>

#include <penstock/historian.hpp>

#include "core/engine/capture.hpp"
#include "core/tags/tag_catalog.hpp"

namespace penstock::history {

// Cyclic rules, and those that keep a sample after some time even without a change, need to see unchanged samples.
[[nodiscard]] engine::CaptureMode capture_mode(const tags::ArchiveRule& rule) noexcept;
// By tag id, id_limit of them.
[[nodiscard]] std::vector<engine::CaptureMode> capture_modes(const tags::TagCatalog& catalog);

// Whether a historian keeps what the rule keeps. `first`: the site's first historian, which takes what names none.
[[nodiscard]] bool goes_to(const tags::ArchiveRule& rule, std::string_view historian, std::string_view first) noexcept;
// A historian's series in order of id. Names and units are views into the catalog.
[[nodiscard]] std::vector<SeriesInfo> series_of(const tags::TagCatalog& catalog, std::string_view historian,
                                                std::string_view first);

// Values are offset + k * step for whole k; step 0 = that is not known.
struct ValueSteps {
    double step = 0, offset = 0;
};
[[nodiscard]] ValueSteps steps_of(const tags::TagView& tag) noexcept;

}  // namespace penstock::history

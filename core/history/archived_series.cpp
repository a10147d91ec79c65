#include "core/history/archived_series.hpp"

#include <algorithm>
#include <cmath>

namespace penstock::history {

engine::CaptureMode capture_mode(const tags::ArchiveRule& rule) noexcept {
    if (rule.mode == tags::ArchiveMode::off) return engine::CaptureMode::off;
    const bool counts_samples = rule.mode == tags::ArchiveMode::cyclic || rule.max_interval > Duration::zero();
    return counts_samples ? engine::CaptureMode::all_samples : engine::CaptureMode::changes;
}

std::vector<engine::CaptureMode> capture_modes(const tags::TagCatalog& catalog) {
    std::vector<engine::CaptureMode> modes(catalog.id_limit(), engine::CaptureMode::off);
    for (const auto tag : catalog.by_name()) modes[tag] = capture_mode(catalog.archive(tag));
    return modes;
}

bool goes_to(const tags::ArchiveRule& rule, std::string_view historian, std::string_view first) noexcept {
    if (rule.mode == tags::ArchiveMode::off) return false;
    if (rule.historians.empty()) return historian == first;
    return std::ranges::find(rule.historians, historian) != rule.historians.end();
}

ValueSteps steps_of(const tags::TagView& tag) noexcept {
    const bool is_integer = tag.native_type == ValueType::int64 || tag.native_type == ValueType::uint64;
    if (tag.scaling == nullptr || tag.type != ValueType::float64 || !is_integer) return {};
    // As the engine scales: eng_low + (raw - raw_low) * gain. Where raw_low is no whole number, k is none.
    const auto& scaling = *tag.scaling;
    if (scaling.raw_low != std::trunc(scaling.raw_low)) return {};
    return {(scaling.eng_high - scaling.eng_low) / (scaling.raw_high - scaling.raw_low), scaling.eng_low};
}

std::vector<SeriesInfo> series_of(const tags::TagCatalog& catalog, std::string_view historian, std::string_view first) {
    std::vector<SeriesInfo> series;
    for (tags::TagId tag = 0; tag < catalog.id_limit(); ++tag) {
        if (!catalog.exists(tag) || !goes_to(catalog.archive(tag), historian, first)) continue;
        const auto view = catalog.view(tag);
        const auto steps = steps_of(view);
        const auto& rule = *view.archive;
        series.push_back({tag, view.name, view.unit, view.type, steps.step, steps.offset, rule.keep_raw, rule.keep_minutes,
                          rule.keep_hours});
    }
    return series;
}

}  // namespace penstock::history

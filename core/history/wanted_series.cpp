#include "core/history/wanted_series.hpp"

#include <algorithm>
#include <utility>

#include "core/tags/tag_catalog.hpp"

namespace penstock::history {
namespace {

bool is_integer(ValueType type) { return type == ValueType::int64 || type == ValueType::uint64; }

bool keeps(const tags::ArchiveRule& rule, std::string_view historian, bool is_first) {
    if (rule.mode == tags::ArchiveMode::off) return false;
    return rule.historians.empty() ? is_first : std::ranges::find(rule.historians, historian) != rule.historians.end();
}

SeriesInfo to_info(const tags::TagView& tag) {
    SeriesInfo info{.id = tag.id,
                    .name = tag.name,
                    .unit = tag.unit,
                    .type = tag.type,
                    .keep_raw = tag.archive->keep_raw,
                    .keep_minutes = tag.archive->keep_minutes,
                    .keep_hours = tag.archive->keep_hours};
    // As the engine scales (core/engine/recipe.hpp): the counts of a converter give whole multiples of the gain.
    if (tag.scaling != nullptr && tag.type == ValueType::float64 && is_integer(tag.native_type)) {
        info.step = (tag.scaling->eng_high - tag.scaling->eng_low) / (tag.scaling->raw_high - tag.scaling->raw_low);
        info.offset = tag.scaling->eng_low;
    }
    return info;
}

}  // namespace

WantedSeries::WantedSeries(std::vector<SeriesInfo> series, std::shared_ptr<const void> keep_alive)
    : keep_alive_(std::move(keep_alive)), series_(std::move(series)) {
    std::ranges::sort(series_, {}, &SeriesInfo::id);
    if (series_.empty()) return;
    kinds_.resize(std::size_t{series_.back().id} + 1, Kind::unwanted);
    for (const auto& info : series_) kinds_[info.id] = is_scalar_word(info.type) ? Kind::word : Kind::blob;
}

WantedSeries series_of(std::shared_ptr<const tags::TagCatalog> catalog, std::string_view historian, bool is_first) {
    std::vector<SeriesInfo> series;
    for (tags::TagId id = 0; id < catalog->id_limit(); ++id) {
        if (catalog->exists(id) && keeps(catalog->archive(id), historian, is_first))
            series.push_back(to_info(catalog->view(id)));
    }
    return WantedSeries(std::move(series), std::move(catalog));
}

}  // namespace penstock::history

#include "core/history/wanted_series.hpp"

#include <algorithm>
#include <utility>

namespace penstock::history {

WantedSeries::WantedSeries(std::vector<SeriesInfo> series, std::shared_ptr<const void> keep_alive)
    : keep_alive_(std::move(keep_alive)), series_(std::move(series)) {
    std::ranges::sort(series_, {}, &SeriesInfo::id);
    if (series_.empty()) return;
    kinds_.resize(std::size_t{series_.back().id} + 1, Kind::unwanted);
    for (const auto& info : series_) kinds_[info.id] = is_scalar_word(info.type) ? Kind::word : Kind::blob;
}

}  // namespace penstock::history

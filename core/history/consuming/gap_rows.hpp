#pragma once

// A gap of the journal as samples: one without value for each series that had one, where the gap begins.

#include <cstdint>
#include <string_view>
#include <vector>

#include <penstock/historian.hpp>
#include <penstock/result.hpp>

#include "core/guests/historian_instance.hpp"
#include "core/history/journal_feed.hpp"
#include "core/history/wanted_series.hpp"

namespace penstock::history::consuming {

class GapRows {
public:
    // `stored` sees everything before the gap. A series whose newest sample is bad already, or that has none, gets none. The time
    // is that of the gap, but later than the series' newest sample; where the journal does not know when the gap began, the newest
    // sample of all stands for it.
    [[nodiscard]] Result<void> fill(const WantedSeries& wanted, guests::HistorianReader& stored, const JournalGap& gap);
    // Valid as long as this and `gap`.
    [[nodiscard]] HistoryBatch batch(const JournalGap& gap);
    [[nodiscard]] std::int64_t begins() const noexcept { return begins_; }  // ns UTC; 0 = nobody knows

private:
    std::vector<SeriesRun> runs_;
    std::vector<std::int64_t> time_;
    std::vector<StatusWord> status_;
    std::vector<std::uint64_t> word_;
    std::vector<std::string_view> causes_;
    std::int64_t begins_ = 0;
};

}  // namespace penstock::history::consuming

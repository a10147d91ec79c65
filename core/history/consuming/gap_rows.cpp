#include "core/history/consuming/gap_rows.hpp"

#include <algorithm>
#include <limits>

namespace penstock::history::consuming {
namespace {

constexpr std::int64_t kMillisecond = 1'000'000;

class LastRow final : public SampleSink {
public:
    bool take(const SampleView& samples) override {
        time = samples.time.back();
        is_valued = !is_bad(status_quality(samples.status.back()));
        is_there = true;
        return false;
    }
    std::int64_t time = 0;
    bool is_there = false, is_valued = false;
};

}  // namespace

Result<void> GapRows::fill(const WantedSeries& wanted, guests::HistorianReader& stored, const JournalGap& gap) {
    runs_.clear();
    time_.clear();
    std::int64_t newest = 0;
    for (const auto& info : wanted.list()) {
        LastRow last;
        const auto read = stored.read_before(info.id, std::numeric_limits<std::int64_t>::max(), last);
        if (!read) return read;
        newest = std::max(newest, last.time);
        if (!last.is_there || !last.is_valued) continue;
        runs_.push_back({info.id, static_cast<std::uint32_t>(time_.size()), 1});
        time_.push_back(last.time + kMillisecond);
    }
    begins_ = gap.from != 0 ? gap.from : newest;
    for (auto& time : time_) time = std::max(time, begins_);
    status_.assign(time_.size(), status_word(QualityCode::bad, 1));
    word_.assign(time_.size(), 0);
    return {};
}

HistoryBatch GapRows::batch(const JournalGap& gap) {
    causes_.assign(1, gap.cause);
    return {.runs = runs_,
            .samples = {.time = time_, .status = status_, .word = word_, .blob = {}, .causes = causes_},
            .begin = gap.begin,
            .end = gap.end};
}

}  // namespace penstock::history::consuming

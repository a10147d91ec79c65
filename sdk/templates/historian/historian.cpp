// Keeps everything in memory, and in one file that is read at start: enough for a small plant, and a start for your own.
#include <penstock/historian.hpp>
#include <penstock/plugin.hpp>

#include <algorithm>
#include <ranges>

#include "store.hpp"

namespace {

using namespace penstock;

// Rows as columns, as a sink takes them.
class Piece {
public:
    void add(const Row& row) {
        std::uint16_t cause = 0;
        if (!row.cause.empty()) {
            causes_.push_back(row.cause);
            cause = static_cast<std::uint16_t>(causes_.size());
        }
        const auto reference = static_cast<std::uint64_t>(blob_.size()) << 32U | row.bytes.size();
        time_.push_back(row.time);
        status_.push_back(status_word(row.quality, cause));
        word_.push_back(row.bytes.empty() ? row.word : reference);
        blob_ += row.bytes;
    }
    [[nodiscard]] bool is_full() const { return time_.size() == 1024; }
    [[nodiscard]] SampleView view() const {
        return {.time = time_, .status = status_, .word = word_, .blob = blob_, .causes = causes_};
    }

private:
    std::vector<std::int64_t> time_;
    std::vector<StatusWord> status_;
    std::vector<std::uint64_t> word_;
    std::string blob_;
    std::vector<std::string_view> causes_;
};

void hand_out(auto&& rows, std::uint64_t skip, SampleSink& into) {
    Piece piece;
    for (const Row& row : rows | std::views::drop(static_cast<std::ptrdiff_t>(skip))) {
        piece.add(row);
        if (!piece.is_full()) continue;
        if (!into.take(piece.view())) return;
        piece = Piece();
    }
    if (piece.view().size() != 0) into.take(piece.view());
}

class Reader final : public HistoryReader {
public:
    explicit Reader(State state) : state_(std::move(state)) {}
    [[nodiscard]] JournalPosition position() const noexcept override { return state_.position; }

    void read(const SampleRange& range, SampleSink& into) override {
        const auto found = state_.series.find(range.series);
        if (found == state_.series.end() || range.from >= range.to) return;
        const auto first = std::ranges::lower_bound(*found->second, range.from, {}, &Row::time);
        const auto last = std::ranges::lower_bound(*found->second, range.to, {}, &Row::time);
        const std::ranges::subrange rows(first, last);
        const auto skip = std::min<std::uint64_t>(range.skip, rows.size());
        if (range.newest_first) return hand_out(rows | std::views::reverse, skip, into);
        hand_out(rows, skip, into);
    }

    void read_before(SeriesId series, std::int64_t time, SampleSink& into) override {
        const auto found = state_.series.find(series);
        if (found == state_.series.end()) return;
        const auto behind = std::ranges::lower_bound(*found->second, time, {}, &Row::time);
        if (behind == found->second->begin()) return;
        hand_out(std::ranges::subrange(std::prev(behind), behind), 0, into);
    }

private:
    State state_;
};

class FileHistorian final : public Historian {
public:
    explicit FileHistorian(Settings settings) : name_(settings.text_or("file", "samples")) {}

    JournalPosition open(const std::filesystem::path& folder) override {
        state_ = file_.open(folder / name_);
        appended_ = state_.position;
        return persisted();
    }

    void define(std::span<const SeriesInfo> series) override {
        for (const auto& info : series) known_[info.id] = {info.type, info.keep_raw};
    }

    // Only gathered: flush() comes in time.
    void append(const HistoryBatch& batch) override {
        for (const auto& run : batch.runs) {
            const bool is_number = is_scalar_word(known_.at(run.series).type);
            for (std::size_t row = run.first; row < run.first + run.count; ++row) {
                const auto& samples = batch.samples;
                pending_.push_back({.series = run.series,
                                    .time = samples.time[row],
                                    .quality = status_quality(samples.status[row]),
                                    .word = is_number ? samples.word[row] : 0,
                                    .bytes = is_number ? std::string() : std::string(samples.blob_at(row)),
                                    .cause = std::string(samples.cause_at(row))});
            }
        }
        appended_ = batch.end;
    }

    // The position stands in the same block as the rows: both are there after a crash, or neither.
    void flush() override {
        if (appended_ == state_.position) return;
        file_.append(pending_, appended_);
        state_ = state_.with(pending_, appended_);
        pending_.clear();
    }

    [[nodiscard]] JournalPosition persisted() const noexcept override { return state_.position; }
    std::unique_ptr<HistoryReader> open_reader() override { return std::make_unique<Reader>(state_); }

    // Drops what retention no longer covers. With so little data in one piece.
    bool tidy(UtcTime now) override {
        auto young = state_.all();
        const auto is_old = [&](const Row& row) {
            const auto known = known_.find(row.series);
            return known != known_.end() && row.time < to_ns(now) - known->second.keep.count();
        };
        if (std::erase_if(young, is_old) == 0) return false;
        file_.replace(young, state_.position);
        state_ = State().with(young, state_.position);
        return false;
    }

private:
    struct Known {
        ValueType type;
        Duration keep;
    };

    std::string name_;
    StoreFile file_;
    State state_;  // what is in the file
    std::map<SeriesId, Known> known_;
    Rows pending_;  // appended and not flushed
    JournalPosition appended_ = 0;
};

constexpr std::string_view kSchema = R"({
  "type": "object",
  "properties": {"file": {"type": "string", "default": "samples", "description": "name of the file in the historian's folder"}}
})";

}  // namespace

PENSTOCK_PLUGIN(FileHistorian, "historian.file", "1.0.0", kSchema);

// A historian with one fault at a time, chosen by the environment, to show that the conformance kit finds each.
#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <penstock/plugin.hpp>
#include <penstock/testing/historian_conformance.hpp>

#include "tests/plugins/historians/memory/memory_historian.hpp"

namespace penstock::testing {
namespace {

std::string fault() {
    const char* const word = std::getenv("PENSTOCK_KIT_FAULT");  // NOLINT(concurrency-mt-unsafe): nobody sets it
    return word == nullptr ? "none" : word;
}

// The columns of a view, to be bent.
struct Bent {
    explicit Bent(const SampleView& view)
        : time(view.time.begin(), view.time.end()),
          status(view.status.begin(), view.status.end()),
          word(view.word.begin(), view.word.end()),
          blob(view.blob),
          causes(view.causes) {}
    [[nodiscard]] SampleView view() const { return {time, status, word, blob, causes}; }

    std::vector<std::int64_t> time;
    std::vector<StatusWord> status;
    std::vector<std::uint64_t> word;
    std::string_view blob;
    std::span<const std::string_view> causes;
};

class BentSink final : public SampleSink, public SummarySink {
public:
    BentSink(std::string fault, SampleSink* rows, SummarySink* summaries)
        : fault_(std::move(fault)), rows_(rows), summaries_(summaries) {}

    bool take(const SampleView& samples) override {
        Bent bent(samples);
        if (fault_ == "shortens_times") {
            for (auto& time : bent.time) time -= time % 1'000;
        }
        if (fault_ == "loses_good_causes" || fault_ == "loses_causes") {
            for (auto& status : bent.status) {
                if (fault_ == "loses_causes" || !is_bad(status_quality(status))) status = status_word(status_quality(status));
            }
        }
        if (fault_ == "knows_three_qualities") {
            for (auto& status : bent.status) status = status & 0xC000'FFFFU;
        }
        const auto view = bent.view();
        const bool wants_more = rows_ != nullptr ? rows_->take(view) : summaries_->take(view);
        return wants_more || fault_ == "does_not_stop";
    }
    bool take(const SampleSummary& summary) override {
        auto bent = summary;
        if (fault_ == "sums_up_wrongly") bent.weighted_sum *= 1.001;
        if (fault_ == "forgets_bad_ones") bent.bad = 0;
        return summaries_->take(bent);
    }

private:
    std::string fault_;
    SampleSink* rows_;
    SummarySink* summaries_;
};

class BrokenHistorian;

class BrokenReader final : public HistoryReader {
public:
    BrokenReader(const BrokenHistorian& owner, std::unique_ptr<HistoryReader> inner)
        : owner_(owner), inner_(std::move(inner)) {}
    [[nodiscard]] JournalPosition position() const noexcept override { return inner().position(); }
    void read(const SampleRange& range, SampleSink& into) override {
        BentSink bent(fault_, &into, nullptr);
        inner().read(bend(range), bent);
    }
    void read_before(SeriesId series, std::int64_t time, SampleSink& into) override {
        BentSink bent(fault_, &into, nullptr);
        inner().read_before(series, fault_ == "before_or_at" && time != INT64_MAX ? time + 1 : time, bent);
    }
    [[nodiscard]] bool has_summaries() const noexcept override { return true; }
    void summarise(const SampleRange& range, Duration most_span, SummarySink& into) override {
        BentSink bent(fault_, nullptr, &into);
        inner().summarise(bend(range), fault_ == "sums_up_too_much" ? most_span * 1000 : most_span, bent);
    }

private:
    [[nodiscard]] HistoryReader& inner() const;
    [[nodiscard]] SampleRange bend(SampleRange range) const {
        if (fault_ == "closed_range" && range.to != INT64_MAX) range.to += 1;
        if (fault_ == "ignores_skip") range.skip = 0;
        if (fault_ == "oldest_first") range.newest_first = false;
        return range;
    }

    const BrokenHistorian& owner_;
    const std::string fault_ = fault();
    std::unique_ptr<HistoryReader> inner_;
    mutable std::unique_ptr<HistoryReader> live_;
};

// Around a sound one.
class BrokenHistorian final : public Historian {
public:
    explicit BrokenHistorian(Settings settings) : inner_(settings) {}

    JournalPosition open(const std::filesystem::path& folder) override {
        position_ = inner_.open(folder);
        return position_;
    }
    void define(std::span<const SeriesInfo> series) override {
        if (fault_ != "late_series_stay_unknown" || !is_defined_) inner_.define(series);
        is_defined_ = true;
        for (const auto& info : series) types_[info.id] = info.type;
    }
    void append(const HistoryBatch& batch) override {
        Bent bent(batch.samples);
        auto bent_batch = batch;
        for (const auto& run : batch.runs) {
            for (auto row = run.first; row < run.first + run.count; ++row) bend(bent, row, types_[run.series]);
        }
        bent_batch.samples = bent.view();
        inner_.append(bent_batch);
        position_ = batch.end;
        // Without its position: after a crash it comes once more.
        if (fault_ == "stores_half_of_the_way" && batch.end % 2 == 1) inner_.flush();
    }
    void flush() override {
        if (fault_ != "flushes_later") inner_.flush();
    }
    [[nodiscard]] JournalPosition persisted() const noexcept override {
        if (fault_ == "confirms_too_early") return position_;
        const auto position = inner_.persisted();
        return fault_ == "stores_half_of_the_way" && position > 0 ? position - 1 : position;
    }
    std::unique_ptr<HistoryReader> open_reader() override {
        return std::make_unique<BrokenReader>(*this, inner_.open_reader());
    }
    [[nodiscard]] std::unique_ptr<HistoryReader> open_inner() const {
        return const_cast<MemoryHistorian&>(inner_).open_reader();
    }
    bool tidy(UtcTime now) override { return fault_ == "never_drops" ? false : inner_.tidy(now); }

private:
    void bend(Bent& bent, std::size_t row, ValueType type) const {
        auto& word = bent.word[row];
        if (fault_ == "drops_the_sign_of_zero" && type == ValueType::float64 && word == word_of(-0.0)) word = 0;
        if (fault_ == "every_number_is_a_double" && type == ValueType::int64) {
            const auto rounded = static_cast<double>(static_cast<std::int64_t>(word));
            if (rounded < 9e18) word = static_cast<std::uint64_t>(static_cast<std::int64_t>(rounded));
        }
        if (fault_ == "one_nan_is_all" && type == ValueType::float64 && double_of(word) != double_of(word)) {
            word = 0x7FF8'0000'0000'0000U;
        }
        if (fault_ == "bad_ones_have_values" && is_bad(status_quality(bent.status[row])) && is_scalar_word(type)) word = 7;
        if (fault_ == "cuts_texts" && type == ValueType::string && (word & 0xFFFF'FFFFU) > 60'000) word -= 1;
    }

    MemoryHistorian inner_;
    const std::string fault_ = fault();
    std::map<SeriesId, ValueType> types_;
    JournalPosition position_ = 0;
    bool is_defined_ = false;
};

HistoryReader& BrokenReader::inner() const {
    if (fault_ != "reads_what_is_there_now") return *inner_;
    live_ = owner_.open_inner();
    return *live_;
}

const HistorianKit kKit{.settings = "{}", .many_series = 1'000};
PENSTOCK_HISTORIAN_CONFORMANCE(Broken, kKit);

}  // namespace
}  // namespace penstock::testing

PENSTOCK_PLUGIN(penstock::testing::BrokenHistorian, "historian.broken", "1.0.0", R"({"type": "object"})");

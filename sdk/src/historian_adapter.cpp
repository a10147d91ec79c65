#include <penstock/detail/guard.hpp>
#include <penstock/historian.hpp>

#include <string>
#include <utility>

namespace penstock::detail {

SampleView CrossingSamples::to_view(const abi::SampleColumns& columns) {
    const auto count = static_cast<std::size_t>(columns.count);
    views_.clear();
    for (std::size_t i = 0; i < columns.cause_count; ++i) views_.push_back(columns.causes[i].view());
    return {.time = {columns.time, count},
            .status = {columns.status, count},
            .word = {columns.word, count},
            .blob = columns.blob.view(),
            .causes = views_};
}

abi::SampleColumns CrossingSamples::to_columns(const SampleView& view) {
    texts_.clear();
    for (const auto cause : view.causes) texts_.push_back(abi::text(cause));
    return {.count = view.size(),
            .time = view.time.data(),
            .status = view.status.data(),
            .word = view.word.data(),
            .blob = abi::text(view.blob),
            .causes = texts_.data(),
            .cause_count = texts_.size()};
}

abi::SummaryOfSamples to_plain(const SampleSummary& summary) noexcept {
    return {.first_time_ns = summary.first_time,
            .last_time_ns = summary.last_time,
            .count = summary.count,
            .good = summary.good,
            .bad = summary.bad,
            .minimum = summary.minimum,
            .maximum = summary.maximum,
            .minimum_time_ns = summary.minimum_time,
            .maximum_time_ns = summary.maximum_time,
            .first = summary.first,
            .last = summary.last,
            .weighted_sum = summary.weighted_sum,
            .weighted_seconds = summary.weighted_seconds,
            .transitions = summary.transitions,
            .worst = static_cast<std::uint32_t>(summary.worst),
            .reserved = 0};
}

SampleSummary to_summary(const abi::SummaryOfSamples& plain) noexcept {
    return {.first_time = plain.first_time_ns,
            .last_time = plain.last_time_ns,
            .count = plain.count,
            .good = plain.good,
            .bad = plain.bad,
            .minimum = plain.minimum,
            .maximum = plain.maximum,
            .minimum_time = plain.minimum_time_ns,
            .maximum_time = plain.maximum_time_ns,
            .first = plain.first,
            .last = plain.last,
            .weighted_sum = plain.weighted_sum,
            .weighted_seconds = plain.weighted_seconds,
            .worst = static_cast<QualityCode>(plain.worst),
            .transitions = plain.transitions};
}

namespace {

// The host's sink as the guest's class sees it.
class GuestSink final : public SampleSink, public SummarySink {
public:
    explicit GuestSink(abi::SinkOfHost& host) : host_(host) {}
    bool take(const SampleView& samples) override { return samples.size() == 0 || host_.take(crossing_.to_columns(samples)); }
    bool take(const SampleSummary& summary) override { return host_.take_summary(to_plain(summary)); }

private:
    abi::SinkOfHost& host_;
    CrossingSamples crossing_;
};

SampleRange to_range(const abi::RangeOfSamples& plain) noexcept {
    return {.series = plain.series,
            .from = plain.from_ns,
            .to = plain.to_ns,
            .skip = plain.skip,
            .newest_first = plain.newest_first != 0};
}

class ReaderAdapter final : public abi::ReaderGuest {
public:
    explicit ReaderAdapter(std::unique_ptr<HistoryReader> reader) : reader_(std::move(reader)) {}

    std::uint64_t position() noexcept override { return reader_->position(); }
    void read(const abi::RangeOfSamples& range, abi::SinkOfHost& into, abi::Fault& fault) noexcept override {
        guarded(fault, [&] {
            GuestSink sink(into);
            reader_->read(to_range(range), sink);
        });
    }
    void read_before(std::uint32_t series, std::int64_t time_ns, abi::SinkOfHost& into, abi::Fault& fault) noexcept override {
        guarded(fault, [&] {
            GuestSink sink(into);
            reader_->read_before(series, time_ns, sink);
        });
    }
    bool has_summaries() noexcept override { return reader_->has_summaries(); }
    void summarise(const abi::RangeOfSamples& range, std::int64_t most_span_ns, abi::SinkOfHost& into,
                   abi::Fault& fault) noexcept override {
        guarded(fault, [&] {
            GuestSink sink(into);
            reader_->summarise(to_range(range), Duration(most_span_ns), sink);
        });
    }
    std::uint32_t count_damage(abi::Fault& fault) noexcept override {
        damage_.clear();
        guarded(fault, [&] { damage_ = reader_->damage(); });
        return static_cast<std::uint32_t>(damage_.size());
    }
    abi::Text damage(std::uint32_t index) noexcept override {
        return index < damage_.size() ? abi::text(damage_[index]) : abi::Text{};
    }
    void release() noexcept override { delete this; }

private:
    std::unique_ptr<HistoryReader> reader_;
    std::vector<std::string> damage_;
};

class HistorianAdapter final : public abi::HistorianGuest {
public:
    explicit HistorianAdapter(std::unique_ptr<Historian> historian) : historian_(std::move(historian)) {}

    std::uint64_t open(abi::Text folder, abi::Fault& fault) noexcept override {
        JournalPosition position = 0;
        guarded(fault, [&] { position = historian_->open(std::filesystem::path(folder.view())); });
        return position;
    }
    void define(const abi::SeriesDefinition* series, std::uint64_t count, abi::Fault& fault) noexcept override {
        guarded(fault, [&] {
            series_.clear();
            for (std::uint64_t i = 0; i < count; ++i) series_.push_back(to_info(series[i]));
            historian_->define(series_);
        });
    }
    void append(const abi::BatchColumns& batch, abi::Fault& fault) noexcept override {
        guarded(fault, [&] {
            historian_->append({.runs = {batch.runs, static_cast<std::size_t>(batch.run_count)},
                                .samples = crossing_.to_view(batch.samples),
                                .begin = batch.begin,
                                .end = batch.end});
        });
    }
    void flush(abi::Fault& fault) noexcept override {
        guarded(fault, [&] { historian_->flush(); });
    }
    std::uint64_t persisted() noexcept override { return historian_->persisted(); }
    abi::ReaderGuest* open_reader(abi::Fault& fault) noexcept override {
        abi::ReaderGuest* guest = nullptr;
        guarded(fault, [&] {
            auto reader = historian_->open_reader();
            if (reader != nullptr) guest = new ReaderAdapter(std::move(reader));
        });
        return guest;
    }
    bool tidy(std::int64_t now_ns, abi::Fault& fault) noexcept override {
        bool has_more = false;
        guarded(fault, [&] { has_more = historian_->tidy(utc_from_ns(now_ns)); });
        return has_more;
    }
    void status(abi::StatusOfHistorian& plain, abi::Fault& fault) noexcept override {
        plain = abi::StatusOfHistorian();
        guarded(fault, [&] {
            status_ = historian_->status();
            plain = {.samples = status_.samples,
                     .bytes = status_.bytes,
                     .oldest_time_ns = status_.oldest_time,
                     .sentence = abi::text(status_.sentence)};
        });
    }
    bool has_backup() noexcept override { return historian_->has_backup(); }
    bool back_up(abi::Text folder, abi::Fault& fault) noexcept override {
        bool has_more = false;
        guarded(fault, [&] { has_more = historian_->back_up(std::filesystem::path(folder.view())); });
        return has_more;
    }
    void release() noexcept override { delete this; }

private:
    static SeriesInfo to_info(const abi::SeriesDefinition& plain) noexcept {
        return {.id = plain.id,
                .name = plain.name.view(),
                .unit = plain.unit.view(),
                .type = static_cast<ValueType>(plain.type),
                .step = plain.step,
                .offset = plain.offset,
                .keep_raw = Duration(plain.keep_raw_ns),
                .keep_minutes = Duration(plain.keep_minutes_ns),
                .keep_hours = Duration(plain.keep_hours_ns)};
    }

    std::unique_ptr<Historian> historian_;
    CrossingSamples crossing_;
    std::vector<SeriesInfo> series_;
    HistorianStatus status_;
};

}  // namespace

abi::HistorianGuest* adapt_historian(std::unique_ptr<Historian> historian) {
    return new HistorianAdapter(std::move(historian));
}

}  // namespace penstock::detail

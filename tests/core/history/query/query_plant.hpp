#pragma once

// A values lane on the disk, a catalog of archived tags and a store that has as much of the lane as the test says.

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/file_system.hpp"
#include "core/history/journal_tail.hpp"
#include "core/history/sample_rows.hpp"
#include "core/history/store_reader.hpp"
#include "core/history/values_record.hpp"
#include "core/tags/tag_catalog_builder.hpp"
#include "core/tags/tag_ids.hpp"
#include "tests/support/temp_folder.hpp"

namespace penstock::history::testing {

inline constexpr std::int64_t kStart = 1'700'000'000'000'000'000;
inline constexpr std::int64_t kMs = 1'000'000;

struct Sample {
    Sample(std::int64_t at, double number, QualityCode how = QualityCode::good, std::string why = {})
        : time(at), value(number), quality(how), cause(std::move(why)) {}
    std::int64_t time;
    double value;
    QualityCode quality;
    std::string cause;
};

// By time; equal times keep their order.
inline void sort_by_time(std::vector<Sample>& rows) {
    std::multimap<std::int64_t, Sample> sorted;
    for (const auto& each : rows) sorted.emplace(each.time, each);
    rows.clear();
    for (const auto& [time, each] : sorted) rows.push_back(each);
}

inline std::uint64_t word_of_sample(const Sample& sample) { return is_bad(sample.quality) ? 0 : word_of(sample.value); }

// One state of the store: rows by tag, in order of (time, arrival).
struct StoreState {
    JournalPosition position = 0;
    std::map<tags::TagId, std::vector<Sample>> rows;
};

class FakeReader final : public StoreReader {
public:
    FakeReader(std::shared_ptr<const StoreState> state, bool has_summaries)
        : state_(std::move(state)), has_summaries_(has_summaries) {}
    JournalPosition position() const noexcept override { return state_->position; }
    bool has_summaries() const noexcept override { return has_summaries_; }
    Result<std::vector<std::string>> damage() override { return std::vector<std::string>(); }

    Result<void> read(const SampleRange& range, SampleSink& into) override {
        auto rows = rows_of(range);
        if (range.newest_first) std::ranges::reverse(rows);
        constexpr std::size_t kPiece = 7;  // odd, so that pieces end anywhere
        for (std::size_t first = 0; first < rows.size(); first += kPiece) {
            if (!hand_out(std::span(rows).subspan(first, std::min(kPiece, rows.size() - first)), into)) break;
        }
        return {};
    }
    Result<void> read_before(SeriesId series, std::int64_t time, SampleSink& into) override {
        const auto rows = rows_of({series, INT64_MIN, time, 0, false});
        if (!rows.empty()) hand_out(std::span(rows).last(1), into);
        return {};
    }
    Result<void> summarise(const SampleRange& range, Duration most_span, SummarySink& into) override {
        struct Rows final : SampleSink {
            explicit Rows(SummarySink& sink) : sink_(&sink) {}
            bool take(const SampleView& samples) override { return sink_->take(samples); }
            SummarySink* sink_;
        } sink(into);
        const auto rows = rows_of(range);
        constexpr std::size_t kStretch = 16;
        for (std::size_t first = 0; first < rows.size(); first += kStretch) {
            const auto stretch = std::span(rows).subspan(first, std::min(kStretch, rows.size() - first));
            const bool fits = stretch.back().time - stretch.front().time <= most_span.count();
            if (!(fits ? into.take(summary_of(stretch)) : hand_out(stretch, sink))) break;
        }
        return {};
    }

private:
    [[nodiscard]] std::vector<Sample> rows_of(const SampleRange& range) const {
        std::vector<Sample> rows;
        if (const auto found = state_->rows.find(range.series); found != state_->rows.end()) {
            for (const auto& each : found->second) {
                if (each.time >= range.from && each.time < range.to) rows.push_back(each);
            }
        }
        return rows;
    }
    static bool hand_out(std::span<const Sample> rows, SampleSink& into) {
        std::vector<std::int64_t> time;
        std::vector<StatusWord> status;
        std::vector<std::uint64_t> word;
        std::vector<std::string_view> causes;
        for (const auto& each : rows) {
            time.push_back(each.time);
            word.push_back(word_of_sample(each));
            if (!each.cause.empty()) causes.push_back(each.cause);
            status.push_back(
                status_word(each.quality, each.cause.empty() ? std::uint16_t{0} : static_cast<std::uint16_t>(causes.size())));
        }
        return into.take(SampleView{time, status, word, {}, causes});
    }
    static SampleSummary summary_of(std::span<const Sample> rows) {
        constexpr auto nothing = std::numeric_limits<double>::quiet_NaN();
        SampleSummary summary;
        summary.first_time = rows.front().time;
        summary.last_time = rows.back().time;
        summary.minimum = summary.maximum = nothing;
        const auto value = [&](const Sample& each) { return is_bad(each.quality) ? nothing : each.value; };
        summary.first = value(rows.front());
        summary.last = value(rows.back());
        for (std::size_t i = 0; i < rows.size(); ++i) {
            ++summary.count;
            const auto v = value(rows[i]);
            const auto quality = std::isnan(v) && !is_bad(rows[i].quality) ? QualityCode::bad : rows[i].quality;
            summary.worst = i == 0 ? quality : worse(summary.worst, quality);
            if (std::isnan(v)) continue;
            if (!(v >= summary.minimum)) summary.minimum = v;
            if (!(v <= summary.maximum)) summary.maximum = v;
            if (i + 1 == rows.size()) continue;
            const auto seconds = static_cast<double>(rows[i + 1].time - rows[i].time) * 1e-9;
            summary.weighted_sum += v * seconds;
            summary.weighted_seconds += seconds;
        }
        return summary;
    }

    std::shared_ptr<const StoreState> state_;
    bool has_summaries_;
};

class QueryPlant final : public HistoryStores {
public:
    // Tags "tag.0" ... of type double, archived on change.
    explicit QueryPlant(std::size_t tags = 1) : catalog(make_catalog(tags)), lane(open_lane()), tail(*lane) {}

    // --- what comes in ---
    void add(tags::TagId tag, Sample sample) { pending_.emplace_back(tag, std::move(sample)); }
    // One record with all that was added, and a sync.
    void commit() {
        std::vector<tags::TagId> tag;
        std::vector<std::int64_t> time;
        std::vector<StatusWord> status;
        std::vector<std::uint64_t> word;
        std::vector<std::string_view> causes;
        for (const auto& [id, sample] : pending_) {
            tag.push_back(id);
            time.push_back(sample.time);
            word.push_back(word_of_sample(sample));
            if (!sample.cause.empty()) causes.push_back(sample.cause);
            status.push_back(status_word(sample.quality,
                                         sample.cause.empty() ? std::uint16_t{0} : static_cast<std::uint16_t>(causes.size())));
        }
        ValuesEncoder encoder(catalog->id_limit());
        const auto body = encoder.encode({tag, time, status, word, {}, causes});
        if (!lane->append(journal::RecordType::values, body, clock.now())) throw std::runtime_error("append");
        if (!lane->commit()) throw std::runtime_error("commit");
        for (auto& each : pending_) arrived_.emplace_back(lane->durable(), std::move(each));
        pending_.clear();
    }
    // The store takes all records before this position.
    void store_until(journal::Position position) {
        auto state = std::make_shared<StoreState>();
        state->position = position;
        for (const auto& [end, each] : arrived_) {
            if (end <= position) state->rows[each.first].push_back(each.second);
        }
        for (auto& [tag, rows] : state->rows) sort_by_time(rows);
        const std::lock_guard lock(mutex_);
        state_ = std::move(state);
    }
    void store_all() { store_until(lane->durable()); }
    // What a query must find, in order.
    [[nodiscard]] std::vector<Sample> all(tags::TagId tag) const {
        std::vector<Sample> rows;
        for (const auto& [end, each] : arrived_) {
            if (each.first == tag) rows.push_back(each.second);
        }
        sort_by_time(rows);
        return rows;
    }

    Result<OpenStore> open(tags::TagId, std::string_view) override {
        const std::lock_guard lock(mutex_);
        if (is_frozen) return fail(ErrorCode::unavailable, "the historian does not answer", {}, true);
        return OpenStore{std::make_unique<FakeReader>(state_, has_summaries), "historian.fake"};
    }

    void thaw() { is_frozen = false; }

    base::ManualClock clock;
    std::shared_ptr<const tags::TagCatalog> catalog;
    penstock::testing::TempFolder folder;
    std::unique_ptr<journal::Lane> lane;
    JournalTail tail;
    bool has_summaries = false;
    std::atomic<bool> is_frozen = false;

private:
    static std::shared_ptr<const tags::TagCatalog> make_catalog(std::size_t tags) {
        tags::ArchiveRule rule;
        rule.mode = tags::ArchiveMode::on_change;
        rule.keep_raw = rule.keep_minutes = rule.keep_hours = 24h;
        tags::TagIdStore ids;
        tags::TagCatalogBuilder builder;
        for (std::size_t n = 0; n < tags; ++n) {
            const auto name = "tag." + std::to_string(n);
            tags::TagDefinition tag;
            tag.name = name;
            tag.unit = "m";
            tag.type = ValueType::float64;
            tag.archive = &rule;
            builder.add(tag);
        }
        auto catalog = builder.build(ids);
        if (!catalog) throw std::runtime_error(catalog.error().text());
        return *catalog;
    }
    std::unique_ptr<journal::Lane> open_lane() const {
        journal::LaneOptions options;
        options.kind = journal::LaneKind::values;
        options.folder = folder.path() / "values";
        options.server_id = "test-server";
        options.segment_bytes = 256 * 1024;
        options.buffer_bytes = 1024 * 1024;
        auto opened = journal::Lane::open(base::real_file_system(), options);
        if (!opened) throw std::runtime_error(opened.error().text());
        return *std::move(opened);
    }

    std::vector<std::pair<tags::TagId, Sample>> pending_;
    std::vector<std::pair<journal::Position, std::pair<tags::TagId, Sample>>> arrived_;
    std::mutex mutex_;  // guards state_: workers open readers
    std::shared_ptr<const StoreState> state_ = std::make_shared<StoreState>();
};

}  // namespace penstock::history::testing

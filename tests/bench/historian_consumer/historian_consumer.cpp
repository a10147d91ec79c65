// What the way from the journal into a historian costs before the historian itself does anything: a consumer that reads, decodes,
// merges and hands over, against reading and decoding the same records alone. With 1,000 tags that change often, and with 100,000
// of which each record holds a few.

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <penstock/detail/historian_adapter.hpp>

#include "core/base/clock.hpp"
#include "core/history/historian_consumer.hpp"
#include "core/history/values_record.hpp"
#include "core/journal/lane.hpp"
#include "core/journal/lane_reader.hpp"
#include "tests/bench/bench_report.hpp"

namespace {

using namespace penstock;

[[noreturn]] void give_up(const std::string& why) {
    std::fprintf(stderr, "historian_consumer: %s\n", why.c_str());
    std::exit(1);
}

// Takes everything, looks at every column, keeps nothing.
class Counting final : public Historian {
public:
    JournalPosition open(const std::filesystem::path& /*folder*/) override { return 0; }
    void define(std::span<const SeriesInfo> /*series*/) override {}
    void append(const HistoryBatch& batch) override {
        for (const auto word : batch.samples.word) sum_ += word;
        appended_ = batch.end;
    }
    void flush() override { persisted_ = appended_; }
    [[nodiscard]] JournalPosition persisted() const noexcept override { return persisted_; }
    std::unique_ptr<HistoryReader> open_reader() override { return nullptr; }
    bool tidy(UtcTime /*now*/) override { return false; }

private:
    std::uint64_t sum_ = 0;
    JournalPosition appended_ = 0, persisted_ = 0;
};

class Plant {
public:
    Plant(std::uint32_t tags, std::size_t rows_a_record, std::uint64_t values) : tags_(tags) {
        auto pattern = (std::filesystem::temp_directory_path() / "penstock-bench-XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
        journal::LaneOptions options;
        options.kind = journal::LaneKind::values;
        options.folder = folder_ / "journal";
        options.server_id = "bench";
        auto lane = journal::Lane::open(base::real_file_system(), options);
        if (!lane) give_up(lane.error().text());
        lane_ = std::move(*lane);
        fill(rows_a_record, values);
    }
    ~Plant() {
        lane_.reset();
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    [[nodiscard]] double decode_alone() const {
        const auto begun = std::chrono::steady_clock::now();
        const auto reader = lane_->reader(0);
        history::DecodedValues values;
        journal::Record record;
        std::uint64_t rows = 0;
        while (reader->next(record).value_or(false)) {
            if (!history::decode_values(record.body, values)) give_up("a record cannot be read");
            rows += values.size();
        }
        if (rows != values_) give_up("the lane does not hold what was written");
        return rate(begun);
    }

    [[nodiscard]] double consume() const {
        std::vector<SeriesInfo> series;
        for (SeriesId id = 0; id < tags_; ++id) series.push_back({.id = id, .name = "tag", .type = ValueType::float64});
        const auto factory = []() -> Result<std::unique_ptr<guests::HistorianInstance>> {
            guests::HistorianOwner guest(detail::adapt_historian(std::make_unique<Counting>()));
            return std::make_unique<guests::HistorianInstance>(std::move(guest), guests::PluginInfo{}, "historian.counting");
        };
        history::ConsumerOptions options;
        options.name = "historian.counting";
        options.folder = folder_ / "historian";
        const base::SystemClock clock;
        history::HistorianConsumer consumer(*lane_, history::WantedSeries(std::move(series)), factory, options, clock);
        const auto begun = std::chrono::steady_clock::now();
        consumer.start();
        while (consumer.status().appended < lane_->durable()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        return rate(begun);
    }

private:
    void fill(std::size_t rows_a_record, std::uint64_t values) {
        std::mt19937_64 random(1);
        history::ValuesEncoder encoder(tags_);
        std::vector<tags::TagId> tag(rows_a_record);
        std::vector<std::int64_t> time(rows_a_record);
        const std::vector<StatusWord> status(rows_a_record, 0);
        std::vector<std::uint64_t> word(rows_a_record);
        std::int64_t now = 1'700'000'000'000'000'000;
        for (; values_ < values; values_ += rows_a_record) {
            now += 50'000'000;
            for (std::size_t i = 0; i < rows_a_record; ++i) {
                tag[i] = static_cast<tags::TagId>(rows_a_record >= tags_ ? i % tags_ : random() % tags_);
                time[i] = now - 50'000'000 + static_cast<std::int64_t>(i / tags_) * 1'000'000;
                word[i] = word_of(static_cast<double>(random() % 1000) / 100.0);
            }
            const auto body = encoder.encode({tag, time, status, word, {}, {}});
            if (!lane_->append(journal::RecordType::values, body, {utc_from_ns(now), monotonic_from_ns(now)}))
                give_up("the lane is full");
            if (auto done = lane_->commit(); !done) give_up(done.error().text());
        }
    }
    [[nodiscard]] double rate(std::chrono::steady_clock::time_point begun) const {
        return static_cast<double>(values_) / std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    }

    std::uint32_t tags_;
    std::filesystem::path folder_;
    std::unique_ptr<journal::Lane> lane_;
    std::uint64_t values_ = 0;
};

void run(const char* metric, const Plant& plant, int runs) {
    const auto medians = bench::measure(runs, [&] { return plant.consume(); }, [&] { return plant.decode_alone(); });
    bench::print({.bench = "historian_consumer", .metric = metric, .unit = "1/s", .peer = "decode"}, medians, runs);
}

}  // namespace

int main(int argc, char** argv) {
    const auto options = bench::parse_options(argc, argv, 5);
    const std::uint64_t values = options.smoke ? 200'000 : 20'000'000;
    run("values_per_s", Plant(1'000, 50'000, values), options.runs);
    run("values_per_s_100k", Plant(100'000, 5'000, values / 4), options.runs);
    return 0;
}

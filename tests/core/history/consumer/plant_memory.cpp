#include "tests/core/history/consumer/plant_memory.hpp"

#include <algorithm>

namespace penstock::history_test {
namespace {

class Rows final : public SampleSink {
public:
    bool take(const SampleView& samples) override {
        for (std::size_t i = 0; i < samples.size(); ++i) {
            rows.push_back({samples.time[i], samples.word[i], is_bad(status_quality(samples.status[i])),
                            std::string(samples.cause_at(i))});
        }
        return true;
    }
    std::vector<PlantMemory::Stored> rows;
};

}  // namespace

PlantMemory::PlantMemory(std::uint32_t tags, std::uint64_t segment_bytes)
    : clock(utc_from_ns(kBegin)), tags_(tags), encoder_(tags + 1), appended_(tags + 1) {
    journal::LaneOptions options;
    options.kind = journal::LaneKind::values;
    options.folder = folder / "journal";
    options.server_id = "test-server";
    options.segment_bytes = segment_bytes;
    auto opened = journal::Lane::open(base::real_file_system(), options);
    if (!opened) throw std::runtime_error(opened.error().text());
    lane = std::move(*opened);
}

void PlantMemory::append_record(const std::vector<SeriesId>& these) {
    clock.advance(Duration(kStep));
    const auto now = clock.now();
    std::vector<tags::TagId> tag;
    std::vector<std::uint64_t> word;
    const auto add = [&](SeriesId id) {
        tag.push_back(id);
        word.push_back(id * 1'000'000ULL + appended_[id].size());
        appended_[id].push_back({to_ns(now.utc), word.back(), false, ""});
    };
    if (these.empty()) {
        for (SeriesId id = 1; id <= tags_; ++id) add(id);
    } else {
        for (const auto id : these) add(id);
    }
    const std::vector<std::int64_t> time(tag.size(), to_ns(now.utc));
    const std::vector<StatusWord> status(tag.size(), status_word(QualityCode::good));
    const auto body = encoder_.encode({.tag = tag, .time = time, .status = status, .word = word, .blob = {}, .causes = {}});
    const auto position = lane->append(journal::RecordType::values, body, now);
    ASSERT_TRUE(position) << position.error().text();
}

void PlantMemory::append(std::uint64_t records) {
    for (std::uint64_t i = 0; i < records; ++i) append_record();
    commit();
}

history::ConsumerOptions PlantMemory::fast() {
    history::ConsumerOptions options;
    options.name = "historian.memory";
    options.batch_rows = 1000;
    options.gather_for = 10ms;
    options.store_within = 1s;
    options.backoff_least = 100ms;
    options.backoff_most = 1s;
    options.tidy_every = 1h;
    return options;
}

history::WantedSeries PlantMemory::wanted() const {
    std::vector<SeriesInfo> series;
    for (SeriesId id = 1; id <= tags_; ++id) series.push_back({.id = id, .name = "tag", .unit = "", .type = ValueType::uint64});
    return history::WantedSeries(std::move(series));
}

guests::HistorianFactory PlantMemory::factory(std::shared_ptr<MemoryDisk> disk) {
    return [disk = std::move(disk)]() -> Result<std::unique_ptr<guests::HistorianInstance>> {
        guests::PluginInfo info;
        info.kind = PluginKind::historian;
        info.id = "historian.memory";
        info.version = "1.0.0";
        guests::HistorianOwner guest(detail::adapt_historian(std::make_unique<testing::MemoryHistorian>(disk)));
        return std::make_unique<guests::HistorianInstance>(std::move(guest), std::move(info), "historian.memory");
    };
}

std::unique_ptr<history::HistorianConsumer> PlantMemory::consumer(std::shared_ptr<MemoryDisk> disk,
                                                                  history::ConsumerOptions options) {
    options.folder = folder / "historian";
    return std::make_unique<history::HistorianConsumer>(*lane, wanted(), factory(std::move(disk)), options, clock,
                                                        [this](Event event) {
                                                            const std::scoped_lock lock(mutex_);
                                                            events_.push_back(std::move(event));
                                                        });
}

bool PlantMemory::run_until(history::HistorianConsumer& consumer, const std::function<bool()>& is_so, Duration step) {
    return eventually([&] {
        if (is_so()) return true;
        clock.advance(step);
        consumer.wake();
        return false;
    });
}

std::vector<PlantMemory::Stored> PlantMemory::stored(const MemoryDisk& disk, SeriesId series) {
    testing::MemoryReader reader(disk.state(), false);
    Rows rows;
    reader.read({.series = series, .from = INT64_MIN, .to = INT64_MAX}, rows);
    return rows.rows;
}

void PlantMemory::expect_all_stored(const MemoryDisk& disk) const {
    for (SeriesId id = 1; id <= tags_; ++id) {
        const auto found = stored(disk, id);
        ASSERT_EQ(found.size(), appended_[id].size()) << "samples of series " << id;
        ASSERT_TRUE(found == appended_[id]) << "samples of series " << id << " are not those that were appended";
    }
}

PlantMemory::Balance PlantMemory::balance(const MemoryDisk& disk) const {
    Balance balance;
    for (SeriesId id = 1; id <= tags_; ++id) {
        std::vector<std::uint64_t> seen(appended_[id].size());
        for (const auto& row : stored(disk, id)) {
            if (!row.is_bad) seen.at(row.word - id * 1'000'000ULL) += 1;
        }
        for (const auto count : seen) {
            balance.lost += count == 0 ? 1 : 0;
            balance.doubled += count > 1 ? 1 : 0;
        }
    }
    return balance;
}

std::vector<Event> PlantMemory::events() const {
    const std::scoped_lock lock(mutex_);
    return events_;
}

std::uint64_t PlantMemory::count_events(std::string_view text) const {
    const auto all = events();
    return static_cast<std::uint64_t>(std::ranges::count(all, text, &Event::text));
}

}  // namespace penstock::history_test

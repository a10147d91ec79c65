#include "tests/bench/support/history/archived_plant.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

#include "core/base/file_system.hpp"
#include "core/engine/engine.hpp"
#include "core/history/store_reader.hpp"
#include "core/tags/tag_catalog_builder.hpp"
#include "core/tags/tag_ids.hpp"

namespace penstock::bench {
namespace {

std::shared_ptr<const tags::TagCatalog> make_catalog(std::uint32_t tags) {
    tags::ArchiveRule rule;
    rule.mode = tags::ArchiveMode::on_change;
    rule.keep_raw = rule.keep_minutes = rule.keep_hours = std::chrono::hours(24 * 3650);
    tags::TagIdStore ids;
    tags::TagCatalogBuilder builder;
    for (std::uint32_t n = 0; n < tags; ++n) {
        const auto name = ArchivedPlant::name(n);
        tags::TagDefinition tag;
        tag.name = name;
        tag.type = ValueType::float64;
        tag.archive = &rule;
        builder.add(tag);
    }
    auto catalog = builder.build(ids);
    if (!catalog) throw std::runtime_error(catalog.error().text());
    return *catalog;
}

class DirectReader final : public history::StoreReader {
public:
    explicit DirectReader(std::unique_ptr<HistoryReader> reader) : reader_(std::move(reader)) {}
    JournalPosition position() const noexcept override { return reader_->position(); }
    Result<void> read(const SampleRange& range, SampleSink& into) override {
        reader_->read(range, into);
        return {};
    }
    Result<void> read_before(SeriesId series, std::int64_t time, SampleSink& into) override {
        reader_->read_before(series, time, into);
        return {};
    }
    bool has_summaries() const noexcept override { return reader_->has_summaries(); }
    Result<void> summarise(const SampleRange& range, Duration most_span, SummarySink& into) override {
        reader_->summarise(range, most_span, into);
        return {};
    }
    Result<std::vector<std::string>> damage() override { return reader_->damage(); }

private:
    std::unique_ptr<HistoryReader> reader_;
};

class Stores final : public history::HistoryStores {
public:
    std::unique_ptr<sqlite::SqliteHistorian> historian;
    // One question at a time here, so the class may be called on the query's worker.
    Result<history::OpenStore> open(tags::TagId, std::string_view) override {
        return history::OpenStore{std::make_unique<DirectReader>(historian->open_reader()), "historian.sqlite"};
    }
};

}  // namespace

void forget(const std::filesystem::path& folder) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file()) continue;
        const int file = ::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC);
        if (file < 0) continue;
        (void)::fsync(file);  // only clean pages can go
        (void)::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
        (void)::close(file);
    }
}

struct ArchivedPlant::Parts {
    Parts(std::uint32_t tags, const std::filesystem::path& folder)
        : catalog(make_catalog(tags)), engine(catalog, {.started = clock.now()}) {
        std::filesystem::create_directories(folder / "store");
        stores.historian = std::make_unique<sqlite::SqliteHistorian>(sqlite::Options{});
        stores.historian->open(folder / "store");
        journal::LaneOptions options;
        options.kind = journal::LaneKind::values;
        options.folder = folder / "values";
        options.server_id = "bench";
        options.segment_bytes = 1024 * 1024;
        auto opened = journal::Lane::open(base::real_file_system(), options);
        if (!opened) throw std::runtime_error(opened.error().text());
        lane = *std::move(opened);
    }
    // After the historian is filled: it may be at a position that the lane never had.
    void serve() { session = std::make_unique<QuerySession>(engine, catalog, *lane, stores, clock); }

    base::SystemClock clock;
    std::shared_ptr<const tags::TagCatalog> catalog;
    engine::Engine engine;
    Stores stores;
    std::unique_ptr<journal::Lane> lane;
    std::unique_ptr<QuerySession> session;
};

ArchivedPlant::ArchivedPlant(std::uint32_t tags, std::uint64_t values)
    : values_(values), parts_(std::make_unique<Parts>(tags, folder_.path())) {
    fill(tags);
    reopen();
    parts_->serve();
}
ArchivedPlant::~ArchivedPlant() = default;

Session& ArchivedPlant::session() { return **parts_->session; }

void ArchivedPlant::reopen() {
    parts_->stores.historian.reset();
    parts_->stores.historian = std::make_unique<sqlite::SqliteHistorian>(sqlite::Options{});
    parts_->stores.historian->open(folder_.path() / "store");
}

// As the consumer does: batches of some seconds of all tags, in order of tag; stored once a minute of the plant's time or so.
void ArchivedPlant::fill(std::uint32_t tags) {
    auto& historian = *parts_->stores.historian;
    std::vector<std::string> names(tags);
    std::vector<SeriesInfo> infos(tags);
    std::vector<Signal> signals;
    for (std::uint32_t tag = 0; tag < tags; ++tag) {
        names[tag] = name(tag);
        infos[tag].id = tag;
        infos[tag].name = names[tag];
        infos[tag].type = ValueType::float64;
        infos[tag].step = Signal::step(SignalKind::walk);
        infos[tag].keep_raw = infos[tag].keep_minutes = infos[tag].keep_hours = std::chrono::hours(24 * 3650);
        signals.emplace_back(SignalKind::walk, tag);
    }
    historian.define(infos);
    const auto rows_a_tag = static_cast<std::uint32_t>(std::max<std::uint64_t>(1, 65'536 / tags));
    std::uint64_t position = 0;
    std::uint64_t since_flush = 0;
    for (std::uint64_t done = 0; done < values_; done += rows_a_tag) {
        const auto count = static_cast<std::uint32_t>(std::min<std::uint64_t>(rows_a_tag, values_ - done));
        std::vector<SeriesRun> runs;
        std::vector<std::int64_t> time;
        std::vector<StatusWord> status;
        std::vector<std::uint64_t> word;
        for (std::uint32_t tag = 0; tag < tags; ++tag) {
            runs.push_back({tag, static_cast<std::uint32_t>(time.size()), count});
            for (std::uint32_t n = 0; n < count; ++n) {
                const auto sample = signals[tag].next();
                time.push_back(sample.time);
                status.push_back(sample.status);
                word.push_back(sample.word);
            }
        }
        HistoryBatch batch;
        batch.runs = runs;
        batch.samples = {time, status, word, {}, {}};
        batch.begin = position;
        batch.end = ++position;
        historian.append(batch);
        if (++since_flush < 32) continue;
        since_flush = 0;
        historian.flush();
        while (historian.tidy(UtcTime())) {
        }
    }
    historian.flush();
    while (historian.tidy(UtcTime())) {
    }
}

void fill(SqlitePeer& peer, std::uint32_t tags, std::uint64_t values) {
    peer.begin();
    for (std::uint32_t tag = 0; tag < tags; ++tag) {
        Signal signal(SignalKind::walk, tag);
        for (std::uint64_t n = 0; n < values; ++n) {
            const auto sample = signal.next();
            peer.insert_number(tag, sample, double_of(sample.word));
        }
    }
    peer.commit();
}

std::uint64_t read_tag(ArchivedPlant& plant, std::uint32_t tag, std::uint64_t limit) {
    HistoryRequest request;
    request.tag = ArchivedPlant::name(tag);
    request.from = ArchivedPlant::begin();
    request.to = plant.end();
    return read_tag(plant.session(), std::move(request), limit);
}

}  // namespace penstock::bench

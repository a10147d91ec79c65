#include "tests/bench/support/history/pipeline.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

#include <penstock/detail/historian_adapter.hpp>

#include "core/base/clock.hpp"
#include "core/base/file_system.hpp"
#include "core/engine/capture.hpp"
#include "core/engine/engine.hpp"
#include "core/history/archived_series.hpp"
#include "core/history/archiver.hpp"
#include "core/history/historian_stores.hpp"
#include "core/history/historians.hpp"
#include "core/journal/lane.hpp"
#include "core/journal/lane_thread.hpp"
#include "core/tags/tag_catalog_builder.hpp"
#include "core/tags/tag_ids.hpp"
#include "historian.hpp"
#include "tests/bench/support/history/durable_waits.hpp"
#include "tests/bench/support/history/query_session.hpp"
#include "tests/bench/support/history/signals.hpp"

namespace penstock::bench {
namespace {

// A value that waits behind more is not durable in time, however fast the rest is.
constexpr std::uint64_t kMostBehind = 500'000;
constexpr std::string_view kHistorian = "historian.sqlite";

[[noreturn]] void give_up(const std::string& why) {
    std::fprintf(stderr, "ingest: %s\n", why.c_str());
    std::exit(1);
}

std::shared_ptr<const tags::TagCatalog> make_catalog(std::uint32_t count) {
    tags::ArchiveRule rule;
    rule.mode = tags::ArchiveMode::cyclic;  // every sample, also one that is as the one before
    rule.interval = 1ms;
    rule.keep_raw = rule.keep_minutes = rule.keep_hours = std::chrono::hours(24 * 3650);
    tags::TagIdStore ids;
    tags::TagCatalogBuilder builder;
    for (std::uint32_t n = 0; n < count; ++n) {
        const auto name = Pipeline::tag(n);
        tags::TagDefinition tag;
        tag.name = name;
        tag.device = "plc";
        tag.type = tag.native_type = Signal::type(kSignals[n % kSignals.size()]);
        tag.source_time_tolerance = std::chrono::hours(24 * 36500);  // the signals' clock is their own
        tag.archive = &rule;
        builder.add(tag);
    }
    auto catalog = builder.build(ids);
    if (!catalog) give_up(catalog.error().text());
    return *catalog;
}

std::unique_ptr<journal::Lane> open_lane(const std::filesystem::path& folder) {
    journal::LaneOptions options;
    options.kind = journal::LaneKind::values;
    options.folder = folder;
    options.server_id = "bench";
    auto lane = journal::Lane::open(base::real_file_system(), options);
    if (!lane) give_up(lane.error().text());
    return *std::move(lane);
}

Result<std::unique_ptr<guests::HistorianInstance>> make_historian() {
    guests::HistorianOwner guest(detail::adapt_historian(std::make_unique<sqlite::SqliteHistorian>(sqlite::Options{})));
    return std::make_unique<guests::HistorianInstance>(std::move(guest), guests::PluginInfo{}, std::string(kHistorian));
}

}  // namespace

struct Pipeline::Parts {
    Parts(const std::filesystem::path& folder, std::uint32_t tags)
        : catalog(make_catalog(tags)),
          lane(open_lane(folder / "journal")),
          capture(catalog->id_limit()),
          engine(catalog, {.started = clock.now()}),
          producer(engine.add_producer("plc", 0, {.capacity = 4'000'000, .samples_per_second = 1'000'000'000})),
          historians(*lane, clock) {
        const auto modes = history::capture_modes(*catalog);
        engine.set_capture(capture, [&](tags::TagId tag) { return modes[tag]; });
        archiver = std::make_unique<history::Archiver>(tags::TagReader(engine.table()), capture, *lane);
        history::ConsumerOptions options;
        options.name = kHistorian;
        options.folder = folder / "historian";
        consumer = &historians.add(history::WantedSeries(history::series_of(*catalog, kHistorian, kHistorian), catalog),
                                   make_historian, options);
        lane->on_advance([this] { waits.durable(lane->durable(), clock.now().monotonic); });
        stores = std::make_unique<history::HistorianStores>(historians, *catalog);
        questions = std::make_unique<QuerySession>(engine, catalog, *lane, *stores, clock);
        archiver->start({}, nullptr, clock.now());
        historians.start();
        thread = std::make_unique<journal::LaneThread>(
            *lane, clock, [this](Now now) { return gather(now); }, journal::kValuesGroup.usual);
    }

    void store();
    Duration gather(Now now) {
        const auto next = archiver->gather(now);
        waits.gathered(archiver->status().captured, lane->appended());
        return next;
    }

    base::SystemClock clock;
    std::shared_ptr<const tags::TagCatalog> catalog;
    std::unique_ptr<journal::Lane> lane;
    engine::Capture capture;
    engine::Engine engine;
    engine::Producer& producer;
    std::unique_ptr<history::Archiver> archiver;
    history::Historians historians;
    history::HistorianConsumer* consumer = nullptr;
    DurableWaits waits;
    std::unique_ptr<history::HistorianStores> stores;
    std::unique_ptr<QuerySession> questions;
    std::unique_ptr<journal::LaneThread> thread;
    std::uint64_t put = 0;
};

Pipeline::Pipeline(const std::filesystem::path& folder, std::uint32_t tags) : parts_(std::make_unique<Parts>(folder, tags)) {}
Pipeline::~Pipeline() {
    parts_->thread->stop();
    parts_->historians.stop(10s);
}

void Pipeline::put(const abi::Columns& columns, Now now) {
    auto& parts = *parts_;
    while (parts.capture.samples() - parts.archiver->status().captured > kMostBehind)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    parts.waits.put(parts.put + columns.count, parts.clock.now().monotonic);
    parts.producer.publish(columns, now);
    parts.engine.run_cycle(now);
    parts.put += columns.count;
}

void Pipeline::Parts::store() {
    if (const auto stored = consumer->flush(std::chrono::minutes(5)); !stored) give_up(stored.error().text());
    const auto counters = engine.counters();
    if (counters.producers[0].merged != 0 || capture.lost() != 0 || archiver->status().kept != put)
        give_up("values were given up on the way");
    if (consumer->persisted() < lane->durable()) give_up("the historian has not stored everything");
}

void Pipeline::store() {
    auto& parts = *parts_;
    while (parts.archiver->status().kept < parts.put) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    const auto end = parts.lane->appended();
    while (parts.lane->durable() < end) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    parts.store();
}

void Pipeline::finish() {
    auto& parts = *parts_;
    while (parts.capture.samples() > parts.archiver->status().captured)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    parts.thread->stop();
    parts.store();
}

Session& Pipeline::session() { return **parts_->questions; }

std::string Pipeline::tag(std::uint32_t number) {
    return "plant.line" + std::to_string(number % 97) + ".value" + std::to_string(number);
}

Duration Pipeline::longest_to_durable() const { return parts_->waits.longest(); }

}  // namespace penstock::bench

#include "core/server/plant_memory.hpp"

#include <utility>

#include "core/base/clock.hpp"
#include "core/base/log.hpp"
#include "core/engine/engine.hpp"
#include "core/engine/restore.hpp"
#include "core/history/event_index.hpp"
#include "core/history/event_streams.hpp"
#include "core/history/historian_stores.hpp"
#include "core/history/history_service.hpp"
#include "core/journal/lane_reader.hpp"
#include "core/server/data_folder.hpp"
#include "core/server/memory_services.hpp"
#include "core/server/stop_steps.hpp"
#include "core/site/site.hpp"

namespace penstock::server {

Result<std::unique_ptr<PlantMemory>> PlantMemory::open(const DataFolder& data, const site::Site& site,
                                                       std::string_view usual_historian,
                                                       std::shared_ptr<const tags::TagCatalog> catalog,
                                                       const guests::PluginRegistry& plugins, const base::Clock& clock) {
    auto memory = std::unique_ptr<PlantMemory>(new PlantMemory(data, catalog, clock));
    auto journal = PlantJournal::open(data, site.journal(), clock);
    if (!journal) return std::unexpected(journal.error());
    memory->journal_ = *std::move(journal);
    auto archive = PlantArchive::make({data, site, usual_historian, std::move(catalog), plugins, clock, *memory->journal_});
    if (!archive) return std::unexpected(archive.error());
    memory->archive_ = *std::move(archive);
    auto& historians = memory->archive_->historians();
    memory->snapshots_ = std::make_unique<Snapshots>(
        data, *memory->journal_, clock,
        [&historians](const engine::SnapshotHead& head) { historians.set_snapshot_position(head.values); });
    memory->findings_ = memory->journal_->findings();
    return memory;
}

PlantMemory::PlantMemory(const DataFolder& data, std::shared_ptr<const tags::TagCatalog> catalog, const base::Clock& clock)
    : data_(data), catalog_(std::move(catalog)), clock_(clock) {}
PlantMemory::~PlantMemory() { stop(); }

sessions::HistoryServices* PlantMemory::services() const noexcept { return services_.get(); }

// Before the lanes' threads run: questions follow the lanes.
void PlantMemory::open_questions() {
    event_index_ =
        history::EventIndex::start(journal_->events(), {data_.path() / "events.index", data_.server_id(), data_.epoch()});
    event_streams_ = std::make_unique<history::EventStreams>(journal_->events());
    journal_->events().on_advance([streams = event_streams_.get()] { streams->wake(); });
    stores_ = std::make_unique<history::HistorianStores>(archive_->historians(), *catalog_);
    queries_ = std::make_unique<history::HistoryService>(journal_->values(), *stores_, catalog_, clock_);
    journal_->values().on_advance([queries = queries_.get()] { queries->wake(); });
    services_ = std::make_unique<MemoryServices>(data_, *this, *queries_, *event_index_, *event_streams_);
}

Result<void> PlantMemory::attach(engine::Engine& engine, const std::function<void()>& before_restore) {
    engine_ = &engine;
    engine.set_journal(journal_->events());
    archive_->attach(engine);
    if (before_restore) before_restore();
    auto snapshot = snapshots_->load(findings_);
    if (!snapshot) return std::unexpected(snapshot.error());
    const auto events = journal_->events().reader(*snapshot ? (*snapshot)->head.events : 0);
    const auto report = engine.restore(*snapshot ? &**snapshot : nullptr, *events, clock_.now());
    findings_.insert(findings_.end(), report.findings.begin(), report.findings.end());
    open_questions();
    archive_->historians().set_snapshot_position(*snapshot ? (*snapshot)->head.values : 0);
    return {};
}

void PlantMemory::start(std::function<void(const std::string&)> on_failure) {
    is_running_ = true;
    archive_->start(clock_.now());
    journal_->start([this](Now now, bool is_last) { return archive_->gather(now, is_last); });
    snapshots_->start(*engine_);
    watch_ = std::make_unique<JournalWatch>(
        std::vector<const journal::Lane*>{&journal_->events(), &journal_->values()},
        [this](Event event) { journal_->note(std::move(event)); }, std::move(on_failure));
    watch_->start();
    note(EventKind::server_started, "server.started");
    for (const auto& finding : findings_) {
        base::log::warning("recovery: {}", finding);
        note(EventKind::journal_recovered, "journal.recovered", {finding});
    }
}

// Values go first, as the snapshot and the historians need what is durable; events last, as all of them may have something to say.
void PlantMemory::stop() {
    if (!std::exchange(is_running_, false)) return;
    StopSteps steps;
    steps.begin("the journal's watch");
    watch_->stop();
    steps.begin("a backup, a verification or the journal's state");
    services_->stop();
    steps.begin("questions about history");
    queries_->stop();
    steps.begin("streams of events");
    event_streams_->stop();
    steps.begin("the journal's values lane");
    journal_->stop_values();
    note(EventKind::server_stopped, "server.stopped");
    steps.begin("a snapshot");
    snapshots_->stop();
    steps.begin("the historians");
    archive_->stop();
    steps.begin("the journal's events lane");
    journal_->stop_events();
}

void PlantMemory::note(EventKind kind, std::string text, std::vector<std::string> parameters) {
    Event event;
    event.kind = kind;
    event.text = std::move(text);
    event.parameters = std::move(parameters);
    journal_->note(std::move(event));
}

}  // namespace penstock::server

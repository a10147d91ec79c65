#pragma once

// The memory of a running plant: journal, archive and snapshots, in the order in which they come and go.
//
//     auto memory = PlantMemory::open(data, site, catalog, plugins, clock);   // recovery
//     memory->attach(engine);       // gives the engine its state back; before it runs
//     memory->start();
//     ...                           // the engine runs, and stops
//     memory->stop();               // what is durable is stored

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <penstock/result.hpp>

#include "core/server/journal_watch.hpp"
#include "core/server/plant_archive.hpp"
#include "core/server/plant_journal.hpp"
#include "core/server/snapshots.hpp"

namespace penstock::history {
class EventIndex;
class EventStreams;
class HistorianStores;
class HistoryService;
}  // namespace penstock::history
namespace penstock::sessions {
class HistoryServices;
}

namespace penstock::server {

class MemoryServices;

class PlantMemory {
public:
    // All but the site outlive it. `usual_historian`: see ServerOptions::historian. [worker]
    [[nodiscard]] static Result<std::unique_ptr<PlantMemory>> open(const DataFolder& data, const site::Site& site,
                                                                   std::string_view usual_historian,
                                                                   std::shared_ptr<const tags::TagCatalog> catalog,
                                                                   const guests::PluginRegistry& plugins,
                                                                   const base::Clock& clock);
    ~PlantMemory();  // stop()

    // Newest snapshot and the records after it; from then on the engine writes down what it does. [worker]
    // `before_restore`: what the engine must have before, and wants its journal for.
    [[nodiscard]] Result<void> attach(engine::Engine& engine, const std::function<void()>& before_restore = nullptr);
    // Lanes, historians and snapshots run; writes down that the server started, and what recovery met. `on_failure`: the journal takes
    // nothing more, and the sentence says why; called once, on a thread that it must not block.
    void start(std::function<void(const std::string&)> on_failure = nullptr);
    // After the engine's thread has stopped. Bounded. Twice is fine.
    void stop();

    [[nodiscard]] PlantJournal& journal() noexcept { return *journal_; }
    [[nodiscard]] PlantArchive& archive() noexcept { return *archive_; }
    // For sessions; null before attach(). [any-thread]
    [[nodiscard]] sessions::HistoryServices* services() const noexcept;
    // What recovery met, for people.
    [[nodiscard]] const std::vector<std::string>& findings() const noexcept { return findings_; }

private:
    PlantMemory(const DataFolder& data, std::shared_ptr<const tags::TagCatalog> catalog, const base::Clock& clock);
    void open_questions();
    void note(EventKind kind, std::string text, std::vector<std::string> parameters = {});

    const DataFolder& data_;
    std::shared_ptr<const tags::TagCatalog> catalog_;
    const base::Clock& clock_;
    std::unique_ptr<PlantJournal> journal_;
    std::unique_ptr<PlantArchive> archive_;
    std::unique_ptr<Snapshots> snapshots_;
    std::unique_ptr<JournalWatch> watch_;
    // Questions: they end before what they read.
    std::unique_ptr<history::EventIndex> event_index_;
    std::unique_ptr<history::EventStreams> event_streams_;
    std::unique_ptr<history::HistorianStores> stores_;
    std::unique_ptr<history::HistoryService> queries_;
    std::unique_ptr<MemoryServices> services_;
    engine::Engine* engine_ = nullptr;
    std::vector<std::string> findings_;
    bool is_running_ = false;
};

}  // namespace penstock::server

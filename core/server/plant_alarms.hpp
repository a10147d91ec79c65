#pragma once

// The alarms of a running plant: their definitions with ids, what judges them, the list that people see.
//
//     auto alarms = PlantAlarms::open(data, site, tags, plugins, journal);   // before the engine gets its state back
//     memory->attach(engine, [&] { alarms->attach(engine); });                // and restores them with all else
//     alarms->serve(engine, *memory->services(), clock);

#include <memory>

#include <penstock/result.hpp>

#include "core/alarms/alarm_catalog.hpp"
#include "core/alarms/live_alarms.hpp"

namespace penstock::base {
class Clock;
}
namespace penstock::engine {
class Engine;
}
namespace penstock::guests {
class PluginRegistry;
}
namespace penstock::sessions {
class AlarmServices;
class HistoryServices;
}  // namespace penstock::sessions
namespace penstock::site {
class Site;
}

namespace penstock::server {

class DataFolder;
class PlantJournal;

class PlantAlarms {
public:
    // What the site needs of policies is loaded here. All but the site outlive it; the engine goes before it. Errors of ids, policies
    // and definitions. [worker]
    [[nodiscard]] static Result<std::unique_ptr<PlantAlarms>> open(const DataFolder& data, site::Site& site,
                                                                   std::shared_ptr<const tags::TagCatalog> tags,
                                                                   const guests::PluginRegistry& plugins,
                                                                   PlantJournal& journal);
    ~PlantAlarms();

    // Once, when the engine has its journal and before its state is restored.
    void attach(engine::Engine& engine);
    // Before the engine runs: the figures of the last day are counted from the events index. All outlive the last question. [worker]
    void serve(engine::Engine& engine, sessions::HistoryServices& history, const base::Clock& clock);
    // For sessions; null before serve(). [any-thread]
    [[nodiscard]] sessions::AlarmServices* services() const noexcept;

private:
    struct Parts;
    explicit PlantAlarms(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace penstock::server

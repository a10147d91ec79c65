#pragma once

// From the engine's samples to the historians: capture, archiver, values lane, one consumer a historian.

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <penstock/operations.hpp>
#include <penstock/result.hpp>

#include "core/history/historians.hpp"
#include "core/tags/tag_catalog.hpp"

namespace penstock::base {
class Clock;
}
namespace penstock::engine {
class Capture;
class Engine;
}  // namespace penstock::engine
namespace penstock::guests {
class PluginRegistry;
}
namespace penstock::history {
class Archiver;
}
namespace penstock::site {
class Site;
}

namespace penstock::server {

class DataFolder;
class PlantJournal;

class PlantArchive {
public:
    struct Surroundings {
        const DataFolder& data;
        const site::Site& site;  // while making
        std::string_view usual_historian;  // the same
        std::shared_ptr<const tags::TagCatalog> catalog;
        const guests::PluginRegistry& plugins;
        const base::Clock& clock;
        PlantJournal& journal;
    };
    // The site's historians; the usual one if it names none and archives something. Their stores are opened on their own
    // threads, later: a historian that is not there does not keep a plant from starting. Error: a plugin that cannot be
    // loaded. [worker]
    [[nodiscard]] static Result<std::unique_ptr<PlantArchive>> make(const Surroundings& around);
    ~PlantArchive();

    // What the engine takes over is captured from now on. Before the engine runs.
    void attach(engine::Engine& engine);
    // After the engine has its state back: the time in which no server ran becomes a gap, and historians start.
    void start(Now now);
    // [values lane's thread]
    Duration gather(Now now, bool is_last);
    // After the values lane has stopped: stores what is durable. Bounded; tells who did not come back.
    void stop();

    [[nodiscard]] history::Historians& historians() noexcept { return historians_; }
    // Samples that went into the journal, mean of the last minute. [any-thread]
    [[nodiscard]] double values_per_s() const;

private:
    explicit PlantArchive(const Surroundings& around);
    Result<void> add_historian(const Surroundings& around, std::string_view id, std::string_view first);
    [[nodiscard]] std::int64_t last_time(tags::TagId tag) const;
    void note_gap(std::size_t tags, UtcTime from, std::string_view cause);

    std::shared_ptr<const tags::TagCatalog> catalog_;
    const base::Clock& clock_;
    PlantJournal& journal_;
    std::unique_ptr<engine::Capture> capture_;
    std::unique_ptr<history::Archiver> archiver_;
    history::Historians historians_;  // tell the archiver
    const engine::Engine* engine_ = nullptr;

    struct Mark {
        MonotonicTime at;
        std::uint64_t kept;
    };
    void mark(Now now);
    mutable std::mutex mutex_;  // guards marks_
    std::deque<Mark> marks_;  // one every few seconds, of the last minute
};

}  // namespace penstock::server

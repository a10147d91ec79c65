#pragma once

// Takes a snapshot of the plant every minute, on a thread of its own, so that a start need not read the journal from its beginning.

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include <penstock/result.hpp>
#include <penstock/time.hpp>

#include "core/engine/snapshot.hpp"

namespace penstock::base {
class Clock;
}
namespace penstock::engine {
class Engine;
struct EngineState;
}  // namespace penstock::engine

namespace penstock::server {

class DataFolder;
class PlantJournal;

class Snapshots {
public:
    static constexpr Duration kPeriod = std::chrono::minutes(1);
    // How long the engine, and then the journal, may take; else there is no snapshot this time.
    static constexpr Duration kMostWait = std::chrono::seconds(5);

    // All outlive it. `on_saved` is told which positions of the lanes the newest snapshot covers; on its thread.
    Snapshots(const DataFolder& data, PlantJournal& journal, const base::Clock& clock,
              std::function<void(const engine::SnapshotHead&)> on_saved);
    ~Snapshots();  // stop()

    // The newest whole one, before the engine runs. `findings`: a sentence for each that is not. [worker]
    [[nodiscard]] Result<std::optional<engine::Snapshot>> load(std::vector<std::string>& findings) const;
    void start(engine::Engine& engine);
    // One more, of the engine at its end. Twice is fine.
    void stop();

private:
    void run(engine::Engine& engine);
    void take(engine::Engine& engine);
    [[nodiscard]] Result<engine::EngineState> copy_state(engine::Engine& engine) const;
    [[nodiscard]] Result<void> wait_until_durable(journal::Position events) const;
    [[nodiscard]] engine::SnapshotHead head() const;

    const DataFolder& data_;
    PlantJournal& journal_;
    const base::Clock& clock_;
    std::function<void(const engine::SnapshotHead&)> on_saved_;
    std::mutex mutex_;  // guards what follows
    std::condition_variable changed_;
    bool is_stopping_ = false;
    std::thread thread_;
};

}  // namespace penstock::server

#include "core/server/snapshots.hpp"

#include <utility>

#include "core/base/clock.hpp"
#include "core/base/file_system.hpp"
#include "core/base/log.hpp"
#include "core/server/data_folder.hpp"
#include "core/server/plant_journal.hpp"

namespace penstock::server {

Snapshots::Snapshots(const DataFolder& data, PlantJournal& journal, const base::Clock& clock,
                     std::function<void(const engine::SnapshotHead&)> on_saved)
    : data_(data), journal_(journal), clock_(clock), on_saved_(std::move(on_saved)) {}
Snapshots::~Snapshots() { stop(); }

engine::SnapshotHead Snapshots::head() const {
    engine::SnapshotHead head;
    head.server_id = data_.server_id();
    head.epoch = data_.epoch();
    head.values = journal_.values().durable();
    return head;
}

Result<std::optional<engine::Snapshot>> Snapshots::load(std::vector<std::string>& findings) const {
    return engine::load_newest_snapshot(base::real_file_system(), data_.path() / "snapshots", head(), findings);
}

void Snapshots::start(const engine::Engine& engine) {
    thread_ = std::thread([this, &engine] { run(engine); });
}

void Snapshots::stop() {
    {
        const std::scoped_lock lock(mutex_);
        if (std::exchange(is_stopping_, true)) return;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void Snapshots::run(const engine::Engine& engine) {
    std::unique_lock lock(mutex_);
    while (!is_stopping_) {
        changed_.wait_for(lock, kPeriod, [this] { return is_stopping_; });
        lock.unlock();
        take(engine);
        lock.lock();
    }
}

void Snapshots::take(const engine::Engine& engine) {
    const auto snapshot = engine::take_snapshot(engine, head(), clock_.now());
    const auto saved = engine::save_snapshot(base::real_file_system(), data_.path() / "snapshots", snapshot);
    if (saved)
        on_saved_(snapshot.head);
    else
        base::log::error("the snapshot could not be written, the one before stays: {}", saved.error().text());
}

}  // namespace penstock::server

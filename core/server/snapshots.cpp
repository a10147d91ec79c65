#include "core/server/snapshots.hpp"

#include <future>
#include <memory>
#include <utility>

#include "core/base/clock.hpp"
#include "core/base/file_system.hpp"
#include "core/base/log.hpp"
#include "core/engine/engine.hpp"
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

void Snapshots::start(engine::Engine& engine) {
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

void Snapshots::run(engine::Engine& engine) {
    std::unique_lock lock(mutex_);
    while (!is_stopping_) {
        changed_.wait_for(lock, kPeriod, [this] { return is_stopping_; });
        lock.unlock();
        take(engine);
        lock.lock();
    }
}

void Snapshots::take(engine::Engine& engine) {
    const auto take_and_save = [&]() -> Result<engine::SnapshotHead> {
        auto state = copy_state(engine);
        if (!state) return std::unexpected(state.error());
        if (auto durable = wait_until_durable(state->appended); !durable) return std::unexpected(durable.error());
        const auto snapshot = engine::take_snapshot(engine, *std::move(state), head(), clock_.now());
        const auto saved = engine::save_snapshot(base::real_file_system(), data_.path() / "snapshots", snapshot);
        if (!saved) return std::unexpected(saved.error());
        return snapshot.head;
    };
    const auto saved = take_and_save();
    if (saved)
        on_saved_(*saved);
    else
        base::log::error("the snapshot could not be written, the one before stays: {}", saved.error().text());
}

// By the engine itself, between two cycles; here when it runs no more.
Result<engine::EngineState> Snapshots::copy_state(engine::Engine& engine) const {
    std::promise<engine::EngineState> answer;
    auto answered = answer.get_future();
    const bool is_asked = engine.ask_state(
        [answer = std::move(answer)](engine::EngineState state) mutable { answer.set_value(std::move(state)); });
    if (!is_asked) return engine.copy_state(clock_.now());
    if (answered.wait_for(kMostWait) != std::future_status::ready)
        return fail(ErrorCode::timeout, "the engine did not answer within 5 s", {}, true);
    try {
        return answered.get();
    } catch (const std::future_error&) {  // the engine's thread has stopped meanwhile
        return engine.copy_state(clock_.now());
    }
}

// A power cut would leave a state without the records that led to it.
Result<void> Snapshots::wait_until_durable(journal::Position events) const {
    auto synced = std::make_shared<std::promise<Result<void>>>();
    auto done = synced->get_future();
    journal_.events().when_durable(events, [synced](Result<void> result) { synced->set_value(std::move(result)); });
    if (done.wait_for(kMostWait) != std::future_status::ready)
        return fail(ErrorCode::timeout, "the journal's disk took longer than 5 s", {}, true);
    return done.get();
}

}  // namespace penstock::server

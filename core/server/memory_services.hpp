#pragma once

// What sessions ask of the plant's memory: history and trends go to the workers of the queries, events to their index; how the
// journal is, is told here.

#include <functional>
#include <mutex>
#include <thread>

#include "core/server/plant_backup.hpp"
#include "core/sessions/queried_history.hpp"

namespace penstock::history {
class EventIndex;
}

namespace penstock::server {

class DataFolder;
class PlantMemory;

class MemoryServices final : public sessions::QueriedHistory {
public:
    // All outlive it.
    MemoryServices(const DataFolder& data, PlantMemory& memory, history::HistoryService& queries, history::EventIndex& events);
    ~MemoryServices() override;  // waits for the job that is under way

    void events(const Asker& asker, EventsRequest request, sessions::Grant grant, OnReply<EventsReply> done) override;
    void journal(const Asker& asker, JournalRequest request, OnReply<JournalReply> done) override;
    void backup(const Asker& asker, BackupRequest request, OnReply<BackupReply> done) override;

private:
    [[nodiscard]] JournalReply describe() const;
    [[nodiscard]] Result<void> verify(JournalReply& reply) const;

    // Runs `job` on the worker, unless it is busy: false then.
    bool run(std::move_only_function<void()> job);

    const DataFolder& data_;
    PlantMemory& memory_;
    history::EventIndex& events_;
    PlantBackup backup_;
    std::mutex mutex_;  // guards what follows
    bool is_busy_ = false;
    std::thread worker_;  // one at a time: such jobs read the whole disk
};

}  // namespace penstock::server

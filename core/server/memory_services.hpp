#pragma once

// What sessions ask of the plant's memory: history and trends go to the workers of the queries, events to their index; how the
// journal is, is told here.

#include <mutex>
#include <thread>

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
    ~MemoryServices() override;  // waits for a verification that is under way

    void events(const Asker& asker, EventsRequest request, sessions::Grant grant, OnReply<EventsReply> done) override;
    void journal(const Asker& asker, JournalRequest request, OnReply<JournalReply> done) override;
    void backup(const Asker& asker, BackupRequest request, OnReply<BackupReply> done) override;

private:
    [[nodiscard]] JournalReply describe() const;
    [[nodiscard]] Result<void> verify(JournalReply& reply) const;

    const DataFolder& data_;
    PlantMemory& memory_;
    history::EventIndex& events_;
    std::mutex mutex_;  // guards what follows
    bool is_busy_ = false;
    std::thread worker_;  // one journal question at a time: it reads the disk
};

}  // namespace penstock::server

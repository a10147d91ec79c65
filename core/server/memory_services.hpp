#pragma once

// What sessions ask of the plant's memory: history and trends go to the workers of the queries, events to their index and
// streams; how the journal is, is told here.

#include "core/server/plant_backup.hpp"
#include "core/server/worker.hpp"
#include "core/sessions/queried_history.hpp"

namespace penstock::history {
class EventIndex;
class EventStreams;
}  // namespace penstock::history

namespace penstock::server {

class DataFolder;
class PlantMemory;

class MemoryServices final : public sessions::QueriedHistory {
public:
    // All outlive it.
    MemoryServices(const DataFolder& data, PlantMemory& memory, history::HistoryService& queries, history::EventIndex& events,
                   history::EventStreams& event_streams);
    // A backup or verification under way is given up, and nothing is taken any more. Before the memory itself stops. [worker]
    void stop();

    void events(const Asker& asker, EventsRequest request, sessions::Grant grant, OnReply<EventsReply> done) override;
    [[nodiscard]] Result<std::unique_ptr<sessions::EventFeed>> open_events(const Asker& asker, SubscribeEventsRequest request,
                                                                           sessions::Grant grant,
                                                                           std::function<void()> on_ready) override;
    void journal(const Asker& asker, JournalRequest request, OnReply<JournalReply> done) override;
    void backup(const Asker& asker, BackupRequest request, OnReply<BackupReply> done) override;

private:
    static constexpr std::size_t kMostWaiting = 64;

    [[nodiscard]] JournalReply describe() const;
    [[nodiscard]] Result<void> verify(JournalReply& reply, const std::stop_token& stop) const;

    const DataFolder& data_;
    PlantMemory& memory_;
    history::EventIndex& events_;
    history::EventStreams& event_streams_;
    PlantBackup backup_;
    Worker describing_{kMostWaiting};  // a question that reads little never waits for a job that reads the whole disk
    Worker reading_all_{1};
};

}  // namespace penstock::server

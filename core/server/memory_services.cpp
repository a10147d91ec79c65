#include "core/server/memory_services.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "core/base/file_system.hpp"
#include "core/history/event_index.hpp"
#include "core/history/event_streams.hpp"
#include "core/journal/verify.hpp"
#include "core/server/data_folder.hpp"
#include "core/server/plant_memory.hpp"

namespace penstock::server {
namespace {

// Runs `make` on `worker` and hands its result to `done`, or `refusal` if the worker takes nothing.
template <class Reply, class Make>
void answer_on(Worker& worker, std::move_only_function<void(Result<Reply>)> done, const char* refusal, Make make) {
    const auto answer = std::make_shared<decltype(done)>(std::move(done));
    const bool runs = worker.post([answer, make = std::move(make)](const std::stop_token& stop) { (*answer)(make(stop)); });
    if (!runs) (*answer)(fail(ErrorCode::unavailable, refusal, {}, true));
}

class FollowedEvents final : public sessions::EventFeed {
public:
    explicit FollowedEvents(std::unique_ptr<history::EventSubscription> subscription)
        : subscription_(std::move(subscription)) {}
    Result<std::optional<EventsUpdate>> take() override { return subscription_->take(); }

private:
    std::unique_ptr<history::EventSubscription> subscription_;
};

constexpr const char* kBusy = "a backup or a verification is under way; try again when it has ended";
constexpr const char* kTooMany = "too many ask for the journal's state at once; try again";

}  // namespace

MemoryServices::MemoryServices(const DataFolder& data, PlantMemory& memory, history::HistoryService& queries,
                               history::EventIndex& events, history::EventStreams& event_streams)
    : QueriedHistory(queries),
      data_(data),
      memory_(memory),
      events_(events),
      event_streams_(event_streams),
      backup_(data, memory.journal(), memory.archive()) {}

void MemoryServices::stop() {
    reading_all_.stop();
    describing_.stop();
}

void MemoryServices::events(const Asker&, EventsRequest request, sessions::Grant grant, OnReply<EventsReply> done) {
    events_.query(std::move(request), [grant](std::string_view area) { return grant.covers(area); }, std::move(done));
}

Result<std::unique_ptr<sessions::EventFeed>> MemoryServices::open_events(const Asker& asker, SubscribeEventsRequest request,
                                                                         sessions::Grant grant,
                                                                         std::function<void()> on_ready) {
    const auto covers = [grant](std::string_view area) { return grant.covers(area); };
    return std::make_unique<FollowedEvents>(
        event_streams_.open(asker.session, std::move(request), covers, std::move(on_ready)));
}

void MemoryServices::journal(const Asker&, JournalRequest request, OnReply<JournalReply> done) {
    if (!request.verify)
        return answer_on<JournalReply>(describing_, std::move(done), kTooMany,
                                       [this](const std::stop_token&) -> Result<JournalReply> { return describe(); });
    answer_on<JournalReply>(reading_all_, std::move(done), kBusy, [this](const std::stop_token& stop) -> Result<JournalReply> {
        auto reply = describe();
        if (const auto verified = verify(reply, stop); !verified) return std::unexpected(verified.error());
        return reply;
    });
}

void MemoryServices::backup(const Asker& asker, BackupRequest request, OnReply<BackupReply> done) {
    answer_on<BackupReply>(reading_all_, std::move(done), kBusy,
                           [this, request = std::move(request), user = asker.user](const std::stop_token& stop) {
                               return backup_.make(request, user, stop);
                           });
}

JournalReply MemoryServices::describe() const {
    JournalReply reply;
    reply.lanes = {server::describe(memory_.journal().events()), server::describe(memory_.journal().values())};
    reply.consumers = memory_.archive().historians().status();
    reply.findings = memory_.findings();
    reply.values_per_s = memory_.archive().values_per_s();
    reply.free_bytes = base::real_file_system().free_bytes(data_.path()).value_or(0);
    const auto index = events_.status();
    ConsumerInfo events;
    events.name = "events index";
    events.lane = "events";
    events.state = index.sentence.empty() ? "storing" : "failed";
    events.sentence = index.sentence;
    events.position = index.position;
    events.lag_records = reply.lanes[0].durable - std::min(index.position, reply.lanes[0].durable);
    events.until = events.lag_records == 0 ? reply.lanes[0].durable_until : index.until;
    reply.consumers.push_back(std::move(events));
    return reply;
}

Result<void> MemoryServices::verify(JournalReply& reply, const std::stop_token& stop) const {
    const auto goes_on = [&stop](const journal::VerifyProgress&) { return !stop.stop_requested(); };
    for (const auto* lane : {&memory_.journal().events(), &memory_.journal().values()}) {
        journal::VerifyOptions options;
        options.tail = lane->tail();
        const auto report = journal::verify(base::real_file_system(), lane->options().folder, goes_on, options);
        if (!report) return std::unexpected(report.error());
        reply.verified_records += report->records;
        reply.verified_bytes += report->bytes;
        reply.findings.insert(reply.findings.end(), report->findings.begin(), report->findings.end());
    }
    return {};
}

}  // namespace penstock::server

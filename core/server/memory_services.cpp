#include "core/server/memory_services.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "core/base/file_system.hpp"
#include "core/history/event_index.hpp"
#include "core/journal/verify.hpp"
#include "core/server/data_folder.hpp"
#include "core/server/plant_memory.hpp"

namespace penstock::server {
namespace {

std::unexpected<Error> busy() {
    return fail(ErrorCode::unavailable, "a backup or a verification is under way; try again when it has ended", {}, true);
}

}  // namespace

MemoryServices::MemoryServices(const DataFolder& data, PlantMemory& memory, history::HistoryService& queries,
                               history::EventIndex& events)
    : QueriedHistory(queries),
      data_(data),
      memory_(memory),
      events_(events),
      backup_(data, memory.journal(), memory.archive()) {}

MemoryServices::~MemoryServices() {
    if (worker_.joinable()) worker_.join();
}

void MemoryServices::events(const Asker&, EventsRequest request, sessions::Grant grant, OnReply<EventsReply> done) {
    events_.query(std::move(request), [grant](std::string_view area) { return grant.covers(area); }, std::move(done));
}

bool MemoryServices::run(std::move_only_function<void()> job) {
    const std::scoped_lock lock(mutex_);
    if (is_busy_) return false;
    if (worker_.joinable()) worker_.join();  // it has ended, or is about to
    is_busy_ = true;
    worker_ = std::thread([this, job = std::move(job)]() mutable {
        job();
        const std::scoped_lock ended(mutex_);
        is_busy_ = false;
    });
    return true;
}

void MemoryServices::journal(const Asker&, JournalRequest request, OnReply<JournalReply> done) {
    if (!request.verify) return done(describe());
    const auto answer = std::make_shared<OnReply<JournalReply>>(std::move(done));
    const bool runs = run([this, answer] {
        Result<JournalReply> reply = describe();
        if (const auto verified = verify(*reply); !verified) reply = std::unexpected(verified.error());
        (*answer)(std::move(reply));
    });
    if (!runs) (*answer)(busy());
}

void MemoryServices::backup(const Asker& asker, BackupRequest request, OnReply<BackupReply> done) {
    const auto answer = std::make_shared<OnReply<BackupReply>>(std::move(done));
    const bool runs =
        run([this, answer, request = std::move(request), user = asker.user] { (*answer)(backup_.make(request, user)); });
    if (!runs) (*answer)(busy());
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

Result<void> MemoryServices::verify(JournalReply& reply) const {
    for (const auto* lane : {&memory_.journal().events(), &memory_.journal().values()}) {
        const auto report = journal::verify(base::real_file_system(), lane->options().folder);
        if (!report) return std::unexpected(report.error());
        reply.verified_records += report->records;
        reply.verified_bytes += report->bytes;
        reply.findings.insert(reply.findings.end(), report->findings.begin(), report->findings.end());
    }
    return {};
}

}  // namespace penstock::server

#include "tests/bench/support/history/query_session.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "core/base/clock.hpp"
#include "core/engine/engine.hpp"
#include "core/history/history_service.hpp"
#include "core/sessions/change_bell.hpp"
#include "core/sessions/local_session.hpp"
#include "core/sessions/queried_history.hpp"

namespace penstock::bench {
namespace {

class Services final : public sessions::PlantServices {
public:
    HelloReply identity() const override { return {}; }
    void describe_status(StatusReply&) const override {}
    void describe_origin(tags::TagId, OnOrigin) override {}
    std::shared_ptr<const sessions::Document> document(DefinitionKind, std::string_view) const override { return nullptr; }
    std::vector<std::shared_ptr<const sessions::Document>> documents(DefinitionKind) const override { return {}; }
};

class Memory final : public sessions::QueriedHistory {
public:
    using QueriedHistory::QueriedHistory;
    void events(const Asker&, EventsRequest, sessions::Grant, OnReply<EventsReply>) override {}
    void journal(const Asker&, JournalRequest, OnReply<JournalReply>) override {}
    void backup(const Asker&, BackupRequest, OnReply<BackupReply>) override {}
};

}  // namespace

struct QuerySession::Parts {
    Parts(engine::Engine& engine, std::shared_ptr<const tags::TagCatalog> catalog, const journal::Lane& values,
          history::HistoryStores& stores, const base::Clock& clock)
        : service(values, stores, std::move(catalog), clock), memory(service) {
        engine.add_waker(bell);
        sessions::Plant plant{.engine = &engine,
                              .bell = &bell,
                              .reader = tags::TagReader(engine.table()),
                              .services = &services,
                              .clock = &clock};
        plant.history = &memory;
        session = sessions::make_local_session(plant, {"bench", true});
    }

    sessions::ChangeBell bell;
    Services services;
    history::HistoryService service;
    Memory memory;
    std::unique_ptr<Session> session;
};

QuerySession::QuerySession(engine::Engine& engine, std::shared_ptr<const tags::TagCatalog> catalog, const journal::Lane& values,
                           history::HistoryStores& stores, const base::Clock& clock)
    : parts_(std::make_unique<Parts>(engine, std::move(catalog), values, stores, clock)) {}
QuerySession::~QuerySession() = default;

Session& QuerySession::operator*() noexcept { return *parts_->session; }

std::uint64_t read_tag(Session& session, HistoryRequest request, std::uint64_t limit) {
    request.limit = static_cast<std::uint32_t>(std::min<std::uint64_t>(limit, kMaxHistoryRows));
    std::uint64_t rows = 0;
    do {
        const auto reply = session.call_and_wait(request, std::chrono::seconds(60));
        if (!reply) {
            std::fprintf(stderr, "%s\n", reply.error().text().c_str());
            std::exit(1);
        }
        rows += reply->rows.size();
        request.after = reply->next;
    } while (!request.after.empty() && rows < limit);
    return rows;
}

void check_rows(std::uint64_t found, std::uint64_t wanted) {
    if (found == wanted) return;
    std::fprintf(stderr, "%llu rows, wanted %llu\n", static_cast<unsigned long long>(found),
                 static_cast<unsigned long long>(wanted));
    std::exit(1);
}

}  // namespace penstock::bench

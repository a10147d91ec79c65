#pragma once

// Answers questions about what was, on worker threads of its own: a query never runs on the journal's, a historian's or the engine's
// thread, and none of them waits for one. Each historian has its own workers, so that one that does not answer delays no question to
// another, nor a stream that only follows the journal. Sessions take turns; a question that cannot be begun or answered in time is
// refused in words.
//
//     HistoryService service(values_lane, stores, catalog, clock);
//     values_lane.on_advance([&] { service.wake(); });   // before the lane's thread runs; streams of series follow the lane
//     service.history(session, tag, request, [](Result<HistoryReply> reply) { ... });

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include <penstock/history_operations.hpp>
#include <penstock/result.hpp>

#include "core/history/store_reader.hpp"

namespace penstock::base {
class Clock;
}
namespace penstock::journal {
class Lane;
}

namespace penstock::history {

struct HistoryServiceOptions {
    std::size_t workers = 2;  // for each historian, and as many to follow the journal
    std::size_t waiting = 256;  // questions to a historian; more are refused
    std::size_t waiting_of_a_session = 64;  // of them of one session
    Duration within = 30s;  // from the question to the answer
};

struct HistoryServiceStatus {
    std::uint64_t answered = 0, refused = 0, too_late = 0;
    std::size_t waiting = 0, streams = 0;
};

// A stream of series. Belongs to one strand; destroying it ends it, and waits for a call of its on_ready that is under way.
class SeriesSubscription {
public:
    virtual ~SeriesSubscription() = default;
    // The next update, if there is one; on_ready is called once there is. An error ends the stream.
    [[nodiscard]] virtual Result<std::optional<SeriesUpdate>> take() = 0;
};

class HistoryService final {
public:
    template <class Reply>
    using OnReply = std::move_only_function<void(Result<Reply>)>;

    // `values`, `stores` and `clock` outlive it.
    HistoryService(const journal::Lane& values, HistoryStores& stores, std::shared_ptr<const tags::TagCatalog> catalog,
                   const base::Clock& clock, HistoryServiceOptions options = {});
    ~HistoryService();  // stop()
    HistoryService(const HistoryService&) = delete;
    HistoryService& operator=(const HistoryService&) = delete;

    // `session`: who asks; equal numbers share a turn. `done` is called once, on a worker or at once. Limits are the caller's to check.
    // [any-thread]
    void history(std::uint64_t session, tags::TagId tag, HistoryRequest request, OnReply<HistoryReply> done);
    void trend(std::uint64_t session, std::vector<tags::TagId> tags, TrendRequest request, OnReply<TrendReply> done);
    // on_ready: [worker], must not block. Subscriptions must be gone before the service. [any-thread]
    [[nodiscard]] Result<std::unique_ptr<SeriesSubscription>> open_series(std::uint64_t session, std::vector<tags::TagId> tags,
                                                                          std::vector<SeriesPlace> places,
                                                                          std::function<void()> on_ready);
    // Something is durable that was not. Does not wait. [any-thread: the lane's]
    void wake() noexcept;
    // Ends what runs, refuses what waits, joins. Twice is fine.
    void stop();
    [[nodiscard]] HistoryServiceStatus status() const;  // [any-thread]

private:
    struct Parts;
    class Subscription;
    std::shared_ptr<Parts> parts_;
};

}  // namespace penstock::history

#include "core/history/event_index.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "core/base/log.hpp"
#include "core/history/indexing/event_store.hpp"
#include "core/journal/event_record.hpp"
#include "core/journal/lane.hpp"
#include "core/journal/lane_reader.hpp"

namespace penstock::history {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::uint32_t kMaxLimit = 1'000;
constexpr std::size_t kBatch = 2'000;                    // records a transaction
constexpr std::chrono::milliseconds kGatherFor{200};     // answers need not wait for it: they join the tail
constexpr std::chrono::seconds kAgainAfter{5};           // a file that could not be written

// The newest `most` of what is fed in order.
class Newest {
public:
    explicit Newest(std::size_t most) : most_(most) {}
    void add(Event event) {
        events_.push_back(std::move(event));
        if (events_.size() > most_) events_.pop_front();
    }
    [[nodiscard]] std::vector<Event> take() {
        return {std::make_move_iterator(events_.rbegin()), std::make_move_iterator(events_.rend())};
    }

private:
    std::size_t most_;
    std::deque<Event> events_;
};

}  // namespace

struct EventIndex::Parts {
    struct Query {
        EventsRequest request;
        Covers covers;
        OnReply done;
    };

    Parts(journal::Lane& its_lane, EventIndexOptions its_options) : lane(its_lane), options(std::move(its_options)) {}

    // --- any thread ---
    void wake() {
        const std::lock_guard lock(mutex);
        has_advanced = true;
        bell.notify_one();
    }
    void ask(Query query) {
        std::unique_lock lock(mutex);
        if (is_stopping || queries.size() >= kMaxWaiting) {
            const auto* why = is_stopping ? "the server is stopping" : "too many questions about events wait";
            lock.unlock();
            query.done(fail(ErrorCode::unavailable, why, {}, true));
            return;
        }
        queries.push_back(std::move(query));
        bell.notify_one();
    }
    void stop() {
        {
            const std::lock_guard lock(mutex);
            is_stopping = true;
            bell.notify_one();
        }
        if (thread.joinable()) thread.join();
    }

    // --- the index's thread ---
    void run() {
        open();
        auto due = Steady::now();
        for (;;) {
            std::unique_lock lock(mutex);
            bell.wait(lock, [&] { return is_stopping || !queries.empty() || has_advanced; });
            if (queries.empty() && !is_stopping) bell.wait_until(lock, due, [&] { return is_stopping || !queries.empty(); });
            if (is_stopping) break;
            if (!queries.empty()) {
                auto query = std::move(queries.front());
                queries.pop_front();
                lock.unlock();
                answer(std::move(query));
                continue;
            }
            has_advanced = false;
            lock.unlock();
            due = Steady::now() + index_some();
        }
        refuse_waiting();
        if (store) index_some();
        store.reset();
    }

    void refuse_waiting() {
        std::deque<Query> left;
        {
            const std::lock_guard lock(mutex);
            left.swap(queries);
        }
        for (auto& query : left) query.done(fail(ErrorCode::unavailable, "the server is stopping", {}, true));
    }

    void open() {
        auto opened = EventStore::open(options, lane.appended());
        if (!opened && opened.error().code() == ErrorCode::protocol) {
            note_rebuild(opened.error());
            EventStore::remove(options.file);
            opened = EventStore::open(options, lane.appended());
        }
        if (!opened) return note(opened.error());
        store = *std::move(opened);
        publish();
    }

    void note_rebuild(const Error& error) {
        base::log::warning("{}; it is made anew from the journal", error.text());
        const std::lock_guard lock(mutex);
        ++status.rebuilds;
        status.sentence = error.text() + "; it was made anew from the journal";
    }
    // Tried again and again: said once.
    void note(const Error& error) {
        if (!is_failing) base::log::warning("the index of events cannot be written: {}", error.text());
        is_failing = true;
        const std::lock_guard lock(mutex);
        status.sentence = "cannot be written: " + error.text() + "; answers come from the journal, slowly";
    }
    void publish() {
        const std::lock_guard lock(mutex);
        status.position = store ? store->position() : 0;
        status.until = until;
        if (std::exchange(is_failing, false)) status.sentence.clear();
    }

    // The file is no good any more: a new one, which fills from the lane.
    void rebuild(const Error& error) {
        note_rebuild(error);
        store.reset();
        EventStore::remove(options.file);
        auto opened = EventStore::open(options, lane.appended());
        if (opened)
            store = *std::move(opened);
        else
            return note(opened.error());
        publish();
        wake();
    }

    // One transaction. How long to wait before the next.
    Steady::duration index_some() {
        if (!store) open();
        if (!store) {
            wake();
            return kAgainAfter;
        }
        auto indexed = index_batch();
        if (!indexed) {
            store->roll_back();
            if (indexed.error().code() == ErrorCode::protocol)
                rebuild(indexed.error());
            else
                note(indexed.error());
            wake();
            return kAgainAfter;
        }
        publish();
        if (!*indexed) return kGatherFor;
        wake();
        return {};
    }

    // True: there is more.
    Result<bool> index_batch() {
        const auto reader = lane.reader(store->position());
        if (auto begun = store->begin(); !begun) return std::unexpected(begun.error());
        journal::Record record;
        auto position = store->position();
        for (std::size_t count = 0; count < kBatch; ++count) {
            const auto next = reader->next(record);
            if (!next) return std::unexpected(next.error());
            if (!*next) {
                if (auto done = store->commit(std::max(position, reader->position())); !done)
                    return std::unexpected(done.error());
                return false;
            }
            position = record.sequence + 1;
            until = record.time.utc;
            if (record.type != journal::RecordType::event) continue;
            // One that makes no sense is the lane's matter (`penstock journal --verify`), not a reason to stop here.
            if (const auto event = journal::decode_event(record))
                if (auto added = store->add(*event, record); !added) return std::unexpected(added.error());
        }
        if (auto done = store->commit(position); !done) return std::unexpected(done.error());
        return true;
    }

    void answer(Query query) {
        auto found = find(query);
        if (!found && found.error().code() == ErrorCode::protocol && store) {
            rebuild(found.error());
            found = find(query);
        }
        query.done(std::move(found));
    }

    Result<EventsReply> find(const Query& query) {
        const auto& request = query.request;
        const EventFilter filter(request);
        EventsReply reply;
        reply.durable = lane.durable();
        const std::size_t wanted = request.limit + std::size_t{1};  // one more tells whether there is a next page
        const auto indexed = store ? store->position() : lane.first();
        if (request.before == 0 || request.before > indexed) {
            auto tail = find_in_tail(query, filter, indexed, reply.durable, wanted);
            if (!tail) return std::unexpected(tail.error());
            reply.events = *std::move(tail);
        }
        if (store && reply.events.size() < wanted) {
            const auto done = store->find(request, filter, [&](Event event) {
                if (query.covers(event.area)) reply.events.push_back(std::move(event));
                return reply.events.size() < wanted;
            });
            if (!done) return std::unexpected(done.error());
        }
        if (reply.events.size() == wanted) {
            reply.events.pop_back();
            reply.next = reply.events.back().position;
        }
        return reply;
    }

    Result<std::vector<Event>> find_in_tail(const Query& query, const EventFilter& filter, journal::Position from,
                                            journal::Position to, std::size_t most) const {
        Newest newest(most);
        const auto reader = lane.reader(from);
        journal::Record record;
        for (;;) {
            const auto next = reader->next(record);
            if (!next) return std::unexpected(next.error());
            if (!*next || record.sequence >= to) return newest.take();
            if (query.request.before != 0 && record.sequence >= query.request.before) return newest.take();
            if (record.type != journal::RecordType::event) continue;
            auto event = journal::decode_event(record);
            if (event && filter.matches(*event) && query.covers(event->area)) newest.add(*std::move(event));
        }
    }

    journal::Lane& lane;
    const EventIndexOptions options;
    std::unique_ptr<EventStore> store;  // the index's thread only; null: it cannot be written
    UtcTime until;  // the same: of the newest record read
    bool is_failing = false;  // the same

    mutable std::mutex mutex;  // guards what follows
    std::condition_variable bell;
    std::deque<Query> queries;
    EventIndexStatus status;
    bool has_advanced = true, is_stopping = false;
    std::thread thread;  // not guarded: start and stop
};

std::unique_ptr<EventIndex> EventIndex::start(journal::Lane& lane, EventIndexOptions options) {
    auto parts = std::make_shared<Parts>(lane, std::move(options));
    // The lane calls until its thread has ended, maybe after this index.
    lane.on_advance([weak = std::weak_ptr(parts)] {
        if (const auto its = weak.lock()) its->wake();
    });
    parts->thread = std::thread([its = parts.get()] { its->run(); });
    return std::unique_ptr<EventIndex>(new EventIndex(std::move(parts)));
}

EventIndex::EventIndex(std::shared_ptr<Parts> parts) noexcept : parts_(std::move(parts)) {}
EventIndex::~EventIndex() { parts_->stop(); }

void EventIndex::query(EventsRequest request, Covers covers, OnReply done) {
    if (request.limit < 1 || request.limit > kMaxLimit)
        return done(fail(ErrorCode::invalid_argument, "limit is " + std::to_string(request.limit) + "; wanted is 1 to 1000"));
    parts_->ask({std::move(request), std::move(covers), std::move(done)});
}

EventIndexStatus EventIndex::status() const {
    const std::lock_guard lock(parts_->mutex);
    return parts_->status;
}

}  // namespace penstock::history

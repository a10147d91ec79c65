#pragma once

// Answers what people ask of the events lane: a SQLite file beside it (DATA/events.index) that a thread of its own keeps up to date.
// The lane is the truth and the file a help: one that is missing, damaged, of another server or ahead of its lane is made anew from
// the lane, and an answer is always the file's part joined with the lane's durable records that are not in it yet. So nothing durable
// is ever missing, however far the file is behind.
//
//     auto index = history::EventIndex::start(events_lane, {data / "events.index", server_id, epoch});
//     index->query(request, covers, [](Result<EventsReply> reply) { ... });
//
// The file's position lies in the same transaction as its rows. After a power cut the last transactions may be gone, and are made
// again from the lane.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <penstock/history_operations.hpp>
#include <penstock/result.hpp>
#include <penstock/time.hpp>

#include "core/journal/record.hpp"

namespace penstock::journal {
class Lane;
}

namespace penstock::history {

struct EventIndexOptions {
    std::filesystem::path file;
    std::string server_id;
    std::uint64_t epoch = 1;
};

struct EventIndexStatus {
    journal::Position position = 0;  // everything before it is in the file
    UtcTime until;  // the newest record that was put there since the start
    std::uint64_t rebuilds = 0;  // how often it was made anew since the start
    std::string sentence;  // why that is so, or why there is no file; "" if all is well
};

class EventIndex final {
public:
    // At most so many queries wait; further ones are refused as unavailable.
    static constexpr std::size_t kMaxWaiting = 256;

    // Before the lane's thread runs; the lane must outlive this. Never fails: without a file, answers come from the lane alone and
    // status() says why.
    [[nodiscard]] static std::unique_ptr<EventIndex> start(journal::Lane& lane, EventIndexOptions options);
    ~EventIndex();  // answers what waits as unavailable, stores what it has, joins
    EventIndex(const EventIndex&) = delete;
    EventIndex& operator=(const EventIndex&) = delete;

    // Which areas the asker may see; called on the index's thread. Events of others do not exist for him.
    using Covers = std::function<bool(std::string_view area)>;
    using OnReply = std::move_only_function<void(Result<EventsReply>)>;
    // `done` is called once, on the index's thread. Error invalid_argument for a limit outside 1 to 1,000. [any-thread]
    void query(EventsRequest request, Covers covers, OnReply done);

    [[nodiscard]] EventIndexStatus status() const;  // [any-thread]

private:
    struct Parts;
    explicit EventIndex(std::shared_ptr<Parts> parts) noexcept;
    std::shared_ptr<Parts> parts_;  // the lane knows it too, weakly: it may call once more
};

}  // namespace penstock::history

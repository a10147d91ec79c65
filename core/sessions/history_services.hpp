#pragma once

// What sessions need of the plant's memory. The server implements it; a plant without one has none (Plant::history is null).
//
// Every call comes after authorise(), with names looked up and limits checked. Nothing blocks: answers come later, on any thread
// (also from inside the call); a callback that dies unused has answered `unavailable`.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <penstock/operations.hpp>

#include "core/sessions/rights.hpp"
#include "core/tags/tag_catalog.hpp"

namespace penstock::sessions {

// One subscription. Belongs to a strand; destroying it ends it, and waits for a call of `on_ready` that is under way.
template <class UpdateType>
class Feed {
public:
    using Update = UpdateType;
    virtual ~Feed() = default;
    // The next update if one is ready; if not, `on_ready` is called once there is. An error ends the stream. [strand]
    [[nodiscard]] virtual Result<std::optional<Update>> take() = 0;
};
using SeriesFeed = Feed<SeriesUpdate>;
using EventFeed = Feed<EventsUpdate>;

class HistoryServices {
public:
    virtual ~HistoryServices() = default;

    // Who asks: one session's queries take turns with those of others.
    struct Asker {
        std::uint64_t session = 0;
        std::string user;
    };
    template <class Reply>
    using OnReply = std::move_only_function<void(Result<Reply>)>;

    // [any-thread]
    virtual void history(const Asker& asker, tags::TagId tag, HistoryRequest request, OnReply<HistoryReply> done) = 0;
    // kNoTag: there is no such tag, and its line says so.
    virtual void trend(const Asker& asker, std::vector<tags::TagId> tags, TrendRequest request, OnReply<TrendReply> done) = 0;
    // `places` as in SubscribeSeriesRequest, one a tag. `on_ready` is called on any thread and must not block.
    [[nodiscard]] virtual Result<std::unique_ptr<SeriesFeed>> open_series(const Asker& asker, std::vector<tags::TagId> tags,
                                                                          std::vector<SeriesPlace> places,
                                                                          std::function<void()> on_ready) = 0;
    // Events of areas that the grant does not cover do not exist.
    virtual void events(const Asker& asker, EventsRequest request, Grant grant, OnReply<EventsReply> done) = 0;
    // Every durable event from `request.from` on, in order, then as they become durable; otherwise as open_series. A plant without a
    // journal has none.
    [[nodiscard]] virtual Result<std::unique_ptr<EventFeed>> open_events(const Asker& asker, SubscribeEventsRequest request,
                                                                         Grant grant, std::function<void()> on_ready);
    virtual void journal(const Asker& asker, JournalRequest request, OnReply<JournalReply> done) = 0;
    virtual void backup(const Asker& asker, BackupRequest request, OnReply<BackupReply> done) = 0;
};

}  // namespace penstock::sessions

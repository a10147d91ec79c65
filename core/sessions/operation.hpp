#pragma once

// One row of the operation table, and what a handler is given.

#include <algorithm>
#include <array>
#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <penstock/operations.hpp>

#include "core/base/strand.hpp"
#include "core/sessions/plant_services.hpp"
#include "core/sessions/rights.hpp"
#include "core/tags/tag_reader.hpp"

namespace penstock::engine {
class Engine;
}

namespace penstock::sessions {

// The plant as sessions see it. Everything outlives all sessions.
class ChangeBell;
class AlarmServices;
class HistoryServices;
struct Plant {
    engine::Engine* engine;
    ChangeBell* bell;  // added to the engine
    tags::TagReader reader;  // of the engine's table; its catalog too
    PlantServices* services;
    const base::Clock* clock;
    HistoryServices* history = nullptr;  // null: this plant keeps no history
    AlarmServices* alarms = nullptr;  // null: this plant has no alarms
};

// What a handler may ask of the session that calls. [strand of the session]
class SessionHost {
public:
    // A stream of newest values of these tags (kNoTag: a place that stays empty). The first update follows the reply.
    // unavailable: the session has too many.
    [[nodiscard]] virtual Result<std::uint64_t> open_latest(std::vector<tags::TagId> tags) = 0;
    // A stream of archived samples, one place a tag (SubscribeSeriesRequest). unavailable: the session has too many.
    [[nodiscard]] virtual Result<std::uint64_t> open_series(std::vector<tags::TagId> tags, std::vector<SeriesPlace> places) = 0;
    // A stream of events (SubscribeEventsRequest) of the areas that the grant covers. unavailable: the session has too many.
    [[nodiscard]] virtual Result<std::uint64_t> open_events(SubscribeEventsRequest request, Grant grant) = 0;
    // False if this session has no such stream.
    [[nodiscard]] virtual bool close_stream(std::uint64_t stream) = 0;
    // Sessions that the server has at this moment.
    [[nodiscard]] virtual std::uint64_t session_count() const = 0;
    // Tells this session from others: its queries take turns with theirs.
    [[nodiscard]] virtual std::uint64_t number() const = 0;
    // What the session's owner calls itself from now on.
    virtual void set_station(std::string station) = 0;
    // Runs the job on the strand once `due` has passed; not at all if the session ends before.
    virtual void remind(MonotonicTime due, base::Job job) = 0;

protected:
    ~SessionHost() = default;
};

using OnAnyReply = std::move_only_function<void(Result<AnyReply>)>;

// Where a handler puts its answer: once, now or later, on any thread. A handler that loses it has answered `unavailable`, so that
// no caller waits for ever.
template <class Reply>
class Answer {
public:
    explicit Answer(OnAnyReply send) noexcept : send_(std::move(send)) {}
    Answer(Answer&& other) noexcept : send_(std::exchange(other.send_, nullptr)) {}
    Answer& operator=(Answer&&) = delete;
    ~Answer() {
        if (send_) send_(fail(ErrorCode::unavailable, "the server stopped before it had an answer", {}, true));
    }
    void operator()(Result<Reply> reply) {
        auto send = std::exchange(send_, nullptr);
        if (!send) return;
        if (reply)
            send(AnyReply(*std::move(reply)));
        else
            send(std::unexpected(std::move(reply).error()));
    }

private:
    OnAnyReply send_;
};

// An authorised call.
struct Call {
    Plant plant;
    Grant grant;
    std::string user;
    std::string station;  // as it named itself, "" for tools
    SessionHost* session;  // valid only until the handler returns
};

// Plant areas that a request names, each once. Handlers ask the grant again for each tag or document, so that a group which
// reaches over areas is served as far as the caller may see.
using AreaList = std::vector<std::string>;

// Which right a request needs: the same for each, or one of a few that a function of the request chooses. Its constructors run when
// compiling, and refuse what is no right, or no choice.
template <class Request>
class Needs {
public:
    // Nullopt: a request that it does not know.
    using Choose = std::optional<Right> (*)(const Request&);

    consteval Needs(Right right) : Needs({right}, nullptr, 1) {}  // NOLINT(google-explicit-constructor): a row says Right::read
    // `rights`: all that `choose` can say, the strictest first: it is for requests that are unknown, or that list too few.
    consteval Needs(std::initializer_list<Right> rights, Choose choose) : Needs(rights, choose, 2) {
        if (choose == nullptr) throw "which of several rights a request needs is said by a function of it";
    }

    [[nodiscard]] Right of(const Request& request) const {
        const auto chosen = choose_ == nullptr ? std::nullopt : choose_(request);
        return chosen && std::ranges::find(all(), *chosen) != all().end() ? *chosen : rights_.front();
    }
    [[nodiscard]] constexpr std::span<const Right> all() const noexcept { return std::span(rights_).first(count_); }

private:
    consteval Needs(std::initializer_list<Right> rights, Choose choose, std::size_t least)
        : count_(rights.size()), choose_(choose) {
        if (count_ < least) throw "a choice is between two rights or more";
        std::ranges::copy(rights, rights_.begin());  // more than there is room for do not compile
        for (const auto right : all())
            if (right == Right{}) throw "an operation needs a right";
    }

    std::array<Right, 4> rights_{};
    std::size_t count_;
    Choose choose_;
};

// Its constructor runs when compiling: a row without right, areas, handler or purpose is no program.
template <class RequestType>
class Operation {
public:
    using Request = RequestType;
    using Reply = typename Request::Reply;
    using Areas = void (*)(const Plant&, const Request&, AreaList&);
    using Handler = void (*)(const Call&, Request, Answer<Reply>);

    consteval Operation(Needs<Request> needs, Areas areas, Handler handler, std::string_view purpose)
        : needs_(needs), areas_(areas), handler_(handler), purpose_(purpose) {
        if (areas == nullptr) throw "an operation needs a function that lists the areas of a request";
        if (handler == nullptr) throw "an operation needs a handler";
        if (purpose.empty()) throw "an operation needs a purpose, for docs/operations.md";
    }

    [[nodiscard]] Right right(const Request& request) const { return needs_.of(request); }
    [[nodiscard]] constexpr std::span<const Right> rights() const noexcept { return needs_.all(); }  // that requests can need
    [[nodiscard]] constexpr std::string_view purpose() const noexcept { return purpose_; }
    void areas(const Plant& plant, const Request& request, AreaList& into) const { areas_(plant, request, into); }
    void handle(const Call& call, Request request, Answer<Reply> answer) const {
        handler_(call, std::move(request), std::move(answer));
    }

private:
    Needs<Request> needs_;
    Areas areas_;
    Handler handler_;
    std::string_view purpose_;
};

// True if `Table` (a tuple of operations) has exactly one row for each request, in the order of AnyRequest, and the reply of
// each is the alternative of AnyReply in the same place.
template <class Table, class Requests = AnyRequest, class Replies = AnyReply>
inline constexpr bool covers_all_requests = false;
template <class... Rows, class... Requests, class... Replies>
    requires(sizeof...(Rows) == sizeof...(Requests) && sizeof...(Requests) == sizeof...(Replies))
inline constexpr bool covers_all_requests<std::tuple<Rows...>, std::variant<Requests...>, std::variant<Replies...>> =
    (std::is_same_v<Rows, Operation<Requests>> && ...) && (std::is_same_v<typename Requests::Reply, Replies> && ...);

}  // namespace penstock::sessions

// Requests about what was: names and limits are checked here, the work is done by the plant's memory on threads of its own.
#include "core/sessions/handlers.hpp"
#include "core/sessions/history_services.hpp"
#include "core/sessions/visible_tags.hpp"
#include "core/wire/time_text.hpp"

namespace penstock::sessions {
namespace {

constexpr std::size_t kMaxTrendPoints = 40'000;  // tags x columns
constexpr std::uint32_t kMaxEvents = 1'000;

using Fault = std::optional<Error>;

Fault refuse(std::string sentence) { return Error(ErrorCode::invalid_argument, std::move(sentence)); }

Fault check_count(std::string_view what, std::uint64_t found, std::uint64_t most) {
    if (found >= 1 && found <= most) return {};
    return refuse(std::string(what) + " is " + std::to_string(found) + ", wanted 1 to " + std::to_string(most));
}

Fault check_range(UtcTime from, UtcTime to) {
    if (from < to) return {};
    return refuse("the range ends at " + wire::utc_text(to) + ", not after its beginning at " + wire::utc_text(from));
}

Fault check(const HistoryRequest& request) {
    if (auto fault = check_range(request.from, request.to)) return fault;
    if (auto fault = check_count("limit", request.limit, kMaxHistoryRows)) return fault;
    if (request.aggregate == Aggregate::none) return {};
    if (request.aggregate > Aggregate::standard_deviation)
        return refuse("aggregate number " + std::to_string(static_cast<unsigned>(request.aggregate)) + " is unknown");
    if (request.interval < 1ms) return refuse("the interval of an aggregate is at least 1 ms");
    if (request.newest_first) return refuse("newest_first is for raw samples, not for aggregates");
    return {};
}

Fault check(const TrendRequest& request) {
    if (auto fault = check_range(request.from, request.to)) return fault;
    if (auto fault = check_count("columns", request.columns, kMaxTrendColumns)) return fault;
    if (auto fault = check_count("the number of tags", request.tags.size(), kMaxTrendTags)) return fault;
    const auto points = request.tags.size() * request.columns;
    if (points <= kMaxTrendPoints) return {};
    return refuse(std::to_string(points) + " points (tags x columns), at most " + std::to_string(kMaxTrendPoints));
}

Fault check(const SubscribeSeriesRequest& request) {
    if (auto fault = check_count("the number of tags", request.tags.size(), kMaxSeriesTags)) return fault;
    if (request.places.empty() || request.places.size() == request.tags.size()) return {};
    return refuse(std::to_string(request.places.size()) + " places for " + std::to_string(request.tags.size()) + " tags");
}

Fault check(const EventsRequest& request) { return check_count("limit", request.limit, kMaxEvents); }
Fault check(const JournalRequest&) { return {}; }

Fault check(const BackupRequest& request) {
    if (request.file.starts_with('/') && request.file.find('\0') == std::string::npos) return {};
    return refuse("\"" + request.file + "\" is no absolute path on the server's machine");
}

// The plant's memory if there is one and the request is sound; else null, and the answer is given.
template <class Request, class Reply>
HistoryServices* memory_for(const Call& call, const Request& request, Answer<Reply>& answer) {
    auto* history = call.plant.history;
    auto fault = history == nullptr ? Error(ErrorCode::unavailable, "this plant keeps no history") : check(request);
    if (!fault) return history;
    answer(std::unexpected(*std::move(fault)));
    return nullptr;
}

HistoryServices::Asker asker(const Call& call) { return {call.session->number(), call.user}; }

}  // namespace

void handle_history(const Call& call, HistoryRequest request, Answer<HistoryReply> answer) {
    auto* history = memory_for(call, request, answer);
    if (history == nullptr) return;
    VisibleTags visible(call);
    const auto tag = visible.find(request.tag);
    if (!tag) return answer(fail(ErrorCode::not_found, no_such_tag(request.tag, visible.hint(request.tag))));
    history->history(asker(call), *tag, std::move(request), std::move(answer));
}

void handle_trend(const Call& call, TrendRequest request, Answer<TrendReply> answer) {
    auto* history = memory_for(call, request, answer);
    if (history == nullptr) return;
    const VisibleTags visible(call);
    std::vector<tags::TagId> tags;
    for (const auto& name : request.tags) tags.push_back(visible.find(name).value_or(tags::kNoTag));
    history->trend(asker(call), std::move(tags), std::move(request), std::move(answer));
}

void handle_subscribe_series(const Call& call, SubscribeSeriesRequest request, Answer<SubscribeSeriesReply> answer) {
    if (memory_for(call, request, answer) == nullptr) return;
    VisibleTags visible(call);
    std::vector<tags::TagId> tags;
    for (const auto& name : request.tags) {
        const auto tag = visible.find(name);
        if (!tag) return answer(fail(ErrorCode::not_found, no_such_tag(name, visible.hint(name))));
        tags.push_back(*tag);
    }
    if (request.places.empty()) request.places.assign(tags.size(), {request.from, 0, 0});
    const auto stream = call.session->open_series(std::move(tags), std::move(request.places));
    if (!stream) return answer(std::unexpected(stream.error()));
    SubscribeSeriesReply reply;
    reply.stream = *stream;
    answer(reply);
}

void handle_events(const Call& call, EventsRequest request, Answer<EventsReply> answer) {
    if (auto* history = memory_for(call, request, answer))
        history->events(asker(call), std::move(request), call.grant, std::move(answer));
}

void handle_journal(const Call& call, JournalRequest request, Answer<JournalReply> answer) {
    if (auto* history = memory_for(call, request, answer)) history->journal(asker(call), request, std::move(answer));
}

void handle_backup(const Call& call, BackupRequest request, Answer<BackupReply> answer) {
    if (auto* history = memory_for(call, request, answer)) history->backup(asker(call), std::move(request), std::move(answer));
}

}  // namespace penstock::sessions

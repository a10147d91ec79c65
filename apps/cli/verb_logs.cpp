#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iterator>
#include <optional>
#include <utility>

#include "apps/cli/pages.hpp"
#include "apps/cli/text.hpp"
#include "apps/cli/times.hpp"
#include "apps/cli/verbs.hpp"
#include "core/base/clock.hpp"
#include "core/base/folded.hpp"
#include "core/base/suggest.hpp"
#include "core/wire/json_text.hpp"

namespace penstock::cli {
namespace {

constexpr std::uint32_t kMaxPage = 1'000;
constexpr std::chrono::milliseconds kLookEvery{500};  // whether somebody wants it to end

// Every kind that has a word.
std::vector<std::string> kind_words() {
    std::vector<std::string> words;
    for (unsigned number = 1; number < 256; ++number) {
        const std::string word(to_string(static_cast<EventKind>(number)));
        if (parse_event_kind(word) == static_cast<EventKind>(number)) words.push_back(word);
    }
    return words;
}

Error unknown_kind(const std::string& word) {
    const auto words = kind_words();
    auto sentence = "there is no kind of event \"" + printable(word) + "\"; ";
    if (const auto hint = base::did_you_mean(word, words); !hint.empty()) return {ErrorCode::invalid_argument, sentence + hint};
    sentence += "there are ";
    for (std::size_t i = 0; i < words.size(); ++i) sentence += (i == 0 ? "" : ", ") + words[i];
    return {ErrorCode::invalid_argument, sentence};
}

Result<EventsRequest> request_of(const LogsOptions& options, UtcTime now) {
    EventsRequest request;
    if (!options.from.empty() || !options.to.empty()) {
        const auto from = options.from.empty() ? UtcTime() : parse_time(options.from, now);
        if (!from) return std::unexpected(from.error());
        const auto to = options.to.empty() ? UtcTime() : parse_time(options.to, now);
        if (!to) return std::unexpected(to.error());
        if (*to != UtcTime() && *to <= *from)
            return fail(ErrorCode::invalid_argument, "--from " + time_text(*from) + " is not before --to " + time_text(*to));
        request.from = *from;
        request.to = *to;
    }
    for (const auto& word : options.kinds) {
        request.kinds.push_back(parse_event_kind(word));
        if (request.kinds.back() == EventKind{}) return std::unexpected(unknown_kind(word));
    }
    if (options.limit == 0) return fail(ErrorCode::invalid_argument, "--limit is 0; wanted is 1 or more");
    request.area = options.area;
    request.user = options.user;
    request.object = options.object;
    request.text = options.text;
    return request;
}

struct Fetched {
    std::vector<Event> events;  // oldest first
    std::uint64_t durable = 0;  // all before it were looked at
};

// The newest `limit` events.
Result<Fetched> fetch(Session& session, EventsRequest request, std::uint64_t limit) {
    Fetched all;
    bool is_first = true;
    const auto take = [&](EventsReply page) {
        if (std::exchange(is_first, false)) all.durable = page.durable;
        std::ranges::move(page.events, std::back_inserter(all.events));
        return all.events.size();
    };
    if (auto fetched = fetch_pages(session, std::move(request), Pages::older, limit, kMaxPage, take); !fetched)
        return std::unexpected(std::move(fetched).error());
    std::ranges::reverse(all.events);
    return all;
}

wire::Json json_of(const Event& event) {
    auto json = wire::to_json(event);
    json["sentence"] = event.sentence();
    return json;
}

std::string line_of(const Event& event) {
    auto line = time_text(event.time) + "  " + std::string(to_string(event.kind)) + "  ";
    line += event.user.empty() ? "server" : printable(event.user);
    if (!event.station.empty()) line += " at " + printable(event.station);
    if (!event.area.empty()) line += "  " + printable(event.area);
    if (!event.object.empty()) line += "  " + printable(event.object);
    return line + "  " + printable(event.sentence());
}

std::string table_of(const std::vector<Event>& events) {
    Table table;
    for (const auto& event : events) {
        auto who = event.user.empty() ? "server" : printable(event.user);
        if (!event.station.empty()) who += " at " + printable(event.station);
        table.row({time_text(event.time), std::string(to_string(event.kind)), who,
                   event.object.empty() ? printable(event.area) : printable(event.object), printable(event.sentence())});
    }
    return table.text();
}

void print_event(const GlobalOptions& global, const Event& event) {
    print_line(global.json ? wire::json_line(json_of(event)) : line_of(event));
}

// What the stream itself does not filter by.
bool is_wanted(const EventsRequest& request, const Event& event) {
    if (!request.user.empty() && event.user != request.user) return false;
    if (!request.object.empty() && event.object != request.object) return false;
    return request.text.empty() || base::folded(event.sentence()).find(base::folded(request.text)) != std::string::npos;
}

// New events as they come, until interrupted; `from`: position of the first that was not looked at. Over a lost connection the session
// goes on where it stood.
int follow(Session& session, const GlobalOptions& global, const EventsRequest& request, std::uint64_t from) {
    SubscribeEventsRequest wanted;
    wanted.from = from;
    wanted.kinds = request.kinds;
    wanted.area = request.area;
    std::optional<Error> failure;
    Session::EventsHandler handler;
    handler.on_start = [&failure](const Result<SubscribeEventsReply>& reply) {
        if (!reply) failure = reply.error();
    };
    handler.on_update = [&](const EventsUpdate& update) {
        if (!update.missing.empty()) std::fprintf(stderr, "penstock: %s\n", printable(update.missing).c_str());
        for (const auto& event : update.events)
            if (is_wanted(request, event)) print_event(global, event);
    };
    const auto stream = session.subscribe_events(std::move(wanted), std::move(handler));
    while (!interrupted() && !failure) {
        session.wait(kLookEvery);
        session.poll();
    }
    return failure ? report(*failure) : kDone;
}

}  // namespace

int run_logs(Session& session, const GlobalOptions& global, const LogsOptions& options, UtcTime now) {
    const auto request = request_of(options, now);
    if (!request) return usage(request.error());
    const auto fetched = fetch(session, *request, options.limit);
    if (!fetched) return report(fetched.error());
    const auto& events = fetched->events;
    if (options.follow) {
        for (const auto& event : events) print_event(global, event);
        return follow(session, global, *request, fetched->durable);
    }
    if (global.json) {
        auto list = wire::Json::array();
        for (const auto& event : events) list.push_back(json_of(event));
        print_line(wire::json_line(list));
        return kDone;
    }
    print(table_of(events));
    if (events.empty()) print_line("no events");
    return kDone;
}

int run_logs(const GlobalOptions& global, const LogsOptions& options) {
    if (const auto request = request_of(options, base::SystemClock().now().utc); !request) return usage(request.error());
    return with_session(global, [&](Session& session) {
        if (options.follow) watch_for_interrupt();
        return run_logs(session, global, options, server_time(session));
    });
}

}  // namespace penstock::cli

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ranges>

#include "apps/cli/text.hpp"
#include "apps/cli/times.hpp"
#include "apps/cli/verbs.hpp"
#include "core/base/clock.hpp"
#include "core/base/suggest.hpp"
#include "core/wire/json_text.hpp"

namespace penstock::cli {
namespace {

constexpr std::uint32_t kMaxPage = 1'000;
constexpr std::chrono::milliseconds kFollowEvery{500};

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

// The newest `limit` events not older than position `from`, oldest first.
Result<std::vector<Event>> fetch(Session& session, EventsRequest request, std::uint64_t limit, std::uint64_t from) {
    std::vector<Event> events;
    while (events.size() < limit) {
        request.limit = static_cast<std::uint32_t>(std::min<std::uint64_t>(limit - events.size(), kMaxPage));
        auto page = session.call_and_wait(request, kQueryTimeout);
        if (!page) return std::unexpected(page.error());
        bool is_older = false;
        for (auto& event : page->events) {
            is_older = event.position < from;
            if (is_older) break;
            events.push_back(std::move(event));
        }
        if (is_older || page->next == 0) break;
        if (request.before != 0 && page->next >= request.before)
            return fail(ErrorCode::protocol, "the server's pages of events do not go backwards");
        request.before = page->next;
    }
    std::ranges::reverse(events);
    return events;
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

// How far the server's events are durable: asked first, as a search for what is rare reads far back.
Result<std::uint64_t> durable_events(Session& session) {
    EventsRequest newest;
    newest.limit = 1;
    const auto reply = session.call_and_wait(newest, kQueryTimeout);
    if (!reply) return std::unexpected(reply.error());
    return reply->durable;
}

// New events as they come, until interrupted; `next`: position of the first that was not shown.
int follow(Session& session, const GlobalOptions& global, EventsRequest request, std::uint64_t next) {
    request.to = UtcTime();
    std::uint64_t seen = 0;  // all before it were looked at
    while (!interrupted()) {
        const auto end = std::chrono::steady_clock::now() + kFollowEvery;
        while (!interrupted() && std::chrono::steady_clock::now() < end) {
            session.wait(kFollowEvery);
            session.poll();
        }
        if (session.link().state != LinkState::connected) continue;  // it comes back, and nothing is left out then
        const auto durable = durable_events(session);
        if (durable && *durable == seen) continue;
        if (durable && *durable < next) {
            std::fprintf(stderr, "penstock: the server's events were put back: it goes on with those after position %llu\n",
                         static_cast<unsigned long long>(*durable));
            next = *durable;
        }
        const auto events = durable ? fetch(session, request, std::numeric_limits<std::uint64_t>::max(), next)
                                    : Result<std::vector<Event>>(std::unexpected(durable.error()));
        if (!events && events.error().code() == ErrorCode::disconnected) continue;
        if (!events) return report(events.error());
        for (const auto& event : *events) {
            print_line(global.json ? wire::json_line(json_of(event)) : line_of(event));
            next = event.position + 1;
        }
        seen = *durable;
    }
    return kDone;
}

int usage(const Error& error) {
    report(error);
    return kUsage;
}

}  // namespace

int run_logs(Session& session, const GlobalOptions& global, const LogsOptions& options, UtcTime now) {
    const auto request = request_of(options, now);
    if (!request) return usage(request.error());
    const auto events = fetch(session, *request, options.limit, 0);
    if (!events) return report(events.error());
    if (options.follow) {
        for (const auto& event : *events) print_line(global.json ? wire::json_line(json_of(event)) : line_of(event));
        return follow(session, global, *request, events->empty() ? 0 : events->back().position + 1);
    }
    if (global.json) {
        auto list = wire::Json::array();
        for (const auto& event : *events) list.push_back(json_of(event));
        print_line(wire::json_line(list));
        return kDone;
    }
    print(table_of(*events));
    if (events->empty()) print_line("no events");
    return kDone;
}

int run_logs(const GlobalOptions& global, const LogsOptions& options) {
    if (const auto request = request_of(options, base::SystemClock().now().utc); !request) return usage(request.error());
    auto link = connect(global);
    if (!link) return report(link.error());
    if (options.follow) watch_for_interrupt();
    auto& session = (*link)->session();
    return run_logs(session, global, options, server_time(session));
}

}  // namespace penstock::cli

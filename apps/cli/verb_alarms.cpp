#include <algorithm>
#include <iterator>
#include <utility>

#include "apps/cli/alarm_text.hpp"
#include "apps/cli/pages.hpp"
#include "apps/cli/text.hpp"
#include "apps/cli/times.hpp"
#include "apps/cli/verbs.hpp"
#include "core/base/clock.hpp"
#include "core/wire/json_text.hpp"

namespace penstock::cli {
namespace {

constexpr std::uint32_t kMaxPriority = 16;

Result<AlarmList> list_of(const AlarmsOptions& options) {
    struct Choice {
        bool is_chosen;
        AlarmList list;
    };
    auto chosen = AlarmList::standing;
    int count = 0;
    for (const auto& choice :
         {Choice{options.history, AlarmList::history}, Choice{options.shelved, AlarmList::shelved},
          Choice{options.suppressed, AlarmList::suppressed}, Choice{options.out_of_service, AlarmList::out_of_service}}) {
        if (!choice.is_chosen) continue;
        chosen = choice.list;
        ++count;
    }
    if (count > 1)
        return fail(ErrorCode::invalid_argument, "wanted is one of --history, --shelved, --suppressed, --out-of-service");
    return chosen;
}

Result<AlarmsRequest> request_of(const AlarmsOptions& options, UtcTime now) {
    AlarmsRequest request;
    const auto list = list_of(options);
    if (!list) return std::unexpected(list.error());
    request.list = *list;
    const bool has_times = !options.from.empty() || !options.to.empty();
    if (has_times && request.list != AlarmList::history)
        return fail(ErrorCode::invalid_argument, "--from and --to are of --history; the other lists are of now");
    if (has_times) {
        const auto from = options.from.empty() ? UtcTime() : parse_time(options.from, now);
        if (!from) return std::unexpected(from.error());
        const auto to = options.to.empty() ? UtcTime() : parse_time(options.to, now);
        if (!to) return std::unexpected(to.error());
        if (*to != UtcTime() && *to <= *from)
            return fail(ErrorCode::invalid_argument, "--from " + time_text(*from) + " is not before --to " + time_text(*to));
        request.from = *from;
        request.to = *to;
    }
    for (const auto priority : options.priorities) {
        if (priority < 1 || priority > kMaxPriority)
            return fail(ErrorCode::invalid_argument, "--priority is " + std::to_string(priority) + "; wanted is 1 to 16");
        request.priorities.push_back(priority);
    }
    if (options.limit == 0) return fail(ErrorCode::invalid_argument, "--limit is 0; wanted is 1 or more");
    request.area = options.area;
    request.text = options.text;
    return request;
}

// `limit` alarms over as many pages as it takes; counts and the rest are of the first.
Result<AlarmsReply> fetch(Session& session, AlarmsRequest request, std::uint64_t limit) {
    const auto to = request.list == AlarmList::history ? Pages::older : Pages::onward;
    AlarmsReply all;
    bool is_first = true;
    const auto take = [&](AlarmsReply page) {
        if (std::exchange(is_first, false)) {
            all = std::move(page);
        } else {
            std::ranges::move(page.alarms, std::back_inserter(all.alarms));
            all.next = page.next;
        }
        return all.alarms.size();
    };
    if (auto fetched = fetch_pages(session, std::move(request), to, limit, kMaxAlarmRows, take); !fetched)
        return std::unexpected(std::move(fetched).error());
    return all;
}

std::string_view none_of(AlarmList list) {
    switch (list) {
        case AlarmList::standing: break;
        case AlarmList::shelved: return "no alarm is shelved";
        case AlarmList::suppressed: return "no alarm is suppressed";
        case AlarmList::out_of_service: return "no alarm is out of service";
        case AlarmList::history: return "no alarm did anything in that time";
    }
    return "no alarm stands";
}

void print_alarms(const AlarmsRequest& request, const AlarmsReply& reply, UtcTime now) {
    const bool is_history = request.list == AlarmList::history;
    print(is_history ? steps_text(reply.alarms, reply.priorities, now) : list_text(reply.alarms, reply.priorities, now));
    const bool is_filtered = !request.text.empty() || !request.priorities.empty() || !request.area.empty();
    if (reply.alarms.empty()) print_line(std::string(none_of(request.list)) + (is_filtered ? " that fits" : ""));
    if (reply.next != 0 && reply.total > reply.alarms.size())
        print_line("shown are " + std::to_string(reply.alarms.size()) + " of " + std::to_string(reply.total) + "; see --limit");
    else if (reply.next != 0)
        print_line("shown are the newest " + std::to_string(reply.alarms.size()) + "; see --limit");
    if (!is_history) print_line(counts_text(reply.counts));
}

}  // namespace

int run_alarms(Session& session, const GlobalOptions& global, const AlarmsOptions& options, UtcTime now) {
    auto request = request_of(options, now);
    if (!request) return usage(request.error());
    request->language = language_for(session, global, options.language);
    const auto reply = fetch(session, *request, options.limit);
    if (!reply) return report(reply.error());
    if (options.names) {
        for (const auto& info : reply->alarms) print_line(printable(info.alarm));
    } else if (global.json) {
        print_line(json_of(reply->alarms));
    } else {
        print_alarms(*request, *reply, now);
    }
    return kDone;
}

int run_alarms(const GlobalOptions& global, const AlarmsOptions& options) {
    if (const auto request = request_of(options, base::SystemClock().now().utc); !request) return usage(request.error());
    return with_session(global, [&](Session& session) { return run_alarms(session, global, options, server_time(session)); });
}

int run_alarm_stats(Session& session, const GlobalOptions& global, const AlarmStatsOptions& options) {
    AlarmFiguresRequest request;
    request.area = options.area;
    request.language = language_for(session, global, options.language);
    const auto reply = session.call_and_wait(std::move(request), kQueryTimeout);
    if (!reply) return report(reply.error());
    if (global.json) {
        print_line(wire::json_line(wire::to_json(*reply)));
        return kDone;
    }
    print(figures_text(*reply));
    if (reply->since != UtcTime()) print_line("the figures reach back to " + time_text(reply->since));
    return kDone;
}

int run_alarm_stats(const GlobalOptions& global, const AlarmStatsOptions& options) {
    return with_session(global, [&](Session& session) { return run_alarm_stats(session, global, options); });
}

}  // namespace penstock::cli

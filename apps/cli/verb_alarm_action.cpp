#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>

#include <penstock/settings.hpp>

#include "apps/cli/text.hpp"
#include "apps/cli/verbs.hpp"
#include "core/base/readable.hpp"
#include "core/wire/json_text.hpp"

namespace penstock::cli {
namespace {

// An id, if the word is a number; alarms are named otherwise.
std::optional<std::uint64_t> id_of(const std::string& word) {
    std::uint64_t id = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), id);
    if (word.empty() || error != std::errc() || end != word.data() + word.size()) return std::nullopt;
    return id;
}

bool is_blank(const std::string& text) {
    return std::ranges::all_of(text, [](char letter) { return letter == ' '; });
}

bool is_shelf(AlarmEvent action) { return action == AlarmEvent::shelved || action == AlarmEvent::shelved_once; }

bool wants_reason(AlarmEvent action) {
    return is_shelf(action) || action == AlarmEvent::taken_out || action == AlarmEvent::commented;
}

AlarmEvent action_of(const AlarmActionOptions& options) { return options.once ? AlarmEvent::shelved_once : options.action; }

// What goes to the server: ids and names in requests of their own, as it takes them.
Result<std::vector<AlarmActionRequest>> requests_of(const AlarmActionOptions& options) {
    const auto refuse = [](const char* sentence) { return fail(ErrorCode::invalid_argument, sentence); };
    if (options.targets.empty() == options.area.empty())
        return refuse(options.area.empty() ? "wanted is an alarm's id or name, or --area"
                                           : "wanted is either alarms or --area");
    AlarmActionRequest usual;
    usual.action = action_of(options);
    usual.comment = options.comment;
    if (wants_reason(usual.action) && is_blank(usual.comment)) return refuse("this wants a reason, for those who come after");
    if (is_shelf(usual.action)) {
        if (options.once != options.duration.empty())
            return refuse("wanted is either --for TIME, as in 1h, or --once: until the alarm is over");
        const auto duration = options.once ? Duration(0) : parse_duration(options.duration);
        if (!duration) return std::unexpected(duration.error());
        if (!options.once && *duration <= Duration(0)) return refuse("--for is no time at all");
        usual.shelve_for = *duration;
    }
    std::vector<AlarmActionRequest> requests;
    if (!options.area.empty()) {
        requests.push_back(usual);
        requests.back().area = options.area;
        return requests;
    }
    AlarmActionRequest by_id = usual, by_name = usual;
    for (const auto& word : options.targets) {
        if (const auto id = id_of(word))
            by_id.ids.push_back(*id);
        else
            by_name.alarms.push_back(word);
    }
    if (!by_id.ids.empty()) requests.push_back(std::move(by_id));
    if (!by_name.alarms.empty()) requests.push_back(std::move(by_name));
    return requests;
}

wire::Json json_of(const AlarmActionItem& item) {
    wire::Json json;
    json["alarm"] = item.alarm;
    json["id"] = item.id;
    json["outcome"] = item.code == ErrorCode{} ? "done" : "refused";
    json["reason"] = item.reason;
    return json;
}

std::string line_of(AlarmEvent action, const AlarmActionItem& item) {
    auto line = item.alarm.empty() ? std::to_string(item.id) : printable(item.alarm);
    if (!item.alarm.empty() && item.id != 0) line += " (" + std::to_string(item.id) + ')';
    line += ": " + (item.code == ErrorCode{} ? base::in_words(to_string(action)) : "refused");
    if (!item.reason.empty()) line += ": " + printable(item.reason);
    return line;
}

void print_items(const GlobalOptions& global, const AlarmActionOptions& options, const std::vector<AlarmActionItem>& items) {
    if (global.json) {
        auto list = wire::Json::array();
        for (const auto& item : items) list.push_back(json_of(item));
        return print_line(wire::json_line(list));
    }
    for (const auto& item : items) print_line(line_of(action_of(options), item));
    if (items.empty()) print_line("no alarm stands in " + printable(options.area) + " that this could be done to");
}

}  // namespace

int run_alarm_action(Session& session, const GlobalOptions& global, const AlarmActionOptions& options) {
    const auto requests = requests_of(options);
    if (!requests) return usage(requests.error());
    std::vector<AlarmActionItem> items;
    for (const auto& request : *requests) {
        auto reply = session.call_and_wait(request, kReplyTimeout);
        if (!reply) {
            if (!items.empty()) print_items(global, options, items);
            report(reply.error());
            // Once sent, silence says nothing.
            const bool is_lost = reply.error().code() == ErrorCode::timeout;
            return is_lost ? static_cast<int>(kUnknownOutcome) : exit_code(reply.error().code());
        }
        std::ranges::move(reply->items, std::back_inserter(items));
    }
    print_items(global, options, items);
    const bool is_all_done = std::ranges::all_of(items, [](const auto& item) { return item.code == ErrorCode{}; });
    return is_all_done ? kDone : kRefused;
}

int run_alarm_action(const GlobalOptions& global, const AlarmActionOptions& options) {
    if (const auto requests = requests_of(options); !requests) return usage(requests.error());
    return with_session(global, [&](Session& session) { return run_alarm_action(session, global, options); });
}

}  // namespace penstock::cli

#include <penstock/history_operations.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace penstock {
namespace {

using KindWord = std::pair<EventKind, std::string_view>;
constexpr std::array kKinds{
    KindWord{EventKind::server_started, "server_started"},
    KindWord{EventKind::server_stopped, "server_stopped"},
    KindWord{EventKind::journal_recovered, "journal_recovered"},
    KindWord{EventKind::journal_failing, "journal_failing"},
    KindWord{EventKind::clock_stepped, "clock_stepped"},
    KindWord{EventKind::history_gap, "history_gap"},
    KindWord{EventKind::historian_state, "historian_state"},
    KindWord{EventKind::device_state, "device_state"},
    KindWord{EventKind::policy_state, "policy_state"},
    KindWord{EventKind::write_asked, "write_asked"},
    KindWord{EventKind::write_answered, "write_answered"},
    KindWord{EventKind::backup_made, "backup_made"},
    KindWord{EventKind::comment, "comment"},
    KindWord{EventKind::alarm, "alarm"},
};

// Text key -> English. In braces: a field of the event, or the number of a parameter; {:0} is ": " and the parameter, or nothing if it is
// empty. Sorted by key.
using Text = std::pair<std::string_view, std::string_view>;
constexpr std::array kTexts{
    Text{"alarm.acknowledged", "{user} acknowledged {object}{:0}"},
    Text{"alarm.commented", "{user} says of {object}{:0}"},
    Text{"alarm.confirmed", "{user} confirmed {object}{:0}"},
    Text{"alarm.put_back", "{user} put {object} back into service{:0}"},
    Text{"alarm.raised", "{object}: {0}"},
    Text{"alarm.reset", "{user} reset {object}{:0}"},
    Text{"alarm.returned", "{object} is over; its input is {new}"},
    Text{"alarm.shelved", "{user} shelved {object}{:0}"},
    Text{"alarm.shelved_once", "{user} shelved {object} until it is over{:0}"},
    Text{"alarm.silenced", "{user} silenced {object}{:0}"},
    Text{"alarm.suppressed", "{object} is suppressed{:0}"},
    Text{"alarm.taken_out", "{user} took {object} out of service{:0}"},
    Text{"alarm.unshelved", "{user} unshelved {object}{:0}"},
    Text{"alarm.unsuppressed", "{object} is no longer suppressed; the reason was{:0}"},
    Text{"backup.made", "{user} made the backup {0}"},
    Text{"clock.stepped", "the clock was set from {0} to {1}, by {2}"},
    Text{"comment", "{user}: {0}"},
    Text{"device.connected", "{object} is connected"},
    Text{"device.lost", "{object}: the link is lost: {0}"},
    Text{"historian.behind", "{object} is behind: {0}"},
    Text{"historian.failed", "{object} failed: {0}"},
    Text{"historian.ready", "{object} has caught up"},
    Text{"history.gap", "history of {object} has a gap from {0} to {1}: {2}"},
    Text{"journal.disk_full", "the disk of the journal is full: {0}"},
    Text{"journal.failed", "the journal failed: {0}"},
    Text{"journal.good", "the journal is whole again"},
    Text{"journal.recovered", "the journal was not closed cleanly: {0}"},
    Text{"policy.failed", "the alarm policy {object} failed, its {1} alarms are uncertain: {0}"},
    Text{"server.started", "the server started"},
    Text{"server.stopped", "the server stopped"},
    Text{"snapshot.damaged", "a snapshot could not be used: {0}"},
    Text{"write.asked", "{user} wants {object} to be {new}; it was {old}"},
    Text{"write.done", "{object} took {new}, as {user} wanted"},
    Text{"write.refused", "{object} did not take {new}, as {user} wanted: {0}"},
    Text{"write.unknown", "whether {object} took {new}, as {user} wanted, is not known: {0}"},
};
static_assert(std::ranges::is_sorted(kTexts, {}, &Text::first));

std::string_view english(std::string_view key) {
    const auto found = std::ranges::lower_bound(kTexts, key, {}, &Text::first);
    return found != kTexts.end() && found->first == key ? found->second : std::string_view();
}

std::string shown(const Value& value) { return value.has_value() ? value.text() : "without a value"; }

// What stands in braces.
std::string part(const Event& event, std::string_view name) {
    if (name == "user") return event.user.empty() ? "the server" : event.user;
    if (name == "station") return event.station;
    if (name == "object") return event.object;
    if (name == "old") return shown(event.old_value);
    if (name == "new") return shown(event.new_value);
    const bool is_remark = name.starts_with(':');  // ": text", or nothing
    if (is_remark) name.remove_prefix(1);
    std::size_t number = 0;
    std::from_chars(name.data(), name.data() + name.size(), number);
    if (number >= event.parameters.size() || event.parameters[number].empty()) return {};
    return is_remark ? ": " + event.parameters[number] : event.parameters[number];
}

}  // namespace

std::string_view to_string(EventKind kind) noexcept {
    const auto found = std::ranges::find(kKinds, kind, &KindWord::first);
    return found == kKinds.end() ? "unknown" : found->second;
}

EventKind parse_event_kind(std::string_view word) noexcept {
    const auto found = std::ranges::find(kKinds, word, &KindWord::second);
    return found == kKinds.end() ? EventKind{} : found->first;
}

std::string Event::sentence() const {
    auto rest = english(text);
    if (rest.empty()) return text;
    std::string sentence;
    while (true) {
        const auto open = rest.find('{');
        sentence.append(rest.substr(0, open));
        if (open == std::string_view::npos) return sentence;
        const auto close = rest.find('}', open);
        sentence.append(part(*this, rest.substr(open + 1, close - open - 1)));
        rest.remove_prefix(close + 1);
    }
}

}  // namespace penstock

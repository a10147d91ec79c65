#include "core/server/alarm_desk.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "core/alarms/alarm_filter.hpp"
#include "core/alarms/alarm_record.hpp"
#include "core/alarms/explain.hpp"
#include "core/base/suggest.hpp"
#include "core/tags/area_path.hpp"

namespace penstock::server {
namespace {

using alarms::AlarmFilter;
using alarms::AlarmId;

constexpr std::uint32_t kEventsAPage = 1'000;
constexpr int kMostPages = 200;  // of events that one question looks through
constexpr std::uint32_t kLastEvents = 10;

// Why a rule began or ceased to suppress, as the event says it: in the site's first language. In another one, if today's rule is still
// the one that it was.
std::string reason_of(const Event& event, const alarms::AlarmCatalog& alarms, std::size_t language) {
    const auto& said = event.parameters[0];
    const auto what = event.alarm->event;
    if (what != AlarmEvent::suppressed && what != AlarmEvent::unsuppressed) return said;
    const auto rule = event.alarm->rule;
    return alarms::suppression_reason(alarms, rule) == said ? alarms::suppression_reason(alarms, rule, language) : said;
}

// One step of an alarm's life as a row of the list. What the site no longer has is shown by what the event itself says.
// An alarm's text was kept in the site's first language; in others it is as the site has it today.
AlarmInfo row_of(const Event& event, const alarms::AlarmCatalog& alarms, const tags::TagCatalog& tags, std::size_t language) {
    const auto& step = *event.alarm;
    AlarmInfo info;
    if (const auto transition = alarms::to_transition(event)) info.id = transition->occurrence;
    info.alarm = event.object;
    info.area = event.area;
    info.alarm_class = step.alarm_class;
    info.state = step.state;
    const auto state = alarms::unpack_state(step.flags);
    info.holds = state.holds;
    info.to_confirm = state.to_confirm;
    info.priority = step.priority;
    info.value = event.new_value;
    if (step.limit == step.limit) info.limit = Value(step.limit);
    info.since = event.time;
    info.event = step.event;
    info.user = event.user;
    info.station = event.station;
    info.shelved_until = step.shelved_until;
    const bool has_text = step.event == AlarmEvent::raised && !event.parameters.empty();
    if (has_text)
        info.text = event.parameters[0];
    else if (!event.parameters.empty())
        info.comment = reason_of(event, alarms, language);
    const auto known = alarms.find(event.object);
    if (!known) return info;
    const auto view = alarms.view(*known);
    if (!has_text || language != 0) info.text = alarms::shown_text(alarms, view, tags, info.value, step.limit, language);
    info.screen = view.screen;
    if (view.tag == tags::kNoTag) return info;
    info.tag = tags.name(view.tag);
    info.unit = tags.view(view.tag).unit;
    return info;
}

EventsRequest events_of(const AlarmsRequest& request) {
    EventsRequest events;
    events.from = request.from;
    events.to = request.to;
    events.area = request.area;
    events.kinds = {EventKind::alarm};
    events.before = request.before;
    events.limit = kEventsAPage;
    return events;
}

}  // namespace

AlarmDesk::AlarmDesk(AlarmDeskParts parts) : parts_(std::move(parts)) {}
AlarmDesk::~AlarmDesk() = default;

Result<std::size_t> AlarmDesk::language(std::string_view name) const {
    const auto known = parts_.alarms->languages();
    if (name.empty()) return 0;
    const auto found = std::ranges::find(known, name);
    if (found != known.end()) return static_cast<std::size_t>(found - known.begin());
    auto sentence = "the site has no texts in \"" + std::string(name) + "\"; it has";
    for (const auto& each : known) sentence += (&each == &known.front() ? " " : ", ") + each;
    return fail(ErrorCode::invalid_argument, std::move(sentence));
}

std::optional<Error> AlarmDesk::unknown_area(std::string_view area, const sessions::Grant& grant) const {
    if (area.empty()) return {};
    std::set<std::string, std::less<>> known;
    for (const auto alarm : parts_.alarms->by_name()) {
        const auto its = parts_.alarms->area(alarm);
        if (!grant.covers(its)) continue;
        if (tags::is_inside(its, area)) return {};
        if (!known.contains(its)) known.emplace(its);
    }
    const std::vector<std::string> areas(known.begin(), known.end());
    auto sentence = "no alarm belongs to the area \"" + std::string(area) + "\"";
    if (const auto hint = base::did_you_mean(area, std::span<const std::string>(areas)); !hint.empty()) sentence += "; " + hint;
    return Error(ErrorCode::not_found, std::move(sentence));
}

// --- lists ---
// Pages of the events index, until enough rows fit.
struct AlarmDesk::HistorySearch {
    HistorySearch(const AlarmDeskParts& of, AlarmsRequest wanted, std::size_t texts, sessions::Grant whose,
                  OnReply<AlarmsReply> answer)
        : parts(of),
          request(std::move(wanted)),
          language(texts),
          grant(whose),
          filter(request),
          done(std::move(answer)),
          events(events_of(request)) {}

    const AlarmDeskParts parts;  // a copy: an answer may come when the desk is gone
    AlarmsRequest request;
    std::size_t language;
    sessions::Grant grant;
    AlarmFilter filter;
    OnReply<AlarmsReply> done;
    EventsRequest events;
    AlarmsReply reply;
    int pages = 0;
};

void AlarmDesk::alarms(const Asker& asker, AlarmsRequest request, OnReply<AlarmsReply> done) {
    const auto covers = [&asker](std::string_view area) { return asker.grant.covers(area); };
    const auto in = language(request.language);
    if (!in) return done(std::unexpected(in.error()));
    if (request.list != AlarmList::history) {
        auto reply = parts_.live->list(request, covers, parts_.is_uncertain, *in);
        auto fault = reply.alarms.empty() && reply.counts.empty() ? unknown_area(request.area, asker.grant) : std::nullopt;
        if (fault) return done(std::unexpected(*std::move(fault)));
        return done(std::move(reply));
    }
    search(std::make_shared<HistorySearch>(parts_, std::move(request), *in, asker.grant, std::move(done)));
}

void AlarmDesk::search(const std::shared_ptr<HistorySearch>& search) {
    search->parts.history->events({}, search->events, search->grant, [search](Result<EventsReply> page) {
        if (!page) return search->done(std::unexpected(std::move(page).error()));
        auto& reply = search->reply;
        reply.durable = page->durable;
        reply.priorities = alarms::priority_styles(*search->parts.alarms);
        for (const auto& event : page->events) {
            if (!event.alarm || !search->filter.has_priority(event.alarm->priority)
                || !search->filter.has_state(event.alarm->state))
                continue;
            auto row = row_of(event, *search->parts.alarms, search->parts.reader.catalog(), search->language);
            if (!search->filter.fits(row)) continue;
            reply.alarms.push_back(std::move(row));
            if (reply.alarms.size() < search->request.limit) continue;
            reply.next = event.position;
            return search->done(std::move(reply));
        }
        reply.next = page->next;
        if (page->next == 0 || ++search->pages >= kMostPages) return search->done(std::move(reply));
        search->events.before = page->next;
        AlarmDesk::search(search);
    });
}

// --- actions ---
// The targets of a request, and where their answers go.
struct AlarmDesk::Wanted {
    AlarmActionReply reply;
    std::vector<alarms::AlarmTarget> targets;
    std::vector<std::size_t> items;  // of reply, by target

    void add(AlarmActionItem item, AlarmId alarm, journal::Position occurrence) {
        targets.push_back({alarm, occurrence});
        items.push_back(reply.items.size());
        reply.items.push_back(std::move(item));
    }
    void refuse(AlarmActionItem item, const Error& why) {
        item.code = why.code();
        item.reason = why.sentence();
        reply.items.push_back(std::move(item));
    }
};

Error AlarmDesk::unknown(std::string_view name, const sessions::Grant& grant) const {
    auto sentence = "there is no alarm \"" + std::string(name) + "\"";
    for (const auto nearest : parts_.alarms->nearest(name, 3)) {
        if (!grant.covers(parts_.alarms->area(parts_.alarms->find(nearest).value()))) continue;
        sentence += "; did you mean \"" + std::string(nearest) + "\"?";
        break;
    }
    return {ErrorCode::not_found, std::move(sentence)};
}

// What the alarm's class asks of who acts; nothing: he may go on.
std::optional<Error> AlarmDesk::asked_for(AlarmId alarm, const AlarmActionRequest& request) const {
    const auto& its = parts_.alarms->classes()[parts_.alarms->view(alarm).alarm_class];
    if (request.action != AlarmEvent::acknowledged || !its.wants_comment || !request.comment.empty()) return {};
    return Error(ErrorCode::invalid_argument,
                 "who acknowledges an alarm of the class \"" + its.name + "\" says why in a comment");
}

AlarmDesk::Wanted AlarmDesk::wanted(const Asker& asker, const AlarmActionRequest& request) {
    const auto& alarms = *parts_.alarms;
    Wanted wanted;
    const auto may_see = [&](std::optional<AlarmId> alarm) { return alarm && asker.grant.covers(alarms.area(*alarm)); };
    const auto add = [&](AlarmActionItem item, AlarmId alarm, journal::Position occurrence) {
        if (const auto asked = asked_for(alarm, request)) return wanted.refuse(std::move(item), *asked);
        wanted.add(std::move(item), alarm, occurrence);
    };
    for (const auto id : request.ids) {
        const auto alarm = parts_.live->alarm_of(id);
        AlarmActionItem item;
        item.id = id;
        if (!may_see(alarm)) {
            wanted.refuse(std::move(item), Error(ErrorCode::not_found, "no alarm has the id " + std::to_string(id)
                                                                           + "; it ended long ago, or never was"));
            continue;
        }
        item.alarm = alarms.name(*alarm);
        add(std::move(item), *alarm, id);
    }
    for (const auto& name : request.alarms) {
        const auto alarm = alarms.find(name);
        AlarmActionItem item;
        item.alarm = name;
        if (!may_see(alarm)) {
            wanted.refuse(std::move(item), unknown(name, asker.grant));
            continue;
        }
        item.id = parts_.live->occurrence(*alarm);
        add(std::move(item), *alarm, 0);
    }
    if (request.area.empty()) return wanted;
    const auto covers = [&asker](std::string_view area) { return asker.grant.covers(area); };
    for (const auto alarm : parts_.live->standing(request.area, covers)) {
        AlarmActionItem item;
        item.alarm = alarms.name(alarm);
        item.id = parts_.live->occurrence(alarm);
        const auto occurrence = item.id;
        add(std::move(item), alarm, occurrence);
    }
    return wanted;
}

void AlarmDesk::act(const Asker& asker, AlarmActionRequest request, OnReply<AlarmActionReply> done) {
    const auto wanted = std::make_shared<Wanted>(this->wanted(asker, request));
    if (wanted->targets.empty()) {
        if (auto fault = unknown_area(request.area, asker.grant)) return done(std::unexpected(*std::move(fault)));
        return done(std::move(wanted->reply));
    }
    const auto answer = std::make_shared<OnReply<AlarmActionReply>>(std::move(done));
    alarms::AlarmCommand command;
    command.event = request.action;
    command.targets = wanted->targets;
    command.who = {asker.user, asker.station};
    command.remark = {std::move(request.comment), request.shelve_for};
    const bool is_of_area = !request.area.empty();
    command.done = [wanted, answer, is_of_area](std::vector<alarms::AlarmOutcome> outcomes) {
        auto& items = wanted->reply.items;
        for (std::size_t i = 0; i < outcomes.size(); ++i) {
            auto& item = items[wanted->items[i]];
            if (outcomes[i].occurrence != 0) item.id = outcomes[i].occurrence;
            if (outcomes[i].done) continue;
            item.code = outcomes[i].done.error().code();
            item.reason = outcomes[i].done.error().sentence();
        }
        // Of an area, what was done before needs no words.
        if (is_of_area) std::erase_if(items, [](const AlarmActionItem& item) { return item.code == ErrorCode::denied; });
        (*answer)(std::move(wanted->reply));
    };
    if (auto posted = parts_.post(std::move(command)); !posted) (*answer)(std::unexpected(std::move(posted).error()));
}

// --- one alarm ---
void AlarmDesk::explain(const Asker& asker, ExplainAlarmRequest request, OnReply<ExplainAlarmReply> done) {
    const auto alarm = parts_.alarms->find(request.alarm);
    if (!alarm || !asker.grant.covers(parts_.alarms->area(*alarm)))
        return done(std::unexpected(unknown(request.alarm, asker.grant)));
    const auto in = language(request.language);
    if (!in) return done(std::unexpected(in.error()));
    const auto covers = [&asker](std::string_view area) { return asker.grant.covers(area); };
    auto reply = alarms::explain(*alarm, *parts_.alarms, *parts_.live, parts_.reader, covers, *in);
    reply.info.is_uncertain = parts_.is_uncertain && parts_.is_uncertain(*alarm);
    EventsRequest last;
    last.kinds = {EventKind::alarm};
    last.object = request.alarm;
    last.limit = kLastEvents;
    parts_.history->events({}, std::move(last), asker.grant,
                           [reply = std::move(reply), done = std::move(done)](Result<EventsReply> events) mutable {
                               if (events) reply.last = std::move(events->events);
                               done(std::move(reply));
                           });
}

void AlarmDesk::figures(const Asker& asker, AlarmFiguresRequest request, OnReply<AlarmFiguresReply> done) {
    const auto in = language(request.language);
    if (!in) return done(std::unexpected(in.error()));
    if (auto fault = unknown_area(request.area, asker.grant)) return done(std::unexpected(*std::move(fault)));
    done(parts_.figures->describe(
        request, [&asker](std::string_view area) { return asker.grant.covers(area); }, parts_.clock->now().utc, *in));
}

}  // namespace penstock::server

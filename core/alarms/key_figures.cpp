#include "core/alarms/key_figures.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "core/tags/area_path.hpp"

namespace penstock::alarms {
namespace {

constexpr std::int64_t kDay = 86'400, kHour = 3'600;
constexpr std::int64_t kChatter = 60;  // three times within
constexpr std::int64_t kFleeting = 10;  // gone within
constexpr std::size_t kMostNoted = 4'096;  // that nobody asked for; then the engine counts them itself
constexpr std::size_t kMostStarts = 200'000;  // of a day that are remembered one by one
constexpr std::size_t kTop = 10, kMostOffenders = 100;
constexpr Duration kSoon = std::chrono::seconds(1);

std::int64_t seconds_of(UtcTime time) { return to_ns(time) / 1'000'000'000; }

// Somebody is called: by the process, or because what held the alarm back is over.
bool begins(AlarmEvent event, const AlarmState& to, bool stood) {
    return is_standing(to) && to.holds && (event == AlarmEvent::raised || !stood);
}

double percent(double part, double whole) { return whole > 0 ? 100 * part / whole : 0; }

}  // namespace

KeyFigures::KeyFigures(std::shared_ptr<const AlarmCatalog> alarms, std::vector<std::string> areas)
    : alarms_(std::move(alarms)) {
    add_scope(std::string(kPlantScope), {});
    for (auto& area : areas) {
        auto name = area_scope(area);
        add_scope(std::move(name), std::move(area));
    }
    for (const auto& each : alarms_->classes()) add_scope(class_scope(each.name), {});
}
KeyFigures::~KeyFigures() = default;

void KeyFigures::add_scope(std::string name, std::string area) {
    Scope scope;
    scope.name = std::move(name);
    scope.area = std::move(area);
    scopes_.push_back(std::move(scope));
}

bool KeyFigures::is_of(const Scope& scope, AlarmId alarm) const {
    if (scope.name == kPlantScope) return true;
    if (scope.area.empty()) return scope.name == class_scope(alarms_->classes()[alarms_->view(alarm).alarm_class].name);
    return tags::is_inside(alarms_->area(alarm), scope.area);
}

const KeyFigures::ScopeNumbers& KeyFigures::scopes_of(AlarmId alarm) {
    const auto view = alarms_->view(alarm);
    const auto [known, is_new] = scopes_of_.try_emplace({std::string(view.area), view.alarm_class});
    for (std::uint32_t i = 0; is_new && i < scopes_.size(); ++i)
        if (is_of(scopes_[i], alarm)) known->second.push_back(i);
    return known->second;
}

// --- counting ---
void KeyFigures::note(const Transition& transition, Now now) {
    if (!alarms_->exists(transition.alarm)) return;
    due_ = std::min(due_, now.monotonic + kSoon);
    Noted noted{transition.alarm, transition.event, transition.to, seconds_of(now.utc), {}};
    if (transition.event == AlarmEvent::acknowledged) noted.user = transition.who.user;
    bool are_many = false;
    {
        const std::scoped_lock lock(noted_mutex_);
        noted_.push_back(std::move(noted));
        are_many = noted_.size() % kMostNoted == 0;
    }
    if (!are_many) return;
    if (const std::unique_lock lock(mutex_, std::try_to_lock); lock.owns_lock()) catch_up();
}

void KeyFigures::catch_up() {
    std::vector<Noted> taken;
    {
        const std::scoped_lock lock(noted_mutex_);
        taken.swap(noted_);
    }
    for (const auto& noted : taken) count(noted);
}

void KeyFigures::count(const Noted& noted) {
    if (since_ == 0) since_ = noted.second;
    auto& known = known_[noted.alarm];
    if (known.scopes == nullptr) known.scopes = &scopes_of(noted.alarm);
    const bool stood = known.stands;
    known.stands = is_standing(noted.to);
    known.is_called = is_unacknowledged(noted.to);
    if (begins(noted.event, noted.to, stood)) take_start(known, noted.alarm, noted.second);
    if (noted.event == AlarmEvent::acknowledged) take_acknowledgement(known, noted.user, noted.second);
    if (noted.event == AlarmEvent::returned && noted.second - known.raised[0] <= kFleeting) known.was_fleeting = noted.second;
}

void KeyFigures::take_start(OneAlarm& known, AlarmId alarm, std::int64_t second) {
    known.raised = {second, known.raised[0], known.raised[1]};
    if (known.raised[2] != 0 && second - known.raised[2] <= kChatter) known.chattered = second;
    ++known.in_day;
    starts_.push_back({second, alarm});
    const bool is_urgent = alarms_->priority(alarm) == 1;
    for (const auto number : *known.scopes) {
        scopes_[number].starts.count(second, is_urgent);
        ++scopes_[number].total;
    }
}

void KeyFigures::take_acknowledgement(const OneAlarm& known, const std::string& user, std::int64_t second) {
    if (known.raised[0] == 0) return;
    const auto took = static_cast<double>(std::max<std::int64_t>(second - known.raised[0], 0));
    for (const auto number : *known.scopes) {
        scopes_[number].acknowledge_seconds += took;
        ++scopes_[number].acknowledged;
    }
    auto& person = operators_[user];
    person.seconds += took;
    ++person.acknowledged;
}

void KeyFigures::move_to(std::int64_t second) {
    second_ = std::max(second_, second);
    for (auto& scope : scopes_) scope.starts.move_to(second_);
    while (!starts_.empty() && (starts_.front().second < second_ - kDay || starts_.size() > kMostStarts)) {
        const auto known = known_.find(starts_.front().alarm);
        if (known != known_.end() && --known->second.in_day == 0 && !known->second.stands) known_.erase(known);
        starts_.pop_front();
    }
}

bool KeyFigures::chatters(const OneAlarm& known) const noexcept {
    return known.chattered != 0 && second_ - known.chattered < kHour;
}
bool KeyFigures::is_fleeting(const OneAlarm& known) const noexcept {
    return known.was_fleeting != 0 && second_ - known.was_fleeting < kHour;
}
bool KeyFigures::is_stale(const OneAlarm& known) const noexcept { return known.stands && second_ - known.raised[0] > kDay; }

// What is so at this moment.
void KeyFigures::count_now() {
    for (auto& scope : scopes_) {
        scope.standing = scope.unacknowledged = scope.stale = scope.chattering = scope.fleeting = 0;
        scope.top = {};
    }
    for (const auto& [alarm, known] : known_)
        for (const auto number : *known.scopes) {
            auto& scope = scopes_[number];
            scope.standing += known.stands ? 1 : 0;
            scope.unacknowledged += known.is_called ? 1 : 0;
            scope.stale += is_stale(known) ? 1 : 0;
            scope.chattering += chatters(known) ? 1 : 0;
            scope.fleeting += is_fleeting(known) ? 1 : 0;
            if (known.in_day <= scope.top.back()) continue;
            scope.top.back() = known.in_day;
            std::ranges::sort(scope.top, std::greater<>());
        }
}

// --- telling ---
std::vector<std::string> KeyFigures::tags() const {
    std::vector<std::string> names;
    for (const auto& scope : scopes_)
        for (const auto& definition : figure_definitions()) names.push_back(figure_tag(scope.name, definition.name));
    return names;
}

bool KeyFigures::values(Now now, std::vector<double>& into) {
    const std::unique_lock lock(mutex_, std::try_to_lock);
    due_ = now.monotonic + (lock.owns_lock() ? kPeriod : kSoon);
    if (!lock.owns_lock()) return false;
    catch_up();
    move_to(seconds_of(now.utc));
    if (since_ == 0) since_ = second_;
    count_now();
    into.clear();
    for (const auto& scope : scopes_)
        for (const auto& definition : figure_definitions()) into.push_back(figure(scope, definition.id));
    return true;
}

double KeyFigures::figure(const Scope& scope, FigureId id) const {
    const auto& starts = scope.starts;
    switch (id) {
        case FigureId::starts: return static_cast<double>(scope.total);
        case FigureId::per_10min: return starts.in_10min();
        case FigureId::per_hour: return starts.in_hour();
        case FigureId::per_day: return starts.in_day();
        case FigureId::peak_per_10min: return starts.peak_10min();
        case FigureId::flood: return starts.is_in_flood() ? 1 : 0;
        case FigureId::time_in_flood: return 100 * starts.share_in_flood();
        case FigureId::standing: return scope.standing;
        case FigureId::unacknowledged: return scope.unacknowledged;
        case FigureId::stale: return scope.stale;
        case FigureId::chattering: return scope.chattering;
        case FigureId::fleeting: return scope.fleeting;
        case FigureId::urgent_share: return percent(starts.urgent_in_day(), starts.in_day());
        case FigureId::time_to_acknowledge:
            return scope.acknowledged == 0 ? 0 : scope.acknowledge_seconds / static_cast<double>(scope.acknowledged);
        case FigureId::share_of_top_ten: break;
    }
    double top = 0;
    for (const auto count : scope.top) top += count;
    return percent(top, starts.in_day());
}

AlarmFiguresReply KeyFigures::describe(const AlarmFiguresRequest& request,
                                       const std::function<bool(std::string_view area)>& covers, UtcTime now,
                                       std::size_t language) {
    AlarmFiguresReply reply;
    const std::scoped_lock lock(mutex_);
    catch_up();
    move_to(seconds_of(now));
    count_now();
    reply.since = utc_from_ns(since_ * 1'000'000'000);
    describe_scopes(reply, request.area, covers);
    if (request.area.empty()) describe_operators(reply);
    describe_offenders(reply, request.area, covers, language);
    return reply;
}

void KeyFigures::describe_scopes(AlarmFiguresReply& reply, std::string_view area,
                                 const std::function<bool(std::string_view area)>& covers) const {
    for (const auto& scope : scopes_) {
        const bool is_shown =
            scope.area.empty() ? area.empty() && covers({}) : tags::is_inside(scope.area, area) && covers(scope.area);
        if (!is_shown) continue;
        for (const auto& definition : figure_definitions()) {
            AlarmFigure row;
            row.scope = scope.area.empty() ? scope.name : "area " + scope.area;
            if (row.scope.starts_with("class.")) row.scope = "class " + scope.name.substr(6);
            row.figure = definition.name;
            row.value = figure(scope, definition.id);
            row.unit = definition.unit;
            row.recommended = definition.recommended;
            row.is_beyond = !std::isnan(definition.most) && row.value > definition.most;
            row.tag = figure_tag(scope.name, definition.name);
            reply.figures.push_back(std::move(row));
        }
    }
}

void KeyFigures::describe_operators(AlarmFiguresReply& reply) const {
    for (const auto& [name, person] : operators_) {
        const auto add = [&](std::string figure, double value, std::string unit) {
            AlarmFigure row;
            row.scope = "operator " + name;
            row.figure = std::move(figure);
            row.value = value;
            row.unit = std::move(unit);
            reply.figures.push_back(std::move(row));
        };
        add("acknowledged", static_cast<double>(person.acknowledged), "");
        add("time_to_acknowledge", person.seconds / static_cast<double>(person.acknowledged), "s");
    }
}

void KeyFigures::describe_offenders(AlarmFiguresReply& reply, std::string_view area,
                                    const std::function<bool(std::string_view area)>& covers, std::size_t language) const {
    std::vector<std::pair<std::uint32_t, AlarmId>> seen;
    for (const auto& [alarm, known] : known_) {
        const auto of = alarms_->area(alarm);
        if (tags::is_inside(of, area) && covers(of)) seen.emplace_back(known.in_day, alarm);
    }
    std::ranges::sort(seen, std::greater<>());
    const auto whole = scopes_.front().starts.in_day();
    for (std::size_t i = 0; i < seen.size() && reply.top.size() < kMostOffenders; ++i) {
        const auto& [count, alarm] = seen[i];
        const auto& known = known_.at(alarm);
        AlarmOffender row;
        row.alarm = alarms_->name(alarm);
        row.area = alarms_->area(alarm);
        row.text = alarms_->text(alarm, language);
        row.count = count;
        row.share = percent(count, whole) / 100;
        row.is_chattering = chatters(known);
        row.is_fleeting = is_fleeting(known);
        row.is_stale = is_stale(known);
        const bool stands_out = row.is_chattering || row.is_fleeting || row.is_stale;
        if (stands_out || (i < kTop && count > 0)) reply.top.push_back(std::move(row));
    }
}

}  // namespace penstock::alarms

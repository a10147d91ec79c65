#include "core/engine/alarm_path.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "core/alarms/alarm_record.hpp"
#include "core/alarms/key_figures.hpp"
#include "core/alarms/live_alarms.hpp"
#include "core/base/log.hpp"
#include "core/journal/event_record.hpp"
#include "core/journal/lane.hpp"
#include "core/wire/reader.hpp"
#include "core/wire/writer.hpp"

namespace penstock::engine {
namespace {

constexpr std::size_t kAhead = 8;  // noted tags, to fetch memory for
constexpr std::string_view kStopping = "the server is stopping";

DependentKind kind_of(alarms::Dependent::Kind kind) {
    switch (kind) {
        case alarms::Dependent::Kind::input: return DependentKind::point_input;
        case alarms::Dependent::Kind::parameter: return DependentKind::point_parameter;
        case alarms::Dependent::Kind::enabling: break;
    }
    return DependentKind::enabling;
}

std::vector<Watch::Dependence> dependences(const alarms::JudgingPlan& plan) {
    std::vector<Watch::Dependence> all;
    for (const auto& each : plan.dependents()) all.push_back({each.tag, kind_of(each.kind), each.index});
    return all;
}

void put_block(wire::Buffer& out, const wire::Buffer& bytes) {
    wire::Writer writer(out);
    writer.varint(bytes.size());
    writer.raw(bytes);
}

wire::Bytes take_block(wire::Reader& in) {
    const auto outer = in.enter_block();
    const auto bytes = in.ok() ? in.rest() : wire::Bytes();
    in.leave_block(outer);
    return bytes;
}

// How many a policy judges.
std::size_t alarms_of(const alarms::AlarmCatalog& catalog, std::string_view policy) {
    std::size_t count = 0;
    for (std::size_t number = 0; number < catalog.points(); ++number) {
        const auto point = catalog.point(number);
        if (point.policy != policy) continue;
        count += static_cast<std::size_t>(std::ranges::count(point.outputs, alarms::RuleId{0}, &alarms::OutputUse::rule));
    }
    return count;
}

}  // namespace

class AlarmPath::ListPart final : public SnapshotPart {
public:
    ListPart(alarms::LiveAlarms& live, const journal::Lane* events) : live_(live), events_(events) {}
    [[nodiscard]] std::string_view name() const noexcept override { return "alarm_list"; }
    [[nodiscard]] bool is_shared() const noexcept override { return true; }
    // What was appended before `appended` has been noted; of that, what is durable now is in the list.
    [[nodiscard]] journal::Position save(journal::Position, Now, wire::Buffer& out) const override {
        const auto durable = events_ == nullptr ? 0 : events_->durable();
        live_.save(out);
        return durable;
    }
    [[nodiscard]] Result<void> restore(wire::Bytes section, Now) override {
        auto position = live_.restore(section);
        if (!position) return std::unexpected(std::move(position).error());
        restored_ = *position;
        return {};
    }
    [[nodiscard]] Result<void> replay(const journal::Record& record, Now) override {
        if (record.sequence < restored_ || record.type != journal::RecordType::event) return {};
        const auto event = journal::decode_event(record);
        if (!event) return {};  // said by restore itself
        if (const auto transition = alarms::to_transition(*event)) live_.note(*transition, record.sequence, record.time.utc);
        return {};
    }

private:
    alarms::LiveAlarms& live_;
    const journal::Lane* events_;
    journal::Position restored_ = 0;
};

AlarmPath::AlarmPath(EngineAlarms alarms, tags::TagTable& table, Watch& watch, journal::Lane* events, std::size_t most_commands)
    : catalog_(std::move(alarms.catalog)),
      tags_(table.catalog()),
      watch_(watch),
      events_(events),
      live_(alarms.live),
      figures_(alarms.figures),
      commands_(most_commands),
      alarms_(catalog_->rules(), *this),
      judging_((watch.add(dependences(alarms.plan)), std::move(alarms.plan)), table, alarms_),
      list_part_(live_ == nullptr ? nullptr : std::make_unique<ListPart>(*live_, events)) {
    const auto is_calculation = [](const Dependent& each) { return each.is() == DependentKind::calculation; };
    for (const auto tag : tags_.by_name())
        if (std::ranges::any_of(watch_.dependents(tag), is_calculation)) judging_.never_quiet(tag);
}

AlarmPath::~AlarmPath() {
    commands_.close();
    commands_.take(taken_);
    for (auto& command : taken_) {
        std::vector<alarms::AlarmOutcome> outcomes;
        for (const auto& target : command.targets)
            outcomes.push_back({target.alarm, target.occurrence, fail(ErrorCode::unavailable, std::string(kStopping))});
        if (command.done) command.done(std::move(outcomes));
    }
}

// --- people ---
void AlarmPath::carry_out_commands(Now now) {
    commands_.take(taken_);
    for (auto& command : taken_) {
        std::vector<alarms::AlarmOutcome> outcomes;
        outcomes.reserve(command.targets.size());
        for (const auto& target : command.targets) outcomes.push_back(carry_out(command, target, now));
        answer(std::move(command), std::move(outcomes));
    }
    taken_.clear();
}

alarms::AlarmOutcome AlarmPath::carry_out(const alarms::AlarmCommand& command, const alarms::AlarmTarget& target, Now now) {
    const auto alarm = target.alarm;
    if (!catalog_->exists(alarm) || alarm >= alarms_.size())
        return {alarm, 0, fail(ErrorCode::not_found, "there is no such alarm any more")};
    if (target.occurrence != 0 && target.occurrence != alarms_.occurrence(alarm))
        return {alarm, alarms_.occurrence(alarm), fail(ErrorCode::denied, "it has been raised anew since")};
    written_ = {};
    auto done = alarms_.act(alarm, command.event, command.who, command.remark, now);
    if (done && !written_) done = fail(ErrorCode::unavailable, "the journal takes no records: " + written_.error().text());
    return {alarm, alarms_.occurrence(alarm), std::move(done)};
}

// Also of a refusal: it tells what somebody else did, and that may not be durable yet.
void AlarmPath::answer(alarms::AlarmCommand command, std::vector<alarms::AlarmOutcome> outcomes) {
    if (!command.done) return;
    if (events_ == nullptr) return command.done(std::move(outcomes));
    auto tell = [done = std::move(command.done), outcomes = std::move(outcomes)](const Result<void>& synced) mutable {
        if (!synced) {
            for (auto& outcome : outcomes)
                if (outcome.done) outcome.done = fail(ErrorCode::unavailable, "the journal failed: " + synced.error().text());
        }
        done(std::move(outcomes));
    };
    events_->when_durable(events_->appended(), std::move(tell));
}

// --- the process ---
void AlarmPath::run(Now now) {
    if (!std::exchange(has_begun_, true)) judging_.begin(now);
    const auto& noted = watch_.noted();
    for (std::size_t i = 0; i < noted.size(); ++i) {
        watch_.prefetch(noted[std::min(i + kAhead, noted.size() - 1)]);
        for (const auto& dependent : watch_.dependents(noted[i])) note(dependent);
    }
    judging_.run(now);
    for (const auto& failure : judging_.take_failures()) tell(failure, now);
}

void AlarmPath::note(const Dependent& dependent) {
    switch (dependent.is()) {
        case DependentKind::calculation: return;
        case DependentKind::point_input: return judging_.note_point(dependent.index);
        case DependentKind::point_parameter: return judging_.note_parameter(dependent.index);
        case DependentKind::enabling: return judging_.note_enabling(dependent.index);
    }
}

void AlarmPath::tell(const Error& failure, Now now) {
    base::log::error("{}", failure.text());
    if (events_ == nullptr) return;
    Event event;
    event.kind = EventKind::policy_state;
    event.object = failure.where();
    event.text = "policy.failed";
    event.parameters = {failure.sentence(), std::to_string(alarms_of(*catalog_, failure.where()))};
    (void)journal::append_event(*events_, event, now);  // a journal that takes nothing has told them worse
}

journal::Position AlarmPath::write(const alarms::Transition& transition, Now now) {
    auto position = without_journal_;
    if (events_ == nullptr) {
        ++without_journal_;
    } else {
        const auto after = journal::append_event(*events_, alarms::to_event(transition, *catalog_, tags_), now);
        if (!after) {
            if (written_) base::log::error("a step of an alarm is not in the journal: {}", after.error().text());
            written_ = std::unexpected(after.error());
            return 0;
        }
        position = *after - 1;
    }
    if (figures_ != nullptr) figures_->note(transition, now);
    if (live_ != nullptr) live_->note(alarms::with_occurrence(transition, position), position, now.utc);
    return position;
}

// --- over a restart: position, table, policies ---
journal::Position AlarmPath::save(journal::Position appended, Now now, wire::Buffer& out) const {
    wire::Buffer table, policies;
    alarms_.save(now, table);
    judging_.save(now, policies);
    wire::Writer(out).varint(appended);
    put_block(out, table);
    put_block(out, policies);
    return appended;
}

Result<void> AlarmPath::restore(wire::Bytes section, Now now) {
    wire::Reader in(section);
    const auto position = in.varint();
    const auto table = take_block(in);
    const auto policies = take_block(in);
    if (!in.ok()) return std::unexpected(in.error());
    if (auto restored = alarms_.restore(table, now); !restored) return restored;
    restored_ = position;
    for (const auto& sentence : judging_.restore(policies, now)) base::log::warning("alarms: {}", sentence);
    return {};
}

Result<void> AlarmPath::replay(const journal::Record& record, Now now) {
    if (record.sequence < restored_ || record.type != journal::RecordType::event) return {};
    const auto event = journal::decode_event(record);
    if (!event) return {};  // said by restore itself
    if (const auto transition = alarms::to_transition(*event)) alarms_.apply(*transition, record.time.utc, now);
    return {};
}

}  // namespace penstock::engine

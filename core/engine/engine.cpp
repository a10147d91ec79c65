#include "core/engine/engine.hpp"

#include <algorithm>
#include <utility>

#include "core/base/log.hpp"
#include "core/engine/applier.hpp"
#include "core/engine/batch_queue.hpp"
#include "core/engine/command_queue.hpp"
#include "core/engine/engine_parts.hpp"
#include "core/engine/snapshot_part.hpp"
#include "core/journal/event_record.hpp"
#include "core/journal/lane.hpp"

namespace penstock::engine {
namespace {

void refuse(WriteCommand& command, ErrorCode code, std::string reason) {
    if (command.done) command.done({WriteResult::refused, code, std::move(reason)});
}

void add_section(const SnapshotPart& part, Now now, EngineState& to) {
    auto& [name, bytes] = to.sections.emplace_back(part.name(), wire::Buffer());
    to.replay = std::min(to.replay, part.save(to.appended, now, bytes));
}

}  // namespace

Engine::Engine(std::shared_ptr<const tags::TagCatalog> catalog, EngineOptions options)
    : parts_(std::make_unique<Parts>(*this, std::move(catalog), options)) {}

Engine::~Engine() {
    parts_->close_commands();
    parts_->commands.take(parts_->taken);
    for (auto& command : parts_->taken) refuse(command, ErrorCode::unavailable, "the server is stopping");
}

Producer& Engine::add_producer(std::string name, std::size_t device_index, ProducerOptions options) {
    const auto tags = catalog().tags_of_device(device_index);
    std::vector<bool> blobs;
    const auto is_blob = [this](tags::TagId tag) { return !is_scalar_word(catalog().native_type(tag)); };
    if (std::ranges::any_of(tags, is_blob)) {
        for (const auto tag : tags) blobs.push_back(is_blob(tag));
    }
    auto producer = std::make_unique<Producer>(std::move(name), static_cast<std::uint32_t>(tags.size()), std::move(blobs),
                                               options, parts_->bell);
    auto& source = parts_->sources.emplace_back(std::move(producer), device_index);
    return *source.producer;
}

void Engine::set_writer(std::size_t device_index, guests::WriteTarget* writer) {
    parts_->writes.set_writer(device_index, writer);
}

void Engine::set_journal(journal::Lane& events) {
    parts_->events = &events;
    parts_->writes.set_journal(events);
}

RestoreReport Engine::restore(const Snapshot* snapshot, journal::LaneReader& events, Now now) {
    auto report = restore_state(snapshot, events, now, {parts_->table, parts_->writes.executed(), parts_->snapshot_parts});
    parts_->applier.start_from_table(now.utc);
    if (parts_->capture != nullptr) parts_->capture->end_cycle(now);
    return report;
}

void Engine::set_alarms(EngineAlarms alarms) {
    auto& parts = *parts_;
    if (alarms.figures != nullptr)
        parts.figures = std::make_unique<FigureWriter>(*alarms.figures, parts.catalog(), parts.applier);
    parts.alarms =
        std::make_unique<AlarmPath>(std::move(alarms), parts.table, parts.watch, parts.events, parts.command_capacity);
    add_part(*parts.alarms);
    if (auto* list = parts.alarms->list_part(); list != nullptr) add_part(*list);
}

void Engine::add_part(SnapshotPart& part) { parts_->snapshot_parts.push_back(&part); }
void Engine::add_waker(Waker& waker) { parts_->wakers.push_back(&waker); }

void Engine::set_capture(Capture& capture, const std::function<CaptureMode(tags::TagId)>& mode_of) {
    parts_->capture = &capture;
    parts_->applier.set_capture(capture, mode_of);
}

Result<void> Engine::post(WriteCommand command) {
    auto pushed = parts_->commands.push(std::move(command));
    if (pushed) parts_->bell.command_waits();
    return pushed;
}

Result<void> Engine::post_alarm(alarms::AlarmCommand command) {
    if (!parts_->alarms) return fail(ErrorCode::unsupported, "the site has no alarms");
    auto pushed = parts_->alarms->post(std::move(command));
    if (pushed) parts_->bell.command_waits();
    return pushed;
}

bool Engine::is_alarm_uncertain(alarms::AlarmId alarm) const { return parts_->alarms && parts_->alarms->is_uncertain(alarm); }

CycleReport Engine::run_cycle(Now now) {
    auto& parts = *parts_;
    parts.bell.lower();
    parts.watch_clock(now);
    const auto first = parts.table.position();
    if (parts.capture != nullptr) parts.capture->begin_cycle(now);
    parts.carry_out_commands(now);
    const bool work_left = parts.drain_producers(now);
    if (parts.figures) parts.figures->run(now);
    parts.calculations.run(now);
    if (parts.alarms) parts.alarms->run(now);
    parts.watch.clear();
    if (parts.capture != nullptr) parts.capture->end_cycle(now);
    const auto changes = parts.table.position() - first;
    if (changes != 0) {
        parts.table.publish();
        for (auto* waker : parts.wakers) waker->wake();
    }
    Parts::count(parts.changes, changes);
    Parts::count(parts.cycles, 1);
    if (work_left) Parts::count(parts.cycles_cut_short, 1);
    parts.answer_state_requests(now);
    return {changes, work_left, parts.due()};
}

bool Engine::ask_state(StateRequests::Answer answer) {
    if (!parts_->state_requests.put(std::move(answer))) return false;
    parts_->bell.command_waits();
    return true;
}

EngineState Engine::copy_state(Now now) const {
    EngineState state;
    state.appended = parts_->events == nullptr ? 0 : parts_->events->appended();
    state.replay = state.appended;
    for (const auto* part : parts_->snapshot_parts)
        if (!part->is_shared()) add_section(*part, now, state);
    return state;
}

void Engine::copy_shared_state(EngineState& into, Now now) const {
    for (const auto* part : parts_->snapshot_parts)
        if (part->is_shared()) add_section(*part, now, into);
}

void Engine::Parts::answer_state_requests(Now now) {
    state_requests.take(states_wanted);
    for (auto& answer : states_wanted) answer(engine.copy_state(now));
    states_wanted.clear();
}

MonotonicTime Engine::Parts::due() const noexcept {
    auto first = calculations.due();
    if (alarms) first = std::min(first, alarms->due());
    if (figures) first = std::min(first, figures->due());
    return first;
}

// Nothing in here waits for the wall clock; but people compare times, so they are told. A journal that takes nothing has told them
// worse.
void Engine::Parts::watch_clock(Now now) {
    const auto step = clock_watch.look(now);
    if (!step) return;
    count(clock_steps, 1);
    const auto event = clock_event(*step);
    base::log::warning("{}", event.sentence());
    if (events != nullptr) (void)journal::append_event(*events, event, now);
}

void Engine::Parts::carry_out_commands(Now now) {
    commands.take(taken);
    for (auto& command : taken) writes.carry_out(std::move(command), now);
    count(commands_taken, taken.size());
    taken.clear();
    writes.go_on(now);
    if (alarms) alarms->carry_out_commands(now);
}

void Engine::Parts::close_commands() {
    commands.close();
    if (alarms) alarms->close();
}

// In turn, one batch each, until all are empty or the cycle is full. True: something is left.
bool Engine::Parts::drain_producers(Now now) {
    for (auto& source : sources) source.refill(now.monotonic);
    std::int64_t left = samples_per_cycle;
    for (bool any = true; any && left > 0;) {
        any = false;
        for (std::size_t i = 0; i < sources.size() && left > 0; ++i) {
            const auto cost = drain_one(sources[next_source]);
            next_source = (next_source + 1) % sources.size();
            left -= cost.value_or(0);
            any = any || cost.has_value();
        }
    }
    return std::ranges::any_of(sources, [](const Source& source) { return !source.producer->queue().is_empty(); });
}

std::optional<std::int64_t> Engine::Parts::drain_one(Source& source) {
    if (source.tokens <= 0) return std::nullopt;
    auto& queue = source.producer->queue();
    auto* batch = queue.pop();
    if (batch == nullptr) return std::nullopt;
    const auto& routes = applier.routes(source.device_index);
    applier.apply(routes, *batch);
    const auto cost = static_cast<std::int64_t>(batch->size() + (batch->all_bad ? routes.size() : 0));
    source.tokens -= cost;
    source.producer->count_applied(batch->size());
    count(samples, batch->size());
    queue.give_back(batch);
    return cost;
}

// Tokens: samples that the producer may still have applied. A second's worth can be saved up; a large batch may overdraw.
void Engine::Source::refill(MonotonicTime now) {
    const auto rate = static_cast<std::int64_t>(producer->samples_per_second());
    if (!refilled) {
        tokens = rate;
    } else if (now > *refilled) {
        const auto seconds = std::min(std::chrono::duration<double>(now - *refilled).count(), 1e6);
        const auto gained = static_cast<std::int64_t>(seconds * static_cast<double>(rate));
        if (gained == 0) return;  // too short a time: it goes on counting
        tokens = std::min(tokens + gained, rate);
    }
    refilled = now;
}

journal::Position Engine::settled() const noexcept { return parts_->writes.settled(); }
std::vector<ExecutedCommand> Engine::executed_commands(MonotonicTime now) const {
    return parts_->writes.executed().finished(now);
}
const tags::TagTable& Engine::table() const noexcept { return parts_->table; }
const tags::TagCatalog& Engine::catalog() const noexcept { return parts_->table.catalog(); }

EngineCounters Engine::counters() const {
    const auto& parts = *parts_;
    EngineCounters counters;
    counters.cycles = parts.cycles.load(std::memory_order_relaxed);
    counters.samples = parts.samples.load(std::memory_order_relaxed);
    counters.changes = parts.changes.load(std::memory_order_relaxed);
    counters.commands = parts.commands_taken.load(std::memory_order_relaxed);
    counters.commands_refused = parts.commands.refused();
    counters.cycles_cut_short = parts.cycles_cut_short.load(std::memory_order_relaxed);
    counters.clock_steps = parts.clock_steps.load(std::memory_order_relaxed);
    counters.tags_bad = parts.applier.tags_bad();
    for (const auto& source : parts.sources) counters.producers.push_back(source.producer->counters());
    return counters;
}

}  // namespace penstock::engine

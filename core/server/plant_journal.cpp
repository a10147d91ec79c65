#include "core/server/plant_journal.hpp"

#include <utility>

#include "core/base/clock.hpp"
#include "core/base/file_system.hpp"
#include "core/base/log.hpp"
#include "core/journal/event_record.hpp"
#include "core/journal/lane_reader.hpp"
#include "core/server/data_folder.hpp"
#include "core/site/site.hpp"

namespace penstock::server {
namespace {

Result<std::unique_ptr<journal::Lane>> open_lane(const DataFolder& data, journal::LaneKind kind, Duration group) {
    journal::LaneOptions options;
    options.kind = kind;
    options.folder = data.path() / "journal" / journal::to_string(kind);
    options.server_id = data.server_id();
    options.epoch = data.epoch();
    options.group = group;
    options.hash_chain = kind == journal::LaneKind::events;
    return journal::Lane::open(base::real_file_system(), std::move(options));
}

}  // namespace

Result<std::unique_ptr<PlantJournal>> PlantJournal::open(const DataFolder& data, const site::JournalSettings& settings,
                                                         const base::Clock& clock) {
    auto made = std::unique_ptr<PlantJournal>(new PlantJournal(clock, settings.values_group));
    auto events = open_lane(data, journal::LaneKind::events, settings.events_group);
    if (!events) return std::unexpected(events.error());
    made->events_ = *std::move(events);
    auto values = open_lane(data, journal::LaneKind::values, settings.values_group);
    if (!values) return std::unexpected(values.error());
    made->values_ = *std::move(values);
    return made;
}

std::vector<std::string> PlantJournal::findings() const {
    auto all = events_->recovery().findings;
    const auto& more = values_->recovery().findings;
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

void PlantJournal::start(std::function<Duration(Now, bool)> gather) {
    events_thread_ = std::make_unique<journal::LaneThread>(*events_, clock_);
    values_thread_ = std::make_unique<journal::LaneThread>(
        *values_, clock_, [this, gather = std::move(gather)](Now now) { return gather(now, is_ending_.load()); },
        values_group_);
}

void PlantJournal::stop_values() {
    is_ending_ = true;
    if (values_thread_) values_thread_->stop();
}

void PlantJournal::stop_events() {
    if (events_thread_) events_thread_->stop();
}

void PlantJournal::note(Event event) noexcept {
    const auto written = journal::append_event(*events_, event, clock_.now());
    if (!written) base::log::error("an event could not be written down: {}: {}", event.sentence(), written.error().text());
}

LaneInfo describe(const journal::Lane& lane) {
    const auto status = lane.status();
    LaneInfo info;
    info.name = journal::to_string(lane.options().kind);
    constexpr std::string_view kStates[] = {"good", "disk_full", "failed"};
    info.state = kStates[static_cast<unsigned>(status.state)];
    info.sentence = status.sentence;
    info.first = status.first;
    info.appended = status.appended;
    info.durable = status.durable;
    info.segments = status.segments;
    info.bytes = status.bytes;
    info.buffered_bytes = status.buffered_bytes;
    info.reserve_bytes = status.reserve_bytes;
    info.durable_until = status.durable_time;
    info.group = status.group;
    info.sync_mean = Duration(static_cast<std::int64_t>(status.commits == 0 ? 0 : status.sync_ns_total / status.commits));
    info.sync_most = Duration(static_cast<std::int64_t>(status.sync_ns_most));
    info.commits = status.commits;
    info.failed_syncs = status.failed_syncs;
    info.records_lost = status.records_lost;
    journal::Record record;
    if (const auto found = lane.reader(status.first)->next(record); found && *found) info.oldest = record.time.utc;
    return info;
}

}  // namespace penstock::server

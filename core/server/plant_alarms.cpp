#include "core/server/plant_alarms.hpp"

#include <algorithm>
#include <future>
#include <iterator>
#include <utility>
#include <vector>

#include "core/alarms/alarm_catalog_builder.hpp"
#include "core/alarms/alarm_record.hpp"
#include "core/alarms/key_figures.hpp"
#include "core/alarms/make_judging_plan.hpp"
#include "core/base/clock.hpp"
#include "core/base/settings_document.hpp"
#include "core/engine/alarm_path.hpp"
#include "core/engine/engine.hpp"
#include "core/guests/plugin_registry.hpp"
#include "core/journal/lane.hpp"
#include "core/server/alarm_desk.hpp"
#include "core/server/data_folder.hpp"
#include "core/server/plant_journal.hpp"
#include "core/site/site.hpp"

namespace penstock::server {
namespace {

constexpr Duration kDay = std::chrono::hours(24);
constexpr Duration kPatience = std::chrono::seconds(2);
constexpr int kMostPages = 100;

Result<std::shared_ptr<const alarms::AlarmCatalog>> make_catalog(site::Site& site, const DataFolder& data,
                                                                 const tags::TagCatalog& tags) {
    auto ids = tags::TagIdStore::load(data.path() / "alarms.ids", {data.server_id(), data.epoch()});
    if (!ids) return std::unexpected(ids.error());
    auto catalog = site.take_alarms().build(tags, *ids);
    if (!catalog) return catalog;
    if (auto saved = ids->save(); !saved) return std::unexpected(saved.error());
    return catalog;
}

// A policy with the settings that the site gives its plugin, if any.
Result<std::unique_ptr<guests::PolicyInstance>> make_policy(const std::string& id, const site::Site& site,
                                                            const guests::PluginRegistry& plugins) {
    auto library = plugins.load(id);
    if (!library) return std::unexpected(library.error());
    const auto used = std::ranges::find(site.plugins(), id, &site::PluginUse::id);
    auto settings = used != site.plugins().end() ? used->settings : std::make_shared<const base::SettingsDocument>();
    return guests::make_policy(*library, std::move(settings), id);
}

// What happened to alarms since then, the oldest first; what could not be read in time is left out.
std::vector<Event> alarms_since(UtcTime from, sessions::HistoryServices& history) {
    std::vector<Event> events;
    EventsRequest request;
    request.from = from;
    request.kinds = {EventKind::alarm};
    request.limit = 1'000;
    for (int page = 0; page < kMostPages; ++page) {
        const auto promise = std::make_shared<std::promise<Result<EventsReply>>>();
        auto answer = promise->get_future();
        history.events({}, request, sessions::Grant::everywhere(),
                       [promise](Result<EventsReply> reply) { promise->set_value(std::move(reply)); });
        if (answer.wait_for(kPatience) != std::future_status::ready) break;
        auto reply = answer.get();
        if (!reply) break;
        std::ranges::move(reply->events, std::back_inserter(events));
        if (reply->next == 0) break;
        request.before = reply->next;
    }
    std::ranges::reverse(events);
    return events;
}

}  // namespace

struct PlantAlarms::Parts {
    Parts(std::shared_ptr<const alarms::AlarmCatalog> all, std::shared_ptr<const tags::TagCatalog> of,
          alarms::JudgingPlan judged, std::vector<std::string> areas, journal::Lane& events)
        : catalog(std::move(all)),
          plan(std::move(judged)),
          live(catalog, std::move(of), [&events] { return events.durable(); }),
          figures(catalog, std::move(areas)) {}

    std::shared_ptr<const alarms::AlarmCatalog> catalog;
    std::optional<alarms::JudgingPlan> plan;  // until the engine has it
    alarms::LiveAlarms live;
    alarms::KeyFigures figures;
    std::unique_ptr<AlarmDesk> desk;
};

PlantAlarms::PlantAlarms(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
PlantAlarms::~PlantAlarms() = default;

Result<std::unique_ptr<PlantAlarms>> PlantAlarms::open(const DataFolder& data, site::Site& site,
                                                       std::shared_ptr<const tags::TagCatalog> tags,
                                                       const guests::PluginRegistry& plugins, PlantJournal& journal) {
    auto catalog = make_catalog(site, data, *tags);
    if (!catalog) return std::unexpected(std::move(catalog).error());
    auto plan = alarms::make_judging_plan(**catalog, [&](const std::string& id) { return make_policy(id, site, plugins); });
    if (!plan) return std::unexpected(std::move(plan).error());
    return std::unique_ptr<PlantAlarms>(new PlantAlarms(
        std::make_unique<Parts>(*std::move(catalog), std::move(tags), *std::move(plan),
                                std::vector<std::string>(site.areas().begin(), site.areas().end()), journal.events())));
}

void PlantAlarms::attach(engine::Engine& engine) {
    engine.set_alarms({.catalog = parts_->catalog,
                       .plan = *std::exchange(parts_->plan, std::nullopt),
                       .live = &parts_->live,
                       .figures = &parts_->figures});
}

void PlantAlarms::serve(engine::Engine& engine, sessions::HistoryServices& history, const base::Clock& clock) {
    AlarmDeskParts desk{.alarms = parts_->catalog,
                        .live = &parts_->live,
                        .history = &history,
                        .figures = &parts_->figures,
                        .reader = tags::TagReader(engine.table()),
                        .post = [&engine](alarms::AlarmCommand command) { return engine.post_alarm(std::move(command)); },
                        .clock = &clock,
                        .is_uncertain = [&engine](alarms::AlarmId alarm) { return engine.is_alarm_uncertain(alarm); }};
    parts_->desk = std::make_unique<AlarmDesk>(std::move(desk));
    // The day before the start counts, too.
    for (const auto& event : alarms_since(clock.now().utc - kDay, history))
        if (const auto transition = alarms::to_transition(event)) parts_->figures.note(*transition, {event.time, {}});
}

sessions::AlarmServices* PlantAlarms::services() const noexcept { return parts_->desk.get(); }

}  // namespace penstock::server

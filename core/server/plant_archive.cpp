#include "core/server/plant_archive.hpp"

#include <algorithm>

#include "core/base/clock.hpp"
#include "core/base/log.hpp"
#include "core/base/settings_document.hpp"
#include "core/engine/capture.hpp"
#include "core/engine/engine.hpp"
#include "core/guests/historian_instance.hpp"
#include "core/guests/plugin_registry.hpp"
#include "core/history/archived_series.hpp"
#include "core/history/archiver.hpp"
#include "core/server/data_folder.hpp"
#include "core/server/plant_journal.hpp"
#include "core/site/site.hpp"
#include "core/tags/tag_reader.hpp"
#include "core/wire/time_text.hpp"

namespace penstock::server {
namespace {

bool is_historian(std::string_view id, const guests::PluginRegistry& plugins) {
    const auto* info = plugins.find(id);
    return info != nullptr && info->kind == PluginKind::historian;
}

// In the site's order, which is that of their ids.
std::vector<std::string> historians_of(const PlantArchive::Surroundings& around) {
    std::vector<std::string> ids;
    for (const auto& use : around.site.plugins())
        if (is_historian(use.id, around.plugins)) ids.push_back(use.id);
    const auto modes = history::capture_modes(*around.catalog);
    const bool archives = std::ranges::any_of(modes, [](auto mode) { return mode != engine::CaptureMode::off; });
    if (ids.empty() && archives) ids.emplace_back(around.usual_historian);
    return ids;
}

// An empty object where the site says nothing.
std::shared_ptr<const base::SettingsDocument> settings_of(const site::Site& site, std::string_view id) {
    for (const auto& use : site.plugins())
        if (use.id == id) return use.settings;
    return std::make_shared<const base::SettingsDocument>(base::SettingsDocument::parse("{}").value());
}

}  // namespace

PlantArchive::PlantArchive(const Surroundings& around)
    : catalog_(around.catalog),
      clock_(around.clock),
      journal_(around.journal),
      historians_(around.journal.values(), around.clock,
                  [&journal = around.journal](Event event) { journal.note(std::move(event)); }) {}
PlantArchive::~PlantArchive() = default;

Result<std::unique_ptr<PlantArchive>> PlantArchive::make(const Surroundings& around) {
    auto made = std::unique_ptr<PlantArchive>(new PlantArchive(around));
    const auto ids = historians_of(around);
    for (const auto& id : ids)
        if (auto added = made->add_historian(around, id, ids.front()); !added) return std::unexpected(added.error());
    return made;
}

Result<void> PlantArchive::add_historian(const Surroundings& around, std::string_view id, std::string_view first) {
    auto library = around.plugins.load(id);
    if (!library) return std::unexpected(library.error());
    history::ConsumerOptions options;
    options.name = id;
    options.folder = around.data.path() / "historians" / id.substr(id.rfind('.') + 1);
    const auto& settings = around.site.journal();
    auto series = history::series_of(*catalog_, id, first);
    std::vector<tags::TagId> tags;
    for (const auto& each : series) tags.push_back(each.id);
    options.on_gap = [this, tags = std::move(tags)](UtcTime until) { archiver_->keep_again(tags, until); };
    historians_.add(history::WantedSeries(std::move(series), catalog_),
                    guests::make_historian_factory(*library, settings_of(around.site, id), std::string(id)), std::move(options),
                    {.age = settings.buffer_time, .bytes = settings.buffer_bytes});
    return {};
}

void PlantArchive::attach(engine::Engine& engine) {
    engine_ = &engine;
    capture_ = std::make_unique<engine::Capture>(catalog_->id_limit());
    const auto modes = history::capture_modes(*catalog_);
    engine.set_capture(*capture_, [&](tags::TagId tag) { return modes[tag]; });
    archiver_ = std::make_unique<history::Archiver>(
        tags::TagReader(engine.table()), *capture_, journal_.values(),
        history::ArchiverOptions{.on_gap = [this](const history::GapNotice& gap) { note_gap(gap.tags, gap.from, gap.cause); }});
}

std::int64_t PlantArchive::last_time(tags::TagId tag) const {
    const auto state = tags::TagReader(engine_->table()).snapshot(tag);
    return state.has_value && state.quality != QualityCode::uncertain_initial ? to_ns(state.time) : 0;
}

void PlantArchive::start(Now now) {
    archiver_->start(journal_.values().recovery().last_time.utc, [this](tags::TagId tag) { return last_time(tag); }, now);
    historians_.start();
}

Duration PlantArchive::gather(Now now, bool is_last) {
    const auto next = is_last ? Duration::max() : archiver_->gather(now);
    if (is_last) archiver_->finish(now);
    mark(now);
    return next;
}

void PlantArchive::mark(Now now) {
    const std::scoped_lock lock(mutex_);
    if (!marks_.empty() && now.monotonic - marks_.back().at < 5s) return;
    marks_.push_back({now.monotonic, archiver_->status().kept});
    while (now.monotonic - marks_.front().at > 1min) marks_.pop_front();
}

double PlantArchive::values_per_s() const {
    const std::scoped_lock lock(mutex_);
    if (marks_.size() < 2) return 0;
    const auto& first = marks_.front();
    const auto& last = marks_.back();
    return static_cast<double>(last.kept - first.kept) / std::chrono::duration<double>(last.at - first.at).count();
}

void PlantArchive::stop() {
    for (const auto& name : historians_.stop(10s))
        base::log::warning("{} did not stop in time; what it has not stored yet is repeated after the next start", name);
}

void PlantArchive::note_gap(std::size_t tags, UtcTime from, std::string_view cause) {
    Event event;
    event.kind = EventKind::history_gap;
    event.object = std::to_string(tags) + (tags == 1 ? " tag" : " tags");
    event.text = "history.gap";
    event.parameters = {wire::utc_text(from), wire::utc_text(clock_.now().utc), std::string(cause)};
    base::log::warning("the archive lost samples of {} tags: {}", tags, cause);
    journal_.note(std::move(event));
}

}  // namespace penstock::server

#include "tests/core/server/loaded_plant.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <future>
#include <stdexcept>

#include <gtest/gtest.h>

#include "core/engine/engine.hpp"
#include "core/engine/engine_thread.hpp"
#include "core/site/site.hpp"
#include "core/tags/tag_catalog_builder.hpp"
#include "core/tags/tag_ids.hpp"

namespace penstock::server::testing {
namespace {

constexpr std::chrono::seconds kPatience{60};
const sessions::HistoryServices::Asker kAsker{1, "test"};

// Asks and waits; what does not come in time is an error.
template <class Reply, class Ask>
Result<Reply> ask(Ask&& how) {
    const auto promise = std::make_shared<std::promise<Result<Reply>>>();
    auto reply = promise->get_future();
    how([promise](Result<Reply> answer) { promise->set_value(std::move(answer)); });
    if (reply.wait_for(kPatience) != std::future_status::ready) return fail(ErrorCode::timeout, "no answer in a minute");
    return reply.get();
}

std::shared_ptr<const tags::TagCatalog> make_catalog(const site::Site& site, const DataFolder& data) {
    auto ids = tags::TagIdStore::load(data.path() / "tags.ids", {data.server_id(), data.epoch()});
    if (!ids) throw std::runtime_error(ids.error().text());
    tags::TagCatalogBuilder builder;
    site.add_tags(builder);
    auto catalog = builder.build(*ids);
    if (!catalog) throw std::runtime_error(catalog.error().text());
    if (auto saved = ids->save(); !saved) throw std::runtime_error(saved.error().text());
    return *catalog;
}

}  // namespace

void write_counter_site(const std::filesystem::path& folder, std::uint32_t tags) {
    const auto put = [&](const char* name, const std::string& text) {
        std::filesystem::create_directories((folder / name).parent_path());
        std::ofstream(folder / name) << text;
    };
    put("site.json", R"({"format": 1, "name": "T", "languages": ["en"], "time_zone": "UTC", "areas": {},
        "plugins": {"driver.simulation": {}}})");
    put("devices/sim.json", R"({"driver": "simulation", "scan_classes": {"fast": "20ms"}})");
    std::string all = R"({"format": 1, "tags": [
        {"name": "setpoint", "type": "double", "access": "read_write", "archive": "on_change"})";
    for (std::uint32_t n = 0; n < tags; ++n)
        all += ",\n{\"name\": \"t" + std::to_string(n)
               + R"(", "device": "sim", "address": "counter:every=20ms", "scan_class": "fast", "archive": "on_change"})";
    put("tags/all.json", all + "]}");
}

Row row_of(const SampleColumns& columns, std::size_t row) {
    return {columns.time[row], columns.word[row], is_bad(columns.quality(row)), std::string(columns.cause(row))};
}

std::vector<Row> rows_of(sessions::HistoryServices& services, const tags::TagCatalog& catalog, const std::string& tag,
                         UtcTime to) {
    std::vector<Row> rows;
    HistoryRequest request;
    request.tag = tag;
    request.to = to;
    do {
        const auto page = ask<HistoryReply>(
            [&](auto done) { services.history(kAsker, catalog.find(tag).value(), request, std::move(done)); });
        if (!page) throw std::runtime_error(page.error().text());
        for (std::size_t i = 0; i < page->rows.size(); ++i) rows.push_back(row_of(page->rows, i));
        request.after = page->next;
    } while (!request.after.empty());
    return rows;
}

std::vector<Event> events_of(sessions::HistoryServices& services) {
    std::vector<Event> events;
    EventsRequest request;
    request.limit = 1'000;
    do {
        auto page = ask<EventsReply>(
            [&](auto done) { services.events(kAsker, request, sessions::Grant::everywhere(), std::move(done)); });
        if (!page) throw std::runtime_error(page.error().text());
        events.insert(events.end(), page->events.begin(), page->events.end());
        request.before = page->next;
    } while (request.before != 0);
    std::ranges::reverse(events);
    return events;
}

Result<JournalReply> journal_of(sessions::HistoryServices& services, bool verify) {
    JournalRequest request;
    request.verify = verify;
    return ask<JournalReply>([&](auto done) { services.journal(kAsker, request, std::move(done)); });
}

Result<BackupReply> back_up(sessions::HistoryServices& services, const std::filesystem::path& file) {
    BackupRequest request;
    request.file = file.string();
    return ask<BackupReply>([&](auto done) { services.backup(kAsker, request, std::move(done)); });
}

LoadedPlant::LoadedPlant(const std::filesystem::path& data, const std::filesystem::path& site, std::uint32_t tags)
    : plugins_(guests::PluginRegistry::scan({PENSTOCK_PLUGIN_DIR})), tags_(tags) {
    auto folder = DataFolder::open(data);
    if (!folder) throw std::runtime_error(folder.error().text());
    data_ = std::make_unique<DataFolder>(*std::move(folder));
    const auto loaded = site::load_site(site, {}, plugins_);
    if (!loaded.site) throw std::runtime_error(loaded.faults.at(0).text());
    catalog_ = make_catalog(*loaded.site, *data_);
    auto memory = PlantMemory::open(*data_, *loaded.site, "historian.sqlite", catalog_, plugins_, clock_);
    if (!memory) throw std::runtime_error(memory.error().text());
    memory_ = *std::move(memory);
    engine_ = std::make_unique<engine::Engine>(catalog_, engine::EngineOptions{.started = clock_.now()});
    if (auto attached = memory_->attach(*engine_); !attached) throw std::runtime_error(attached.error().text());
    producer_ = &engine_->add_producer("sim", 0);
    memory_->journal().values().on_advance([this] { note_durable(); });
    memory_->start();
    thread_ = std::thread([this] { run(); });
}

LoadedPlant::~LoadedPlant() {
    is_stopping_ = true;
    thread_.join();
    engine::EngineThread(*engine_, clock_).stop();  // one that is stopped like a server's: it says that it runs no more
    memory_->stop();
}

void LoadedPlant::start_load() { is_loaded_ = true; }

// The engine's thread and the device's in one: so a tick's end is known.
void LoadedPlant::run() {
    std::vector<std::uint32_t> item(tags_);
    std::vector<StatusWord> status(tags_, status_word(QualityCode::good));
    for (std::uint32_t n = 0; n < tags_; ++n) item[n] = n;
    auto next = std::chrono::steady_clock::now();
    for (std::uint64_t cycle = 0; !is_stopping_; ++cycle) {
        const auto now = clock_.now();
        const bool is_tick = is_loaded_ && cycle % 4 == 0;
        if (is_tick) {
            const std::vector<std::int64_t> time(tags_, to_ns(now.utc));
            const std::vector<std::uint64_t> word(tags_, cycle);
            producer_->publish({tags_, 0, item.data(), time.data(), status.data(), word.data(), {}, nullptr}, now);
        }
        engine_->run_cycle(now);
        if (is_tick) {
            const std::scoped_lock lock(mutex_);
            ticks_.push_back(clock_.now());
        }
        next += kTick / 4;
        std::this_thread::sleep_until(next);
    }
}

// A record holds what was applied before its time.
void LoadedPlant::note_durable() {
    const auto until = memory_->journal().values().status().durable_time;
    const auto now = clock_.now().monotonic;
    const std::scoped_lock lock(mutex_);
    while (!ticks_.empty() && ticks_.front().utc < until) {
        delays_.push_back(std::chrono::duration<double, std::milli>(now - ticks_.front().monotonic).count());
        ticks_.pop_front();
    }
}

std::vector<double> LoadedPlant::take_delays() {
    std::vector<double> delays;
    {
        const std::scoped_lock lock(mutex_);
        delays.swap(delays_);
    }
    std::ranges::sort(delays);
    return delays;
}

WriteResult LoadedPlant::write_setpoint(double value) {
    const auto promise = std::make_shared<std::promise<WriteResult>>();
    auto outcome = promise->get_future();
    engine::WriteCommand command;
    command.tag = catalog_->find("setpoint").value();
    command.value = Value(value);
    command.done = [promise](engine::WriteAnswer answer) { promise->set_value(answer.outcome); };
    command.user = "anna";
    if (!engine_->post(std::move(command))) return WriteResult::refused;
    return outcome.wait_for(kPatience) == std::future_status::ready ? outcome.get() : WriteResult::unknown;
}

}  // namespace penstock::server::testing

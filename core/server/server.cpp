#include "core/server/server.hpp"

#include <malloc.h>

#include <fmt/format.h>

#include "core/base/io_threads.hpp"
#include "core/base/log.hpp"
#include "core/engine/engine.hpp"
#include "core/engine/engine_thread.hpp"
#include "core/guests/plugin_registry.hpp"
#include "core/server/data_folder.hpp"
#include "core/server/devices.hpp"
#include "core/server/listener.hpp"
#include "core/server/plant_alarms.hpp"
#include "core/server/plant_memory.hpp"
#include "core/server/services.hpp"
#include "core/server/stop_steps.hpp"
#include "core/sessions/change_bell.hpp"
#include "core/tags/tag_catalog_builder.hpp"
#include "core/tags/tag_ids.hpp"

namespace penstock::server {
namespace {

StartFailure failure(const Error& error) { return {{}, error.text()}; }

Result<std::shared_ptr<const tags::TagCatalog>> make_catalog(const site::Site& site, const DataFolder& data) {
    auto ids = tags::TagIdStore::load(data.path() / "tags.ids", {data.server_id(), data.epoch()});
    if (!ids) return std::unexpected(ids.error());
    tags::TagCatalogBuilder builder;
    site.add_tags(builder);
    auto catalog = builder.build(*ids);
    if (!catalog) return catalog;
    if (auto saved = ids->save(); !saved) return std::unexpected(saved.error());
    return catalog;
}

}  // namespace

// In order of birth; the destructor takes them down in the order that lets nobody call into what is gone.
struct Server::Parts {
    std::unique_ptr<DataFolder> data;
    std::unique_ptr<site::Site> site;  // until the plant is made
    base::SystemClock clock;
    std::unique_ptr<base::IoThreads> threads;
    std::shared_ptr<const tags::TagCatalog> catalog;
    sessions::ChangeBell bell;  // rung by the engine, which goes first
    std::unique_ptr<PlantMemory> memory;  // the engine writes into it
    std::unique_ptr<PlantAlarms> alarms;  // and into its list
    std::unique_ptr<engine::Engine> engine;
    std::unique_ptr<Devices> devices;
    std::unique_ptr<Services> services;
    std::vector<std::unique_ptr<Listener>> listeners;
    std::unique_ptr<engine::EngineThread> engine_thread;
    std::vector<std::string> urls;

    ~Parts() {
        StopSteps steps;
        steps.begin("its listeners");
        for (const auto& listener : listeners) listener->stop();
        steps.begin("its devices");
        if (devices) devices->stop();
        steps.begin("the engine");
        engine_thread.reset();
        steps.end();  // the memory has steps of its own
        if (memory) memory->stop();
        steps.begin("the I/O threads");
        listeners.clear();
        devices.reset();
        if (threads) threads->stop();
    }

    [[nodiscard]] sessions::Plant plant() noexcept {
        return {.engine = engine.get(),
                .bell = &bell,
                .reader = tags::TagReader(engine->table()),
                .services = services.get(),
                .clock = &clock,
                .history = memory->services(),
                .alarms = alarms->services()};
    }
    Result<void> make_plant(ServerOptions& options, const guests::PluginRegistry& plugins);
    Result<void> make_listeners(const ServerOptions& options, const guests::PluginRegistry& plugins);
    Result<void> run(std::function<void(const std::string&)> on_failure);
};

Result<void> Server::Parts::make_plant(ServerOptions& options, const guests::PluginRegistry& plugins) {
    auto made = make_catalog(*site, *data);
    if (!made) return std::unexpected(made.error());
    catalog = *std::move(made);
    threads = std::make_unique<base::IoThreads>(options.io_threads, clock);
    engine::EngineOptions engine_options;
    engine_options.started = clock.now();
    auto opened = PlantMemory::open(*data, *site, options.historian, catalog, plugins, clock);
    if (!opened) return std::unexpected(opened.error());
    memory = *std::move(opened);
    engine = std::make_unique<engine::Engine>(catalog, engine_options);
    engine->add_waker(bell);
    auto judged = PlantAlarms::open(*data, *site, catalog, plugins, memory->journal());
    if (!judged) return std::unexpected(judged.error());
    alarms = *std::move(judged);
    if (auto attached = memory->attach(*engine, [this] { alarms->attach(*engine); }); !attached) return attached;
    alarms->serve(*engine, *memory->services(), clock);
    auto all = Devices::make(*site, catalog, *engine, plugins, *threads,
                             [&journal = memory->journal()](Event event) { journal.note(std::move(event)); });
    if (!all) return std::unexpected(all.error());
    devices = *std::move(all);
    services = std::make_unique<Services>(*site, *data, *engine, *devices, options.version, options.warnings,
                                          engine_options.started.utc);
    return {};
}

Result<void> Server::Parts::make_listeners(const ServerOptions& options, const guests::PluginRegistry& plugins) {
    std::vector<std::string> wanted{"unix:" + (data->path() / "penstock.sock").string()};
    wanted.insert(wanted.end(), options.listen.begin(), options.listen.end());
    for (auto& url : wanted) {
        auto listener = Listener::make(std::move(url), threads->pick(), plugins, plant(), data->owner());
        if (!listener) return std::unexpected(listener.error());
        listeners.push_back(*std::move(listener));
    }
    return {};
}

Result<void> Server::Parts::run(std::function<void(const std::string&)> on_failure) {
    memory->start(std::move(on_failure));
    engine_thread = std::make_unique<engine::EngineThread>(*engine, clock);
    devices->start();
    for (const auto& listener : listeners) {
        auto url = listener->listen();
        if (!url) return std::unexpected(url.error());
        services->add_listener(*url);
        urls.push_back(*std::move(url));
    }
    return {};
}

Server::Server(std::unique_ptr<Parts> parts) noexcept : parts_(std::move(parts)) {}
Server::~Server() = default;

std::expected<std::unique_ptr<Server>, StartFailure> Server::start(ServerOptions options,
                                                                   const guests::PluginRegistry& plugins) {
    auto parts = std::make_unique<Parts>();
    auto data = DataFolder::open(options.data);
    if (!data) return std::unexpected(failure(data.error()));
    parts->data = std::make_unique<DataFolder>(*std::move(data));

    auto loaded = site::load_site(options.site, options.params, plugins);
    if (!loaded.site) return std::unexpected(StartFailure{std::move(loaded.faults), "the site is faulty"});
    parts->site = std::move(loaded.site);

    if (auto made = parts->make_plant(options, plugins); !made) return std::unexpected(failure(made.error()));
    // What is still needed of the site lies in catalog, devices and services; its own texts would double the memory per tag.
    const auto summary = parts->site->summary();
    parts->site.reset();
    ::malloc_trim(0);
    if (auto made = parts->make_listeners(options, plugins); !made) return std::unexpected(failure(made.error()));
    if (auto running = parts->run(std::move(options.on_failure)); !running) return std::unexpected(failure(running.error()));
    base::log::info("{}", summary);
    return std::unique_ptr<Server>(new Server(std::move(parts)));
}

const std::vector<std::string>& Server::listeners() const noexcept { return parts_->urls; }
sessions::Plant Server::plant() const noexcept { return parts_->plant(); }

}  // namespace penstock::server

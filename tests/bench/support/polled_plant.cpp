#include "tests/bench/support/polled_plant.hpp"

#include <time.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <latch>
#include <thread>

#include <nlohmann/json.hpp>

#include "core/base/io_threads.hpp"
#include "core/base/settings_document.hpp"
#include "core/engine/engine.hpp"
#include "core/engine/engine_thread.hpp"
#include "core/guests/device_link.hpp"
#include "core/guests/driver_factory.hpp"
#include "core/guests/plugin_registry.hpp"
#include "core/guests/scan_schedule.hpp"
#include "core/tags/tag_catalog_builder.hpp"
#include "core/tags/tag_ids.hpp"

namespace penstock::bench {
namespace {

constexpr std::size_t kMaxScans = 8192;

[[noreturn]] void give_up(const std::string& why) {
    std::fprintf(stderr, "bench: %s\n", why.c_str());
    std::exit(1);
}

template <class T>
T need(Result<T> result) {
    if (!result) give_up(result.error().text());
    return *std::move(result);
}

double clock_seconds(clockid_t clock) noexcept {
    timespec time{};
    ::clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// Passes samples on and keeps when they came. One writer (the device's strand), any reader.
class ScanRecorder final : public guests::SampleSink {
public:
    ScanRecorder(guests::SampleSink& next, std::size_t items, const ModbusServer& server)
        : next_(next), items_(items), server_(server) {}

    void publish(const abi::Columns& columns, Now received) noexcept override {
        if (columns.count != items_ || columns.cause_count != 0) faulty_.fetch_add(1, std::memory_order_relaxed);
        const auto at = count_.load(std::memory_order_relaxed);
        if (at < kMaxScans) scans_[at] = {received.monotonic, server_.requests()};
        count_.store(at + 1, std::memory_order_release);
        next_.publish(columns, received);
    }
    void all_bad(QualityCode quality, std::string_view cause, Now now) noexcept override { next_.all_bad(quality, cause, now); }

    [[nodiscard]] std::size_t count() const noexcept { return count_.load(std::memory_order_acquire); }
    [[nodiscard]] bool is_faulty() const noexcept { return faulty_.load(std::memory_order_relaxed) != 0; }
    [[nodiscard]] const Scan& operator[](std::size_t i) const noexcept { return scans_[i]; }

private:
    guests::SampleSink& next_;
    std::size_t items_;
    const ModbusServer& server_;
    std::vector<Scan> scans_ = std::vector<Scan>(kMaxScans);
    std::atomic<std::size_t> count_{0};
    std::atomic<std::uint64_t> faulty_{0};
};

std::string endpoint_of(const PolledDevice& device) { return "127.0.0.1:" + std::to_string(device.port); }

std::shared_ptr<const tags::TagCatalog> make_catalog(const std::vector<PolledDevice>& devices) {
    tags::TagIdStore ids;
    tags::TagCatalogBuilder builder;
    for (const auto& device : devices) {
        for (const auto number : device.registers) {
            const auto name = device.name + ".h" + std::to_string(number);
            const auto address = "holding:" + std::to_string(number);
            tags::TagDefinition tag;
            tag.name = name;
            tag.device = device.name;
            tag.address = address;
            tag.type = tag.native_type = ValueType::uint64;
            builder.add(tag);
        }
    }
    return need(builder.build(ids));
}

}  // namespace

PolledDevice dense_device(std::string name, std::uint16_t port, std::uint16_t count) {
    PolledDevice device{.name = std::move(name), .port = port, .registers = {}};
    for (std::uint16_t i = 0; i < count; ++i) device.registers.push_back(i);
    return device;
}

MonotonicTime monotonic_now() noexcept {
    timespec time{};
    ::clock_gettime(CLOCK_MONOTONIC, &time);
    return monotonic_from_ns(std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec);
}

double process_cpu_seconds() noexcept { return clock_seconds(CLOCK_PROCESS_CPUTIME_ID); }

struct PolledPlant::State {
    State(std::vector<PolledDevice> all, Duration scan_period, const ModbusServer& server)
        : devices(std::move(all)), period(scan_period), catalog(make_catalog(devices)) {
        const auto library = need(registry.load("driver.modbus"));
        for (const auto& device : devices) add(device, library, server);
        engine_thread = std::make_unique<engine::EngineThread>(engine, clock);
        for (const auto& link : links) link->start();
    }
    ~State() {
        std::latch stopped(static_cast<std::ptrdiff_t>(links.size()));
        for (const auto& link : links) link->stop([&stopped] { stopped.count_down(); });
        stopped.wait();
        engine_thread->stop();
        threads.stop();
    }

    void add(const PolledDevice& device, const std::shared_ptr<guests::PluginLibrary>& library, const ModbusServer& server) {
        const auto names = catalog->devices();
        const auto index = static_cast<std::size_t>(std::ranges::find(names, device.name) - names.begin());
        guests::DeviceConfig config;
        config.name = device.name;
        config.driver = "driver.modbus";
        config.endpoint = endpoint_of(device);
        config.scan_classes = {{"fast", period}};
        config.owner = catalog;
        for (const auto tag : catalog->tags_of_device(index))
            config.items.push_back({catalog->view(tag).address, 0, ValueType::uint64});
        schedules.emplace_back(config.name, config.scan_classes, config.items);

        auto& thread = threads.pick();
        auto settings =
            std::make_shared<const base::SettingsDocument>(nlohmann::json{{"endpoint", config.endpoint}, {"timeout_ms", 500}});
        auto factory = guests::make_driver_factory(thread, library, std::move(settings), device.name);
        recorders.push_back(
            std::make_unique<ScanRecorder>(engine.add_producer(device.name, index), config.items.size(), server));
        links.push_back(std::make_unique<guests::DeviceLink>(thread, std::move(config), std::move(factory), *recorders.back()));
    }

    std::vector<PolledDevice> devices;
    Duration period;
    base::SystemClock clock;
    guests::PluginRegistry registry = guests::PluginRegistry::scan({MODBUS_PLUGIN});
    std::shared_ptr<const tags::TagCatalog> catalog;
    engine::Engine engine{catalog, {.started = clock.now()}};
    std::vector<std::unique_ptr<ScanRecorder>> recorders;
    std::vector<guests::ScanSchedule> schedules;  // copies of those in the links: they know the ticks
    base::IoThreads threads{kIoThreads, clock};
    std::vector<std::unique_ptr<guests::DeviceLink>> links;
    std::unique_ptr<engine::EngineThread> engine_thread;
};

PolledPlant::PolledPlant(std::vector<PolledDevice> devices, Duration period, const ModbusServer& server)
    : state_(std::make_unique<State>(std::move(devices), period, server)) {}

PolledPlant::~PolledPlant() = default;

void PolledPlant::wait_for_scans(std::size_t count, std::size_t but) const {
    const auto end = monotonic_now() + 30s;
    for (std::size_t device = 0; device + but < state_->recorders.size(); ++device) {
        while (state_->recorders[device]->count() < count) {
            if (monotonic_now() > end)
                give_up(state_->devices[device].name + " is not polled: " + state_->links[device]->status().cause);
            std::this_thread::sleep_for(1ms);
        }
    }
}

Window PolledPlant::observe(Duration duration) const {
    Window window{.from = monotonic_now(), .to = {}, .cpu_seconds = process_cpu_seconds()};
    std::this_thread::sleep_for(duration);
    window.to = monotonic_now();
    window.cpu_seconds = process_cpu_seconds() - window.cpu_seconds;
    return window;
}

std::vector<Scan> PolledPlant::scans(std::size_t device, const Window& window) const {
    const auto& recorder = *state_->recorders[device];
    if (recorder.is_faulty()) give_up(state_->devices[device].name + " had a scan that was not complete and good");
    if (recorder.count() > kMaxScans) give_up("more scans than are kept");
    std::vector<Scan> scans;
    for (std::size_t i = 0; i < recorder.count(); ++i) {
        if (recorder[i].at >= window.from && recorder[i].at < window.to) scans.push_back(recorder[i]);
    }
    return scans;
}

std::vector<Duration> PolledPlant::lateness(std::size_t device, const Window& window) const {
    const auto period = state_->period;
    const auto since_tick = [&, tick = a_tick(device)](MonotonicTime at) { return ((at - tick) % period + period) % period; };
    // The window is moved to the ticks: a scan belongs to it if its tick does. Those of the last period may not have ended.
    const auto from = window.from + (period - since_tick(window.from)) % period;
    const auto to = window.to - since_tick(window.to) - period;
    std::vector<Duration> lateness(static_cast<std::size_t>((to - from) / period), period);
    for (const auto& scan : scans(device, window)) {
        const auto late = since_tick(scan.at);
        const auto tick = scan.at - late;
        if (tick >= from && tick < to) lateness[static_cast<std::size_t>((tick - from) / period)] = late;
    }
    return lateness;
}

MonotonicTime PolledPlant::a_tick(std::size_t device) const {
    auto schedule = state_->schedules[device];
    std::vector<ItemId> due;
    const auto now = monotonic_now();
    schedule.restart(now);
    schedule.take_due(now, due);
    return *schedule.next_due();
}

}  // namespace penstock::bench

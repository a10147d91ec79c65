#include "core/server/devices.hpp"

#include <algorithm>
#include <latch>

#include "core/base/asio_io.hpp"
#include "core/base/io_threads.hpp"
#include "core/engine/engine.hpp"
#include "core/guests/plugin_registry.hpp"
#include "core/site/site.hpp"

namespace penstock::server {
namespace {

class HostedDriver final : public guests::DriverInstance {
public:
    HostedDriver(base::IoThread& thread, const std::string& name) : io_(thread, name) {}
    Result<void> create(const guests::PluginLibrary& library, const base::SettingsDocument& settings, std::string_view name) {
        auto guest = guests::create_driver(library, settings, io_, name);
        if (!guest) return std::unexpected(guest.error());
        guest_ = *std::move(guest);
        return {};
    }
    abi::DriverGuest& guest() noexcept override { return *guest_; }
    void stop_io() noexcept override { io_.stop(); }

private:
    base::AsioIo io_;
    guests::DriverOwner guest_;  // goes before its Io
};

guests::DriverFactory factory_for(base::IoThread& thread, std::shared_ptr<guests::PluginLibrary> library,
                                  std::shared_ptr<const base::SettingsDocument> settings, std::string name) {
    return [&thread, library = std::move(library), settings = std::move(settings),
            name = std::move(name)]() -> Result<std::unique_ptr<guests::DriverInstance>> {
        auto driver = std::make_unique<HostedDriver>(thread, name);
        if (auto created = driver->create(*library, *settings, name); !created) return std::unexpected(created.error());
        return driver;
    };
}

// A device without tags has nothing to say, and still a link whose state is shown.
class NoSink final : public guests::SampleSink {
    void publish(const abi::Columns&, Now) noexcept override {}
    void all_bad(QualityCode, std::string_view, Now) noexcept override {}
};
NoSink no_sink;

std::vector<guests::ScanClass> scan_classes_of(const site::Device& device) {
    std::vector<guests::ScanClass> classes;
    for (const auto& scan_class : device.scan_classes) classes.push_back({scan_class.name, scan_class.period});
    return classes;
}

std::uint16_t index_of(const site::Device& device, std::string_view scan_class) {
    const auto wanted = scan_class.empty() ? std::string_view(device.default_scan_class) : scan_class;
    const auto found = std::ranges::find(device.scan_classes, wanted, &site::ScanClass::name);
    return found == device.scan_classes.end() ? std::uint16_t{0}
                                              : static_cast<std::uint16_t>(found - device.scan_classes.begin());
}

std::vector<guests::DeviceItem> items_of(const site::Device& device, const tags::TagCatalog& catalog,
                                         std::span<const tags::TagId> tags) {
    std::vector<guests::DeviceItem> items;
    items.reserve(tags.size());
    for (const auto tag : tags) {
        const auto view = catalog.view(tag);
        items.push_back({view.address, index_of(device, view.scan_class), view.native_type});
    }
    return items;
}

Event link_event(const std::string& device, bool is_up, const std::string& why) {
    Event event;
    event.kind = EventKind::device_state;
    event.object = device;
    event.text = is_up ? "device.connected" : "device.lost";
    if (!is_up) event.parameters = {why};
    return event;
}

}  // namespace

struct Devices::Device {
    std::string name;
    std::string endpoint;
    std::unique_ptr<guests::DeviceLink> link;
};

Devices::Devices() = default;
Devices::~Devices() { stop(); }

Result<std::unique_ptr<Devices>> Devices::make(const site::Site& site, std::shared_ptr<const tags::TagCatalog> catalog,
                                               engine::Engine& engine, const guests::PluginRegistry& plugins,
                                               base::IoThreads& threads, const OnEvent& on_event) {
    std::unique_ptr<Devices> devices(new Devices);
    const auto names = catalog->devices();
    devices->by_index_.resize(names.size());
    for (const auto& definition : site.devices()) {
        auto library = plugins.load(definition.driver);
        if (!library) return std::unexpected(library.error());
        const auto index = static_cast<std::size_t>(std::ranges::find(names, definition.name) - names.begin());
        const bool has_tags = index < names.size();

        guests::DeviceConfig config;
        config.name = definition.name;
        config.driver = definition.driver;
        config.endpoint = definition.endpoint;
        config.scan_classes = scan_classes_of(definition);
        config.backoff_min = definition.backoff_min;
        config.backoff_max = definition.backoff_max;
        config.read_deadline = definition.read_deadline;
        config.owner = catalog;
        config.on_link = [on_event, name = definition.name](bool is_up, const std::string& why) {
            on_event(link_event(name, is_up, why));
        };
        if (has_tags) config.items = items_of(definition, *catalog, catalog->tags_of_device(index));

        auto& thread = threads.pick();
        guests::SampleSink& sink =
            has_tags ? static_cast<guests::SampleSink&>(engine.add_producer(definition.name, index)) : no_sink;
        auto device = std::make_unique<Device>();
        device->name = definition.name;
        device->endpoint = definition.endpoint;
        device->link = std::make_unique<guests::DeviceLink>(
            thread, std::move(config), factory_for(thread, *std::move(library), definition.settings, definition.name), sink);
        if (has_tags) {
            engine.set_writer(index, device->link.get());
            devices->by_index_[index] = device.get();
        }
        devices->devices_.push_back(std::move(device));
    }
    return devices;
}

void Devices::start() {
    for (const auto& device : devices_) device->link->start();
}

void Devices::stop() {
    std::latch stopped(static_cast<std::ptrdiff_t>(devices_.size()));
    for (const auto& device : devices_) device->link->stop([&stopped] { stopped.count_down(); });
    stopped.wait();
}

std::vector<DeviceStatus> Devices::status() const {
    std::vector<DeviceStatus> status;
    status.reserve(devices_.size());
    for (const auto& device : devices_) status.push_back(device->link->status());
    return status;
}

guests::DeviceLink* Devices::link(std::uint32_t device_index) const noexcept {
    return device_index < by_index_.size() && by_index_[device_index] != nullptr ? by_index_[device_index]->link.get()
                                                                                 : nullptr;
}

std::string_view Devices::endpoint(std::uint32_t device_index) const noexcept {
    return device_index < by_index_.size() && by_index_[device_index] != nullptr
               ? std::string_view(by_index_[device_index]->endpoint)
               : "";
}

}  // namespace penstock::server

#pragma once

// The devices of the running site: each one's driver, its link, and the way of its values into the engine.

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include <penstock/operations.hpp>

#include "core/guests/device_link.hpp"
#include "core/tags/tag_catalog.hpp"

namespace penstock::base {
class IoThreads;
}
namespace penstock::engine {
class Engine;
}
namespace penstock::guests {
class PluginRegistry;
}
namespace penstock::site {
class Site;
}

namespace penstock::server {

class Devices {
public:
    using OnEvent = std::function<void(Event)>;  // called on the devices' strands; must not block

    // Makes a producer and a link for each device and tells the engine who takes its writes; nothing runs yet. What becomes of
    // the links is told as events. Error: a driver that cannot be loaded. Everything named outlives the devices. [before the engine
    // runs]
    [[nodiscard]] static Result<std::unique_ptr<Devices>> make(const site::Site& site,
                                                               std::shared_ptr<const tags::TagCatalog> catalog,
                                                               engine::Engine& engine, const guests::PluginRegistry& plugins,
                                                               base::IoThreads& threads, const OnEvent& on_event);
    ~Devices();

    void start();
    // Lets the devices go, all at the same time; returns when the last has, within a few seconds. Twice is fine.
    void stop();

    // In order of name. [any-thread]
    [[nodiscard]] std::vector<DeviceStatus> status() const;
    // The link of a device of the catalog, null if there is none. [any-thread]
    [[nodiscard]] guests::DeviceLink* link(std::uint32_t device_index) const noexcept;
    [[nodiscard]] std::string_view endpoint(std::uint32_t device_index) const noexcept;

private:
    struct Device;
    Devices();
    std::vector<std::unique_ptr<Device>> devices_;
    std::vector<Device*> by_index_;  // of the catalog
};

}  // namespace penstock::server

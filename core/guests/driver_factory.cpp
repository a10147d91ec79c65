#include "core/guests/driver_factory.hpp"

#include <utility>

#include "core/base/asio_io.hpp"

namespace penstock::guests {
namespace {

class LoadedDriver final : public DriverInstance {
public:
    LoadedDriver(std::shared_ptr<const base::SettingsDocument> settings, std::unique_ptr<base::AsioIo> io, DriverOwner driver)
        : settings_(std::move(settings)), io_(std::move(io)), driver_(std::move(driver)) {}

    abi::DriverGuest& guest() noexcept override { return *driver_; }
    void stop_io() noexcept override { io_->stop(); }

private:
    // In the order of their lives: the driver goes first.
    std::shared_ptr<const base::SettingsDocument> settings_;
    std::unique_ptr<base::AsioIo> io_;
    DriverOwner driver_;
};

}  // namespace

DriverFactory make_driver_factory(base::IoThread& thread, std::shared_ptr<PluginLibrary> library,
                                  std::shared_ptr<const base::SettingsDocument> settings, std::string device) {
    return [&thread, library = std::move(library), settings = std::move(settings),
            device = std::move(device)]() -> Result<std::unique_ptr<DriverInstance>> {
        auto io = std::make_unique<base::AsioIo>(thread, device);
        auto driver = create_driver(*library, *settings, *io, device);
        if (!driver) return std::unexpected(std::move(driver).error());
        return std::make_unique<LoadedDriver>(settings, std::move(io), *std::move(driver));
    };
}

}  // namespace penstock::guests

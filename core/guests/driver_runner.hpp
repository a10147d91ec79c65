#pragma once

// Runs one driver instance; how, depends on its kind. All of it: [strand].

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/guests/device_context.hpp"
#include "core/guests/device_link.hpp"
#include "core/guests/driver_instance.hpp"

namespace penstock::guests {

class DriverRunner {
public:
    class Owner {
    public:
        // The driver hangs, or refuses its items: it was given up and is to be created anew. The runner is destroyed later,
        // not inside this call.
        virtual void driver_given_up(QualityCode quality, std::string_view sentence) = 0;
        // What stop() asked for is done. Destroyed later too.
        virtual void runner_stopped() = 0;

    protected:
        ~Owner() = default;
    };

    virtual ~DriverRunner() = default;
    virtual void begin() = 0;
    // A write has been queued.
    virtual void write_waits() = 0;
    // Ends the call under way; Owner::runner_stopped() follows within a second (perhaps at once).
    virtual void stop() = 0;
    virtual void describe(ItemId item, std::function<void(std::string, std::string)> reply) = 0;
    // DriverCalls::life(); expired for drivers that end when they are destroyed.
    [[nodiscard]] virtual std::weak_ptr<const void> life() const noexcept { return {}; }
};

// How long a driver may take to end after it was told to, or after its deadline.
inline constexpr Duration kGrace = 1s;

[[nodiscard]] std::unique_ptr<DriverRunner> make_polling_runner(DeviceContext& device, std::unique_ptr<DriverInstance> instance,
                                                                DriverRunner::Owner& owner);
[[nodiscard]] std::unique_ptr<DriverRunner> make_running_runner(DeviceContext& device, std::unique_ptr<DriverInstance> instance,
                                                                DriverRunner::Owner& owner);

}  // namespace penstock::guests

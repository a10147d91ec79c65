#pragma once

// Asks a driver what addresses mean, without a device: `penstock check`, and the loading of a site. The driver instance
// gets an Io whose waits all fail.

#include <cstdint>
#include <memory>
#include <string_view>

#include <penstock/result.hpp>
#include <penstock/value.hpp>

#include "core/base/settings_document.hpp"
#include "core/guests/plugin_library.hpp"

namespace penstock::guests {

struct AddressInfo {
    ValueType type = ValueType::none;  // what the driver delivers
    bool writable = false;
    std::uint32_t array_elements = 0;  // 0: the device decides, or no array
};

// One per device. One thread at a time. About 100 ns beside the driver's own parsing for each address.
class AddressChecker {
public:
    // `settings` outlives the checker. Error: invalid_config if the driver refuses the settings.
    [[nodiscard]] static Result<AddressChecker> create(const PluginLibrary& library, const base::SettingsDocument& settings,
                                                       std::string_view device);
    AddressChecker(AddressChecker&&) noexcept;
    AddressChecker& operator=(AddressChecker&&) noexcept;
    ~AddressChecker();

    // Error: the driver's own sentence and code (invalid_argument), without a place.
    [[nodiscard]] Result<AddressInfo> parse(std::string_view address);

private:
    struct State;
    explicit AddressChecker(std::unique_ptr<State> state) noexcept;
    std::unique_ptr<State> state_;
};

}  // namespace penstock::guests

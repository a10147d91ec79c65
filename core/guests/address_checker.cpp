#include "core/guests/address_checker.hpp"

#include <string>
#include <utility>

#include "core/guests/no_io.hpp"
#include "core/guests/printable.hpp"

namespace penstock::guests {
namespace {

constexpr bool is_native_type(std::uint32_t type) {
    const auto known = [](std::uint32_t t) {
        return t >= std::to_underlying(ValueType::boolean) && t <= std::to_underlying(ValueType::string);
    };
    return known(type) || (type > 8 && known(type - 8));
}

}  // namespace

struct AddressChecker::State {
    PluginInfo info;
    std::string device;
    NoIo io;  // outlives the driver
    DriverOwner driver;
    abi::Fault fault;  // kept, since clearing its text for each address would cost more than most parsers
};

AddressChecker::AddressChecker(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
AddressChecker::AddressChecker(AddressChecker&&) noexcept = default;
AddressChecker& AddressChecker::operator=(AddressChecker&&) noexcept = default;

AddressChecker::~AddressChecker() {
    if (state_) state_->driver->abandon();
}

Result<AddressChecker> AddressChecker::create(const PluginLibrary& library, const base::SettingsDocument& settings,
                                              std::string_view device) {
    auto state = std::make_unique<State>();
    state->info = library.info();
    state->device = device;
    auto driver = create_driver(library, settings, state->io, device);
    if (!driver) return std::unexpected(driver.error());
    state->driver = std::move(*driver);
    state->io.fail_waits();
    return AddressChecker(std::move(state));
}

Result<AddressInfo> AddressChecker::parse(std::string_view address) {
    auto& [info, device, io, driver, fault] = *state_;
    abi::ItemInfo item;
    fault.code = 0;
    fault.size = 0;
    const bool is_parsed = driver->parse(abi::text(address), item, fault);
    if (!is_parsed && fault.failed() && fault.size != 0) {
        const auto code = to_error(fault, info, device).code();
        return fail(code, printable(fault.sentence()));
    }
    if (!is_parsed) return fail(ErrorCode::internal, "plugin " + info.id + " refuses the address and does not say why");
    if (!is_native_type(item.type)) {
        return fail(ErrorCode::internal,
                    "plugin " + info.id + " gives the address a type that does not exist: " + std::to_string(item.type));
    }
    return AddressInfo{static_cast<ValueType>(item.type), item.writable != 0, item.array_elements};
}

}  // namespace penstock::guests

#pragma once

// The drivers of a device as they run in a server: born from a loaded library, with an Io on the device's thread.

#include <memory>
#include <string>

#include "core/base/io_threads.hpp"
#include "core/base/settings_document.hpp"
#include "core/guests/driver_instance.hpp"
#include "core/guests/plugin_library.hpp"

namespace penstock::guests {

//     auto factory = guests::make_driver_factory(thread, *library, settings, "plc1");
//     guests::DeviceLink link(thread, config, std::move(factory), producer);
//
// `thread` outlives the factory and its instances. [any-thread]
[[nodiscard]] DriverFactory make_driver_factory(base::IoThread& thread, std::shared_ptr<PluginLibrary> library,
                                                std::shared_ptr<const base::SettingsDocument> settings, std::string device);

}  // namespace penstock::guests

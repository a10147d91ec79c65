#pragma once

// The widget types that the station's plugins offer. A library that cannot be loaded takes nobody with it: its widgets become
// placeholders that say why.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/guests/plugin_library.hpp"

namespace penstock::guests {
class PluginRegistry;
}

namespace penstock::station {

class WidgetHost {
public:
    // Loads every widget library of the registry, which outlives the host. [ui]
    explicit WidgetHost(const guests::PluginRegistry& plugins);

    // Error not_found names the nearest type, or the library that was refused.
    [[nodiscard]] Result<guests::WidgetOwner> create(std::string_view type) const;

private:
    struct Library {
        std::shared_ptr<guests::PluginLibrary> code;
        guests::WidgetLibraryOwner widgets;
    };
    std::vector<Library> libraries_;
    std::map<std::string, std::size_t, std::less<>> types_;  // -> libraries_
    std::vector<std::string> refusals_;
    base::SettingsDocument no_settings_;
};

}  // namespace penstock::station

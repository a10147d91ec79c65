#pragma once

// Where a station's session comes from: a server elsewhere, or one in this process. The station cannot tell.

#include <memory>
#include <string>

#include <penstock/session.hpp>

#include "core/site/site.hpp"

namespace penstock::guests {
class PluginRegistry;
}

namespace penstock::station {

class PlantSource {
public:
    virtual ~PlantSource() = default;
    [[nodiscard]] virtual Session& session() noexcept = 0;
    [[nodiscard]] virtual std::string where() const = 0;    // for the header: the server's URL, or the site's folder
    [[nodiscard]] virtual std::string caution() const = 0;  // what the operator must know of it; "" for nothing
};

// A server at `url`. That there is none yet is no error: the station says so and goes on trying.
[[nodiscard]] Result<std::unique_ptr<PlantSource>> remote_plant(const guests::PluginRegistry& plugins, std::string url,
                                                                std::string station);

struct LocalPlantOptions {
    std::string site;
    std::string data;  // "" = a scratch folder that goes with the program
    site::Params params;
};
// A server in this process. The error holds all faults of the site, a line each.
[[nodiscard]] Result<std::unique_ptr<PlantSource>> local_plant(const guests::PluginRegistry& plugins,
                                                               const LocalPlantOptions& options);

}  // namespace penstock::station

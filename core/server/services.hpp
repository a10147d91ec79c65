#pragma once

// What sessions ask of the server beside tags and engine.

#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/sessions/plant_services.hpp"

namespace penstock::engine {
class Engine;
}
namespace penstock::site {
class Site;
}

namespace penstock::server {

class DataFolder;
class Devices;

class Services final : public sessions::PlantServices {
public:
    // All outlive the services. `warnings` are shown first in every status.
    Services(const site::Site& site, const DataFolder& data, const engine::Engine& engine, const Devices& devices,
             std::string version, std::vector<std::string> warnings, UtcTime started);

    // Where sessions come in, for `status`. [any-thread]
    void add_listener(std::string url);

    HelloReply identity() const override;
    void describe_status(StatusReply& status) const override;
    void describe_origin(tags::TagId tag, OnOrigin done) override;
    std::shared_ptr<const sessions::Document> document(DefinitionKind kind, std::string_view name) const override;
    std::vector<std::shared_ptr<const sessions::Document>> documents(DefinitionKind kind) const override;

private:
    const engine::Engine* engine_;
    const Devices* devices_;
    HelloReply identity_;
    std::vector<std::string> warnings_;
    mutable std::mutex mutex_;  // guards listeners_: the first sessions come while later listeners start
    std::vector<std::string> listeners_;
    UtcTime started_;
    std::map<std::pair<DefinitionKind, std::string>, std::shared_ptr<const sessions::Document>, std::less<>> documents_;
};

}  // namespace penstock::server

#include "apps/client/plant_source.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "core/client/remote_session.hpp"
#include "core/guests/plugin_registry.hpp"
#include "core/server/server.hpp"
#include "core/sessions/local_session.hpp"

namespace penstock::station {
namespace {

class RemotePlant final : public PlantSource {
public:
    RemotePlant(std::string url, std::unique_ptr<Session> session) : url_(std::move(url)), session_(std::move(session)) {}
    Session& session() noexcept override { return *session_; }
    std::string where() const override { return url_; }
    std::string caution() const override { return {}; }

private:
    std::string url_;
    std::unique_ptr<Session> session_;
};

// Removed with everything in it.
class ScratchFolder {
public:
    ScratchFolder() {
        path_ = (std::filesystem::temp_directory_path() / "penstock-station-XXXXXX").string();
        if (::mkdtemp(path_.data()) == nullptr) path_.clear();
    }
    ~ScratchFolder() {
        std::error_code ignored;
        if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
    }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    [[nodiscard]] const std::string& path() const noexcept { return path_; }

private:
    std::string path_;
};

class LocalPlant final : public PlantSource {
public:
    LocalPlant(std::string site, std::unique_ptr<ScratchFolder> scratch, std::unique_ptr<server::Server> server)
        : site_(std::move(site)), scratch_(std::move(scratch)), server_(std::move(server)) {
        sessions::Principal principal;
        principal.name = "local";
        principal.is_administrator = true;  // who can start this program on this site owns the plant it runs
        session_ = sessions::make_local_session(server_->plant(), principal);
    }
    Session& session() noexcept override { return *session_; }
    std::string where() const override { return site_; }
    std::string caution() const override { return scratch_ ? "scratch data: nothing is kept when this window closes" : ""; }

private:
    std::string site_;
    std::unique_ptr<ScratchFolder> scratch_;
    std::unique_ptr<server::Server> server_;
    std::unique_ptr<Session> session_;
};

Error as_error(const server::StartFailure& failure) {
    std::string text;
    for (const auto& fault : failure.faults) text += fault.text() + '\n';
    return Error(ErrorCode::invalid_config, text + failure.sentence);
}

}  // namespace

Result<std::unique_ptr<PlantSource>> remote_plant(const guests::PluginRegistry& plugins, std::string url, std::string station) {
    client::RemoteOptions options;
    options.url = url;
    options.client = "penstock-client " PENSTOCK_VERSION;
    options.station = std::move(station);
    auto session = client::connect_session(plugins, std::move(options));
    if (!session) return std::unexpected(session.error());
    return std::make_unique<RemotePlant>(std::move(url), *std::move(session));
}

Result<std::unique_ptr<PlantSource>> local_plant(const guests::PluginRegistry& plugins, const LocalPlantOptions& options) {
    auto scratch = options.data.empty() ? std::make_unique<ScratchFolder>() : nullptr;
    server::ServerOptions wanted;
    wanted.data = scratch ? scratch->path() : options.data;
    wanted.site = options.site;
    wanted.params = options.params;
    wanted.historian = "historian.sqlite";
    wanted.version = PENSTOCK_VERSION;
    auto server = server::Server::start(std::move(wanted), plugins);
    if (!server) return std::unexpected(as_error(server.error()));
    return std::make_unique<LocalPlant>(options.site, std::move(scratch), *std::move(server));
}

}  // namespace penstock::station

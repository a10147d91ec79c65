#include "core/server/services.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "core/engine/engine.hpp"
#include "core/server/data_folder.hpp"
#include "core/server/devices.hpp"
#include "core/site/site.hpp"

namespace penstock::server {
namespace {

// proc(5), /proc/[pid]/statm: size and resident, in pages.
std::uint64_t resident_bytes() {
    std::ifstream statm("/proc/self/statm");
    std::uint64_t size = 0;
    std::uint64_t resident = 0;
    statm >> size >> resident;
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::uint64_t thread_count() {
    std::error_code error;
    std::uint64_t count = 0;
    for (std::filesystem::directory_iterator at("/proc/self/task", error), end; !error && at != end; at.increment(error))
        ++count;
    return count;
}

void add_counters(const engine::EngineCounters& engine, std::vector<Counter>& counters) {
    counters.push_back({"engine.cycles", engine.cycles});
    counters.push_back({"engine.samples", engine.samples});
    counters.push_back({"engine.changes", engine.changes});
    counters.push_back({"engine.commands", engine.commands});
    counters.push_back({"engine.commands_refused", engine.commands_refused});
    counters.push_back({"engine.cycles_cut_short", engine.cycles_cut_short});
    for (const auto& producer : engine.producers) {
        counters.push_back({"queue." + producer.name + ".merged", producer.merged});
        counters.push_back({"queue." + producer.name + ".refused", producer.refused});
        counters.push_back({"queue." + producer.name + ".most_waiting", producer.most_waiting});
    }
}

}  // namespace

Services::Services(const site::Site& site, const DataFolder& data, const engine::Engine& engine, const Devices& devices,
                   std::string version, std::vector<std::string> warnings, UtcTime started)
    : engine_(&engine), devices_(&devices), warnings_(std::move(warnings)), started_(started) {
    identity_.server_name = site.name();
    identity_.server_id = data.server_id();
    identity_.epoch = data.epoch();
    identity_.site_revision = site.revision();
    identity_.version = std::move(version);
    identity_.languages.assign(site.languages().begin(), site.languages().end());
    for (const auto& source : site.documents()) {
        auto copy = std::make_shared<sessions::Document>();
        copy->name = source.name;
        copy->hash = source.hash;
        copy->content = source.content;
        documents_.emplace(std::pair(source.kind, source.name), std::move(copy));
    }
}

void Services::add_listener(std::string url) {
    const std::lock_guard lock(mutex_);
    listeners_.push_back(std::move(url));
}

HelloReply Services::identity() const { return identity_; }

void Services::describe_status(StatusReply& status) const {
    status.started = started_;
    status.threads = thread_count();
    status.resident_bytes = resident_bytes();
    {
        const std::lock_guard lock(mutex_);
        status.listeners = listeners_;
    }
    status.warnings = warnings_;
    status.devices = devices_->status();
    add_counters(engine_->counters(), status.counters);
}

void Services::describe_origin(tags::TagId tag, OnOrigin done) {
    const auto view = engine_->catalog().view(tag);
    auto* link = devices_->link(view.device_index);
    if (link == nullptr) return done({});
    std::string endpoint(devices_->endpoint(view.device_index));
    link->describe(view.item, [endpoint = std::move(endpoint), done = std::move(done)](guests::ItemDescription item) mutable {
        done({std::move(endpoint), std::move(item.link), std::move(item.last_request), std::move(item.last_answer)});
    });
}

std::shared_ptr<const sessions::Document> Services::document(DefinitionKind kind, std::string_view name) const {
    const auto found = documents_.find(std::pair(kind, std::string(name)));
    return found == documents_.end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<const sessions::Document>> Services::documents(DefinitionKind kind) const {
    std::vector<std::shared_ptr<const sessions::Document>> all;
    for (const auto& [key, document] : documents_)
        if (key.first == kind) all.push_back(document);
    return all;
}

}  // namespace penstock::server

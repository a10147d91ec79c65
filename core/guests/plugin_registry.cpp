#include "core/guests/plugin_registry.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>

#include "core/base/suggest.hpp"
#include "core/guests/library_file.hpp"
#include "core/guests/library_loader.hpp"
#include "core/guests/plugin_judge.hpp"
#include "core/guests/private_folder.hpp"
#include "core/guests/shared_imgui.hpp"

namespace penstock::guests {
namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::byte>;

// The *.so files that a search path stands for, by name.
std::vector<fs::path> libraries_at(const fs::path& path) {
    std::error_code error;
    if (!fs::is_directory(path, error)) return fs::exists(path, error) ? std::vector{path} : std::vector<fs::path>{};
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(path, error)) {
        if (entry.path().extension() == ".so") files.push_back(entry.path());
    }
    std::ranges::sort(files);
    return files;
}

struct Judged {
    Result<PluginInfo> verdict;
    std::string claimed_id;  // as far as the file says it, also of one that is refused
};

Judged judge_bytes(const fs::path& path, const Bytes& bytes, const HostAbi& host) {
    const auto manifest = read_manifest(bytes);
    if (!manifest) return {std::unexpected(manifest.error()), {}};
    Judged judged{judge(*manifest, host), std::string(manifest->id)};
    if (judged.verdict) judged.verdict->path = path;
    return judged;
}

Judged judge_file(const fs::path& path, const HostAbi& host) {
    const auto bytes = read_library_file(path);
    if (!bytes) return {std::unexpected(bytes.error()), {}};
    return judge_bytes(path, *bytes, host);
}

Error refusal_of(const PluginRefusal& refusal) {
    return Error(ErrorCode::invalid_config, refusal.sentence, refusal.path.string());
}

// "com.example.driver.foo" for (driver, "com.example.foo").
std::string full_id(PluginKind kind, std::string_view short_name) {
    const auto dot = short_name.rfind('.');
    const auto owner = dot == std::string_view::npos ? std::string() : std::string(short_name.substr(0, dot + 1));
    return owner + std::string(to_string(kind)) + '.'
           + std::string(short_name.substr(dot == std::string_view::npos ? 0 : dot + 1));
}

}  // namespace

SearchPaths default_search_paths() {
    SearchPaths paths;
    std::error_code error;
    const auto program = fs::read_symlink("/proc/self/exe", error);
    if (!error) paths.push_back((program.parent_path() / "../lib/penstock").lexically_normal());
    const char* const variable = std::getenv("PENSTOCK_PLUGIN_PATH");  // NOLINT(concurrency-mt-unsafe): before any thread
    for (std::string_view rest = variable == nullptr ? "" : variable; !rest.empty();) {
        const auto end = std::min(rest.find(':'), rest.size());
        if (end != 0) paths.emplace_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return paths;
}

struct PluginRegistry::State {
    SearchPaths paths;
    RegistryOptions options;
    HostAbi host = HostAbi::own();
    std::vector<PluginInfo> plugins;
    std::vector<PluginRefusal> refusals;

    std::mutex mutex;  // guards what follows
    std::optional<PrivateFolder> copies;
    std::map<std::string, std::shared_ptr<PluginLibrary>, std::less<>> loaded;

    void admit(const fs::path& path) {
        auto judged = judge_file(path, host);
        if (!judged.verdict) {
            refusals.push_back({path, std::move(judged.claimed_id), judged.verdict.error().sentence()});
            return;
        }
        const auto same = std::ranges::find(plugins, judged.verdict->id, &PluginInfo::id);
        if (same == plugins.end()) {
            plugins.push_back(std::move(*judged.verdict));
        } else if (same->path != path) {  // a path may be named twice
            refusals.push_back({path, same->id,
                                "the id \"" + same->id + "\" is taken by " + same->path.string()
                                    + ", which was found first; remove one of the two files"});
        }
    }

    Result<std::shared_ptr<PluginLibrary>> load_file(const PluginInfo& known) {
        const auto refuse = [&](const Error& error) {
            return std::unexpected(Error(error.code(), error.sentence(), known.path.string()));
        };
        const auto bytes = read_library_file(known.path);
        if (!bytes) return refuse(bytes.error());
        auto judged = judge_bytes(known.path, *bytes, host);
        if (!judged.verdict) return refuse(judged.verdict.error());
        if (judged.verdict->id != known.id) {
            return refuse(Error(ErrorCode::invalid_config, "the file was replaced after it had been found: it was plugin \""
                                                               + known.id + "\" and is now \"" + judged.verdict->id + "\""));
        }
        if (!copies) {
            auto folder = PrivateFolder::create(options.runtime_folder);
            if (!folder) return std::unexpected(folder.error());
            copies.emplace(std::move(*folder));
        }
        const auto copy = copies->write(known.id + ".so", *bytes);
        if (!copy) return std::unexpected(copy.error());
        if (known.kind == PluginKind::widget) share_imgui();
        const auto factory = load_for_good(*copy);
        if (!factory) {
            std::error_code ignored;
            fs::remove(*copy, ignored);  // so that the next attempt may write it
            return refuse(factory.error());
        }
        return std::make_shared<PluginLibrary>(std::move(*judged.verdict), *copy, *factory);
    }
};

PluginRegistry::PluginRegistry(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
PluginRegistry::PluginRegistry(PluginRegistry&&) noexcept = default;
PluginRegistry& PluginRegistry::operator=(PluginRegistry&&) noexcept = default;
PluginRegistry::~PluginRegistry() = default;

PluginRegistry PluginRegistry::scan(const SearchPaths& paths, RegistryOptions options) {
    auto state = std::make_unique<State>();
    state->paths = paths;
    state->options = std::move(options);
    for (const auto& path : paths) {
        for (const auto& file : libraries_at(path)) state->admit(file);
    }
    return PluginRegistry(std::move(state));
}

std::span<const PluginInfo> PluginRegistry::list() const noexcept { return state_->plugins; }
std::span<const PluginRefusal> PluginRegistry::refusals() const noexcept { return state_->refusals; }

const PluginInfo* PluginRegistry::find(std::string_view id) const noexcept {
    const auto found = std::ranges::find(state_->plugins, id, &PluginInfo::id);
    return found == state_->plugins.end() ? nullptr : &*found;
}

const PluginInfo* PluginRegistry::find(PluginKind kind, std::string_view short_name) const noexcept {
    return find(full_id(kind, short_name));
}

Error PluginRegistry::why_missing(std::string_view id) const {
    const auto claimed = std::ranges::find(state_->refusals, id, &PluginRefusal::id);
    if (claimed != state_->refusals.end()) return refusal_of(*claimed);
    // A file that cannot even say its id is known by its name.
    const auto named = std::ranges::find_if(state_->refusals, [&](const PluginRefusal& r) { return r.path.stem() == id; });
    if (named != state_->refusals.end()) return refusal_of(*named);

    std::vector<std::string_view> known;
    for (const auto& plugin : state_->plugins) known.push_back(plugin.id);
    const auto hint = base::did_you_mean(id, known);
    std::string searched;
    for (const auto& path : state_->paths) searched += (searched.empty() ? "" : ", ") + path.string();
    return Error(ErrorCode::not_found, "there is no plugin \"" + std::string(id) + '"' + (hint.empty() ? "" : "; " + hint)
                                           + "; searched " + (searched.empty() ? "nowhere" : searched));
}

Error PluginRegistry::why_missing(PluginKind kind, std::string_view short_name) const {
    return why_missing(full_id(kind, short_name));
}

Result<std::shared_ptr<PluginLibrary>> PluginRegistry::load(std::string_view id) const {
    const PluginInfo* known = find(id);
    if (known == nullptr) return std::unexpected(why_missing(id));
    const std::scoped_lock lock(state_->mutex);
    if (const auto loaded = state_->loaded.find(id); loaded != state_->loaded.end()) return loaded->second;
    auto library = state_->load_file(*known);
    if (library) state_->loaded.emplace(known->id, *library);
    return library;
}

Result<std::shared_ptr<PluginLibrary>> PluginRegistry::load(PluginKind kind, std::string_view short_name) const {
    return load(full_id(kind, short_name));
}

}  // namespace penstock::guests

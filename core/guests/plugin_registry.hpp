#pragma once

// The plugins of this process: found on the search paths, judged by their manifests before anything of them runs, and
// loaded on demand, once, for good.
//
//     auto registry = guests::PluginRegistry::scan(guests::default_search_paths());
//     const auto library = registry.load(PluginKind::driver, "modbus");
//     if (!library) return std::unexpected(library.error());   // names what was refused, or the nearest known id
//     auto driver = guests::create_driver(**library, settings, io, "plc1");

#include <filesystem>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include <penstock/result.hpp>

#include "core/guests/plugin_info.hpp"
#include "core/guests/plugin_library.hpp"

namespace penstock::guests {

// A folder is searched for *.so (not below it); a file is taken as it is. A folder that does not exist holds nothing.
using SearchPaths = std::vector<std::filesystem::path>;

// ../lib/penstock as seen from the program's own folder, then the entries of $PENSTOCK_PLUGIN_PATH (':' between them).
[[nodiscard]] SearchPaths default_search_paths();

struct RegistryOptions {
    // Private copies of loaded libraries lie in a folder of their own below this one, 0700, removed with the registry.
    // Empty: the system's folder for temporary files.
    std::filesystem::path runtime_folder;
};

class PluginRegistry {
public:
    // Reads and judges every library on the paths, in order; within a folder by file name. Of two with the same id the
    // first stays and the second is refused. [worker: reads files]
    [[nodiscard]] static PluginRegistry scan(const SearchPaths& paths, RegistryOptions options = {});

    PluginRegistry(PluginRegistry&&) noexcept;
    PluginRegistry& operator=(PluginRegistry&&) noexcept;
    ~PluginRegistry();

    // Usable plugins in the order found, and the files turned away. [any-thread]
    [[nodiscard]] std::span<const PluginInfo> list() const noexcept;
    [[nodiscard]] std::span<const PluginRefusal> refusals() const noexcept;

    // By full id, or by kind and the id without its kind ("modbus"). Null if there is none. [any-thread]
    [[nodiscard]] const PluginInfo* find(std::string_view id) const noexcept;
    [[nodiscard]] const PluginInfo* find(PluginKind kind, std::string_view short_name) const noexcept;

    // Why there is no such plugin: the refusal of a file that claims this id, else the nearest known one, else where was
    // searched. [any-thread]
    [[nodiscard]] Error why_missing(std::string_view id) const;
    [[nodiscard]] Error why_missing(PluginKind kind, std::string_view short_name) const;

    // The library, loaded if it was not yet. What is loaded is a private copy of exactly the bytes that were judged: the
    // file is read and judged again at this moment, so one replaced since the scan is judged as it is now, and one
    // replaced later changes nothing. Error: not_found, or invalid_config with the refusal. [any-thread]
    [[nodiscard]] Result<std::shared_ptr<PluginLibrary>> load(std::string_view id) const;
    [[nodiscard]] Result<std::shared_ptr<PluginLibrary>> load(PluginKind kind, std::string_view short_name) const;

private:
    struct State;
    explicit PluginRegistry(std::unique_ptr<State> state) noexcept;
    std::unique_ptr<State> state_;
};

}  // namespace penstock::guests

#pragma once

// A site: what a site engineer wrote, read from its folder, checked as a whole and ready to run. Definitions only: nothing
// here knows a running plant.
//
//     const site::SiteResult result = site::load_site("config/waterworks", {}, plugins);
//     for (const site::Fault& fault : result.faults) std::puts(fault.text().c_str());
//     if (result.site) result.site->add_tags(builder);
//
// Loading is all or nothing: any fault, and there is no Site. Files are only read, and only below the folder: a link that
// leads out of it, a pipe or a device is refused, and no text found in a file ever becomes a path.
//
// Limits: 64 MiB a file, 10,000 files, 512 MiB in all, 64 levels of JSON, 8 levels of folders, 16 million values a file, 4 million tags.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <penstock/result.hpp>
#include <penstock/time.hpp>

#include "core/site/fault.hpp"
#include "core/tags/tag_catalog.hpp"

namespace penstock {
enum class DefinitionKind : std::uint8_t;  // penstock/operations.hpp
}
namespace penstock::base {
class SettingsDocument;
}
namespace penstock::alarms {
class AlarmCatalogBuilder;
}
namespace penstock::guests {
class PluginRegistry;
}
namespace penstock::tags {
class TagCatalogBuilder;
}

namespace penstock::site {

class SitePlugins;
struct SiteContent;

struct ScanClass {
    std::string name;
    Duration period;
};

// devices/NAME.json
struct Device {
    std::string name;  // the file's name without .json
    std::string driver;  // plugin id: "driver.modbus"
    std::string endpoint;  // as the driver understands it; "" if the driver needs none
    std::vector<ScanClass> scan_classes;  // in the file's order; never empty: {"default", 1s} if the file names none
    std::string default_scan_class;  // of tags that name none
    Duration backoff_min{}, backoff_max{}, read_deadline{};
    std::string file;
    // The whole file with parameters applied; what the driver is born with. Shared: it outlives the Site.
    std::shared_ptr<const base::SettingsDocument> settings;
};

// "plugins" of site.json
struct PluginUse {
    std::string id;
    std::shared_ptr<const base::SettingsDocument> settings;
};

// "journal" of site.json
struct JournalSettings {
    Duration events_group = 2ms, values_group = 50ms;
    Duration buffer_time = std::chrono::hours(24);
    std::uint64_t buffer_bytes = 20'000'000'000;
};

// What stations fetch by name and hash.
struct Document {
    DefinitionKind kind;
    std::string name;
    std::string content;  // canonical JSON: keys sorted, no white space, parameters applied
    std::string hash;  // SHA-256 of the content, hex
};

// Immutable. [any-thread]
class Site {
public:
    explicit Site(std::unique_ptr<SiteContent> content) noexcept;
    ~Site();

    [[nodiscard]] const std::string& name() const noexcept;
    [[nodiscard]] std::span<const std::string> languages() const noexcept;  // at least one
    [[nodiscard]] const std::string& time_zone() const noexcept;  // IANA; "UTC" if the site names none
    [[nodiscard]] const std::string& start_screen() const noexcept;  // "" for none
    [[nodiscard]] std::span<const std::string> areas() const noexcept;  // paths "works/intake", sorted, parents included
    [[nodiscard]] std::span<const Device> devices() const noexcept;  // in order of name
    [[nodiscard]] std::span<const PluginUse> plugins() const noexcept;  // in order of id
    [[nodiscard]] const JournalSettings& journal() const noexcept;
    [[nodiscard]] std::span<const Document> documents() const noexcept;  // in order of kind, then name
    // Null if there is none.
    [[nodiscard]] const Document* document(DefinitionKind kind, std::string_view name) const noexcept;

    // In order of file, then as written. Views are valid as long as the Site.
    [[nodiscard]] std::span<const tags::TagDefinition> tags() const noexcept;
    // Adds all of them.
    void add_tags(tags::TagCatalogBuilder& builder) const;
    // Whether it has alarms; then its tags are with those that the alarms make (system tags, conditions).
    [[nodiscard]] std::size_t alarm_count() const noexcept;
    // All alarms, with their classes, priorities, points and rules: build() wants the catalog of all tags of this site. Once: they are
    // taken out.
    [[nodiscard]] alarms::AlarmCatalogBuilder take_alarms();

    // SHA-256 (hex) over the canonical content of all files, parameters applied: white space, comments and the order of
    // keys do not count, every value does.
    [[nodiscard]] const std::string& revision() const noexcept;
    // "Waterworks: 1 device, 80 tags, 60 alarms, 2 screens, revision 5f0c9a2b71d3": what `penstock check` prints of a good site.
    [[nodiscard]] std::string summary() const;

private:
    std::unique_ptr<SiteContent> content_;
};

// Values for {"param": NAME, "default": VALUE}.
struct Params {
    // "NAME=VALUE", as it stands behind --set. invalid_argument if it is anything else.
    [[nodiscard]] Result<void> add(std::string_view setting);

    std::vector<std::pair<std::string, std::string>> set;  // --set NAME=VALUE; the last of one name wins
    std::filesystem::path overlay;  // a JSON file {NAME: VALUE}; weaker than `set`; empty for none
};

struct SiteResult {
    std::vector<Fault> faults;  // in order of file, line, column; all of them, up to kMaxFaults
    std::unique_ptr<Site> site;  // null if there is a fault
};

// Reads and checks a site. Loads the plugins that it names, creates their instances without I/O to ask what an address
// means, and releases them. Never throws. [worker]
[[nodiscard]] SiteResult load_site(const std::filesystem::path& folder, const Params& params,
                                   const guests::PluginRegistry& registry);
// The same with any source of plugin knowledge (tests).
[[nodiscard]] SiteResult load_site(const std::filesystem::path& folder, const Params& params, SitePlugins& plugins);

}  // namespace penstock::site

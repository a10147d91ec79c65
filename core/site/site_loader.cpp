// The order in which a site is read, and what its folder may hold.
#include <algorithm>
#include <array>

#include <penstock/operations.hpp>

#include "core/base/sha256.hpp"
#include "core/base/suggest.hpp"
#include "core/site/alarms/load_alarms.hpp"
#include "core/site/load_context.hpp"
#include "core/site/names.hpp"
#include "core/site/registry_plugins.hpp"
#include "core/site/tag_checker.hpp"

namespace penstock::site {
namespace {

constexpr std::string_view kKnownEntries[] = {"site.json", "devices", "types", "tags", "alarms", "screens"};
// Of the design, but not of this version: to pass over them in silence would be a lie.
constexpr std::string_view kLaterEntries[] = {"reports", "stations", "texts", "access.json"};

bool contains(std::span<const std::string_view> words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

// For people, beside the site: README.md, LICENSE, CHANGELOG.md ...
bool is_note(const Entry& entry) {
    constexpr std::string_view kNotes[] = {"README", "LICENSE", "LICENCE", "COPYING", "NOTICE", "CHANGELOG"};
    if (entry.is_folder) return false;
    return entry.own_name.ends_with(".md") || contains(kNotes, entry.own_name) || entry.own_name == "README.txt";
}

void report_unknown_entry(const Entry& entry, FaultList& faults) {
    std::vector<std::string_view> known(std::begin(kKnownEntries), std::end(kKnownEntries));
    faults.add_file(entry.name, entry.is_folder ? "the folder is not part of a site" : "the file is not part of a site",
                    base::did_you_mean(entry.own_name, known));
}

// True for entries that a part of the loader reads.
bool check_top_entry(const Entry& entry, FaultList& faults) {
    if (is_note(entry)) return false;
    if (contains(kLaterEntries, entry.own_name)) {
        faults.add_file(entry.name, "is not supported yet by this version of Penstock", "take it out of the site until it is");
        return false;
    }
    if (!contains(kKnownEntries, entry.own_name)) {
        report_unknown_entry(entry, faults);
        return false;
    }
    const bool wants_folder = entry.own_name != "site.json";
    if (wants_folder == entry.is_folder) return true;
    faults.add_file(entry.name, wants_folder ? "found a file; wanted a folder" : "found a folder; wanted a file");
    return false;
}

// Files with one of the endings; all else in the folder is a fault.
std::vector<Entry> list_files(const SiteFolder& folder, const std::string& name, std::span<const std::string_view> endings,
                              std::size_t levels, FaultList& faults) {
    std::vector<Entry> files;
    for (Entry& entry : folder.list(name, faults)) {
        if (is_note(entry)) continue;
        if (entry.is_folder) {
            if (levels <= 1) {
                faults.add_file(entry.name,
                                levels == 0 ? "folders inside " + name + "/ are not supported; its files lie side by side"
                                            : "folders are nested deeper than " + std::to_string(kMaxFolderDepth) + " levels");
                continue;
            }
            for (Entry& inner : list_files(folder, entry.name, endings, levels - 1, faults)) files.push_back(std::move(inner));
            continue;
        }
        const bool fits =
            std::ranges::any_of(endings, [&entry](std::string_view ending) { return entry.own_name.ends_with(ending); });
        if (fits) {
            files.push_back(std::move(entry));
            continue;
        }
        std::string words;
        for (const std::string_view ending : endings) words += (words.empty() ? "" : " or ") + std::string(ending);
        faults.add_file(entry.name, "the file's name does not end in " + words);
    }
    return files;
}

void load_parts(LoadContext& context) {
    constexpr std::array<std::string_view, 1> kJson{".json"};
    constexpr std::array<std::string_view, 2> kTables{".json", ".csv"};
    std::vector<std::string> present;
    for (const Entry& entry : context.folder->list("", context.faults)) {
        if (check_top_entry(entry, context.faults)) present.push_back(entry.name);
    }
    const auto has = [&present](std::string_view name) { return std::ranges::find(present, name) != present.end(); };
    const auto files = [&](std::string_view name, std::span<const std::string_view> endings, std::size_t levels) {
        return has(name) ? list_files(*context.folder, std::string(name), endings, levels, context.faults)
                         : std::vector<Entry>();
    };
    if (has("site.json"))
        load_settings(context);
    else
        context.faults.add_file("site.json", "the file is missing: a site's name, areas and plugins are in it",
                                "\"penstock new site DIR\" makes a site that runs");
    context.knows_all_widgets = context.knows_all_widgets && has("site.json");
    for (const Entry& file : files("devices", kJson, 0)) load_device(context, file);
    load_types(context, files("types", kJson, 0));
    TagChecker tags(context);
    load_tags(context, tags, files("tags", kTables, kMaxFolderDepth));
    AlarmLoader alarms(context, tags);
    alarms.read(files("alarms", kJson, kMaxFolderDepth));
    tags.finish();
    for (const Entry& file : files("screens", kJson, 0)) load_screen(context, file);
    alarms.finish();
    check_start_screen(context);
    context.params.report_unused(context.faults);
}

// JSON in its one form with parameters applied, CSV as it is without byte order mark; each with name and length.
std::string revision_of(const SiteContent& content) {
    struct File {
        std::string_view name, text;
        const JsonDocument* json = nullptr;
    };
    std::vector<File> files;
    for (const auto& document : content.json) files.push_back({document->source().name(), {}, document.get()});
    for (const auto& source : content.sources) files.push_back({source->name(), source->text()});
    std::ranges::sort(files, {}, &File::name);
    base::Sha256 hash;
    hash.update_framed("penstock site 1");
    std::string canonical;  // of one file after another, in the same memory
    for (const File& file : files) {
        canonical.clear();
        if (file.json != nullptr) write_canonical_json(file.json->root(), canonical);
        hash.update_framed(file.name);
        hash.update_framed(file.json != nullptr ? canonical : file.text);
    }
    return hash.finish();
}

SiteResult load(const std::filesystem::path& path, const Params& params, SitePlugins& plugins) {
    FaultList faults;
    auto content = std::make_unique<SiteContent>();
    LoadContext context(plugins, *content, params, faults);
    context.folder = SiteFolder::open(path, faults);
    if (context.folder) load_parts(context);
    if (!faults.empty()) return {faults.take(), nullptr};
    std::ranges::sort(content->devices, {}, &Device::name);
    std::ranges::sort(content->documents, {},
                      [](const Document& document) { return std::pair(document.kind, std::string_view(document.name)); });
    content->revision = revision_of(*content);
    return {{}, std::make_unique<Site>(std::move(content))};
}

}  // namespace

bool LoadContext::has_area(std::string_view path) const {
    return std::ranges::binary_search(content.areas, path, std::less<>());
}

Written LoadContext::written(std::string_view text, std::uint32_t offset, const SourceText& file) const {
    if (file.holds(text)) return {&file, file.offset_of(text.data()) + offset};
    const auto made = made_expressions.find(text.data());
    if (made == made_expressions.end()) return {};
    const auto& [pattern, instance, source] = made->second;
    if (!source->holds(pattern->written())) return {};
    const std::uint32_t inside = pattern->written_at(instance->name, instance->values, offset);
    return {source, source->offset_of(pattern->written().data()) + inside};
}

JsonDocument* LoadContext::read_json(const std::string& name) {
    const auto source = folder->read(name, faults);
    if (!source) return nullptr;
    auto document = JsonDocument::parse(source, faults);
    if (!document) return nullptr;
    params.apply(*document, faults);
    return content.json.emplace_back(std::move(document)).get();
}

std::string stem_of(const Entry& file, std::string_view what, FaultList& faults) {
    std::string stem = file.own_name.substr(0, file.own_name.size() - std::string_view(".json").size());
    const std::string fault = name_fault(stem);
    if (fault.empty()) return stem;
    faults.add_file(file.name, "the " + std::string(what) + "'s name " + in_quotes(stem) + " " + fault);
    return {};
}

SiteResult load_site(const std::filesystem::path& folder, const Params& params, SitePlugins& plugins) {
    try {
        return load(folder, params, plugins);
    } catch (const std::exception& error) {  // no memory, or a broken program: said, not hidden
        return {{Fault{{}, 0, 0, {}, "the site cannot be read: " + std::string(error.what()), {}}}, nullptr};
    }
}

SiteResult load_site(const std::filesystem::path& folder, const Params& params, const guests::PluginRegistry& registry) {
    RegistryPlugins plugins(registry);
    return load_site(folder, params, plugins);
}

}  // namespace penstock::site

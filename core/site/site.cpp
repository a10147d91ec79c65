#include "core/site/site.hpp"

#include <algorithm>

#include <penstock/operations.hpp>

#include "core/site/fault_list.hpp"
#include "core/site/site_content.hpp"
#include "core/tags/tag_catalog_builder.hpp"

namespace penstock::site {

Site::Site(std::unique_ptr<SiteContent> content) noexcept : content_(std::move(content)) {}
Site::~Site() = default;

const std::string& Site::name() const noexcept { return content_->name; }
std::span<const std::string> Site::languages() const noexcept { return content_->languages; }
const JournalSettings& Site::journal() const noexcept { return content_->journal; }
const std::string& Site::time_zone() const noexcept { return content_->time_zone; }
const std::string& Site::start_screen() const noexcept { return content_->start_screen; }
std::span<const std::string> Site::areas() const noexcept { return content_->areas; }
std::span<const Device> Site::devices() const noexcept { return content_->devices; }
std::span<const PluginUse> Site::plugins() const noexcept { return content_->plugins; }
std::span<const Document> Site::documents() const noexcept { return content_->documents; }
std::span<const tags::TagDefinition> Site::tags() const noexcept { return content_->tags; }
const std::string& Site::revision() const noexcept { return content_->revision; }

const Document* Site::document(DefinitionKind kind, std::string_view name) const noexcept {
    for (const Document& document : content_->documents) {
        if (document.kind == kind && document.name == name) return &document;
    }
    return nullptr;
}

void Site::add_tags(tags::TagCatalogBuilder& builder) const {
    builder.reserve(builder.size() + content_->tags.size());
    for (const tags::TagDefinition& tag : content_->tags) builder.add(tag);
}

std::size_t Site::alarm_count() const noexcept { return content_->alarms.alarms.size(); }
alarms::AlarmCatalogBuilder Site::take_alarms() { return take_builder(content_->alarms, content_->languages); }

std::string Site::summary() const {
    std::size_t screens = 0;
    for (const Document& document : content_->documents) screens += document.kind == DefinitionKind::screen ? 1U : 0U;
    constexpr std::size_t kShownDigits = 12;
    const auto own = std::ranges::count_if(tags(), [](const tags::TagDefinition& tag) { return !tag.system; });
    const std::string alarms = alarm_count() == 0 ? "" : counted(alarm_count(), "alarm") + ", ";
    return escaped(name()) + ": " + counted(devices().size(), "device") + ", " + counted(static_cast<std::size_t>(own), "tag")
           + ", " + alarms + counted(screens, "screen") + ", revision " + revision().substr(0, kShownDigits);
}

}  // namespace penstock::site

#include "apps/client/widget_host.hpp"

#include "core/base/log.hpp"
#include "core/base/suggest.hpp"
#include "core/guests/plugin_registry.hpp"

namespace penstock::station {

WidgetHost::WidgetHost(const guests::PluginRegistry& plugins) {
    for (const auto& info : plugins.list()) {
        if (info.kind != PluginKind::widget) continue;
        auto code = plugins.load(info.id);
        auto widgets = code ? guests::create_widget_library(**code, no_settings_) : std::unexpected(code.error());
        if (!widgets) {
            base::log::warning("{}", widgets.error().text());
            refusals_.push_back(widgets.error().text());
            continue;
        }
        auto& library = *widgets;
        for (std::uint32_t i = 0; i < library->type_count(); ++i) types_.emplace(library->type(i).view(), libraries_.size());
        libraries_.push_back({*std::move(code), *std::move(widgets)});
    }
    for (const auto& refusal : plugins.refusals())
        if (refusal.id.find("widget.") != std::string::npos)
            refusals_.push_back(refusal.path.string() + ": " + refusal.sentence);
}

Result<guests::WidgetOwner> WidgetHost::create(std::string_view type) const {
    const auto found = types_.find(type);
    if (found != types_.end()) {
        const auto& library = libraries_[found->second];
        return guests::create_widget(*library.widgets, library.code->info(), type);
    }
    std::string sentence = "there is no widget type \"" + std::string(type) + '"';
    std::vector<std::string> known;
    for (const auto& [name, index] : types_) known.push_back(name);
    if (const auto hint = base::did_you_mean(type, known); !hint.empty()) sentence += "; " + hint;
    for (const auto& refusal : refusals_) sentence += "; " + refusal;
    return fail(ErrorCode::not_found, std::move(sentence));
}

}  // namespace penstock::station

#include "core/site/load_context.hpp"
#include "core/site/types/instances.hpp"
#include "core/site/types/overrides.hpp"

namespace penstock::site {
namespace {

// What an alarm of the instance has without its type saying so.
void complete(const TypeInstance& instance, LoadContext& context, JsonComposite& made) {
    const auto keep = [&context](const std::string& text) { return context.content.made_texts.keep(text); };
    const JsonView alarm = made.root();
    const JsonView name = alarm.find("name");
    const JsonView own_was = alarm.find("was");
    const std::string was = own_was.is_text() ? std::string(own_was.text()) : std::string(name.text());
    const bool has_former = own_was.is_text() || !instance.was.empty();
    const std::string_view former =
        has_former ? keep(std::string(instance.was.empty() ? instance.name : instance.was) + "." + was) : std::string_view();
    const bool wants_area = instance.area.exists() && !alarm.find("area").exists();
    const bool wants_screen = instance.type->screen.exists() && !alarm.find("screen").exists();
    if (own_was.is_text()) made.set(own_was.index(), former);
    if (name.is_text()) made.set(name.index(), keep(std::string(instance.name) + "." + std::string(name.text())));
    made.reopen(0);
    if (wants_area) made.copy(instance.area);
    if (has_former && !own_was.exists()) made.text("was", former, instance.object);
    if (wants_screen) made.copy(instance.type->screen);
    made.close();
}

}  // namespace

std::unique_ptr<JsonDocument> expand_alarms(const TypeInstance& instance, LoadContext& context) {
    JsonComposite all, made, merged;
    all.open(instance.type->root.find("alarms"));
    for (const Subtree& alarm : instance.type->alarms) {
        const auto overrides = overrides_of_alarm(instance, alarm.json.find("name").text());
        if (!overrides.empty() && overrides.front().kind() == JsonKind::null) continue;
        made.clear();
        put_down(alarm, instance, context, made);
        if (!overrides.empty()) {
            merge(made.root(), overrides, nullptr, instance, context, merged);
            std::swap(made, merged);
        }
        complete(instance, context, made);
        all.copy(made.root());
    }
    all.close();
    return all.take();
}

}  // namespace penstock::site

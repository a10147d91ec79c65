#include "core/site/load_context.hpp"
#include "core/site/types/instances.hpp"
#include "core/site/types/overrides.hpp"

namespace penstock::site {
namespace {

// What an alarm of the instance has without its type saying so.
void complete(const TypeInstance& instance, LoadContext& context, JsonComposite& made) {
    const JsonView alarm = made.root();
    const JsonView name = alarm.find("name");
    const bool wants_area = instance.area.exists() && !alarm.find("area").exists();
    const bool wants_screen = instance.type->screen.exists() && !alarm.find("screen").exists();
    const std::string full = std::string(instance.name) + "." + std::string(name.text());
    if (name.is_text()) made.set(name.index(), context.content.made_texts.keep(full));
    made.reopen(0);
    if (wants_area) made.copy(instance.area);
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

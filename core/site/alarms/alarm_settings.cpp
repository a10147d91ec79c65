// "alarm_classes" and "alarm_priorities" of site.json
#include <algorithm>
#include <set>

#include <penstock/settings.hpp>

#include "core/base/sound_pattern.hpp"
#include "core/site/alarms/alarm_formats.hpp"
#include "core/site/load_context.hpp"
#include "core/site/names.hpp"

namespace penstock::site {
namespace {

bool is_color(std::string_view text) {
    static constexpr std::string_view kDigits = "0123456789abcdefABCDEF";
    return text.size() == 7 && text.front() == '#'
           && std::ranges::all_of(text.substr(1), [](char c) { return kDigits.find(c) != std::string_view::npos; });
}

void take_priority(const JsonView& entry, LoadContext& context) {
    alarms::PriorityStyle style;
    const JsonView name = entry.find("name");
    const JsonView color = entry.find("color");
    const JsonView sound = entry.find("sound");
    auto& known = context.content.alarms.priorities;
    if (const std::string fault = name.is_text() ? name_fault(name.text()) : ""; !fault.empty())
        add_fault(context.faults, name, "the priority's name " + in_quotes(name.text()) + " " + fault);
    else if (name.is_text() && std::ranges::find(known, name.text(), &alarms::PriorityStyle::name) != known.end())
        add_fault(context.faults, name, "the priority " + in_quotes(name.text()) + " is here a second time");
    if (color.is_text() && color.text().size() == 7 && !is_color(color.text()))
        add_fault(context.faults, color, in_quotes(color.text()) + " is no color; wanted one such as \"#D32F2F\"");
    if (const JsonView pattern = sound.find("pattern"); pattern.is_text())
        if (const auto tones = base::parse_sound_pattern(pattern.text()); !tones)
            add_fault(context.faults, pattern, tones.error().sentence());
    style.name = name.text();
    style.color = color.text();
    style.sound = sound.find("pattern").text();
    style.repeat = parse_duration(sound.find("repeat").text()).value_or(Duration{});
    known.push_back(std::move(style));
}

void take_class(const JsonView& entry, LoadContext& context) {
    const std::string fault = name_fault(entry.key());
    if (!fault.empty()) add_key_fault(context.faults, entry, "the class's name " + in_quotes(entry.key()) + " " + fault);
    alarms::AlarmClass made;
    made.name = entry.key();
    const JsonView acknowledge = entry.find("acknowledge");
    made.life.needs_acknowledge = !acknowledge.exists() || acknowledge.boolean();
    made.life.needs_confirm = entry.find("confirm").boolean();
    made.life.latches = entry.find("latch").boolean();
    made.wants_comment = entry.find("comment").boolean();
    made.longest_shelf = parse_duration(entry.find("shelve_up_to").text()).value_or(std::chrono::hours(8));
    if (made.life.needs_confirm && !made.life.needs_acknowledge)
        add_fault(context.faults, entry.find("confirm"),
                  "\"confirm\" is true, but nobody has to acknowledge: \"acknowledge\" is false");
    std::vector<std::string_view> mandatory;
    for (const JsonView word : entry.find("mandatory")) mandatory.push_back(word.text());
    context.mandatory.push_back(std::move(mandatory));
    context.content.alarms.classes.push_back(std::move(made));
}

}  // namespace

void take_alarm_settings(const JsonView& root, LoadContext& context) {
    for (const JsonView entry : root.find("alarm_priorities")) take_priority(entry, context);
    for (const JsonView entry : root.find("alarm_classes")) take_class(entry, context);
    auto& alarms = context.content.alarms;
    if (!root.find("alarm_priorities").exists()) add_usual_priorities(alarms);
    if (!root.find("alarm_classes").exists()) {
        add_usual_classes(alarms);
        context.mandatory.resize(alarms.classes.size());
    }
}

}  // namespace penstock::site

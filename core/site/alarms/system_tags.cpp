#include "core/alarms/figure_definitions.hpp"
#include "core/site/alarms/load_alarms.hpp"

namespace penstock::site {
namespace {

void add(std::string_view name, std::string_view area, const alarms::FigureDefinition& figure, LoadContext& context) {
    const auto number = static_cast<std::uint32_t>(context.content.tags.size());
    const std::uint32_t other = context.tags.insert(name, number);
    if (other != NameTable::kNone) {
        const tags::TagDefinition& tag = context.content.tags[other];
        Fault fault;
        fault.file = tag.file;
        fault.line = tag.line;
        fault.column = tag.column;
        fault.message =
            "the tag " + in_quotes(name) + " is one of the server's own: a key figure of alarms; wanted another name";
        return context.faults.add(std::move(fault));
    }
    tags::TagDefinition tag;
    tag.name = name;
    tag.area = area;
    tag.unit = figure.unit;
    tag.description = figure.meaning;
    tag.type = figure.type;
    tag.system = true;
    context.content.tags.push_back(std::move(tag));
}

}  // namespace

void add_alarm_tags(LoadContext& context) {
    const auto add_scope = [&context](std::string_view scope, std::string_view area) {
        for (const alarms::FigureDefinition& figure : alarms::figure_definitions())
            add(context.content.made_texts.keep(alarms::figure_tag(scope, figure.name)), area, figure, context);
    };
    add_scope(alarms::kPlantScope, {});
    for (const std::string& area : context.content.areas) add_scope(alarms::area_scope(area), area);
    for (const auto& each : context.content.alarms.classes) add_scope(alarms::class_scope(each.name), {});
}

}  // namespace penstock::site

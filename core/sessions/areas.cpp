// The plant areas that requests name.
#include <algorithm>

#include "core/sessions/handlers.hpp"

namespace penstock::sessions {
namespace {

void add_area(std::string_view area, AreaList& areas) {
    if (std::ranges::find(areas, area) == areas.end()) areas.emplace_back(area);
}

void add_tag(const Plant& plant, std::string_view name, AreaList& areas) {
    const auto& catalog = plant.reader.catalog();
    if (const auto tag = catalog.find(name)) add_area(catalog.view(*tag).area, areas);
}

}  // namespace

void areas_of_read(const Plant& plant, const ReadRequest& request, AreaList& areas) {
    for (const auto& tag : request.tags) add_tag(plant, tag, areas);
}

void areas_of_write(const Plant& plant, const WriteTagsRequest& request, AreaList& areas) {
    for (const auto& item : request.values) add_tag(plant, item.tag, areas);
}

void areas_of_explain(const Plant& plant, const ExplainRequest& request, AreaList& areas) {
    add_tag(plant, request.tag, areas);
}

void areas_of_definition(const Plant& plant, const DefinitionRequest& request, AreaList& areas) {
    if (request.name.empty()) return;
    if (const auto document = plant.services->document(request.kind, request.name)) add_area(document->area, areas);
}

void areas_of_subscribe(const Plant& plant, const SubscribeRequest& request, AreaList& areas) {
    for (const auto& tag : request.tags) add_tag(plant, tag, areas);
}

void areas_of_history(const Plant& plant, const HistoryRequest& request, AreaList& areas) {
    add_tag(plant, request.tag, areas);
}

void areas_of_trend(const Plant& plant, const TrendRequest& request, AreaList& areas) {
    for (const auto& tag : request.tags) add_tag(plant, tag, areas);
}

void areas_of_series(const Plant& plant, const SubscribeSeriesRequest& request, AreaList& areas) {
    for (const auto& tag : request.tags) add_tag(plant, tag, areas);
}

void areas_of_events(const Plant&, const EventsRequest& request, AreaList& areas) {
    if (!request.area.empty()) add_area(request.area, areas);
}

}  // namespace penstock::sessions

#pragma once

// What an instance says differently from its type: {"speed": {"range": [0, 1500]}, "alarms": {"trip": null}}.

#include <string>
#include <string_view>
#include <vector>

#include "core/site/types/instances.hpp"

namespace penstock::site {

struct ObjectFormat;

// Names of members and alarms that the type has not; what is said of one and is no object.
void check_overrides(const TypeInstance& instance, FaultList& faults);

// What is said of one member, or of one alarm, strongest first.
[[nodiscard]] std::vector<JsonView> overrides_of_member(const TypeInstance& instance, std::string_view member);
[[nodiscard]] std::vector<JsonView> overrides_of_alarm(const TypeInstance& instance, std::string_view alarm);

// The object in `from` with the keys of the overrides in place of its own (whole values; null takes a key away) into `into`. Keys that the
// format has not, or whose values have another shape, are faults and left out; null: whoever reads it checks. Returns their names.
std::string merge(const JsonView& from, const std::vector<JsonView>& overrides, const ObjectFormat* format,
                  const TypeInstance& instance, LoadContext& context, JsonComposite& into);

}  // namespace penstock::site

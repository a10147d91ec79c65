#include "tests/core/site/fake_plugins.hpp"

#include <algorithm>
#include <charconv>

namespace penstock::site::testing {
namespace {

constexpr const char* kModbusSchema = R"({
  "type": "object",
  "required": ["endpoint"],
  "additionalProperties": false,
  "properties": {
    "driver": {},
    "endpoint": {"type": "string", "minLength": 3},
    "unit": {"type": "integer", "minimum": 0, "maximum": 255},
    "timeout_ms": {"type": "integer", "minimum": 10, "maximum": 60000}
  }
})";
constexpr const char* kWidgetSchema =
    R"({"type": "object", "additionalProperties": false, "properties": {"theme": {"enum": ["light", "dark"]}}})";

constexpr const char* kHistorianSchema = R"({"type": "object", "additionalProperties": false})";

class FakeAddresses final : public DeviceAddresses {
public:
    Result<guests::AddressInfo> parse(std::string_view text) override {
        const std::size_t colon = text.find(':');
        const std::string_view kind = text.substr(0, colon);
        std::string_view rest = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
        const bool is_bit = kind == "coil" || kind == "discrete";
        if (!is_bit && kind != "input" && kind != "holding") {
            return fail(ErrorCode::invalid_argument,
                        "found the kind \"" + std::string(kind) + "\"; wanted coil, discrete, input or holding");
        }
        unsigned number = 0;
        const auto read = std::from_chars(rest.data(), rest.data() + rest.size(), number);
        if (read.ec != std::errc()) return fail(ErrorCode::invalid_argument, "the register number is missing");
        if (number > 65535)
            return fail(ErrorCode::invalid_argument, "register number " + std::to_string(number) + " is beyond 65535");
        rest.remove_prefix(static_cast<std::size_t>(read.ptr - rest.data()));
        guests::AddressInfo info{is_bit ? ValueType::boolean : ValueType::uint64, kind == "coil" || kind == "holding", 0};
        if (rest.starts_with(':')) info.type = parse_value_type(rest.substr(1));
        if (info.type == ValueType::none)
            return fail(ErrorCode::invalid_argument,
                        "found the raw type \"" + std::string(rest.substr(1)) + "\"; wanted bool, int, uint, double or string");
        return info;
    }
};

const std::map<std::string, PolicyShape, std::less<>>& policies() {
    static const std::map<std::string, PolicyShape, std::less<>> known{
        {"alarm_policy.limits",
         {{"low_low", "low", "high", "high_high"}, {"low_low", "low", "high", "high_high", "hysteresis"}, false}},
        {"alarm_policy.deviation", {{"low", "high"}, {"setpoint", "low", "high", "hysteresis"}, false}},
        {"alarm_policy.discrete", {{"active"}, {"state"}, false}},
        {"alarm_policy.flood", {{"flood"}, {"begins", "ends", "window_s"}, false}},
        {"alarm_policy.quality", {{"bad", "uncertain", "no_update"}, {"no_update"}, true}},
        {"alarm_policy.rate_of_change", {{"rising", "falling"}, {"rising", "falling", "window"}, false}}};
    return known;
}

}  // namespace

FakePlugins::FakePlugins()
    : schemas_{{"driver.modbus", kModbusSchema},
               {"widget.basic", kWidgetSchema},
               {"historian.memory", kHistorianSchema},
               {"historian.sqlite", kHistorianSchema}} {
    for (const auto& [id, shape] : policies()) schemas_.emplace(id, kHistorianSchema);
}

Result<PolicyShape> FakePlugins::policy_shape(std::string_view id, const base::SettingsDocument&) {
    return policies().find(id)->second;
}

std::vector<std::string> FakePlugins::ids() const {
    std::vector<std::string> ids;
    for (const auto& [id, schema] : schemas_) ids.push_back(id);
    return ids;
}

const std::string* FakePlugins::schema(std::string_view id) const {
    const auto found = schemas_.find(id);
    return found == schemas_.end() ? nullptr : &found->second;
}

Error FakePlugins::why_missing(std::string_view id) const {
    return Error(ErrorCode::not_found, "no plugin \"" + std::string(id) + "\" on the search path");
}

Result<std::unique_ptr<DeviceAddresses>> FakePlugins::open_device(std::string_view, const base::SettingsDocument& settings,
                                                                  std::string_view) {
    if (settings.settings().text_or("endpoint", "") == "refused:1") {
        return std::unexpected(settings.settings().fault("endpoint", "the driver cannot use this endpoint"));
    }
    return std::make_unique<FakeAddresses>();
}

Result<std::vector<WidgetType>> FakePlugins::widget_types(std::string_view, const base::SettingsDocument&) {
    return std::vector<WidgetType>{
        {"value",
         R"({"properties": {"label": {"type": "string"}, "decimals": {"type": "integer", "minimum": 0, "maximum": 9}}, "bindings": {"value": {"required": true}}})"},
        {"tank",
         R"({"properties": {"label": {"type": "string"}}, "bindings": {"level": {"required": true, "types": ["double"]}, "high": {"types": ["double"]}}})"},
        {"button",
         R"({"properties": {"label": {"type": "string"}}, "required": ["label"], "bindings": {"state": {"types": ["bool"]}}})"},
    };
}

}  // namespace penstock::site::testing

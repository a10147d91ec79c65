// devices/*.json
#include <algorithm>
#include <cstdio>

#include <penstock/settings.hpp>

#include "core/base/suggest.hpp"
#include "core/site/format.hpp"
#include "core/site/load_context.hpp"

namespace penstock::site {
namespace {

std::vector<std::string> driver_names(const SitePlugins& plugins) {
    constexpr std::string_view kKind = "driver.";
    std::vector<std::string> names;
    for (const std::string& id : plugins.ids()) {
        const std::size_t at = id.find(kKind);
        if (at == 0 || (at != std::string::npos && id[at - 1] == '.'))
            names.push_back(id.substr(0, at) + id.substr(at + kKind.size()));
    }
    return names;
}

// "modbus" is driver.modbus, "com.example.foo" is com.example.driver.foo.
std::string driver_id(std::string_view name) {
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos) return "driver." + std::string(name);
    return std::string(name.substr(0, dot)) + ".driver" + std::string(name.substr(dot));
}

void take_scan_classes(const JsonView& map, Device& device) {
    for (const JsonView entry : map) {
        const auto period = parse_duration(entry.text());
        if (period) device.scan_classes.push_back({std::string(entry.key()), *period});
    }
    if (device.scan_classes.empty()) device.scan_classes.push_back({"default", std::chrono::seconds(1)});
}

bool take_default_scan_class(const JsonView& choice, Device& device, FaultList& faults) {
    device.default_scan_class = device.scan_classes.front().name;
    if (!choice.is_text()) return true;
    device.default_scan_class = choice.text();
    if (std::ranges::find(device.scan_classes, choice.text(), &ScanClass::name) != device.scan_classes.end()) return true;
    std::vector<std::string> names;
    for (const ScanClass& scan : device.scan_classes) names.push_back(scan.name);
    add_fault(faults, choice, "the scan class " + in_quotes(choice.text()) + " is not one of this device",
              base::did_you_mean(choice.text(), std::span<const std::string>(names)));
    return false;
}

Duration milliseconds(const JsonView& value, std::int64_t otherwise) {
    return std::chrono::milliseconds(value.kind() == JsonKind::integer ? value.integer() : otherwise);
}

bool take_host_keys(const JsonView& root, Device& device, FaultList& faults) {
    device.endpoint = root.find("endpoint").text();
    take_scan_classes(root.find("scan_classes"), device);
    const bool is_known = take_default_scan_class(root.find("default_scan_class"), device, faults);
    const JsonView low = root.find("backoff_min_ms");
    const JsonView high = root.find("backoff_max_ms");
    device.backoff_min = milliseconds(low, 200);
    device.backoff_max = milliseconds(high, std::max<std::int64_t>(1500, device.backoff_min / std::chrono::milliseconds(1)));
    device.read_deadline = milliseconds(root.find("read_deadline_ms"), 10'000);
    if (device.backoff_min <= device.backoff_max) return is_known;
    add_fault(faults, high,
              "\"backoff_max_ms\" is " + std::to_string(high.integer()) + ", less than \"backoff_min_ms\" ("
                  + std::to_string(device.backoff_min / std::chrono::milliseconds(1)) + ")");
    return false;
}

bool check_driver(const JsonView& root, const Device& device, LoadContext& context) {
    if (context.plugins.schema(device.driver) == nullptr) {
        const JsonView driver = root.find("driver");
        const std::vector<std::string> names = driver_names(context.plugins);
        const std::string why = context.plugins.why_missing(device.driver).sentence();
        add_fault(context.faults, driver, "the driver " + in_quotes(driver.text()) + " cannot be found: " + why,
                  has_suggestion(why) ? "" : base::did_you_mean(driver.text(), std::span<const std::string>(names)));
        return false;
    }
    const base::JsonSchema* const schema = context.schemas.of(device.driver, context.faults);
    return schema != nullptr && check_device_schema(*schema, root, context.faults);
}

// At the place that the driver names ("devices/plc1.json:4:14"), else at the whole device.
void report_refusal(const JsonView& root, const Error& error, FaultList& faults) {
    const std::string& file = root.document()->source().name();
    Fault fault{file, root.place().line, root.place().column, {}, "the driver refuses this device: " + error.text(), {}};
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    const std::string& where = error.where();
    if (where.starts_with(file + ":") && std::sscanf(where.c_str() + file.size(), ":%u:%u", &line, &column) == 2) {
        fault = {file, line, column, {}, "the driver refuses this device: " + error.sentence(), {}};
    }
    faults.add(std::move(fault));
}

// Names that differ in case only would be one device to people, and one file on some disks.
void report_lookalike(const std::string& name, const Entry& file, LoadContext& context) {
    for (const auto& [other, info] : context.devices) {
        if (other != name && base::edit_distance(other, name, 0) == 0) {
            context.faults.add_file(
                file.name, "the device's name differs from that of devices/" + other + ".json in upper and lower case only");
        }
    }
}

}  // namespace

void load_device(LoadContext& context, const Entry& file) {
    const std::string name = stem_of(file, "device", context.faults);
    if (name.empty()) return;
    report_lookalike(name, file, context);
    DeviceInfo& info = context.devices[name];
    const JsonDocument* const document = context.read_json(file.name);
    if (document == nullptr) return;
    const JsonView root = document->root();
    const bool is_shaped = check_object(root, device_format(), context.faults);
    if (!root.is_object()) return;
    Device device;
    device.name = name;
    device.file = file.name;
    device.driver = driver_id(root.find("driver").text());
    const bool has_host_keys = take_host_keys(root, device, context.faults);
    const bool has_driver = !root.find("driver").text().empty() && check_driver(root, device, context);
    device.settings = make_settings(root);
    info.is_good = is_shaped && has_host_keys;
    if (has_driver && is_shaped) {
        auto addresses = context.plugins.open_device(device.driver, *device.settings, name);
        if (addresses)
            info.addresses = std::move(*addresses);
        else
            report_refusal(root, addresses.error(), context.faults);
    }
    info.index = context.content.devices.size();
    context.content.devices.push_back(std::move(device));
}

}  // namespace penstock::site

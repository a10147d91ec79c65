#include "core/site/format.hpp"

#include "core/site/alarms/alarm_formats.hpp"
#include "core/site/format_parts.hpp"

namespace penstock::site {
namespace {

constexpr KeyFormat kJournalKeys[] = {
    {.key = "events_group",
     .shape = Shape::duration,
     .low = 1,
     .high = 100,
     .unit = "ms",
     .otherwise = "2ms",
     .what = "How long an action may wait before it is synced to the disk with others."},
    {.key = "values_group",
     .shape = Shape::duration,
     .low = 10,
     .high = 5'000,
     .unit = "ms",
     .otherwise = "50ms",
     .what = "The same for process values: at most this much of them is lost in a power cut."},
    {.key = "buffer_time",
     .shape = Shape::duration,
     .low = 60'000,
     .high = 30 * kDay,
     .unit = "ms",
     .otherwise = "24h",
     .what = "A historian that stays away longer loses its oldest values."},
    {.key = "buffer_gigabytes",
     .shape = Shape::integer,
     .low = 1,
     .high = 10'000,
     .unit = "GB",
     .otherwise = "20",
     .what = "Or for which more than this would have to be kept."},
};
constexpr ObjectFormat kJournal{"journal", kJournalKeys};

constexpr KeyFormat kSiteKeys[] = {
    {.key = "format",
     .shape = Shape::integer,
     .is_required = true,
     .low = 1,
     .high = 1,
     .what = "Version of the site's format."},
    {.key = "name",
     .is_required = true,
     .low = 1,
     .high = 255,
     .unit = "bytes",
     .what = "What the plant is called, on every station."},
    {.key = "languages",
     .shape = Shape::texts,
     .low = 1,
     .high = 50,
     .otherwise = "[\"en\"]",
     .what = "Languages of its texts (BCP 47: en, de, de-CH), the default first."},
    {.key = "time_zone", .otherwise = "UTC", .what = "IANA time zone of shifts and days: Europe/Zurich."},
    {.key = "start_screen", .otherwise = "none", .what = "The screen a station shows first: a file in screens/ without .json."},
    {.key = "areas", .shape = Shape::areas, .otherwise = "{}", .what = "The tree of areas, named by paths: works/intake."},
    {.key = "units",
     .shape = Shape::texts,
     .low = 0,
     .high = 1000,
     .otherwise = "[]",
     .what = "Units of this plant beside the known ones."},
    {.key = "journal",
     .shape = Shape::object,
     .otherwise = "{}",
     .what = "How the plant's memory is kept.",
     .object = &kJournal},
    {.key = "alarm_priorities",
     .shape = Shape::objects,
     .low = 1,
     .high = kMostAlarmPriorities,
     .otherwise = "critical, high, medium, low",
     .what = "How urgent alarms can be, the most urgent first.",
     .object = &kAlarmPriorityFormat},
    {.key = "alarm_classes",
     .shape = Shape::object_map,
     .low = 1,
     .high = kMostAlarmClasses,
     .otherwise = "{\"process\": {}}",
     .what = "How alarms are handled, by name; the first is that of alarms that name none.",
     .object = &kAlarmClassFormat},
    {.key = "plugins",
     .shape = Shape::settings_map,
     .otherwise = "{}",
     .what = "Plugins by id with their settings. Drivers need no entry; widget plugins do."},
};
constexpr ObjectFormat kSite{"site", kSiteKeys};

constexpr KeyFormat kDeviceKeys[] = {
    kFormatKey,
    {.key = "driver", .is_required = true, .low = 1, .high = 128, .what = "The driver's id without its kind: modbus."},
    {.key = "endpoint",
     .otherwise = "as the driver says",
     .what = "Where the device is, as the driver understands it: HOST:PORT."},
    {.key = "description", .high = kMaxText, .unit = "bytes", .otherwise = "\"\"", .what = "For people."},
    {.key = "scan_classes",
     .shape = Shape::duration_map,
     .low = 10,
     .high = kDay,
     .unit = "ms",
     .otherwise = "{\"default\": \"1s\"}",
     .what = "How often tags are polled, by name."},
    {.key = "default_scan_class", .otherwise = "the first", .what = "Of tags that name none."},
    {.key = "backoff_min_ms",
     .shape = Shape::integer,
     .low = 10,
     .high = 3'600'000,
     .unit = "ms",
     .otherwise = "200",
     .what = "Pause before the first attempt to connect again; doubles with every further one."},
    {.key = "backoff_max_ms",
     .shape = Shape::integer,
     .low = 10,
     .high = 3'600'000,
     .unit = "ms",
     .otherwise = "1500",
     .what = "The longest such pause."},
    {.key = "read_deadline_ms",
     .shape = Shape::integer,
     .low = 10,
     .high = 3'600'000,
     .unit = "ms",
     .otherwise = "10000",
     .what = "The host's bound for one call into the driver, above the driver's own timeouts."},
};
constexpr ObjectFormat kDevice{"device", kDeviceKeys, true};

constexpr KeyFormat kWidgetKeys[] = {
    {.key = "id", .is_required = true, .low = 1, .high = 255, .unit = "bytes", .what = "Unique on its screen."},
    {.key = "type", .is_required = true, .low = 1, .high = 128, .what = "A widget type of a plugin that site.json names."},
    {.key = "x",
     .shape = Shape::number,
     .is_required = true,
     .low = -100'000,
     .high = 100'000,
     .unit = "pixels",
     .what = "Left edge, in the screen's design size."},
    {.key = "y",
     .shape = Shape::number,
     .is_required = true,
     .low = -100'000,
     .high = 100'000,
     .unit = "pixels",
     .what = "Upper edge."},
    {.key = "width",
     .shape = Shape::number,
     .is_required = true,
     .low = 1,
     .high = 100'000,
     .unit = "pixels",
     .what = "Width."},
    {.key = "height",
     .shape = Shape::number,
     .is_required = true,
     .low = 1,
     .high = 100'000,
     .unit = "pixels",
     .what = "Height."},
    {.key = "properties", .shape = Shape::settings, .otherwise = "{}", .what = "As the widget type's schema says."},
    {.key = "bindings", .shape = Shape::text_map, .otherwise = "{}", .what = "The widget's inputs by name, each a tag."},
};
constexpr ObjectFormat kWidget{"widget", kWidgetKeys};

constexpr KeyFormat kScreenKeys[] = {
    kFormatKey,
    {.key = "title", .is_required = true, .low = 1, .high = 255, .unit = "bytes", .what = "What the screen is called."},
    {.key = "size",
     .shape = Shape::size,
     .low = 16,
     .high = 32'768,
     .unit = "pixels",
     .otherwise = "[1280, 800]",
     .what = "Design size: width and height."},
    {.key = "area", .otherwise = "\"\"", .what = "Path of an area of site.json."},
    {.key = "description", .high = kMaxText, .unit = "bytes", .otherwise = "\"\"", .what = "For people."},
    {.key = "widgets",
     .shape = Shape::objects,
     .is_required = true,
     .low = 0,
     .high = 100'000,
     .what = "The widgets, drawn in this order.",
     .object = &kWidget},
};
constexpr ObjectFormat kScreen{"screen", kScreenKeys};

}  // namespace

const ObjectFormat& site_format() noexcept { return kSite; }
const ObjectFormat& device_format() noexcept { return kDevice; }
const ObjectFormat& screen_format() noexcept { return kScreen; }

const KeyFormat* find_key(const ObjectFormat& format, std::string_view key) noexcept {
    for (const KeyFormat& known : format.keys) {
        if (known.key == key) return &known;
    }
    return nullptr;
}

}  // namespace penstock::site

#include "core/site/format.hpp"

namespace penstock::site {
namespace {

constexpr double kMaxText = 4096;
constexpr double kDay = 86'400'000;

constexpr KeyFormat kFormatKey{
    .key = "format", .shape = Shape::integer, .low = 1, .high = 1, .otherwise = "1", .what = "Version of the file's format."};

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

constexpr std::string_view kTypeWords[] = {"bool",   "int",   "uint",   "double",   "string",
                                           "bool[]", "int[]", "uint[]", "double[]", "string[]"};
constexpr std::string_view kAccessWords[] = {"read", "read_write"};

constexpr KeyFormat kScalingKeys[] = {
    {.key = "raw", .shape = Shape::pair, .is_required = true, .what = "Two raw values of the device; they differ."},
    {.key = "eng", .shape = Shape::pair, .is_required = true, .what = "What these two mean in the tag's unit."},
    {.key = "clamp", .shape = Shape::boolean, .otherwise = "false", .what = "Keep the result between the two."},
};
constexpr ObjectFormat kScaling{"scaling", kScalingKeys};

constexpr KeyFormat kDeadbandKeys[] = {
    {.key = "absolute", .shape = Shape::number, .low = 0, .what = "Changes up to this are no change; in the tag's unit."},
    {.key = "percent", .shape = Shape::number, .low = 0, .high = 100, .unit = "%", .what = "The same in percent of the range."},
};
constexpr ObjectFormat kDeadband{"deadband", kDeadbandKeys};

constexpr std::string_view kArchiveWords[] = {"off", "on_change"};
constexpr std::string_view kArchiveModes[] = {"on_change", "cyclic"};
constexpr double kLongestKept = 36'525 * kDay;

constexpr KeyFormat kArchiveKeys[] = {
    {.key = "mode",
     .shape = Shape::word,
     .is_required = true,
     .what = "Keep changes, or the newest value every interval.",
     .words = kArchiveModes},
    {.key = "interval",
     .shape = Shape::duration,
     .low = 1,
     .high = kDay,
     .unit = "ms",
     .otherwise = "required with cyclic",
     .what = "Of cyclic. 1ms keeps every sample that the device delivers."},
    {.key = "deadband",
     .shape = Shape::number,
     .low = 0,
     .otherwise = "0",
     .what = "Of on_change: what differs by less from the last kept value is not kept; in the tag's unit."},
    {.key = "min_interval",
     .shape = Shape::duration,
     .low = 1,
     .high = kDay,
     .unit = "ms",
     .otherwise = "none",
     .what = "Of on_change: at most one sample in this time, the newest. A change of quality is always kept."},
    {.key = "max_interval",
     .shape = Shape::duration,
     .low = 1,
     .high = 366 * kDay,
     .unit = "ms",
     .otherwise = "never",
     .what = "Of on_change: after this time a sample is kept even if it has not changed."},
    {.key = "keep_raw",
     .shape = Shape::duration,
     .low = 3'600'000,
     .high = kLongestKept,
     .unit = "ms",
     .otherwise = "400d",
     .what = "How long samples are kept."},
    {.key = "keep_minutes",
     .shape = Shape::duration,
     .low = 3'600'000,
     .high = kLongestKept,
     .unit = "ms",
     .otherwise = "1827d, or keep_raw if that is longer",
     .what = "How long what a minute was is kept: average, minimum, maximum and so on. Not shorter than keep_raw."},
    {.key = "keep_hours",
     .shape = Shape::duration,
     .low = 3'600'000,
     .high = kLongestKept,
     .unit = "ms",
     .otherwise = "7305d, or keep_minutes if that is longer",
     .what = "The same of an hour. Not shorter than keep_minutes."},
    {.key = "historians",
     .shape = Shape::texts,
     .low = 1,
     .high = 8,
     .otherwise = "the site's first",
     .what = "Which historians keep it: plugins of site.json."},
};
constexpr ObjectFormat kArchive{"archive", kArchiveKeys};

constexpr KeyFormat kTagKeys[] = {
    {.key = "name",
     .is_required = true,
     .low = 1,
     .high = 255,
     .unit = "bytes",
     .what = "Unique in the site; no '/', '*', '?' and no control characters; folders by points: clear_tank.level."},
    {.key = "device", .otherwise = "none: a tag in the server's memory", .what = "A file in devices/ without .json."},
    {.key = "address",
     .high = kMaxText,
     .unit = "bytes",
     .what = "Where the value is in the device, as its driver understands it. Goes with device."},
    {.key = "type",
     .shape = Shape::word,
     .otherwise = "the device's own; double with a scaling; what an expression gives",
     .what = "Type of the value. A memory tag must name it.",
     .words = kTypeWords},
    {.key = "unit", .high = 64, .unit = "bytes", .otherwise = "\"\"", .what = "Unit of the value: m³/h, bar, °C."},
    {.key = "area", .otherwise = "\"\"", .what = "Path of an area of site.json: works/intake."},
    {.key = "description", .high = kMaxText, .unit = "bytes", .otherwise = "\"\"", .what = "For people."},
    {.key = "scan_class", .otherwise = "the device's default", .what = "How often it is polled: a scan class of its device."},
    {.key = "range",
     .shape = Shape::limits,
     .otherwise = "no limits",
     .what = "Lowest and highest value in the tag's unit; null for an open end."},
    {.key = "scaling",
     .shape = Shape::object,
     .otherwise = "none",
     .what = "Linear conversion of the raw value.",
     .object = &kScaling},
    {.key = "deadband",
     .shape = Shape::object,
     .otherwise = "none",
     .what = "Which changes are too small to count.",
     .object = &kDeadband},
    {.key = "access", .shape = Shape::word, .otherwise = "read", .what = "Whether it can be written.", .words = kAccessWords},
    {.key = "initial",
     .shape = Shape::value,
     .otherwise = "no value",
     .what = "Value until the first one arrives; of the tag's type."},
    {.key = "was",
     .high = 255,
     .unit = "bytes",
     .otherwise = "\"\"",
     .what = "Former name, whose id and history it takes over."},
    {.key = "source_time_tolerance",
     .shape = Shape::duration,
     .low = 1,
     .high = 366 * kDay,
     .unit = "ms",
     .otherwise = "1h",
     .what = "How far a device's time may be off before the value is uncertain."},
    {.key = "archive",
     .shape = Shape::word_or_object,
     .otherwise = "off",
     .what = "What of it is kept in the archive.",
     .words = kArchiveWords,
     .object = &kArchive},
    {.key = "expression",
     .low = 1,
     .high = kMaxText,
     .unit = "bytes",
     .otherwise = "none",
     .what = "What a calculated tag is calculated from (docs/expressions.md): (a.level + b.level) / 2. Instead of device and "
             "address."},
};
constexpr KeyFormat kInstanceKeys[] = {
    {.key = "name",
     .is_required = true,
     .low = 1,
     .high = 255,
     .unit = "bytes",
     .what = "Unique among the instances; its tags are called NAME.MEMBER."},
    {.key = "of", .is_required = true, .low = 1, .high = 255, .what = "Its type: a file in types/ without .json."},
    {.key = "with", .shape = Shape::scalar_map, .otherwise = "{}", .what = "Values of the type's parameters by name."},
    {.key = "device", .otherwise = "none", .what = "Of members with an address that name none."},
    {.key = "area", .otherwise = "\"\"", .what = "Of members and alarms that name none."},
    {.key = "archive",
     .shape = Shape::word_or_object,
     .otherwise = "off",
     .what = "Of members that have none.",
     .words = kArchiveWords,
     .object = &kArchive},
    {.key = "description", .high = kMaxText, .unit = "bytes", .otherwise = "\"\"", .what = "For people."},
    {.key = "was",
     .high = 255,
     .unit = "bytes",
     .otherwise = "\"\"",
     .what = "Former name: its members take over their ids and history."},
    {.key = "override",
     .shape = Shape::settings,
     .otherwise = "{}",
     .what = "Keys of members, by member, and of alarms, by alarm below \"alarms\", that are different here; null takes a key "
             "away."},
};
constexpr ObjectFormat kInstance{"instance", kInstanceKeys};
constexpr ObjectFormat kNestedInstance{"instance", std::span<const KeyFormat>(kInstanceKeys).subspan(1)};
constexpr ObjectFormat kTag{"tag", kTagKeys, false, "of", &kInstance};
constexpr ObjectFormat kMember{"member", std::span<const KeyFormat>(kTagKeys).subspan(1), false, "of", &kNestedInstance};

constexpr std::string_view kParameterTypes[] = {"string", "number", "boolean"};
constexpr KeyFormat kParameterKeys[] = {
    {.key = "type",
     .shape = Shape::word,
     .otherwise = "that of the default; any without one",
     .what = "What its value is.",
     .words = kParameterTypes},
    {.key = "default",
     .shape = Shape::scalar,
     .otherwise = "none: every instance gives one",
     .what = "Value where an instance gives none."},
    {.key = "description", .high = kMaxText, .unit = "bytes", .otherwise = "\"\"", .what = "For people."},
};
constexpr ObjectFormat kParameter{"parameter", kParameterKeys};
constexpr KeyFormat kTypeAlarmKeys[] = {
    {.key = "name",
     .is_required = true,
     .low = 1,
     .high = 255,
     .unit = "bytes",
     .what = "Unique in the type; it is called INSTANCE.NAME."},
};
constexpr ObjectFormat kTypeAlarm{"alarm", kTypeAlarmKeys, true};
constexpr KeyFormat kTypeKeys[] = {
    kFormatKey,
    {.key = "description", .high = kMaxText, .unit = "bytes", .otherwise = "\"\"", .what = "For people."},
    {.key = "parameters",
     .shape = Shape::object_map,
     .low = 0,
     .high = 1000,
     .otherwise = "{}",
     .what = "What its instances differ in, by name: letters, digits and _.",
     .object = &kParameter},
    {.key = "members",
     .shape = Shape::members,
     .is_required = true,
     .low = 1,
     .high = 10'000,
     .what = "By name: tags without their names, or instances of other types.",
     .object = &kMember},
    {.key = "alarms",
     .shape = Shape::objects,
     .low = 0,
     .high = 10'000,
     .otherwise = "[]",
     .what = "As in alarms/; each instance has them.",
     .object = &kTypeAlarm},
    {.key = "screen", .otherwise = "none", .what = "The screen of alarms that name none: a file in screens/ without .json."},
};
constexpr ObjectFormat kType{"type", kTypeKeys};

constexpr KeyFormat kTagsKeys[] = {
    kFormatKey,
    {.key = "tags", .shape = Shape::objects, .is_required = true, .what = "The tags.", .object = &kTag},
};
constexpr ObjectFormat kTags{"tag file", kTagsKeys};

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
const ObjectFormat& tags_format() noexcept { return kTags; }
const ObjectFormat& tag_format() noexcept { return kTag; }
const ObjectFormat& instance_format() noexcept { return kInstance; }
const ObjectFormat& type_format() noexcept { return kType; }
const ObjectFormat& parameter_format() noexcept { return kParameter; }
const ObjectFormat& member_format() noexcept { return kMember; }
const ObjectFormat& nested_instance_format() noexcept { return kNestedInstance; }
const ObjectFormat& screen_format() noexcept { return kScreen; }

const KeyFormat* find_key(const ObjectFormat& format, std::string_view key) noexcept {
    for (const KeyFormat& known : format.keys) {
        if (known.key == key) return &known;
    }
    return nullptr;
}

}  // namespace penstock::site

// Tables of tag files and types.
#include "core/site/format_parts.hpp"

namespace penstock::site {
namespace {

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

}  // namespace

const ObjectFormat& tags_format() noexcept { return kTags; }
const ObjectFormat& tag_format() noexcept { return kTag; }
const ObjectFormat& instance_format() noexcept { return kInstance; }
const ObjectFormat& type_format() noexcept { return kType; }
const ObjectFormat& parameter_format() noexcept { return kParameter; }
const ObjectFormat& member_format() noexcept { return kMember; }
const ObjectFormat& nested_instance_format() noexcept { return kNestedInstance; }

}  // namespace penstock::site

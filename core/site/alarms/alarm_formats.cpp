#include "core/site/alarms/alarm_formats.hpp"

#include "core/site/format_parts.hpp"

namespace penstock::site {
namespace {

constexpr std::string_view kMandatory[] = {"cause", "consequence", "response", "time_to_respond", "screen"};

constexpr KeyFormat kClassKeys[] = {
    {.key = "acknowledge", .shape = Shape::boolean, .otherwise = "true", .what = "Somebody has to acknowledge its alarms."},
    {.key = "confirm",
     .shape = Shape::boolean,
     .otherwise = "false",
     .what = "And, when the condition is gone, to confirm that he has dealt with it."},
    {.key = "latch",
     .shape = Shape::boolean,
     .otherwise = "false",
     .what = "An alarm whose condition is gone stays until somebody resets it."},
    {.key = "shelve_up_to",
     .shape = Shape::duration,
     .low = 0,
     .high = 30 * kDay,
     .unit = "ms",
     .otherwise = "8h",
     .what = "The longest time for which its alarms may be shelved; 0s: not at all."},
    {.key = "comment", .shape = Shape::boolean, .otherwise = "false", .what = "Who acknowledges has to write why."},
    {.key = "mandatory",
     .shape = Shape::texts,
     .low = 0,
     .high = 5,
     .otherwise = "[]",
     .what = "Keys that each of its alarms has to have.",
     .words = kMandatory},
};

constexpr KeyFormat kSoundKeys[] = {
    {.key = "pattern",
     .is_required = true,
     .low = 1,
     .high = 512,
     .what =
         "Tones one after another, each HERTZ:MILLISECONDS; 0 hertz is a pause; 60 s in all at most: 880:200 0:100 880:200."},
    {.key = "repeat",
     .shape = Shape::duration,
     .low = 200,
     .high = kDay,
     .unit = "ms",
     .otherwise = "never",
     .what = "How often it is heard again, until somebody acknowledges or silences."},
};
constexpr ObjectFormat kSound{"sound", kSoundKeys};
constexpr KeyFormat kPriorityKeys[] = {
    {.key = "name", .is_required = true, .low = 1, .high = 255, .unit = "bytes", .what = "What it is called; unique."},
    {.key = "color",
     .is_required = true,
     .low = 7,
     .high = 7,
     .unit = "bytes",
     .what = "Of its alarms on every station: #D32F2F."},
    {.key = "sound", .shape = Shape::object, .otherwise = "none", .what = "What is heard while one waits.", .object = &kSound},
};

constexpr std::string_view kBadQualityWords[] = {"hold", "raise", "suppress"};

constexpr KeyFormat help_format(std::string_view key, std::string_view what) {
    return {
        .key = key, .shape = Shape::local_text, .low = 1, .high = kMaxText, .unit = "bytes", .otherwise = "none", .what = what};
}

// In the order of AlarmKey.
constexpr KeyFormat kKeys[] = {
    {.key = "name",
     .is_required = true,
     .low = 1,
     .high = 255,
     .unit = "bytes",
     .what = "Unique among the alarms; no '/', '*', '?' and no control characters. An alarm of a group is called NAME.OUTPUT."},
    {.key = "was",
     .high = 255,
     .unit = "bytes",
     .otherwise = "\"\"",
     .what = "Former name, whose id and history it takes over."},
    {.key = "tag", .what = "The tag that is judged. Or an expression."},
    {.key = "expression",
     .low = 1,
     .high = kMaxText,
     .unit = "bytes",
     .what = "What is judged instead of a tag (docs/expressions.md): pump_1.running and intake.flow < 5."},
    {.key = "policy",
     .low = 1,
     .high = 128,
     .otherwise = "discrete",
     .what = "What decides: an alarm policy plugin without its kind, such as limits. Without one: while it is true."},
    {.key = "area",
     .otherwise = "that of the tag, or of the first in the expression",
     .what = "Path of an area of site.json: works/intake."},
    {.key = "bad_quality",
     .shape = Shape::word,
     .otherwise = "hold",
     .what = "While the input is bad: hold the state, raise the alarm, or suppress it with that reason.",
     .words = kBadQualityWords},
    {.key = "enable",
     .shape = Shape::text_or_tag,
     .low = 1,
     .high = kMaxText,
     .unit = "bytes",
     .otherwise = "always",
     .what = "An expression, or {\"tag\": NAME}: while it is false the alarm is suppressed."},
    {.key = "class", .otherwise = "the site's first", .what = "A class of site.json."},
    {.key = "priority", .otherwise = "required, here or of the group", .what = "A priority of site.json."},
    {.key = "text",
     .shape = Shape::local_text,
     .low = 1,
     .high = kMaxText,
     .unit = "bytes",
     .otherwise = "required, here or of the group",
     .what = "What the operator reads; {value}, {limit}, {unit}, {tag}, {alarm} and {area} are filled in."},
    {.key = "on_delay",
     .shape = Shape::duration_or_tag,
     .low = 0,
     .high = kDay,
     .unit = "ms",
     .otherwise = "0s",
     .what = "The condition has to hold so long before the alarm is raised. {\"tag\": NAME}: seconds."},
    {.key = "off_delay",
     .shape = Shape::duration_or_tag,
     .low = 0,
     .high = kDay,
     .unit = "ms",
     .otherwise = "0s",
     .what = "And be gone so long before it returns. {\"tag\": NAME}: seconds."},
    help_format("cause", "What is likely wrong; placeholders as in the text."),
    help_format("consequence", "What happens if nobody acts; placeholders as in the text."),
    help_format("response", "What the operator does; placeholders as in the text."),
    {.key = "time_to_respond",
     .shape = Shape::duration,
     .low = 1'000,
     .high = 30 * kDay,
     .unit = "ms",
     .otherwise = "none",
     .what = "How long he has for it."},
    {.key = "screen", .otherwise = "none", .what = "Where he sees it: a file in screens/ without .json."},
    {.key = "hides",
     .shape = Shape::true_or_texts,
     .low = 1,
     .high = 1000,
     .otherwise = "none",
     .what = "Alarms that are suppressed while this one holds; * and ? stand for any text and character. true, of a group of "
             "limits: high_high hides high, low_low hides low."},
    {.key = "limit",
     .shape = Shape::number_or_bound,
     .otherwise = "required where the policy has a parameter of the output's name",
     .what = "Where this alarm begins: a number, {\"tag\": NAME} or {\"expression\": TEXT}."},
};
static_assert(std::size(kKeys) == kAlarmKeys);
constexpr std::span<const KeyFormat> kAll(kKeys);
constexpr ObjectFormat kAlarm{"alarm", kAll.first(kAlarmKeys - 1), true};
constexpr ObjectFormat kOutput{"alarm of a group", kAll.subspan(static_cast<std::size_t>(AlarmKey::alarm_class))};

constexpr KeyFormat kParameter{.key = "parameter",
                               .shape = Shape::number_or_bound,
                               .otherwise = "as the policy says",
                               .what = "A parameter of the policy."};

constexpr KeyFormat kSuppressKeys[] = {
    {.key = "alarms",
     .shape = Shape::texts,
     .low = 1,
     .high = 10'000,
     .otherwise = "all",
     .what = "Their names; * and ? stand for any text and character: pump_1.*"},
    {.key = "area", .otherwise = "all", .what = "Those of an area of site.json and the areas in it."},
    {.key = "priorities",
     .shape = Shape::texts,
     .low = 1,
     .high = 16,
     .otherwise = "all",
     .what = "Those of priorities of site.json."},
};
constexpr ObjectFormat kSuppress{"choice of alarms", kSuppressKeys};
constexpr KeyFormat kSuppressionKeys[] = {
    {.key = "name", .is_required = true, .low = 1, .high = 255, .unit = "bytes", .what = "Unique among the rules: pump_1.off."},
    {.key = "reason",
     .shape = Shape::local_text,
     .is_required = true,
     .low = 1,
     .high = kMaxText,
     .unit = "bytes",
     .what = "What an operator reads who asks why an alarm is suppressed."},
    {.key = "tag", .what = "The tag that is judged. Or an expression, or an alarm."},
    {.key = "expression", .low = 1, .high = kMaxText, .unit = "bytes", .what = "What is judged instead of a tag."},
    {.key = "alarm", .what = "Instead: an alarm, while it is there to be seen; see below. Such a rule has no policy."},
    {.key = "policy",
     .low = 1,
     .high = 128,
     .otherwise = "discrete",
     .what = "What decides: an alarm policy, such as flood. Without one: while it is true."},
    {.key = "output",
     .low = 1,
     .high = 128,
     .otherwise = "required where the policy has several",
     .what = "The output of the policy that suppresses while it holds: high."},
    {.key = "limit",
     .shape = Shape::number_or_bound,
     .otherwise = "required where the policy has a parameter of the output's name",
     .what = "Where the output begins: a number, {\"tag\": NAME} or {\"expression\": TEXT}."},
    {.key = "suppress",
     .shape = Shape::object,
     .is_required = true,
     .what = "Which alarms: those that fit to all that it says.",
     .object = &kSuppress},
};
constexpr ObjectFormat kSuppression{"suppression", kSuppressionKeys, true};

constexpr KeyFormat kFileKeys[] = {
    kFormatKey,
    {.key = "alarms",
     .shape = Shape::objects,
     .otherwise = "[]",
     .what = "The alarms, and groups of alarms.",
     .object = &kAlarm},
    {.key = "suppression",
     .shape = Shape::objects,
     .otherwise = "[]",
     .what = "Rules that suppress alarms while something holds.",
     .object = &kSuppression},
};
constexpr ObjectFormat kFile{"alarm file", kFileKeys};

}  // namespace

constinit const ObjectFormat kAlarmClassFormat{"class", kClassKeys};
constinit const ObjectFormat kAlarmPriorityFormat{"priority", kPriorityKeys};

const ObjectFormat& alarm_file_format() noexcept { return kFile; }
const ObjectFormat& alarm_format() noexcept { return kAlarm; }
const ObjectFormat& alarm_output_format() noexcept { return kOutput; }
const ObjectFormat& suppression_format() noexcept { return kSuppression; }
const KeyFormat& policy_parameter_format() noexcept { return kParameter; }
AlarmKey alarm_key(const KeyFormat& format) noexcept { return static_cast<AlarmKey>(&format - kKeys); }
std::string_view word_of(AlarmKey key) noexcept { return kKeys[static_cast<std::size_t>(key)].key; }
std::span<const std::string_view> mandatory_words() noexcept { return kMandatory; }

}  // namespace penstock::site

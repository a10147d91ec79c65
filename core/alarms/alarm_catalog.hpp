#pragma once

// What the alarms of a site are: names, texts, classes, priorities, rules, and the points that judge them. Immutable once built
// (alarm_catalog_builder.hpp), shared by the engine and by who answers questions. Compact: texts in one arena, repeated ones stored
// once.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <penstock/time.hpp>

#include "core/alarms/alarm.hpp"
#include "core/alarms/rule_book.hpp"
#include "core/tags/tag_catalog.hpp"

namespace penstock::alarms {

inline constexpr std::uint8_t kMaxPriorities = 16;
inline constexpr std::size_t kMaxClasses = 64;
inline constexpr AlarmId kMaxAlarms = 4'000'000;

// "alarm_classes" of site.json: who handles it, and how.
struct AlarmClass {
    std::string name;
    LifeRules life;
    Duration longest_shelf{};  // 0: its alarms may not be shelved
    bool wants_comment = false;  // with an acknowledgement
};

// "alarm_priorities" of site.json, the most urgent first: priority 1 is priorities()[0].
struct PriorityStyle {
    std::string name, color, sound;
    Duration repeat{};  // of the sound, until somebody acknowledges or silences; 0: it is heard once
};

// How a point's parameter is given.
struct Binding {
    std::string_view name;  // as the policy's shape names it
    double number = 0;  // NaN where bound to a tag
    tags::TagId tag = tags::kNoTag;
};
// What an output of a point does: raises an alarm, or is a rule that suppresses others.
struct OutputUse {
    std::string_view name;  // as the policy's shape names it
    AlarmId alarm = 0;
    RuleId rule = 0;  // 0: it raises `alarm`
};
// A row for a policy: one input, its parameters, its outputs. Views into the catalog.
struct PointView {
    std::string_view policy;  // id of the plugin, "alarm_policy.limits"
    tags::TagId tag = tags::kNoTag;  // the input, or
    std::optional<AlarmId> alarm;  // whether another alarm hides others (AlarmTable::hides_others)
    std::vector<Binding> parameters;
    std::vector<OutputUse> outputs;
};

// A rule that suppresses by design while the output of its point holds.
struct SuppressionRule {
    RuleId id = 0;
    std::string name;  // "pump_1.not_running", "works/intake flood"
    std::vector<AlarmId> targets;
};

// A condition, or a delay, that follows a tag.
struct Enabling {
    AlarmId alarm;
    tags::TagId tag;
};
struct BoundDelay {
    AlarmId alarm;
    tags::TagId tag;  // seconds
    bool is_on_delay;  // else the off-delay
};

// Views into the catalog; valid as long as it.
struct AlarmView {
    AlarmId id = 0;
    std::string_view name, area, file;
    std::uint32_t line = 0, column = 0;
    std::uint8_t alarm_class = 0;  // into classes()
    std::uint8_t priority = 1;
    std::uint32_t point = 0;  // into points
    std::string_view output;
    tags::TagId tag = tags::kNoTag;  // the point's input; kNoTag: another alarm
    std::string_view cause, consequence, response;  // as text(): with placeholders
    std::string_view screen;
    Duration time_to_respond{};
};

// All const functions [any-thread].
class AlarmCatalog final {
public:
    ~AlarmCatalog();
    AlarmCatalog(const AlarmCatalog&) = delete;
    AlarmCatalog& operator=(const AlarmCatalog&) = delete;

    [[nodiscard]] std::size_t size() const noexcept;  // alarms that exist
    [[nodiscard]] AlarmId id_limit() const noexcept;  // all ids are below
    [[nodiscard]] bool exists(AlarmId id) const noexcept;
    // Here and below: precondition exists(id); `language`: into languages(), of a text that lacks it the site's first.
    [[nodiscard]] AlarmView view(AlarmId id, std::size_t language = 0) const;
    [[nodiscard]] std::string_view name(AlarmId id) const;
    [[nodiscard]] std::string_view area(AlarmId id) const;
    [[nodiscard]] std::uint8_t priority(AlarmId id) const;
    // As the site wrote it, with placeholders.
    [[nodiscard]] std::string_view text(AlarmId id, std::size_t language) const;
    [[nodiscard]] std::optional<AlarmId> find(std::string_view name) const noexcept;
    [[nodiscard]] std::span<const AlarmId> by_name() const noexcept;  // existing ids in byte order of their names
    [[nodiscard]] std::vector<std::string_view> nearest(std::string_view name, std::size_t most) const;

    [[nodiscard]] std::span<const std::string> languages() const noexcept;
    [[nodiscard]] std::span<const AlarmClass> classes() const noexcept;
    [[nodiscard]] std::span<const PriorityStyle> priorities() const noexcept;
    [[nodiscard]] const RuleBook& rules() const noexcept;
    [[nodiscard]] std::size_t points() const noexcept;
    [[nodiscard]] PointView point(std::size_t number) const;
    [[nodiscard]] std::span<const SuppressionRule> suppressions() const noexcept;  // in order of id
    [[nodiscard]] const SuppressionRule* suppression(RuleId id) const noexcept;  // null: the core's own, or none
    // For people; "" where the site says nothing. Precondition: suppression(id) is not null.
    [[nodiscard]] std::string_view reason(RuleId id, std::size_t language) const;
    [[nodiscard]] std::span<const Enabling> enablings() const noexcept;
    [[nodiscard]] std::span<const BoundDelay> bound_delays() const noexcept;

private:
    friend class AlarmCatalogBuilder;
    struct Data;
    explicit AlarmCatalog(std::unique_ptr<const Data> data) noexcept;
    std::unique_ptr<const Data> data_;
};

// What stands for the placeholders {value} {limit} {unit} {tag} {alarm} {area} of a text; others stay as they are.
struct TextParts {
    std::string value, limit, unit;
    std::string_view tag, alarm, area;
};
[[nodiscard]] std::string fill_text(std::string_view text, const TextParts& parts);

}  // namespace penstock::alarms

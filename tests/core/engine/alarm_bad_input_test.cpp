// RELIABILITY.md P9, the alarms' part: whatever a device delivers, each policy's alarms are judged by the number, or do what their
// rule for bad inputs says and are marked as uncertain. None is silently normal.

#include <cmath>
#include <functional>
#include <limits>

#include "tests/core/engine/alarmed_plant.hpp"
#include "tests/support/fault_row.hpp"

namespace penstock::engine {
namespace {

using alarms::BadInput;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNormal = 5, kHigh = 100;
constexpr ItemId kItem = 0;

struct Sample {
    QualityCode quality = QualityCode::good;
    double number = kNormal;
    std::int64_t time = 0;
};

// How an alarm stands.
struct Standing {
    bool holds = false, is_suppressed = false, is_uncertain = false;
    bool operator==(const Standing&) const = default;
};

// One of the alarms on the tag d: which numbers raise it, after so steady a number as `before`.
struct Watched {
    std::string name;
    BadInput rule;
    std::function<bool(double number, double before)> raised_by;
    QualityLevel raised_by_quality = QualityLevel::good;  // else: by the level, not by the number
    bool is_calculated = false;  // from a number that an expression gives: that is finite or bad
};

// A tag of range -10 to 10, a calculated one that follows it, and alarms of each policy in each way to take bad inputs.
class BadInputPlant {
public:
    BadInputPlant() : plant_(tags()) {
        const std::shared_ptr<const tags::TagCatalog> tags(std::shared_ptr<void>(), &plant_.engine.catalog());
        catalog_ = make_alarms(*tags);
        live_ = std::make_unique<alarms::LiveAlarms>(catalog_, tags, [] { return ~journal::Position{0}; });
        auto plan = alarms::make_judging_plan(*catalog_, load_policy);
        if (!plan) throw std::runtime_error(plan.error().text());
        plant_.engine.set_alarms({catalog_, *std::move(plan), live_.get(), nullptr});
    }

    void deliver(const Sample& sample) {
        SampleBatch batch;
        batch.add_word(kItem, word_of(sample.number), sample.quality, sample.time, batch.cause("said the device"));
        plant_.deliver(batch);
    }
    // A good number, for so long that no rate is left of what was before.
    void settle(double number) {
        for (int second = 0; second < 30; ++second) {
            plant_.advance(1s);
            deliver({.number = number});
        }
    }
    [[nodiscard]] std::int64_t now() const { return to_ns(plant_.now.utc); }
    [[nodiscard]] tags::TagSnapshot read() const { return plant_.read("d"); }
    [[nodiscard]] Standing standing(const Watched& alarm) const {
        const auto id = catalog_->find(alarm.name).value();
        const auto info = live_->info(id);
        return {info.holds, info.state == AlarmStateCode::suppressed, plant_.engine.is_alarm_uncertain(id)};
    }
    [[nodiscard]] const std::vector<Watched>& watched() const { return watched_; }

private:
    static std::vector<tags::TagDefinition> tags() {
        auto d = device_tag("d");
        d.range_low = -10;
        d.range_high = 10;
        tags::TagDefinition same, above;
        same.name = "same";
        same.expression = "d * 1";
        above.name = "above";
        above.expression = "d > 50";
        return {d, same, above};
    }

    std::shared_ptr<const alarms::AlarmCatalog> make_alarms(const tags::TagCatalog& tags) {
        alarms::AlarmCatalogBuilder builder({"en"}, {alarms::AlarmClass{}}, {alarms::PriorityStyle{}});
        for (const auto& [rule, word] : {std::pair{BadInput::hold, ".hold"}, std::pair{BadInput::raise, ".raise"},
                                         std::pair{BadInput::suppress, ".suppress"}}) {
            const auto add = [&](std::string name, auto raised_by, QualityLevel level = QualityLevel::good,
                                 bool is_calculated = false) {
                watched_.push_back({name + word, rule, raised_by, level, is_calculated});
                alarms::AlarmDefinition alarm;
                alarm.name = watched_.back().name;
                alarm.bad_input = rule;
                return builder.add(alarm);
            };
            const auto above = [](double number, double) { return number > 50; };
            const auto below = [](double number, double) { return number < -50; };
            const alarms::ParameterDefinition limits[] = {{"low", -50, {}}, {"high", 50, {}}}, state[] = {{"state", kHigh, {}}};
            const alarms::ParameterDefinition around[] = {{"setpoint", 0, {}}, {"low", 50, {}}, {"high", 50, {}}};
            const alarms::ParameterDefinition rates[] = {{"rising", 1, {}}, {"falling", 1, {}}};
            const auto point = [&](std::string_view policy, std::string_view tag, const auto& parameters, const auto& outputs) {
                const auto id = "alarm_policy." + std::string(policy);
                builder.add_point({id, tag, alarms::kNoPlace, parameters, outputs});
            };
            using Outputs = std::vector<alarms::OutputDefinition>;
            using None = std::vector<alarms::ParameterDefinition>;
            point("limits", "d", limits, Outputs{{"low", add("low", below), {}}, {"high", add("high", above), {}}});
            point("limits", "same", limits,
                  Outputs{{"low", add("c_low", below, QualityLevel::good, true), {}},
                          {"high", add("c_high", above, QualityLevel::good, true), {}}});
            point("deviation", "d", around, Outputs{{"low", add("under", below), {}}, {"high", add("over", above), {}}});
            point("rate_of_change", "d", rates,
                  Outputs{{"rising", add("rising", [](double n, double before) { return n - before > 20; }), {}},
                          {"falling", add("falling", [](double n, double before) { return before - n > 20; }), {}}});
            point("discrete", "d", state, Outputs{{"active", add("state", [](double n, double) { return n == kHigh; }), {}}});
            point("discrete", "above", None{}, Outputs{{"active", add("c_true", above), {}}});
            point("expression", "above", None{}, Outputs{{"active", add("expression", above), {}}});
            point("quality", "d", None{},
                  Outputs{{"bad", add("bad", above, QualityLevel::bad), {}},
                          {"uncertain", add("uncertain", above, QualityLevel::uncertain), {}}});
        }
        tags::TagIdStore ids;
        auto built = builder.build(tags, ids);
        if (!built) throw std::runtime_error(built.error().text());
        return *built;
    }
    std::vector<Watched> watched_;
    Plant plant_;
    std::shared_ptr<const alarms::AlarmCatalog> catalog_;
    std::unique_ptr<alarms::LiveAlarms> live_;
};

// As DESIGN and the site say.
Standing wanted(const Watched& alarm, QualityCode quality, double number, double before) {
    const bool is_no_number = alarm.is_calculated ? !std::isfinite(number) : std::isnan(number);
    const bool is_bad = penstock::is_bad(quality) || is_no_number;
    if (alarm.raised_by_quality != QualityLevel::good) {  // what it is for
        const auto level = is_bad ? QualityLevel::bad : penstock::level(quality);
        return {.holds = level == alarm.raised_by_quality};
    }
    const bool was_raised = alarm.raised_by(before, before);
    if (is_bad)
        return {.holds = was_raised || alarm.rule == BadInput::raise,
                .is_suppressed = alarm.rule == BadInput::suppress,
                .is_uncertain = true};
    if (quality == QualityCode::uncertain_last_usable) return {.holds = was_raised, .is_uncertain = true};
    return {.holds = alarm.raised_by(number, before)};
}

std::string difference(const Standing& is, const Standing& should) {
    std::string text;
    if (is.holds != should.holds) text += is.holds ? " holds" : " does not hold";
    if (is.is_suppressed != should.is_suppressed) text += is.is_suppressed ? " is suppressed" : " is not suppressed";
    if (is.is_uncertain != should.is_uncertain) text += is.is_uncertain ? " is uncertain" : " is not uncertain";
    return text;
}

constexpr QualityCode kQualities[] = {QualityCode::good,
                                      QualityCode::good_local_override,
                                      QualityCode::uncertain_sub_normal,
                                      QualityCode::uncertain_last_usable,
                                      QualityCode::uncertain_substitute,
                                      QualityCode::bad_timeout,
                                      QualityCode::bad_sensor_failure,
                                      QualityCode::bad_device_failure,
                                      QualityCode::bad_type_mismatch};
const double kNumbers[] = {1.0, std::nan(""), kInfinity, -kInfinity, -0.0, std::numeric_limits<double>::denorm_min(), kHigh};

struct Found {
    std::size_t combinations = 0, alarms = 0;
    std::vector<std::string> faults;
};

// All combinations, from a normal number and from one that has raised alarms. `harm`: what becomes of a sample on its way.
Found find_faults(const std::function<Sample(Sample)>& harm) {
    BadInputPlant plant;
    Found found;
    const auto check = [&](const Sample& sample, double before, std::string_view what) {
        for (const auto& alarm : plant.watched()) {
            ++found.alarms;
            const auto text = difference(plant.standing(alarm), wanted(alarm, sample.quality, sample.number, before));
            if (text.empty()) continue;
            found.faults.push_back(alarm.name + text + ", " + std::string(what) + ": " + std::string(to_string(sample.quality))
                                   + " " + std::to_string(sample.number) + " at " + std::to_string(sample.time) + ", before "
                                   + std::to_string(before));
        }
    };
    for (const double before : {kNormal, kHigh}) {
        for (const auto quality : kQualities) {
            for (const auto number : kNumbers) {
                // None, now, 1970, 2106, two hours ahead.
                for (const auto time : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1},
                                        std::int64_t{4'291'747'200'000'000'000}, std::int64_t{-2}}) {
                    ++found.combinations;
                    plant.settle(before);
                    check({.quality = before == kNormal ? QualityCode::good : QualityCode::uncertain_range_exceeded,
                           .number = before},
                          before, "settled");
                    Sample sample{quality, number, time};
                    if (time == -1) sample.time = plant.now();
                    if (time == -2) sample.time = plant.now() + 7'200'000'000'000;
                    plant.deliver(harm(sample));
                    // What the tag says of itself is the tags' part of P9 (samples_test.cpp); the alarms follow the tag.
                    if (quality == QualityCode::good) sample.quality = plant.read().quality;
                    check(sample, before, "delivered");
                }
            }
        }
    }
    return found;
}

TEST(AlarmPath, P9_NoAlarmIsSilentlyNormalWhateverItsDeviceDelivers) {
    const auto found = find_faults([](Sample sample) { return sample; });
    for (std::size_t n = 0; n < std::min<std::size_t>(found.faults.size(), 20); ++n) ADD_FAILURE() << found.faults[n];
    EXPECT_TRUE(found.faults.empty()) << found.faults.size();
    penstock::testing::report_row("P9", found.combinations, "combinations of quality, value and time before alarms");
    penstock::testing::report_row("P9", found.alarms, "alarms judged under them");
}

TEST(AlarmPath, P9_ControlAWayThatHidesBadQualityIsFound) {
    const auto found = find_faults([](Sample sample) {
        if (is_bad(sample.quality)) sample.quality = QualityCode::good;
        return sample;
    });
    EXPECT_FALSE(found.faults.empty());
}

}  // namespace
}  // namespace penstock::engine

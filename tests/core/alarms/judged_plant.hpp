#pragma once

// A few tags, policies over them and their alarms, as the engine drives them: a value that a tag's quiet band covers reaches nobody.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <penstock/alarm_policy.hpp>

#include "core/alarms/judging.hpp"
#include "core/tags/tag_table.hpp"
#include "tests/core/alarms/records.hpp"

namespace penstock::alarms::testing {

// A policy in the test's hands. By default: one output "high", which holds above the parameter "high", with a hysteresis of 2.
struct PolicyConduct {
    PolicyShape shape{.outputs = {"high"}, .parameters = {"high"}};
    std::function<void(const PolicyInputs&, PolicyVerdicts&)> evaluate;
    Duration cpu{};  // of each call from now on
    std::size_t rows = 0;  // that it was asked for
};

class JudgedPlant final {
public:
    // With so many tags of type double, and one of type bool behind them.
    explicit JudgedPlant(std::size_t tags);

    [[nodiscard]] std::unique_ptr<guests::PolicyInstance> make_policy(PolicyConduct& conduct,
                                                                      const std::string& name = "alarm_policy.high");
    // The plug-in that comes with Penstock, as the server loads it.
    [[nodiscard]] static std::unique_ptr<guests::PolicyInstance> load_policy(const char* file, const std::string& name);

    // Makes table and judging of what `plan` and `rules` say, and begins.
    void start();
    // The same after a restart: what was saved, and the records since.
    struct Saved {
        wire::Buffer alarms, policies;
        std::size_t records;
    };
    [[nodiscard]] Saved save();
    // `build` fills plan and rules anew. What is found: sentences of policies that begin anew.
    std::vector<std::string> restart(const Saved& saved, const std::function<void()>& build);

    void set(tags::TagId tag, double number, QualityCode quality = QualityCode::good);
    void cycle();
    // Time passes, cycle by cycle as things are due.
    void later(Duration by);

    [[nodiscard]] std::string text() const { return records.text(true); }
    [[nodiscard]] std::pair<double, double> band(tags::TagId tag);

    JudgingPlan plan;
    RuleBook rules;
    Records records;
    Now now{utc_from_ns(1'700'000'000'000'000'000), MonotonicTime(1h)};
    std::vector<Error> failures;
    std::optional<tags::TagTable> table;
    std::optional<AlarmTable> alarms;
    std::optional<Judging> judging;

private:
    std::vector<Dependent> dependents_;
};

}  // namespace penstock::alarms::testing

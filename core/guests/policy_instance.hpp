#pragma once

// A born alarm policy as core speaks to it: rows go in, checked verdicts come out, in columns that are used again. It keeps the
// parameters of the policy's points, which come with their rows.
//
//     const auto point = policy.add_point(parameters);      // as its shape lists them
//     policy.begin();
//     policy.add({point, value, quality, time});            // rows, up to kMostRows
//     if (!policy.evaluate(now)) tell(policy.failure());    // once: from then on nothing reaches it
//     policy.verdicts().holds[row]; ... policy.clear();
//
// It runs on the engine's thread and cannot be interrupted, so what it costs is measured after each call. One that lets an exception
// out, lies about its outputs or overspends (policy_budget.hpp) has failed: it is never called again until the server is started anew.
//
// All [engine].

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <penstock/alarm_policy.hpp>
#include <penstock/result.hpp>

#include "core/base/settings_document.hpp"
#include "core/guests/plugin_library.hpp"
#include "core/guests/point_parameters.hpp"
#include "core/guests/policy_budget.hpp"

namespace penstock::guests {

struct PolicyRow {
    PointId point = 0;
    double number = 0;
    QualityCode quality = QualityCode::good;
    MonotonicTime time;  // when the input became so
};

class PolicyInstance final {
public:
    // A call has so many rows at most: its columns stay in the cache, and one call's budget small.
    static constexpr std::size_t kMostRows = 1024;
    // One that asks to be looked at in the past is looked at then.
    static constexpr Duration kSoonest = std::chrono::milliseconds(5);

    // `name` stands in sentences ("alarm_policy.limits"). `keep_alive`: what the guest needs as long as it lives. Error internal: its
    // shape makes no sense.
    [[nodiscard]] static Result<std::unique_ptr<PolicyInstance>> make(AlarmPolicyOwner guest, PluginInfo info, std::string name,
                                                                      std::shared_ptr<const void> keep_alive = nullptr,
                                                                      CpuClock clock = &thread_cpu_time);
    PolicyInstance(const PolicyInstance&) = delete;
    PolicyInstance& operator=(const PolicyInstance&) = delete;

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] const PolicyShape& shape() const noexcept { return shape_; }

    // All points, before begin(): the number of the next. NaN, or missing at the end: the site gives none.
    PointId add_point(std::span<const double> parameters);
    // Some point's parameter will be set: the room for it is made now.
    void expect_parameter(std::size_t parameter) { parameters_.expect(parameter); }
    // There are no more points; the policy is told how many. Before anything that follows.
    void begin();
    // Comes with the point's next row.
    void set(PointId point, std::size_t parameter, double value) { parameters_.set(point, parameter, value); }
    [[nodiscard]] double parameter(PointId point, std::size_t number) const noexcept { return parameters_.at(point, number); }

    void add(const PolicyRow& row);  // precondition: not is_full()
    [[nodiscard]] std::size_t rows() const noexcept { return point_.size(); }
    [[nodiscard]] bool is_full() const noexcept { return rows() == kMostRows; }
    [[nodiscard]] PointId point(std::size_t row) const noexcept { return point_[row]; }
    // False: it has failed, now or before, and there are no verdicts.
    [[nodiscard]] bool evaluate(MonotonicTime now);
    // By row. A band is two numbers, low not above high, or two NaN; a look is later than now, or 0.
    [[nodiscard]] const PolicyVerdicts& verdicts() const noexcept { return verdicts_; }
    void clear() noexcept;

    // "" if it remembers nothing, or has failed.
    [[nodiscard]] std::string save(MonotonicTime now);
    // What it says against it; it goes on as if new.
    [[nodiscard]] Result<void> restore(std::string_view state, MonotonicTime now);
    // What its points held last, as their alarms know. Before the first rows; columns of equal length.
    void recall(std::span<const PointId> points, std::span<const std::uint8_t> holds);

    [[nodiscard]] bool has_failed() const noexcept { return failure_.has_value(); }
    [[nodiscard]] const Error& failure() const { return *failure_; }  // precondition: has_failed()

private:
    PolicyInstance(AlarmPolicyOwner guest, PluginInfo info, std::string name, std::shared_ptr<const void> keep_alive,
                   CpuClock clock);
    [[nodiscard]] Result<void> ask_shape();
    [[nodiscard]] bool check_verdicts(MonotonicTime now);
    void fail_for(std::string sentence);
    template <class Call>
    bool call(std::size_t rows, Call&& call);

    std::shared_ptr<const void> keep_alive_;
    AlarmPolicyOwner guest_;
    PluginInfo info_;
    std::string name_;
    CpuClock clock_;
    PolicyShape shape_;
    PolicyBudget budget_;
    MonotonicTime now_{};
    std::optional<Error> failure_;

    PointParameters parameters_;
    // Rows.
    std::vector<std::uint32_t> point_;
    std::vector<double> number_;
    std::vector<std::uint16_t> quality_;
    std::vector<std::int64_t> time_;
    std::vector<std::uint8_t> holds_;
    std::vector<double> quiet_low_, quiet_high_;
    std::vector<std::int64_t> look_at_;
    PolicyVerdicts verdicts_;
};

// `name` stands in sentences.
[[nodiscard]] Result<std::unique_ptr<PolicyInstance>> make_policy(const std::shared_ptr<PluginLibrary>& library,
                                                                  const std::shared_ptr<const base::SettingsDocument>& settings,
                                                                  std::string name);

}  // namespace penstock::guests

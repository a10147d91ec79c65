#pragma once

// The rules of every alarm. A plant has few sorts of them and many alarms, so each sort is kept once.
//
//     RuleBook rules;
//     rules.set(alarm, {.on_delay = 2s});
//     rules[alarm].on_delay;                 // of one that was never set: the defaults

#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

#include "core/alarms/alarm.hpp"

namespace penstock::alarms {

class RuleBook final {
public:
    RuleBook() = default;
    explicit RuleBook(std::size_t alarms) : sort_of_(alarms, 0) {}

    void set(AlarmId alarm, const AlarmRules& rules) {
        if (alarm >= sort_of_.size()) sort_of_.resize(alarm + std::size_t{1}, 0);
        const auto [known, is_new] = numbers_.try_emplace(key(rules), static_cast<std::uint32_t>(sorts_.size()));
        if (is_new) sorts_.push_back(rules);
        sort_of_[alarm] = known->second;
    }
    [[nodiscard]] const AlarmRules& operator[](AlarmId alarm) const noexcept { return sorts_[sort_of_[alarm]]; }
    void prefetch(AlarmId alarm) const noexcept { __builtin_prefetch(&sort_of_[alarm]); }
    // All alarms are below.
    [[nodiscard]] std::size_t size() const noexcept { return sort_of_.size(); }
    [[nodiscard]] std::size_t sorts() const noexcept { return sorts_.size(); }

private:
    using Key = std::tuple<bool, bool, bool, Duration, Duration, BadInput, Duration>;
    [[nodiscard]] static Key key(const AlarmRules& rules) {
        return {rules.life.needs_acknowledge,
                rules.life.needs_confirm,
                rules.life.latches,
                rules.on_delay,
                rules.off_delay,
                rules.bad_input,
                rules.longest_shelf};
    }
    std::map<Key, std::uint32_t> numbers_{{key({}), 0}};
    std::vector<AlarmRules> sorts_{AlarmRules{}};
    std::vector<std::uint32_t> sort_of_;  // by alarm
};

}  // namespace penstock::alarms

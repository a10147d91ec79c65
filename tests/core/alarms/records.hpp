#pragma once

// The events lane of a test: what the alarm table writes down, in order.

#include <string>
#include <vector>

#include "core/alarms/transition.hpp"

namespace penstock::alarms::testing {

class Records final : public TransitionSink {
public:
    struct Written {
        Transition transition;  // as a reader gets it: the record that raises names itself
        Now at;
    };
    journal::Position write(const Transition& transition, Now now) override {
        const journal::Position position = written.size() + 1;  // 0 is no occurrence
        written.push_back({with_occurrence(transition, position), now});
        return position;
    }
    // "raised acknowledged"; of several alarms with their numbers: "raised 3".
    [[nodiscard]] std::string text(bool with_alarms = false) const {
        std::string words;
        for (const auto& [transition, at] : written) {
            words += (words.empty() ? "" : " ") + std::string(to_string(transition.event));
            if (with_alarms) words += ' ' + std::to_string(transition.alarm);
        }
        return words;
    }
    [[nodiscard]] const Transition& last() const { return written.back().transition; }
    std::vector<Written> written;
};

}  // namespace penstock::alarms::testing

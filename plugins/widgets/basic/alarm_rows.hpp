#pragma once

// The rows of an alarm list, and which of them are selected: by mouse or keyboard, one, several, or a range.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <penstock/widget.hpp>

#include "number_text.hpp"
#include "pen.hpp"

namespace penstock::basic {

// An alarm that somebody selected, with the occurrence that he saw: one that was raised since is not acted upon unseen.
struct SelectedAlarm {
    std::string alarm;
    std::uint64_t id = 0;

    [[nodiscard]] abi::AlarmName name() const noexcept { return {id, abi::text(alarm)}; }
};

// The alarms of a page that are in the widget's area.
struct ListedAlarms {
    const ShownAlarms* alarms;
    std::vector<std::size_t> rows;

    [[nodiscard]] std::size_t size() const noexcept { return rows.size(); }
    [[nodiscard]] ShownAlarm operator[](std::size_t row) const { return (*alarms)[rows[row]]; }
    [[nodiscard]] std::optional<std::size_t> find(std::string_view alarm) const;
};

class AlarmRows {
public:
    // What was asked for by a press or a key.
    struct Outcome {
        std::optional<std::size_t> acknowledged;  // this row, by its button
        bool is_acknowledging = false;  // all that are selected, by a key
        std::optional<std::size_t> opened;  // the screen of this row
    };
    // Draws heads and rows, and says them line by line.
    Outcome draw(Frame& frame, const Pen& pen, Area area, const ListedAlarms& listed, const Format& format, std::string& said);

    // Those of `listed` that are selected, in its order.
    [[nodiscard]] std::vector<std::size_t> selected(const ListedAlarms& listed) const;
    // The same as they were seen.
    [[nodiscard]] const SelectedAlarm* seen(std::string_view alarm) const;
    // Selected last: what is told of an alarm is told of this one, also when it is over. "" = none.
    [[nodiscard]] std::string_view current() const noexcept { return current_; }
    // Rows that the last draw had in sight.
    [[nodiscard]] std::size_t first() const noexcept { return first_; }
    [[nodiscard]] std::size_t end() const noexcept { return end_; }

    void clear();
    void scroll_to_top() noexcept { first_ = 0; }
    // The keyboard comes back to the rows with the next draw.
    void take_keyboard() noexcept { wants_keyboard_ = true; }

private:
    void listen(const Area& area, float height, const ListedAlarms& listed, Outcome& outcome);
    void listen_to_mouse(const Area& area, float height, const ListedAlarms& listed, Outcome& outcome);
    void listen_to_keys(const ListedAlarms& listed, Outcome& outcome);
    void move_to(std::size_t row, const ListedAlarms& listed, bool is_range);
    void select(const ListedAlarms& listed, std::size_t from, std::size_t to);
    void toggle(const ShownAlarm& alarm);
    void refresh(const ListedAlarms& listed);

    std::vector<SelectedAlarm> selected_;
    std::string current_, anchor_;  // a range goes from one to the other
    std::size_t first_ = 0, end_ = 0;
    std::optional<std::size_t> hovered_;
    bool wants_keyboard_ = false, has_keyboard_ = false;
};

}  // namespace penstock::basic

#pragma once

// Rows into the sums of their intervals, in order, each looked at once. Internal to aggregates.cpp.

#include <optional>

#include "core/history/querying/series_sums.hpp"

namespace penstock::history::detail {

// A usable sample that others are interpolated from.
struct Anchor {
    std::int64_t time = 0;
    double value = 0;
    bool is_uncertain = false;
};

// A sample of any quality, which holds until the next.
struct Held {
    std::int64_t time = 0;
    Use use = Use::bad;
    bool is_zero = false;
};

class SumsGatherer final {
public:
    explicit SumsGatherer(SeriesSums& into) : all_(into) {}

    // As AggregateCalculator has them.
    bool look_back(const SampleView& rows);
    void add(const SampleView& rows);
    bool look_ahead(const SampleView& rows);
    // After all rows: what holds beyond the last. Twice is fine.
    void finish();

private:
    [[nodiscard]] bool is_number() const noexcept;
    [[nodiscard]] bool is_stepped() const noexcept;
    [[nodiscard]] Use use_of(const SampleView& rows, std::size_t row) const;
    template <class Visit>
    void over(std::int64_t from, std::int64_t to, Visit visit);

    // --- samples held, whatever they are ---
    void hold(std::int64_t to);

    // --- interpolated between usable samples ---
    void add_area(const Anchor& from, std::int64_t begin, std::int64_t end, double slope, bool is_uncertain);
    void set_bounds(const Anchor& from, std::int64_t begin, std::int64_t end, double slope, bool is_uncertain);
    void stretch(const Anchor& from, std::int64_t begin, std::int64_t end, double slope, bool is_uncertain);
    void step_to(std::int64_t end);
    void connect(const Anchor& next);
    void extrapolate();
    void move_anchor(const Anchor& next, QualityCode quality);

    // --- one row of an interval ---
    void add(const SampleView& rows, std::size_t row);
    void count(IntervalSums& into, const SampleView& rows, std::size_t row, Use use, const Number& value);
    void count_good(IntervalSums& into, const Number& value, std::int64_t time);
    void keep(IntervalSums& into, const SampleView& rows, std::size_t row, Use use) const;
    static void set(KeptSample& into, const KeptSample& sample, const SampleView& rows, std::size_t row);

    SeriesSums& all_;
    std::optional<Anchor> anchor_;              // the newest usable sample
    std::optional<std::int64_t> skipped_from_;  // the first sample after it that is not usable
    std::optional<Held> held_;
    std::optional<Number> last_not_bad_;
    std::size_t looked_back_ = 0, looked_ahead_ = 0;
    bool has_next_ = false, is_finished_ = false;
};

}  // namespace penstock::history::detail

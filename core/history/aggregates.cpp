#include "core/history/aggregates.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "core/history/querying/interval_sums.hpp"

namespace penstock::history {
namespace {

using detail::Extreme;
using detail::IntervalSums;
using detail::KeptSample;
using detail::Number;
using detail::number_of;
using detail::Use;

constexpr double kSecond = 1e9;

double seconds(std::int64_t ns) noexcept { return static_cast<double>(ns) / kSecond; }

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

void note_extreme(Extreme& extreme, const Number& value, std::int64_t time, bool is_better, bool is_equal) {
    if (!extreme.is_there || is_better)
        extreme = {true, false, value, time};
    else if (is_equal)
        extreme.has_multiple = true;
}

KeptSample kept(const SampleView& rows, std::size_t row, bool uses_blob) {
    KeptSample sample{
        true, rows.time[row], rows.word[row], status_quality(rows.status[row]), {}, std::string(rows.cause_at(row))};
    if (uses_blob && !is_bad(sample.quality)) sample.blob = rows.blob_at(row);
    return sample;
}

}  // namespace

struct AggregateCalculator::State {
    State(ValueType the_type, const Intervals& the_intervals, const AggregateOptions& the_options)
        : type(the_type), intervals(the_intervals), options(the_options), sums(the_intervals.count) {}

    ValueType type;
    Intervals intervals;
    AggregateOptions options;
    std::vector<IntervalSums> sums;

    std::optional<Anchor> anchor;              // the newest usable sample
    std::optional<std::int64_t> skipped_from;  // the first sample after it that is not usable
    std::optional<Held> held;
    std::optional<Number> last_not_bad;
    std::int64_t data_begin = std::numeric_limits<std::int64_t>::max();  // first sample that is not bad
    std::int64_t raw_begin = std::numeric_limits<std::int64_t>::max();   // first sample
    std::int64_t data_end = std::numeric_limits<std::int64_t>::min();
    std::size_t looked_back = 0, looked_ahead = 0;
    bool has_next = false, is_finished = false;
    static constexpr std::size_t kMostLookedAt = 100'000;

    [[nodiscard]] bool is_number() const noexcept { return is_scalar_word(type); }
    [[nodiscard]] bool is_stepped() const noexcept { return options.is_stepped || type == ValueType::boolean; }

    [[nodiscard]] Use use_of(const SampleView& rows, std::size_t row) const {
        const auto grade = level(status_quality(rows.status[row]));
        if (grade == QualityLevel::bad) return Use::bad;
        if (type == ValueType::float64 && std::isnan(double_of(rows.word[row]))) return Use::bad;
        return grade == QualityLevel::good ? Use::good : Use::uncertain;
    }
    [[nodiscard]] bool is_usable(Use use) const noexcept {
        return use == Use::good || (use == Use::uncertain && !options.treat_uncertain_as_bad);
    }

    // Calls visit(sums, begin, end) for the parts of [from, to) that lie in intervals.
    template <class Visit>
    void over(std::int64_t from, std::int64_t to, Visit visit) {
        from = std::max(from, intervals.from);
        to = std::min(to, intervals.to);
        while (from < to) {
            const auto k = intervals.index(from);
            const auto end = std::min(to, intervals.end(k));
            visit(sums[k], from, end);
            from = end;
        }
    }

    // --- samples held, whatever they are ---
    void hold(std::int64_t to) {
        if (!held) return;
        over(held->time, to, [this](IntervalSums& into, std::int64_t from, std::int64_t end) {
            const auto time = end - from;
            if (held->use == Use::good) into.good_time += time;
            if (held->use == Use::uncertain) into.uncertain_time += time;
            if (held->use == Use::bad) into.bad_time += time;
            if (is_usable(held->use)) (held->is_zero ? into.zero : into.non_zero) += time;
        });
    }

    // --- interpolated between usable samples ---
    void add_area(const Anchor& from, std::int64_t begin, std::int64_t end, double slope, bool is_uncertain) {
        over(begin, end, [&](IntervalSums& into, std::int64_t a, std::int64_t b) {
            const auto at_a = from.value + slope * seconds(a - from.time);
            const auto at_b = from.value + slope * seconds(b - from.time);
            into.area += (slope == 0 ? from.value : (at_a + at_b) / 2) * seconds(b - a);
            into.covered += b - a;
            into.is_area_uncertain |= is_uncertain;
        });
    }
    // The bounds at the beginnings of intervals in (begin, end).
    void set_bounds(const Anchor& from, std::int64_t begin, std::int64_t end, double slope, bool is_uncertain) {
        const auto first = std::max(begin + 1, intervals.from);
        if (first >= std::min(end, intervals.to)) return;
        auto k = static_cast<std::size_t>((first - intervals.from + intervals.interval - 1) / intervals.interval);
        for (; k < intervals.count && intervals.begin(k) < end; ++k) {
            if (sums[k].is_bound_raw) continue;
            sums[k].has_bound = true;
            sums[k].bound = from.value + slope * seconds(intervals.begin(k) - from.time);
            sums[k].bound_quality = is_uncertain ? QualityCode::uncertain_data_sub_normal : QualityCode::good;
        }
    }
    void stretch(const Anchor& from, std::int64_t begin, std::int64_t end, double slope, bool is_uncertain) {
        if (begin >= end) return;
        add_area(from, begin, end, slope, is_uncertain);
        set_bounds(from, begin == from.time ? begin : begin - 1, end, slope, is_uncertain);
    }
    // Stepped: certain up to the first sample that had to be passed over.
    void step_to(std::int64_t end) {
        const auto certain_until = std::clamp(skipped_from.value_or(end), anchor->time, end);
        stretch(*anchor, anchor->time, certain_until, 0, anchor->is_uncertain);
        stretch(*anchor, certain_until, end, 0, true);
    }
    void connect(const Anchor& next) {
        if (is_stepped()) return step_to(next.time);
        const auto width = seconds(next.time - anchor->time);
        const auto slope = width > 0 ? (next.value - anchor->value) / width : 0;
        stretch(*anchor, anchor->time, next.time, slope, anchor->is_uncertain || next.is_uncertain || skipped_from.has_value());
    }
    // Nothing comes after it: held, certain as long as it is known that nothing else happened.
    void extrapolate() {
        const auto certain_until =
            is_stepped() ? std::clamp(data_end, anchor->time, std::max(anchor->time, intervals.to)) : anchor->time;
        step_to(std::min(certain_until, intervals.to));
        stretch(*anchor, std::max(certain_until, anchor->time), intervals.to, 0, true);
    }

    // --- one row in [from, to) ---
    void add(const SampleView& rows, std::size_t row) {
        const auto time = rows.time[row];
        const auto use = use_of(rows, row);
        auto& into = sums[intervals.index(time)];
        const auto value = number_of(type, rows.word[row]);
        hold(time);
        held = Held{time, use, value.as_double == 0};
        raw_begin = std::min(raw_begin, time);
        data_end = std::max(data_end, time);
        count(into, rows, row, use, value);
        if (use != Use::bad) data_begin = std::min(data_begin, time);
        if (is_usable(use))
            move_anchor({time, value.as_double, use == Use::uncertain}, status_quality(rows.status[row]));
        else if (!skipped_from)
            skipped_from = time;
    }
    void move_anchor(const Anchor& next, QualityCode quality) {
        if (anchor) connect(next);
        anchor = next;
        skipped_from.reset();
        if (next.time < intervals.from || next.time >= intervals.to) return;
        const auto k = intervals.index(next.time);
        if (intervals.begin(k) != next.time) return;
        sums[k].has_bound = sums[k].is_bound_raw = true;
        sums[k].bound = next.value;
        sums[k].bound_quality = quality;
    }

    void count(IntervalSums& into, const SampleView& rows, std::size_t row, Use use, const Number& value) {
        const auto quality =
            use == Use::bad && !is_bad(status_quality(rows.status[row])) ? QualityCode::bad : status_quality(rows.status[row]);
        into.worst = into.samples() == 0 ? quality : worse(into.worst, quality);
        keep(into, rows, row, use);
        switch (use) {
            case Use::good: count_good(into, value, rows.time[row]); break;
            case Use::uncertain: ++into.uncertain; break;
            case Use::bad: ++into.bad; break;
        }
        if (use != Use::good) into.skips_at_ends = true;  // until a good one follows
        if (!is_usable(use)) return;
        into.sum += value.as_double;
        if (use == Use::uncertain) {
            note_extreme(into.uncertain_minimum, value, 0, is_less(type, value, into.uncertain_minimum.value), false);
            note_extreme(into.uncertain_maximum, value, 0, is_less(type, into.uncertain_maximum.value, value), false);
        }
        if (!last_not_bad || last_not_bad->as_double != value.as_double
            || (type != ValueType::float64 && last_not_bad->word != value.word))
            ++into.transitions;
        last_not_bad = value;
    }
    void count_good(IntervalSums& into, const Number& value, std::int64_t time) {
        note_extreme(into.minimum, value, time, is_less(type, value, into.minimum.value),
                     !is_less(type, into.minimum.value, value));
        note_extreme(into.maximum, value, time, is_less(type, into.maximum.value, value),
                     !is_less(type, value, into.maximum.value));
        if (into.good == 0) {
            into.first_good = value;
            into.skips_before = into.samples() > 0;
        }
        into.last_good = value;
        into.skips_at_ends = false;
        ++into.good;
        const auto delta = value.as_double - into.mean;
        into.mean += delta / static_cast<double>(into.good);
        into.squares += delta * (value.as_double - into.mean);
    }
    void keep(IntervalSums& into, const SampleView& rows, std::size_t row, Use use) const {
        const bool has_value = use != Use::bad;
        if (is_number()) {  // without texts: this is the fast path
            const KeptSample sample{true, rows.time[row], rows.word[row], status_quality(rows.status[row]), {}, {}};
            if (!into.start.is_there) set(into.start, sample, rows, row);
            set(into.end, sample, rows, row);
            if (!has_value) return;
            if (!into.first.is_there) set(into.first, sample, rows, row);
            set(into.last, sample, rows, row);
            return;
        }
        const auto sample = kept(rows, row, true);
        if (!into.start.is_there) into.start = sample;
        into.end = sample;
        if (!has_value) return;
        if (!into.first.is_there) into.first = sample;
        into.last = sample;
    }
    static void set(KeptSample& into, const KeptSample& sample, const SampleView& rows, std::size_t row) {
        into.is_there = true;
        into.time = sample.time;
        into.word = sample.word;
        into.quality = sample.quality;
        into.cause = rows.cause_at(row);
    }

    void finish() {
        if (std::exchange(is_finished, true)) return;
        if (has_next) data_end = std::numeric_limits<std::int64_t>::max();
        data_end = std::max(data_end, options.known_until);
        hold(std::min(data_end, intervals.to));
        if (anchor && anchor->time < intervals.to) extrapolate();
    }

    // --- results ---
    [[nodiscard]] bool is_cut(std::size_t k) const { return intervals.end(k) - intervals.begin(k) < intervals.interval; }
    [[nodiscard]] bool is_partial(std::size_t k) const {
        const auto begin = intervals.begin(k);
        const auto end = intervals.end(k);
        const bool begins_here = data_begin > begin && data_begin < end;
        const bool ends_here = data_end >= begin && data_end < end;
        return is_cut(k) || begins_here || ends_here;
    }
    [[nodiscard]] bool has_data(std::size_t k) const { return raw_begin < intervals.end(k) && data_end >= intervals.begin(k); }

    [[nodiscard]] QualityCode by_share(double good, double uncertain, double bad) const {
        const auto whole = good + uncertain + bad;
        if (whole <= 0) return QualityCode::bad_no_data;
        const auto fine = options.treat_uncertain_as_bad ? good : good + uncertain;
        const auto poor = whole - fine;
        if (poor > 0 && poor / whole * 100 >= options.percent_bad) return QualityCode::bad;
        if (fine / whole * 100 < options.percent_good) return QualityCode::uncertain_data_sub_normal;
        const bool has_used_uncertain = uncertain > 0 && !options.treat_uncertain_as_bad;
        return has_used_uncertain ? QualityCode::uncertain_data_sub_normal : QualityCode::good;
    }
    [[nodiscard]] QualityCode by_count(const IntervalSums& each) const {
        if (each.samples() == 0) return QualityCode::good;
        return by_share(static_cast<double>(each.good), static_cast<double>(each.uncertain), static_cast<double>(each.bad));
    }

    AggregateRow row(std::size_t k, QualityCode quality, std::uint64_t word) const {
        AggregateRow row;
        row.time = intervals.begin(k);
        row.quality = quality;
        row.word = is_bad(quality) ? 0 : word;
        row.is_partial = is_partial(k) && quality != QualityCode::bad_no_data;
        return row;
    }
    AggregateRow as_double(std::size_t k, QualityCode quality, double value) const { return row(k, quality, word_of(value)); }
    AggregateRow none(std::size_t k) const { return row(k, QualityCode::bad_no_data, 0); }
    AggregateRow given_back(std::size_t k, const KeptSample& each) const {
        if (!each.is_there) return none(k);
        auto result = row(k, each.quality, each.word);
        result.time = each.time;
        result.blob = each.blob;
        result.cause = each.cause;
        return result;
    }
    AggregateRow extreme(std::size_t k, bool is_minimum, bool has_time) const {
        const auto& each = sums[k];
        const auto& best = is_minimum ? each.minimum : each.maximum;
        if (!best.is_there) return none(k);
        auto result = row(k, extreme_quality(each), best.value.word);
        result.has_multiple = best.has_multiple;
        if (has_time) result.time = best.time;
        return result;
    }
    [[nodiscard]] QualityCode extreme_quality(const IntervalSums& each) const {
        const bool is_exceeded =
            (each.uncertain_minimum.is_there && is_less(type, each.uncertain_minimum.value, each.minimum.value))
            || (each.uncertain_maximum.is_there && is_less(type, each.maximum.value, each.uncertain_maximum.value));
        const bool has_bad = each.bad > 0 || (options.treat_uncertain_as_bad && each.uncertain > 0);
        return has_bad || is_exceeded ? QualityCode::uncertain_data_sub_normal : QualityCode::good;
    }
    AggregateRow average(std::size_t k) const {
        const auto& each = sums[k];
        const auto usable = each.good + (options.treat_uncertain_as_bad ? 0 : each.uncertain);
        return usable == 0 ? none(k) : as_double(k, by_count(each), each.sum / static_cast<double>(usable));
    }
    AggregateRow by_area(std::size_t k, bool is_total) const {
        const auto& each = sums[k];
        if (each.covered == 0) return none(k);
        const auto quality = each.is_area_uncertain ? QualityCode::uncertain_data_sub_normal : QualityCode::good;
        return as_double(k, quality, is_total ? each.area : each.area / seconds(each.covered));
    }
    AggregateRow interpolative(std::size_t k) const {
        const auto& each = sums[k];
        if (!each.has_bound) return none(k);
        auto result = as_double(k, each.bound_quality, each.bound);
        result.is_interpolated = !each.is_bound_raw;
        result.is_partial = false;
        return result;
    }
    AggregateRow duration(std::size_t k, std::int64_t IntervalSums::* time) const {
        const auto& each = sums[k];
        if (!has_data(k)) return none(k);
        const auto width = intervals.end(k) - intervals.begin(k);
        const auto bad =
            each.bad_time + (width - each.good_time - each.uncertain_time - each.bad_time);  // nothing known is bad
        const auto quality =
            by_share(static_cast<double>(each.good_time), static_cast<double>(each.uncertain_time), static_cast<double>(bad));
        return as_double(k, quality, seconds(each.*time));
    }
    AggregateRow percent(std::size_t k, bool of_good) const {
        const auto& each = sums[k];
        if (!has_data(k)) return none(k);
        const auto width = static_cast<double>(intervals.end(k) - intervals.begin(k));
        const auto good = static_cast<double>(each.good_time + (options.treat_uncertain_as_bad ? 0 : each.uncertain_time));
        return as_double(k, QualityCode::good, (of_good ? good : width - good) / width * 100);  // where nothing is known is bad
    }
    AggregateRow delta(std::size_t k) const {
        const auto& each = sums[k];
        if (each.good == 0) return none(k);
        const bool is_short = each.skips_before || each.skips_at_ends;
        return as_double(k, is_short ? QualityCode::uncertain_data_sub_normal : QualityCode::good,
                         difference(type, each.last_good, each.first_good));
    }
    AggregateRow range(std::size_t k) const {
        const auto& each = sums[k];
        return each.good == 0 ? none(k)
                              : as_double(k, extreme_quality(each), difference(type, each.maximum.value, each.minimum.value));
    }
    AggregateRow counted(std::size_t k, std::uint64_t number) const {
        return has_data(k) ? row(k, by_count(sums[k]), number) : none(k);
    }
    AggregateRow deviation(std::size_t k) const {
        const auto& each = sums[k];
        if (each.good == 0) return none(k);
        return as_double(k, QualityCode::good,
                         each.good == 1 ? 0 : std::sqrt(each.squares / static_cast<double>(each.good - 1)));
    }
    AggregateRow worst(std::size_t k) const {
        const auto& each = sums[k];
        if (each.samples() == 0) return none(k);
        return row(k, QualityCode::good, std::uint64_t{static_cast<std::uint16_t>(each.worst)} << 16U);
    }
};

AggregateCalculator::AggregateCalculator(ValueType type, const Intervals& intervals, const AggregateOptions& options)
    : state_(std::make_unique<State>(type, intervals, options)) {}
AggregateCalculator::~AggregateCalculator() = default;

bool AggregateCalculator::look_back(const SampleView& rows) {
    auto& s = *state_;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        const auto use = s.use_of(rows, row);
        const auto time = rows.time[row];
        const auto value = number_of(s.type, rows.word[row]);
        if (!s.held) s.held = Held{time, use, value.as_double == 0};
        s.raw_begin = std::min(s.raw_begin, time);
        s.data_end = std::max(s.data_end, time);
        if (use != Use::bad) s.data_begin = std::min(s.data_begin, time);
        if (!s.is_usable(use)) {
            s.skipped_from = time;  // the oldest of them stands
            if (++s.looked_back >= State::kMostLookedAt) return false;
            continue;
        }
        s.anchor = Anchor{time, value.as_double, use == Use::uncertain};
        s.last_not_bad = value;
        return false;
    }
    return true;
}

void AggregateCalculator::add(const SampleView& rows) {
    for (std::size_t row = 0; row < rows.size(); ++row) state_->add(rows, row);
}

bool AggregateCalculator::look_ahead(const SampleView& rows) {
    auto& s = *state_;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        s.has_next = true;
        const auto use = s.use_of(rows, row);
        if (s.is_usable(use)) {
            s.move_anchor({rows.time[row], number_of(s.type, rows.word[row]).as_double, use == Use::uncertain},
                          status_quality(rows.status[row]));
            return false;
        }
        if (!s.skipped_from) s.skipped_from = rows.time[row];
        if (++s.looked_ahead >= State::kMostLookedAt) return false;
    }
    return true;
}

AggregateRow AggregateCalculator::result(Aggregate aggregate, std::size_t k) {
    auto& s = *state_;
    s.finish();
    switch (aggregate) {
        case Aggregate::none: break;
        case Aggregate::interpolative: return s.interpolative(k);
        case Aggregate::average: return s.average(k);
        case Aggregate::time_average: return s.by_area(k, false);
        case Aggregate::total: return s.by_area(k, true);
        case Aggregate::minimum: return s.extreme(k, true, false);
        case Aggregate::maximum: return s.extreme(k, false, false);
        case Aggregate::minimum_time: return s.extreme(k, true, true);
        case Aggregate::maximum_time: return s.extreme(k, false, true);
        case Aggregate::range: return s.range(k);
        case Aggregate::count:
            return s.counted(k, s.sums[k].good + (s.options.treat_uncertain_as_bad ? 0 : s.sums[k].uncertain));
        case Aggregate::duration_in_state_zero: return s.duration(k, &IntervalSums::zero);
        case Aggregate::duration_in_state_non_zero: return s.duration(k, &IntervalSums::non_zero);
        case Aggregate::transitions: return s.counted(k, s.sums[k].transitions);
        case Aggregate::start: return s.given_back(k, s.sums[k].start);
        case Aggregate::end: return s.given_back(k, s.sums[k].end);
        case Aggregate::delta: return s.delta(k);
        case Aggregate::first: return s.given_back(k, s.sums[k].first);
        case Aggregate::last: return s.given_back(k, s.sums[k].last);
        case Aggregate::percent_good: return s.percent(k, true);
        case Aggregate::percent_bad: return s.percent(k, false);
        case Aggregate::worst_quality: return s.worst(k);
        case Aggregate::standard_deviation: return s.deviation(k);
    }
    return s.none(k);
}

Result<ValueType> aggregate_type(Aggregate aggregate, ValueType type) {
    switch (aggregate) {
        case Aggregate::start:
        case Aggregate::end:
        case Aggregate::first:
        case Aggregate::last: return type;
        case Aggregate::count:
        case Aggregate::worst_quality: return ValueType::uint64;
        case Aggregate::percent_good:
        case Aggregate::percent_bad: return ValueType::float64;
        default: break;
    }
    if (!is_scalar_word(type))
        return fail(ErrorCode::unsupported, "the aggregate " + std::string(to_string(aggregate)) + " needs numbers; the tag is "
                                                + std::string(to_string(type)));
    switch (aggregate) {
        case Aggregate::minimum:
        case Aggregate::maximum:
        case Aggregate::minimum_time:
        case Aggregate::maximum_time: return type;
        case Aggregate::transitions: return ValueType::uint64;
        default: return ValueType::float64;
    }
}

}  // namespace penstock::history

#include "core/history/querying/sums_gatherer.hpp"

#include <algorithm>
#include <utility>

namespace penstock::history::detail {
namespace {

constexpr std::size_t kMostLookedAt = 100'000;
constexpr double kSecond = 1e9;

double seconds(std::int64_t ns) noexcept { return static_cast<double>(ns) / kSecond; }

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

void SumsGatherer::add(const SampleView& rows) {
    for (std::size_t row = 0; row < rows.size(); ++row) add(rows, row);
}

bool SumsGatherer::is_number() const noexcept { return is_scalar_word(all_.type); }
bool SumsGatherer::is_stepped() const noexcept { return all_.options.is_stepped || all_.type == ValueType::boolean; }

Use SumsGatherer::use_of(const SampleView& rows, std::size_t row) const {
    const auto grade = level(status_quality(rows.status[row]));
    if (grade == QualityLevel::bad) return Use::bad;
    if (all_.type == ValueType::float64 && std::isnan(double_of(rows.word[row]))) return Use::bad;
    return grade == QualityLevel::good ? Use::good : Use::uncertain;
}

// Calls visit(sums, begin, end) for the parts of [from, to) that lie in intervals.
template <class Visit>
void SumsGatherer::over(std::int64_t from, std::int64_t to, Visit visit) {
    from = std::max(from, all_.intervals.from);
    to = std::min(to, all_.intervals.to);
    while (from < to) {
        const auto k = all_.intervals.index(from);
        const auto end = std::min(to, all_.intervals.end(k));
        visit(all_.sums[k], from, end);
        from = end;
    }
}

void SumsGatherer::hold(std::int64_t to) {
    if (!held_) return;
    over(held_->time, to, [this](IntervalSums& into, std::int64_t from, std::int64_t end) {
        const auto time = end - from;
        if (held_->use == Use::good) into.good_time += time;
        if (held_->use == Use::uncertain) into.uncertain_time += time;
        if (held_->use == Use::bad) into.bad_time += time;
        if (all_.is_usable(held_->use)) (held_->is_zero ? into.zero : into.non_zero) += time;
    });
}

void SumsGatherer::add_area(const Anchor& from, std::int64_t begin, std::int64_t end, double slope, bool is_uncertain) {
    over(begin, end, [&](IntervalSums& into, std::int64_t a, std::int64_t b) {
        const auto at_a = from.value + slope * seconds(a - from.time);
        const auto at_b = from.value + slope * seconds(b - from.time);
        into.area += (slope == 0 ? from.value : (at_a + at_b) / 2) * seconds(b - a);
        into.covered += b - a;
        into.is_area_uncertain |= is_uncertain;
    });
}

// The bounds at the beginnings of intervals in (begin, end).
void SumsGatherer::set_bounds(const Anchor& from, std::int64_t begin, std::int64_t end, double slope, bool is_uncertain) {
    const auto first = std::max(begin + 1, all_.intervals.from);
    if (first >= std::min(end, all_.intervals.to)) return;
    auto k = static_cast<std::size_t>((first - all_.intervals.from + all_.intervals.interval - 1) / all_.intervals.interval);
    for (; k < all_.intervals.count && all_.intervals.begin(k) < end; ++k) {
        if (all_.sums[k].is_bound_raw) continue;
        all_.sums[k].has_bound = true;
        all_.sums[k].bound = from.value + slope * seconds(all_.intervals.begin(k) - from.time);
        all_.sums[k].bound_quality = is_uncertain ? QualityCode::uncertain_data_sub_normal : QualityCode::good;
    }
}

void SumsGatherer::stretch(const Anchor& from, std::int64_t begin, std::int64_t end, double slope, bool is_uncertain) {
    if (begin >= end) return;
    add_area(from, begin, end, slope, is_uncertain);
    set_bounds(from, begin == from.time ? begin : begin - 1, end, slope, is_uncertain);
}

// Stepped: certain up to the first sample that had to be passed over.
void SumsGatherer::step_to(std::int64_t end) {
    const auto certain_until = std::clamp(skipped_from_.value_or(end), anchor_->time, end);
    stretch(*anchor_, anchor_->time, certain_until, 0, anchor_->is_uncertain);
    stretch(*anchor_, certain_until, end, 0, true);
}

void SumsGatherer::connect(const Anchor& next) {
    if (is_stepped()) return step_to(next.time);
    const auto width = seconds(next.time - anchor_->time);
    const auto slope = width > 0 ? (next.value - anchor_->value) / width : 0;
    stretch(*anchor_, anchor_->time, next.time, slope, anchor_->is_uncertain || next.is_uncertain || skipped_from_.has_value());
}

// Nothing comes after it: held_, certain as long as it is known that nothing else happened.
void SumsGatherer::extrapolate() {
    const auto certain_until =
        is_stepped() ? std::clamp(all_.data_end, anchor_->time, std::max(anchor_->time, all_.intervals.to)) : anchor_->time;
    step_to(std::min(certain_until, all_.intervals.to));
    stretch(*anchor_, std::max(certain_until, anchor_->time), all_.intervals.to, 0, true);
}

void SumsGatherer::add(const SampleView& rows, std::size_t row) {
    const auto time = rows.time[row];
    const auto use = use_of(rows, row);
    auto& into = all_.sums[all_.intervals.index(time)];
    const auto value = number_of(all_.type, rows.word[row]);
    hold(time);
    held_ = Held{time, use, value.as_double == 0};
    all_.raw_begin = std::min(all_.raw_begin, time);
    all_.data_end = std::max(all_.data_end, time);
    count(into, rows, row, use, value);
    if (use != Use::bad) all_.data_begin = std::min(all_.data_begin, time);
    if (all_.is_usable(use))
        move_anchor({time, value.as_double, use == Use::uncertain}, status_quality(rows.status[row]));
    else if (!skipped_from_)
        skipped_from_ = time;
}

void SumsGatherer::move_anchor(const Anchor& next, QualityCode quality) {
    if (anchor_) connect(next);
    anchor_ = next;
    skipped_from_.reset();
    if (next.time < all_.intervals.from || next.time >= all_.intervals.to) return;
    const auto k = all_.intervals.index(next.time);
    if (all_.intervals.begin(k) != next.time) return;
    all_.sums[k].has_bound = all_.sums[k].is_bound_raw = true;
    all_.sums[k].bound = next.value;
    all_.sums[k].bound_quality = quality;
}

void SumsGatherer::count(IntervalSums& into, const SampleView& rows, std::size_t row, Use use, const Number& value) {
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
    if (!all_.is_usable(use)) return;
    into.sum += value.as_double;
    if (use == Use::uncertain) {
        note_extreme(into.uncertain_minimum, value, 0, is_less(all_.type, value, into.uncertain_minimum.value), false);
        note_extreme(into.uncertain_maximum, value, 0, is_less(all_.type, into.uncertain_maximum.value, value), false);
    }
    if (!last_not_bad_ || last_not_bad_->as_double != value.as_double
        || (all_.type != ValueType::float64 && last_not_bad_->word != value.word))
        ++into.transitions;
    last_not_bad_ = value;
}

void SumsGatherer::count_good(IntervalSums& into, const Number& value, std::int64_t time) {
    note_extreme(into.minimum, value, time, is_less(all_.type, value, into.minimum.value),
                 !is_less(all_.type, into.minimum.value, value));
    note_extreme(into.maximum, value, time, is_less(all_.type, into.maximum.value, value),
                 !is_less(all_.type, value, into.maximum.value));
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

void SumsGatherer::keep(IntervalSums& into, const SampleView& rows, std::size_t row, Use use) const {
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

void SumsGatherer::set(KeptSample& into, const KeptSample& sample, const SampleView& rows, std::size_t row) {
    into.is_there = true;
    into.time = sample.time;
    into.word = sample.word;
    into.quality = sample.quality;
    into.cause = rows.cause_at(row);
}

void SumsGatherer::finish() {
    if (std::exchange(is_finished_, true)) return;
    if (has_next_) all_.data_end = std::numeric_limits<std::int64_t>::max();
    all_.data_end = std::max(all_.data_end, all_.options.known_until);
    hold(std::min(all_.data_end, all_.intervals.to));
    if (anchor_ && anchor_->time < all_.intervals.to) extrapolate();
}

bool SumsGatherer::look_back(const SampleView& rows) {
    for (std::size_t row = 0; row < rows.size(); ++row) {
        const auto use = use_of(rows, row);
        const auto time = rows.time[row];
        const auto value = number_of(all_.type, rows.word[row]);
        if (!held_) held_ = Held{time, use, value.as_double == 0};
        all_.raw_begin = std::min(all_.raw_begin, time);
        all_.data_end = std::max(all_.data_end, time);
        if (use != Use::bad) all_.data_begin = std::min(all_.data_begin, time);
        if (!all_.is_usable(use)) {
            skipped_from_ = time;  // the oldest of them stands
            if (++looked_back_ >= kMostLookedAt) return false;
            continue;
        }
        anchor_ = Anchor{time, value.as_double, use == Use::uncertain};
        last_not_bad_ = value;
        return false;
    }
    return true;
}

bool SumsGatherer::look_ahead(const SampleView& rows) {
    for (std::size_t row = 0; row < rows.size(); ++row) {
        has_next_ = true;
        const auto use = use_of(rows, row);
        if (all_.is_usable(use)) {
            move_anchor({rows.time[row], number_of(all_.type, rows.word[row]).as_double, use == Use::uncertain},
                        status_quality(rows.status[row]));
            return false;
        }
        if (!skipped_from_) skipped_from_ = rows.time[row];
        if (++looked_ahead_ >= kMostLookedAt) return false;
    }
    return true;
}

}  // namespace penstock::history::detail

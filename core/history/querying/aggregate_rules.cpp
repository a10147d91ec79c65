#include "core/history/querying/aggregate_rules.hpp"

#include <cmath>

namespace penstock::history::detail {
namespace {

double seconds(std::int64_t ns) noexcept { return static_cast<double>(ns) / 1e9; }

class Rules {
public:
    explicit Rules(const SeriesSums& all) : all_(all) {}

    [[nodiscard]] AggregateRow result(Aggregate aggregate, std::size_t k) const {
        switch (aggregate) {
            case Aggregate::none: break;
            case Aggregate::interpolative: return interpolative(k);
            case Aggregate::average: return average(k);
            case Aggregate::time_average: return by_area(k, false);
            case Aggregate::total: return by_area(k, true);
            case Aggregate::minimum: return extreme(k, true, false);
            case Aggregate::maximum: return extreme(k, false, false);
            case Aggregate::minimum_time: return extreme(k, true, true);
            case Aggregate::maximum_time: return extreme(k, false, true);
            case Aggregate::range: return range(k);
            case Aggregate::count:
                return counted(k, all_.sums[k].good + (all_.options.treat_uncertain_as_bad ? 0 : all_.sums[k].uncertain));
            case Aggregate::duration_in_state_zero: return duration(k, &IntervalSums::zero);
            case Aggregate::duration_in_state_non_zero: return duration(k, &IntervalSums::non_zero);
            case Aggregate::transitions: return counted(k, all_.sums[k].transitions);
            case Aggregate::start: return given_back(k, all_.sums[k].start);
            case Aggregate::end: return given_back(k, all_.sums[k].end);
            case Aggregate::delta: return delta(k);
            case Aggregate::first: return given_back(k, all_.sums[k].first);
            case Aggregate::last: return given_back(k, all_.sums[k].last);
            case Aggregate::percent_good: return percent(k, true);
            case Aggregate::percent_bad: return percent(k, false);
            case Aggregate::worst_quality: return worst(k);
            case Aggregate::standard_deviation: return deviation(k);
        }
        return none(k);
    }

private:
    [[nodiscard]] bool is_cut(std::size_t k) const {
        return all_.intervals.end(k) - all_.intervals.begin(k) < all_.intervals.interval;
    }
    [[nodiscard]] bool is_partial(std::size_t k) const {
        const auto begin = all_.intervals.begin(k);
        const auto end = all_.intervals.end(k);
        const bool begins_here = all_.data_begin > begin && all_.data_begin < end;
        const bool ends_here = all_.data_end >= begin && all_.data_end < end;
        return is_cut(k) || begins_here || ends_here;
    }
    [[nodiscard]] bool has_data(std::size_t k) const {
        return all_.raw_begin < all_.intervals.end(k) && all_.data_end >= all_.intervals.begin(k);
    }

    [[nodiscard]] QualityCode by_share(double good, double uncertain, double bad) const {
        const auto whole = good + uncertain + bad;
        if (whole <= 0) return QualityCode::bad_no_data;
        const auto fine = all_.options.treat_uncertain_as_bad ? good : good + uncertain;
        const auto poor = whole - fine;
        if (poor > 0 && poor / whole * 100 >= all_.options.percent_bad) return QualityCode::bad;
        if (fine / whole * 100 < all_.options.percent_good) return QualityCode::uncertain_data_sub_normal;
        const bool has_used_uncertain = uncertain > 0 && !all_.options.treat_uncertain_as_bad;
        return has_used_uncertain ? QualityCode::uncertain_data_sub_normal : QualityCode::good;
    }
    [[nodiscard]] QualityCode by_count(const IntervalSums& each) const {
        if (each.samples() == 0) return QualityCode::good;
        return by_share(static_cast<double>(each.good), static_cast<double>(each.uncertain), static_cast<double>(each.bad));
    }

    [[nodiscard]] AggregateRow row(std::size_t k, QualityCode quality, std::uint64_t word) const {
        AggregateRow row;
        row.time = all_.intervals.begin(k);
        row.quality = quality;
        row.word = is_bad(quality) ? 0 : word;
        row.is_partial = is_partial(k) && quality != QualityCode::bad_no_data;
        return row;
    }
    [[nodiscard]] AggregateRow as_double(std::size_t k, QualityCode quality, double value) const {
        return row(k, quality, word_of(value));
    }
    [[nodiscard]] AggregateRow none(std::size_t k) const { return row(k, QualityCode::bad_no_data, 0); }
    [[nodiscard]] AggregateRow given_back(std::size_t k, const KeptSample& each) const {
        if (!each.is_there) return none(k);
        auto result = row(k, each.quality, each.word);
        result.time = each.time;
        result.blob = each.blob;
        result.cause = each.cause;
        return result;
    }
    [[nodiscard]] AggregateRow extreme(std::size_t k, bool is_minimum, bool has_time) const {
        const auto& each = all_.sums[k];
        const auto& best = is_minimum ? each.minimum : each.maximum;
        if (!best.is_there) return none(k);
        auto result = row(k, extreme_quality(each), best.value.word);
        result.has_multiple = best.has_multiple;
        if (has_time) result.time = best.time;
        return result;
    }
    [[nodiscard]] QualityCode extreme_quality(const IntervalSums& each) const {
        const bool is_exceeded =
            (each.uncertain_minimum.is_there && is_less(all_.type, each.uncertain_minimum.value, each.minimum.value))
            || (each.uncertain_maximum.is_there && is_less(all_.type, each.maximum.value, each.uncertain_maximum.value));
        const bool has_bad = each.bad > 0 || (all_.options.treat_uncertain_as_bad && each.uncertain > 0);
        return has_bad || is_exceeded ? QualityCode::uncertain_data_sub_normal : QualityCode::good;
    }
    [[nodiscard]] AggregateRow average(std::size_t k) const {
        const auto& each = all_.sums[k];
        const auto usable = each.good + (all_.options.treat_uncertain_as_bad ? 0 : each.uncertain);
        return usable == 0 ? none(k) : as_double(k, by_count(each), each.sum / static_cast<double>(usable));
    }
    [[nodiscard]] AggregateRow by_area(std::size_t k, bool is_total) const {
        const auto& each = all_.sums[k];
        if (each.covered == 0) return none(k);
        const auto quality = each.is_area_uncertain ? QualityCode::uncertain_data_sub_normal : QualityCode::good;
        return as_double(k, quality, is_total ? each.area : each.area / seconds(each.covered));
    }
    [[nodiscard]] AggregateRow interpolative(std::size_t k) const {
        const auto& each = all_.sums[k];
        if (!each.has_bound) return none(k);
        auto result = as_double(k, each.bound_quality, each.bound);
        result.is_interpolated = !each.is_bound_raw;
        result.is_partial = false;
        return result;
    }
    [[nodiscard]] AggregateRow duration(std::size_t k, std::int64_t IntervalSums::* time) const {
        const auto& each = all_.sums[k];
        if (!has_data(k)) return none(k);
        const auto width = all_.intervals.end(k) - all_.intervals.begin(k);
        const auto bad =
            each.bad_time + (width - each.good_time - each.uncertain_time - each.bad_time);  // nothing known is bad
        const auto quality =
            by_share(static_cast<double>(each.good_time), static_cast<double>(each.uncertain_time), static_cast<double>(bad));
        return as_double(k, quality, seconds(each.*time));
    }
    [[nodiscard]] AggregateRow percent(std::size_t k, bool of_good) const {
        const auto& each = all_.sums[k];
        if (!has_data(k)) return none(k);
        const auto width = static_cast<double>(all_.intervals.end(k) - all_.intervals.begin(k));
        const auto good = static_cast<double>(each.good_time + (all_.options.treat_uncertain_as_bad ? 0 : each.uncertain_time));
        return as_double(k, QualityCode::good, (of_good ? good : width - good) / width * 100);  // where nothing is known is bad
    }
    [[nodiscard]] AggregateRow delta(std::size_t k) const {
        const auto& each = all_.sums[k];
        if (each.good == 0) return none(k);
        const bool is_short = each.skips_before || each.skips_at_ends;
        return as_double(k, is_short ? QualityCode::uncertain_data_sub_normal : QualityCode::good,
                         difference(all_.type, each.last_good, each.first_good));
    }
    [[nodiscard]] AggregateRow range(std::size_t k) const {
        const auto& each = all_.sums[k];
        return each.good == 0
                   ? none(k)
                   : as_double(k, extreme_quality(each), difference(all_.type, each.maximum.value, each.minimum.value));
    }
    [[nodiscard]] AggregateRow counted(std::size_t k, std::uint64_t number) const {
        return has_data(k) ? row(k, by_count(all_.sums[k]), number) : none(k);
    }
    [[nodiscard]] AggregateRow deviation(std::size_t k) const {
        const auto& each = all_.sums[k];
        if (each.good == 0) return none(k);
        return as_double(k, QualityCode::good,
                         each.good == 1 ? 0 : std::sqrt(each.squares / static_cast<double>(each.good - 1)));
    }
    [[nodiscard]] AggregateRow worst(std::size_t k) const {
        const auto& each = all_.sums[k];
        if (each.samples() == 0) return none(k);
        return row(k, QualityCode::good, std::uint64_t{static_cast<std::uint16_t>(each.worst)} << 16U);
    }

    const SeriesSums& all_;
};

}  // namespace

AggregateRow result_of(const SeriesSums& all, Aggregate aggregate, std::size_t interval) {
    return Rules(all).result(aggregate, interval);
}

}  // namespace penstock::history::detail

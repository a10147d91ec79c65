#include "core/history/aggregates.hpp"

#include "core/history/querying/aggregate_rules.hpp"
#include "core/history/querying/sums_gatherer.hpp"

namespace penstock::history {

struct AggregateCalculator::State {
    State(ValueType type, const Intervals& intervals, const AggregateOptions& options) : all(type, intervals, options) {}

    detail::SeriesSums all;
    detail::SumsGatherer gatherer{all};
};

AggregateCalculator::AggregateCalculator(ValueType type, const Intervals& intervals, const AggregateOptions& options)
    : state_(std::make_unique<State>(type, intervals, options)) {}
AggregateCalculator::~AggregateCalculator() = default;

bool AggregateCalculator::look_back(const SampleView& rows) { return state_->gatherer.look_back(rows); }
void AggregateCalculator::add(const SampleView& rows) { state_->gatherer.add(rows); }
bool AggregateCalculator::look_ahead(const SampleView& rows) { return state_->gatherer.look_ahead(rows); }

AggregateRow AggregateCalculator::result(Aggregate aggregate, std::size_t interval) {
    state_->gatherer.finish();
    return detail::result_of(state_->all, aggregate, interval);
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

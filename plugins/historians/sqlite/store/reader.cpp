#include "reader.hpp"

#include <limits>

#include "columns.hpp"
#include "merge_reader.hpp"

namespace penstock::sqlite {
namespace {

class FirstRow final : public SampleSink {
public:
    explicit FirstRow(SampleSink& into) : into_(into) {}
    bool take(const SampleView& samples) override {
        into_.take(rows_at(samples, 0, 1));
        return false;
    }

private:
    SampleSink& into_;
};

}  // namespace

Reader::Reader(std::shared_ptr<ReadConnections> connections, Verify verify)
    : connections_(std::move(connections)), connection_(connections_->take()), verify_(verify) {
    connection_->begin.run();
    const ResetAtEnd reset(connection_->position);
    if (connection_->position.step()) position_ = static_cast<JournalPosition>(connection_->position.integer(0));
}

Reader::~Reader() {
    try {
        connection_->end.run();
        connections_->put_back(std::move(connection_));
    } catch (const std::exception&) {
        // It is closed instead of being used again.
    }
}

void Reader::read(const SampleRange& range, SampleSink& into) { MergeReader(*connection_, verify_, range, damage_).read(into); }

void Reader::read_before(SeriesId series, std::int64_t time, SampleSink& into) {
    SampleRange range;
    range.series = series;
    range.from = std::numeric_limits<std::int64_t>::min();
    range.to = time;
    range.newest_first = true;
    FirstRow first(into);
    MergeReader(*connection_, verify_, range, damage_).read(first);
}

void Reader::summarise(const SampleRange& range, Duration most_span, SummarySink& into) {
    MergeReader(*connection_, verify_, range, damage_).summarise(most_span.count(), into);
}

}  // namespace penstock::sqlite

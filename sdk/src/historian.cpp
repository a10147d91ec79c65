#include <penstock/historian.hpp>

namespace penstock {
namespace {

class RowsAlone final : public SampleSink {
public:
    explicit RowsAlone(SummarySink& into) : into_(into) {}
    bool take(const SampleView& samples) override { return into_.take(samples); }

private:
    SummarySink& into_;
};

}  // namespace

void HistoryReader::summarise(const SampleRange& range, Duration /*most_span*/, SummarySink& into) {
    RowsAlone rows(into);
    read(range, rows);
}

bool Historian::back_up(const std::filesystem::path& /*folder*/) {
    throw LinkError(Error(ErrorCode::unsupported, "this historian offers no backup"));
}

}  // namespace penstock

#pragma once

// The reading side: a connection of its own, inside one read transaction. What overlaps in time (late samples, short runs beside
// chunks) is merged while it is read; what does not overlap, nearly always, goes to the sink as it was decoded, without a copy.

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <penstock/historian.hpp>

#include "codec/chunk.hpp"
#include "read_connection.hpp"

namespace penstock::sqlite {

class Reader final : public HistoryReader {
public:
    explicit Reader(std::shared_ptr<ReadConnections> connections, Verify verify = Verify::checksum);
    ~Reader() override;

    [[nodiscard]] JournalPosition position() const noexcept override { return position_; }
    void read(const SampleRange& range, SampleSink& into) override;
    void read_before(SeriesId series, std::int64_t time, SampleSink& into) override;
    [[nodiscard]] bool has_summaries() const noexcept override { return true; }
    void summarise(const SampleRange& range, Duration most_span, SummarySink& into) override;
    [[nodiscard]] std::vector<std::string> damage() const override { return damage_; }

private:
    std::shared_ptr<ReadConnections> connections_;
    std::unique_ptr<ReadConnection> connection_;
    Verify verify_;
    JournalPosition position_ = 0;
    std::vector<std::string> damage_;
};

}  // namespace penstock::sqlite

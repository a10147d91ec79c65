#pragma once

// What a query reads: one state of a historian's store, whatever holds it.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <penstock/historian.hpp>
#include <penstock/result.hpp>

#include "core/tags/tag_catalog.hpp"

namespace penstock::history {

// As penstock::HistoryReader says, with failures as values. One thread at a time, [worker].
class StoreReader {
public:
    virtual ~StoreReader() = default;
    [[nodiscard]] virtual JournalPosition position() const noexcept = 0;
    [[nodiscard]] virtual Result<void> read(const SampleRange& range, SampleSink& into) = 0;
    [[nodiscard]] virtual Result<void> read_before(SeriesId series, std::int64_t time, SampleSink& into) = 0;
    [[nodiscard]] virtual bool has_summaries() const noexcept { return false; }
    [[nodiscard]] virtual Result<void> summarise(const SampleRange& range, Duration most_span, SummarySink& into) = 0;
    [[nodiscard]] virtual Result<std::vector<std::string>> damage() = 0;
};

struct OpenStore {
    std::unique_ptr<StoreReader> reader;
    std::string historian;  // its id
};

// The plant's historians, as queries see them. [worker], any number at once
class HistoryStores {
public:
    virtual ~HistoryStores() = default;
    // The historian that keeps the tag; of several the named one, "" = the first. not_found: none has that name or keeps the tag;
    // unavailable: it does not answer.
    [[nodiscard]] virtual Result<OpenStore> open(tags::TagId tag, std::string_view historian) = 0;
    // The historian that open() would ask: while it does not answer, questions to others go on. "" where open() fails at once, or
    // where there is but one. Does not wait. [any-thread]
    [[nodiscard]] virtual std::string keeper(tags::TagId /*tag*/, std::string_view /*historian*/) { return {}; }
};

}  // namespace penstock::history

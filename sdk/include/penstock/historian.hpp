#pragma once

// Historians keep what the plant did. The core decides what is kept (archiving rules), computes every aggregate and joins what is
// not in the store yet; a historian stores samples of series and gives them back. This page is also the reader's guide for who
// writes one for another database.
//
// How data come: the core reads the journal and hands over batches, in order, each with the journal's position behind it. A
// historian may gather them in memory and store later, but it stores the position in the same transaction as the data; after a
// crash or an error the core asks persisted() and repeats everything from there. So nothing is lost and nothing is stored twice,
// and a historian needs no log of its own. The journal keeps what persisted() has not covered: gather for at most the
// kStoreWithin or kStoreBytes below.
//
// Life: constructor(Settings) -> open(folder) -> { define(), append(), flush() }* -> destructor. All of that on one thread, the
// historian's own worker: it may block as long as it likes, and the plant does not notice. open_reader() on the same thread; the
// readers it gives live on others, side by side with append(). After an exception or an error from append() or flush(): the
// instance is destroyed, and a new one is made after a back-off.
//
//     class Memory : public penstock::Historian { ... };
//     PENSTOCK_PLUGIN(Memory, "historian.memory", "1.0.0", kSchema);

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <penstock/abi/historian.hpp>
#include <penstock/quality.hpp>
#include <penstock/result.hpp>
#include <penstock/settings.hpp>
#include <penstock/time.hpp>
#include <penstock/value.hpp>

namespace penstock {

// A series is what one tag archived, as long as its type stays the same: given once, never reused. A renamed tag keeps its series.
using SeriesId = std::uint32_t;

// A position in the journal's values lane: everything before it (core/journal/record.hpp). The first batch begins at 0.
using JournalPosition = std::uint64_t;

inline constexpr Duration kStoreWithin = 60s;
inline constexpr std::uint64_t kStoreBytes = 64 * 1024 * 1024;

struct SeriesInfo {
    SeriesId id = 0;
    std::string_view name = {};  // of the tag, now
    std::string_view unit = {};
    ValueType type = ValueType::none;
    // A double whose values are k * step + offset for whole k, where the engine's scaling makes them so (a 15-bit converter over
    // 0 to 6 m: step 6 / 27648). 0 = not known. A hint for the codec; the values need not fit it.
    double step = 0, offset = 0;
    // How long raw samples are kept, and minute and hour aggregates after them; 0 = for ever is not offered: 100 years is the most.
    Duration keep_raw{}, keep_minutes{}, keep_hours{};
};

// A run of rows of one series, in the order in which they came (not always that of their times): series, first row, count.
using SeriesRun = abi::SeriesRun;

// Samples as columns of equal length, borrowed. A bad sample has no value (its word is 0): it is where a gap begins.
//   time    source time, ns UTC
//   status  quality << 16 | cause (0 = none, n = causes[n - 1])
//   word    the value's 8 bytes; for strings and arrays offset << 32 | length into `blob`
struct SampleView {
    std::span<const std::int64_t> time;
    std::span<const StatusWord> status;
    std::span<const std::uint64_t> word;
    std::string_view blob;
    std::span<const std::string_view> causes;

    [[nodiscard]] std::size_t size() const noexcept { return time.size(); }
    // "" for what does not lie in the blob.
    [[nodiscard]] std::string_view blob_at(std::size_t row) const noexcept {
        const auto offset = word[row] >> 32U;
        return offset > blob.size() ? std::string_view() : blob.substr(offset, word[row] & 0xFFFF'FFFFU);
    }
    [[nodiscard]] std::string_view cause_at(std::size_t row) const noexcept {
        const auto cause = status_cause(status[row]);
        return cause == 0 ? std::string_view() : causes[cause - 1];
    }
};

struct HistoryBatch {
    std::span<const SeriesRun> runs;  // at most one a series, in order of series; every row belongs to one
    SampleView samples;
    JournalPosition begin = 0, end = 0;  // of the journal's records that this batch holds; begin is the end of the batch before
};

// Where a reader puts what it finds: called with pieces in order of time, as many as it likes. Returning false: enough.
class SampleSink {
public:
    virtual bool take(const SampleView& samples) = 0;

protected:
    ~SampleSink() = default;
};

// Rows of one series in [from, to), both ns UTC, in order of (time, order of arrival).
struct SampleRange {
    SeriesId series = 0;
    std::int64_t from = 0, to = 0;
    std::uint64_t skip = 0;  // rows at the beginning to pass over: where a page ended in the middle of equal times
    bool newest_first = false;
};

// What a reader can say of samples without handing them out. Of numbers (bool as 0 and 1); NaN counts as bad.
struct SampleSummary {
    std::int64_t first_time = 0, last_time = 0;
    std::uint64_t count = 0, good = 0, bad = 0;
    double minimum = 0, maximum = 0;  // of samples that are not bad; NaN if there is none
    std::int64_t minimum_time = 0, maximum_time = 0;
    double first = 0, last = 0;  // values; NaN where bad
    double weighted_sum = 0;  // value * seconds from each sample to the next, not bad ones, up to last_time
    double weighted_seconds = 0;
    QualityCode worst = QualityCode::good;
    std::uint64_t transitions = 0;  // how often the value differs from the one before
};

// Either a stretch that lies whole inside what was asked and need not be read, or rows.
class SummarySink {
public:
    virtual bool take(const SampleSummary& summary) = 0;
    virtual bool take(const SampleView& samples) = 0;

protected:
    ~SummarySink() = default;
};

// Reads one state of the store: everything up to position(), and nothing that is stored later. One thread, [worker].
class HistoryReader {
public:
    virtual ~HistoryReader() = default;
    [[nodiscard]] virtual JournalPosition position() const noexcept = 0;
    // Throws LinkError if the store cannot be read. A damaged piece is passed over and told by damage(), nothing else.
    virtual void read(const SampleRange& range, SampleSink& into) = 0;
    // The newest row before `time`, also a bad one: what was so at that time. Nothing if there is none.
    virtual void read_before(SeriesId series, std::int64_t time, SampleSink& into) = 0;
    // Optional (has_summaries()): in order of time, stretches no longer than `most_span` as summaries, all else as rows. With it a
    // trend over a year does not decode a year. historian.sqlite also lets none cross range.from + k * most_span, so that a trend asks
    // once, with the width of its columns.
    [[nodiscard]] virtual bool has_summaries() const noexcept { return false; }
    virtual void summarise(const SampleRange& range, Duration most_span, SummarySink& into);
    // Ranges that were passed over since the reader was opened: sentences with series and times.
    [[nodiscard]] virtual std::vector<std::string> damage() const { return {}; }
};

// For status pages; unknown ones stay 0.
struct HistorianStatus {
    std::uint64_t samples = 0, bytes = 0;
    std::int64_t oldest_time = 0;
    std::string sentence;  // what a person should know: "merging level 2" ...; "" for nothing
};

class Historian {
public:
    virtual ~Historian() = default;
    // Opens or makes the store and returns persisted(). `folder` is the instance's own, in the server's data; it exists, and nobody
    // else writes there. A historian that stores elsewhere may ignore it. Throws LinkError.
    virtual JournalPosition open(const std::filesystem::path& folder) = 0;
    // New series, and known ones whose name, unit, hint or retention changed; before the first batch that holds them.
    virtual void define(std::span<const SeriesInfo> series) = 0;
    // Takes a batch; need not store it yet. Late samples (older than the newest of their series) are welcome.
    virtual void append(const HistoryBatch& batch) = 0;
    // Stores everything appended so far, with its position: before a stop, a backup, and when kStoreWithin is over.
    virtual void flush() = 0;
    // All before it is stored, whatever happens next.
    [[nodiscard]] virtual JournalPosition persisted() const noexcept = 0;
    // A reader of what is persisted now. It must not outlive the historian.
    virtual std::unique_ptr<HistoryReader> open_reader() = 0;
    // Called now and then when nothing waits to be appended: merging, sealing, dropping what retention no longer covers. `now` is
    // the plant's time. Does a piece of at most about 100 ms; true if there is more.
    virtual bool tidy(UtcTime now) = 0;
    [[nodiscard]] virtual HistorianStatus status() const { return {}; }
    // Optional (has_backup()): writes one consistent copy of the store into an empty folder while appends go on, in pieces of about
    // 100 ms; true if there is more. The first call of a folder begins anew.
    [[nodiscard]] virtual bool has_backup() const noexcept { return false; }
    virtual bool back_up(const std::filesystem::path& folder);
};

}  // namespace penstock

#include <penstock/detail/historian_adapter.hpp>

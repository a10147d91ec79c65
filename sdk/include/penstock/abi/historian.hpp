#pragma once

// The historian's side of the library boundary. Plugin authors use historian.hpp, which says what each of these means.
//
// Columns cross as they are: nothing here costs anything per value. What is borrowed is valid during the call that passes it.

#include <penstock/abi/plain.hpp>
#include <penstock/abi/settings.hpp>

namespace penstock::abi {

inline constexpr std::uint32_t kHistorianInterface = 1;

struct SeriesDefinition final {
    std::uint32_t id;
    std::uint32_t type;  // ValueType
    Text name;
    Text unit;
    double step, offset;
    std::int64_t keep_raw_ns, keep_minutes_ns, keep_hours_ns;
};

// A run of rows of one series, in the order in which they came (not always that of their times).
struct SeriesRun final {
    std::uint32_t series;
    std::uint32_t first;  // row
    std::uint32_t count;  // at least 1
};

// Of equal length `count`.
//   time    source time, ns UTC
//   status  quality << 16 | cause (0 = none, n = causes[n - 1])
//   word    the value's 8 bytes, 0 for a bad sample; for strings and arrays offset << 32 | length into `blob`
struct SampleColumns final {
    std::uint64_t count;
    const std::int64_t* time;
    const std::uint32_t* status;
    const std::uint64_t* word;
    Text blob;
    const Text* causes;
    std::uint64_t cause_count;
};

struct BatchColumns final {
    const SeriesRun* runs;
    std::uint64_t run_count;
    SampleColumns samples;
    std::uint64_t begin, end;  // journal positions
};

struct RangeOfSamples final {
    std::uint32_t series;
    std::uint32_t newest_first;  // 0 or 1
    std::int64_t from_ns, to_ns;
    std::uint64_t skip;
};

struct SummaryOfSamples final {
    std::int64_t first_time_ns, last_time_ns;
    std::uint64_t count, good, bad;
    double minimum, maximum;
    std::int64_t minimum_time_ns, maximum_time_ns;
    double first, last;
    double weighted_sum, weighted_seconds;
    std::uint64_t transitions;
    std::uint32_t worst;  // QualityCode
    std::uint32_t reserved;
};

// The host's, where a reader puts what it finds. False: enough.
struct SinkOfHost {
    virtual bool take(const SampleColumns& samples) noexcept = 0;
    virtual bool take_summary(const SummaryOfSamples& summary) noexcept = 0;  // summarise() alone

protected:
    ~SinkOfHost() = default;
};

// One thread at a time, its own or another.
struct ReaderGuest {
    virtual std::uint64_t position() noexcept = 0;
    virtual void read(const RangeOfSamples& range, SinkOfHost& into, Fault&) noexcept = 0;
    virtual void read_before(std::uint32_t series, std::int64_t time_ns, SinkOfHost& into, Fault&) noexcept = 0;
    virtual bool has_summaries() noexcept = 0;
    virtual void summarise(const RangeOfSamples& range, std::int64_t most_span_ns, SinkOfHost& into, Fault&) noexcept = 0;
    // Asks the reader, and how many sentences it has; each is valid until the next count.
    virtual std::uint32_t count_damage(Fault&) noexcept = 0;
    virtual Text damage(std::uint32_t index) noexcept = 0;
    virtual void release() noexcept = 0;

protected:
    ~ReaderGuest() = default;
};

struct StatusOfHistorian final {
    std::uint64_t samples, bytes;
    std::int64_t oldest_time_ns;
    Text sentence;  // valid until the next status()
};

// All on one thread, the historian's own, in the order that historian.hpp gives. After a fault of append() or flush(): release().
struct HistorianGuest {
    virtual std::uint64_t open(Text folder, Fault&) noexcept = 0;  // persisted()
    virtual void define(const SeriesDefinition* series, std::uint64_t count, Fault&) noexcept = 0;
    virtual void append(const BatchColumns& batch, Fault&) noexcept = 0;
    virtual void flush(Fault&) noexcept = 0;
    virtual std::uint64_t persisted() noexcept = 0;
    virtual ReaderGuest* open_reader(Fault&) noexcept = 0;  // released before the historian
    virtual bool tidy(std::int64_t now_ns, Fault&) noexcept = 0;
    virtual void status(StatusOfHistorian&, Fault&) noexcept = 0;
    virtual bool has_backup() noexcept = 0;
    virtual bool back_up(Text folder, Fault&) noexcept = 0;
    virtual void release() noexcept = 0;

protected:
    ~HistorianGuest() = default;
};

}  // namespace penstock::abi

#pragma once

// The body of a journal record of type `values`: the samples of one group, sorted by tag, as packed columns.
//
//     ValuesEncoder encoder(catalog.id_limit());
//     lane.append(RecordType::values, encoder.encode(columns), now);
//     ...
//     DecodedValues values;                               // reused
//     if (auto read = decode_values(record.body, values); !read) ...
//     historian->append({values.runs(), values.samples(), begin, end});
//
// What the bytes are is said in docs/decisions/0006-a-values-record.md. A record knows nothing of types: a word is 8 bytes, and the catalog knows the
// type of a tag (a tag whose type changes gets another id). Typical: 1 to 3 bytes a value where a tag has 24 or more of them in a
// group, up to 10 where it has one. Nothing is lost: times to the nanosecond, words to the bit.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include <penstock/historian.hpp>
#include <penstock/result.hpp>

#include "core/tags/tag_catalog.hpp"

namespace penstock::history {

// At most, in one record: so that its worst case fits into journal::kMaxRecordBytes, and a damaged claim costs little.
inline constexpr std::uint32_t kMaxRecordRows = 262'144;
inline constexpr std::size_t kMaxRecordBlobBytes = 6 * 1024 * 1024;  // blob and causes together

// Samples in the order in which they came; columns of equal length as SampleView has them, and the tag of each row. Causes: at
// most 65,535.
struct ValueColumns {
    std::span<const tags::TagId> tag;
    std::span<const std::int64_t> time;  // ns UTC
    std::span<const StatusWord> status;  // cause: 0 = none, n = causes[n - 1]
    std::span<const std::uint64_t> word;  // of a blob tag: offset << 32 | length into `blob`
    std::string_view blob;
    std::span<const std::string_view> causes;
};

// Not thread-safe. Its memory is kept from record to record.
class ValuesEncoder final {
public:
    explicit ValuesEncoder(tags::TagId id_limit);
    ~ValuesEncoder();
    ValuesEncoder(ValuesEncoder&&) noexcept;
    ValuesEncoder& operator=(ValuesEncoder&&) noexcept;

    // The words of this tag point into the blob; the decoder then checks them.
    void set_blob(tags::TagId tag);
    // The values of this tag are doubles, most of them offset + k * step for whole k: where the scaling of a converter's count makes
    // them so. A hint: values need not fit.
    void set_scale(tags::TagId tag, double step, double offset);

    // Preconditions: at least one row, at most kMaxRecordRows; tags below the limit; columns of equal length; blob and causes
    // within kMaxRecordBlobBytes. The bytes are valid until the next call. Rows of a tag keep their order.
    [[nodiscard]] std::span<const std::byte> encode(const ValueColumns& columns);

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

// What a record's head says, without decoding anything. Queries pass over records outside their range by it.
struct ValuesHead {
    std::uint32_t rows = 0, runs = 0;
    std::int64_t first_time = 0, last_time = 0;  // least and greatest
    tags::TagId first_tag = 0;
};
// Error: protocol, where = "values record"; here and below for bytes that are no such record or claim more than they hold.
[[nodiscard]] Result<ValuesHead> read_values_head(std::span<const std::byte> body);

// The samples of a record, or of some of its tags. Memory is kept from record to record. After an error it is empty.
class DecodedValues final {
public:
    [[nodiscard]] std::span<const SeriesRun> runs() const noexcept { return runs_; }  // in order of series
    [[nodiscard]] std::size_t size() const noexcept { return rows_; }
    // Blob and causes are views into the record's bytes. Words of blob tags lie within the blob.
    [[nodiscard]] SampleView samples() const noexcept;
    // The rows of a run alone.
    [[nodiscard]] SampleView samples(const SeriesRun& run) const noexcept;

private:
    friend class ValuesDecoder;
    std::vector<SeriesRun> runs_;
    std::vector<std::int64_t> time_;  // these three may be longer than rows_
    std::vector<StatusWord> status_;
    std::vector<std::uint64_t> word_;
    std::vector<std::uint64_t> lengths_;  // of runs, while decoding
    std::vector<std::string_view> causes_;
    std::string_view blob_;
    std::size_t rows_ = 0;
};

// All of it. Never throws but for lack of memory, which kMaxRecordRows bounds to a few MiB.
[[nodiscard]] Result<void> decode_values(std::span<const std::byte> body, DecodedValues& into);
// Only the samples of these tags (ascending, each once); no runs if the record has none. Decodes only the blocks of a few hundred
// rows in which they lie.
[[nodiscard]] Result<void> find_values(std::span<const std::byte> body, std::span<const tags::TagId> tags, DecodedValues& into);

}  // namespace penstock::history

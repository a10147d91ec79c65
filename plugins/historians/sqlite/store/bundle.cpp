#include "bundle.hpp"

#include <algorithm>

namespace penstock::sqlite {
namespace {

constexpr unsigned kVersion = 1;
constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::uint64_t kLongTexts = 16 * 1024;

}  // namespace

bool is_long(const SampleView& rows, ValueType type) noexcept {
    if (rows.size() >= kChunkRows) return true;
    if (is_scalar_word(type)) return false;
    std::uint64_t bytes = 0;
    for (std::size_t i = 0; i < rows.size(); ++i)
        bytes += is_bad(status_quality(rows.status[i])) ? 0 : rows.word[i] & 0xFFFF'FFFFU;
    return bytes >= kLongTexts;
}

void BundleWriter::begin(const ChunkKey& key, std::int64_t base) {
    // Times are told in ms from the bundle's first, as long as all of them are; a run that does not fit begins another bundle.
    const bool is_whole = base % kMillisecond == 0;
    context_ = EncodeContext({base, is_whole ? kMillisecond : 1});
    facts_ = {level_, shard_of(key.series, level_), key.series, key.series, base, base, sequence_, 0};
    runs_.clear();
}

void BundleWriter::add(const ChunkKey& key, const SampleView& rows, const RowKind& kind) {
    const auto first = rows.time.front();
    const auto fits = [&] {
        return shard_of(key.series, level_) == facts_.shard && runs_.size() < kMostBundleBytes
               && context_.cause_count() < 60'000 && wrapped_difference(first, context_.frame.base) % context_.frame.unit == 0;
    };
    if (facts_.rows != 0 && !fits()) finish();
    if (facts_.rows == 0) begin(key, first);

    ByteWriter run_out(run_);
    run_.clear();
    encode_rows(rows, kind, context_, run_out);
    ByteWriter out(runs_);
    out.varint(key.series - (facts_.rows == 0 ? 0 : facts_.last_series));
    out.varint(key.sequence - sequence_);
    out.varint(rows.size());
    out.text(run_);
    facts_.last_series = key.series;
    facts_.t0 = std::min(facts_.t0, first);
    facts_.t1 = std::max(facts_.t1, rows.time.back());
    facts_.rows += rows.size();
}

void BundleWriter::finish() {
    if (facts_.rows == 0) return;
    std::string bytes;
    ByteWriter out(bytes);
    out.byte(kVersion);
    out.varint(sequence_);
    context_.encode(out);
    out.raw(runs_.data(), runs_.size());
    append_checksum(bytes, 0);
    store_(facts_, bytes);
    facts_.rows = 0;
}

BundleReader::BundleReader(std::string_view bytes, Verify verify) : body_(checked(bytes, verify)), in_(body_) {
    if (in_.byte() != kVersion) return;
    sequence_ = in_.varint();
    context_.decode(in_);
    is_whole_ = !in_.failed();
}

std::optional<RunPlace> BundleReader::next() {
    if (in_.left() == 0) return std::nullopt;
    RunPlace place;
    series_ += static_cast<SeriesId>(in_.varint());
    place.key = {series_, sequence_ + in_.varint()};
    place.rows = static_cast<std::size_t>(in_.varint());
    place.size = static_cast<std::size_t>(in_.varint());
    place.offset = in_.offset();
    static_cast<void>(in_.take(place.size));
    if (!in_.failed() && place.rows > 0 && place.rows <= kMostRows) return place;
    in_.fail();
    is_whole_ = false;
    return std::nullopt;
}

bool BundleReader::decode(const RunPlace& place, RowBuffer& into) const {
    const auto run = body_.substr(place.offset, place.size);
    ByteReader in(run);
    return decode_rows(in, run, place.rows, context_, into) && in.left() == 0;
}

}  // namespace penstock::sqlite
